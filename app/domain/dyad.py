"""The dyad (par): one victim and one suspect, and the reports that name both, as rungs in the order they happened.

Facts only. Severity and frequency are two lines side by side: a pair may get worse in one and not in the other
(Bland & Ariel 2015 found more of the second). There is no score, nothing is summed or weighed per person or pair, and
lists of pairs go by the last report alone (AI Act art. 5(1)(d); design section 9).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

ELSEWHERE_SV = "Tidigare anmälningar på annat håll: fråga regionen"
ELSEWHERE_EN = "Earlier reports elsewhere: ask the region"


@dataclass(frozen=True)
class Act:
    """One offence of a rung, by its code in the region's catalogue."""

    code: str
    group: str
    name_sv: str
    name_en: str
    severity: int  # a place in a fixed order, higher is graver: not an amount, and never added up
    count: int
    relation: str | None = None


@dataclass(frozen=True)
class Rung:
    """One report that names the pair, as it was known then; ``incident`` and ``feed`` are its source.

    Moments are aware. ``day`` is that of ``occurred_from`` in the region's calendar. No place is told but the area.
    """

    incident: UUID  # opaque: the only id that leaves the house
    feed: str
    occurred_from: datetime
    occurred_to: datetime
    day: date
    reported_at: datetime | None
    first_known_at: datetime
    known_at: datetime
    area: str
    area_ids: frozenset[int]  # the area and all that contained it on that day
    offences: tuple[Act, ...]  # of this pair, gravest first
    beside: tuple[Act, ...] = ()  # the report's other offences, whoever they concern (a child, say)
    protected: bool = False

    @property
    def told_at(self) -> datetime:
        """When it was reported; where the source does not say, when it first became known here."""
        return self.reported_at or self.first_known_at


class SeverityPoint(NamedTuple):
    """The gravest offence of one rung: its place in the fixed order, and which it was."""

    day: date
    severity: int
    code: str


class FrequencyPoint(NamedTuple):
    """Days from the rung before to this one; None for the first."""

    day: date
    days_since_previous: int | None


@dataclass(frozen=True)
class Dyad:
    """A pair by its keyed pseudonyms, with at least one rung."""

    victim: bytes
    suspect: bytes
    rungs: tuple[Rung, ...]

    def __post_init__(self) -> None:
        if not self.rungs:
            raise ValueError("A pair without a report is no pair.")
        object.__setattr__(self, "rungs", in_order(self.rungs))

    @property
    def last(self) -> Rung:
        """The rung that happened last."""
        return self.rungs[-1]

    @property
    def last_told_at(self) -> datetime:
        """When the pair was last reported: lists go by this."""
        return max(rung.told_at for rung in self.rungs)

    def days_since_last(self, today: date) -> int:
        """The clock: whole days of the region's calendar since the last happening."""
        return (today - self.last.day).days

    def severity(self) -> tuple[SeverityPoint, ...]:
        """One line: how grave each report was, in order."""
        return tuple(
            SeverityPoint(rung.day, rung.offences[0].severity, rung.offences[0].code) for rung in self.rungs
        )

    def frequency(self) -> tuple[FrequencyPoint, ...]:
        """The other line: how long after the one before each report happened."""
        gaps = (
            FrequencyPoint(after.day, (after.day - before.day).days) for before, after in pairwise(self.rungs)
        )
        return (FrequencyPoint(self.rungs[0].day, None), *gaps)


def in_order(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    """As they happened; the opaque id settles ties."""
    return tuple(sorted(rungs, key=lambda rung: (rung.occurred_from, rung.incident)))


def by_last_report(dyads: Iterable[Dyad]) -> list[Dyad]:
    """The order of every list of pairs: the last reported first. Nothing of what happened enters into it."""
    return sorted(dyads, key=place_in_list, reverse=True)


def place_in_list(dyad: Dyad) -> tuple[datetime, UUID, bytes, bytes]:
    """By what a pair stands in a list: when it was last reported; opaque ids settle ties."""
    return dyad.last_told_at, dyad.last.incident, dyad.victim, dyad.suspect


def within(rungs: tuple[Rung, ...], last: int, days: int) -> tuple[Rung, ...]:
    """Of rungs in order: the one at ``last`` and those before it that happened at most ``days`` days earlier."""
    end = rungs[last].day
    return tuple(rung for rung in rungs[: last + 1] if (end - rung.day).days <= days)


@dataclass(frozen=True)
class Scoped:
    """What a chief sees of a pair: the rungs in the own areas, and whether there is anything else. Not how much."""

    rungs: tuple[Rung, ...]
    elsewhere: bool

    @property
    def note(self) -> tuple[str, str] | None:
        """The one sentence about what lies elsewhere, in Swedish and English."""
        return (ELSEWHERE_SV, ELSEWHERE_EN) if self.elsewhere else None


def for_scope(rungs: Iterable[Rung], area_ids: frozenset[int]) -> Scoped:
    """Keep the rungs that lay in one of ``area_ids`` on their day (design section 9).

    A rung known only to the county lies in no district: it is elsewhere.
    """
    ordered = in_order(rungs)
    own = tuple(rung for rung in ordered if rung.area_ids & area_ids)
    return Scoped(own, elsewhere=len(own) < len(ordered))
