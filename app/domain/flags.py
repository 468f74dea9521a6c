"""Flags are facts: rules over what is recorded of a pair, each flag with the reports that it rests on.

Pure: the rungs and the follow-ups that were known at T give the flags that held at T. A rule can only count reports,
look for offences, or find that nothing was noted; it cannot weigh, combine or predict, and flags have no order but the
file's (AI Act art. 5(1)(d); design section 9).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from uuid import UUID

from app.domain.dyad import Act, Rung, in_order, within
from app.domain.errors import SetupError

WORDS = frozenset({"id", "version", "text_sv", "text_en"})
MAY = frozenset({"opens"})
COUNTING = frozenset({"at_least", "within_days"})
MISSING = frozenset({"no_follow_up_days"})
LOOKING = (frozenset({"codes", "among"}), frozenset({"groups", "among"}))


@dataclass(frozen=True)
class Source:
    """What a flag rests on: one report, and which of its offences (codes)."""

    incident: UUID
    feed: str
    day: date
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Flag:
    """One fact about a pair. ``day`` is that of its latest source; ``opens`` as in its rule."""

    rule: str
    version: int
    text_sv: str
    text_en: str
    day: date
    sources: tuple[Source, ...]
    opens: bool = True


@dataclass(frozen=True)
class Noted:
    """When the follow-ups that were known ``at`` a moment were noted; all aware."""

    at: datetime
    moments: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Rule:
    """What must have been recorded, one of three things.

    ``at_least`` reports within ``within_days``; certain offences; or no follow-up within ``no_follow_up_days`` of the
    last report. A flag that does not ``opens`` is by itself no reason for a commander to see the pair.
    """

    id: str
    version: int
    text_sv: str
    text_en: str
    at_least: int = 0
    within_days: int = 0
    codes: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    among: Literal["pair", "report"] = "pair"
    no_follow_up_days: int = 0
    opens: bool = True

    def sources(self, rungs: tuple[Rung, ...], noted: Noted | None = None) -> tuple[Source, ...]:
        """The reports, in order, by which this holds; none if it does not.

        Where it is not told what was ``noted``, nothing can be said of follow-ups.
        """
        if self.no_follow_up_days:
            return () if noted is None else self._missed(rungs, noted)
        return self._counted(rungs) if self.at_least else self._found(rungs)

    def _missed(self, rungs: tuple[Rung, ...], noted: Noted) -> tuple[Source, ...]:
        """The last report, if its days have passed and nobody noted anything in them."""
        last = max(rungs, key=lambda rung: (rung.told_at, rung.incident))
        end = last.told_at + timedelta(days=self.no_follow_up_days)
        if noted.at < end or any(last.told_at <= moment <= end for moment in noted.moments):
            return ()
        return (_source(last, last.offences),)

    def _counted(self, rungs: tuple[Rung, ...]) -> tuple[Source, ...]:
        """The latest report that is at least the n-th within so many days, with those before it."""
        for last in range(len(rungs) - 1, -1, -1):
            run = within(rungs, last, self.within_days)
            if len(run) >= self.at_least:
                return tuple(_source(rung, rung.offences) for rung in run)
        return ()

    def _found(self, rungs: tuple[Rung, ...]) -> tuple[Source, ...]:
        found = []
        for rung in rungs:
            acts = rung.offences + (rung.beside if self.among == "report" else ())
            wanted = [act for act in acts if act.code in self.codes or act.group in self.groups]
            if wanted:
                found.append(_source(rung, wanted))
        return tuple(found)


def _source(rung: Rung, acts: Iterable[Act]) -> Source:
    return Source(rung.incident, rung.feed, rung.day, tuple(sorted({act.code for act in acts})))


def evaluate(rungs: Iterable[Rung], rules: Iterable[Rule], noted: Noted | None = None) -> tuple[Flag, ...]:
    """The flags that hold for one pair by these rungs and what was noted, in the order of the rules."""
    ordered = in_order(rungs)
    if not ordered:
        return ()
    return tuple(
        Flag(rule.id, rule.version, rule.text_sv, rule.text_en, sources[-1].day, sources, rule.opens)
        for rule in rules
        if (sources := rule.sources(ordered, noted))
    )


@cache
def flag_rules() -> tuple[Rule, ...]:
    """The rules of ``flags.toml``.

    Raises:
        SetupError: The file says something that no rule may say.
    """
    return parse_rules((files("app.domain") / "flags.toml").read_text(encoding="utf-8"))


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Read rules.

    Raises:
        SetupError: A rule lacks a word, says one too many, or two have the same id.
    """
    rules = tuple(_rule(facts) for facts in tomllib.loads(text).get("rule", []))
    if len({rule.id for rule in rules}) < len(rules):
        raise SetupError("Two flag rules have the same id; give each its own.")
    return rules


def _rule(facts: dict[str, Any]) -> Rule:
    said = facts.keys() - WORDS - MAY
    if not facts.keys() >= WORDS or not (said in (COUNTING, MISSING) or said in LOOKING):
        raise SetupError(
            f"Flag rule {facts.get('id')!r} needs id, version, text_sv, text_en, and one of: at_least and within_days; "
            f"codes or groups with among; no_follow_up_days. It says {', '.join(sorted(facts))}."
        )
    if said == COUNTING and not (facts["at_least"] >= 1 and facts["within_days"] >= 0):
        raise SetupError(f"Flag rule {facts['id']!r}: at_least begins at 1 and within_days at 0.")
    if said == MISSING and not facts["no_follow_up_days"] >= 1:
        raise SetupError(f"Flag rule {facts['id']!r}: no_follow_up_days begins at 1.")
    if said in LOOKING and facts["among"] not in {"pair", "report"}:
        raise SetupError(f"Flag rule {facts['id']!r}: among is pair or report.")
    for name in ("codes", "groups"):
        facts[name] = frozenset(facts.get(name, ()))
    return Rule(**facts)
