"""Pairs reported again whose frequency or severity rose: facts counted, with what each rests on. Nobody is named.

Frequency and severity are two things and are told apart (Bland & Ariel 2015). A pair is in these counts by its reports
alone; there is no order among pairs, nothing is weighed and nothing is predicted (AI Act art. 5(1)(d)).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from app.briefing.edition import Column, Grid, Said, Section, Text, Value
from app.briefing.said import both, district, joined, path, told
from app.domain.words import NO_HISTORY, PAIR, Language, counted, number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.briefing.facts import Facts, Pair, Report

DAYS = 7
"""A pair is told of when it was reported again within so many days before the morning."""
YEAR = timedelta(days=365)
THIRD = 3
"""As the flag ``third-report-12-months``."""


@dataclass(frozen=True)
class Rise:
    """What holds of a pair that was reported again."""

    district: str | None
    third: bool
    oftener: bool
    graver: bool


def risen(pair: Pair, facts: Facts) -> Rise | None:
    """What rose with the pair's last report; None where it was not reported again in the last days."""
    last, before = pair.reports[-1], pair.reports[:-1]
    if not before or last.day < facts.day - timedelta(days=DAYS) or last.day >= facts.day:
        return None
    return Rise(
        last.district,
        third=_within_a_year(pair.reports) >= THIRD,
        oftener=_oftener(pair.reports),
        graver=last.severity > max(one.severity for one in before),
    )


def _within_a_year(reports: tuple[Report, ...]) -> int:
    return sum(reports[-1].day - one.day <= YEAR for one in reports)


def _oftener(reports: tuple[Report, ...]) -> bool:
    """Whether the last report came sooner after the one before than any report of the year had come."""
    gaps = [(after.day - before.day).days for before, after in pairwise(reports)]
    return len(gaps) > 1 and gaps[-1] < min(gaps[:-1])


def pairs(facts: Facts) -> Section:
    """How many pairs were reported again, how many of them oftener or graver, and in which districts."""
    found = [rise for pair in facts.pairs if (rise := risen(pair, facts)) is not None]
    first, last = facts.day - timedelta(days=DAYS), facts.day - timedelta(days=1)
    link = path("/par", area=facts.area, **{"from": first.isoformat(), "to": last.isoformat()})
    source = facts.source("briefing.pairs", first=first.isoformat(), last=last.isoformat(), history_days=365)
    figures: dict[str, Value] = {
        "again": len(found),
        "third": sum(one.third for one in found),
        "oftener": sum(one.oftener for one in found),
        "graver": sum(one.graver for one in found),
        "both": sum(one.oftener and one.graver for one in found),
    }
    said = [
        told("again", both(lambda language: _again(figures, language)), source, figures=figures, link=link),
    ]
    if found:
        said.append(
            told("rose", both(lambda language: _rose(figures, language)), source, figures=figures, link=link)
        )
    said += [*_usual(facts), _never(facts)]
    return Section(
        name="pairs",
        title=Text(sv="Par som anmälts igen", en="Pairs reported again"),
        said=tuple(said),
        grids=_table(facts, found, link) if found and facts.area is None else (),
    )  # fmt: skip


def _again(figures: dict[str, Value], language: Language) -> str:
    many = counted(int(figures["again"] or 0), PAIR, language)
    third = number(int(figures["third"] or 0), language)
    if language == "sv":
        if not figures["again"]:
            return "Inget par anmäldes på nytt de senaste 7 dygnen."
        return f"{many} anmäldes på nytt de senaste 7 dygnen; {third} av dem för tredje gången eller mer på 12 månader."
    if not figures["again"]:
        return "No pair was reported again in the last 7 days."
    were = "was" if figures["again"] == 1 else "were"
    return f"{many} {were} reported again in the last 7 days; {third} of them for the third time or more in 12 months."


def _rose(figures: dict[str, Value], language: Language) -> str:
    oftener, graver, both_ = (int(figures[name] or 0) for name in ("oftener", "graver", "both"))
    if language == "sv":
        if not oftener and not graver:
            return "I inget av dem kom anmälan tätare eller gällde grövre brott än tidigare under året."
        return (
            f"I {number(oftener, 'sv')} kom den senaste anmälan tätare på den förra än någon tidigare under året; i "
            f"{number(graver, 'sv')} gällde den grövre brott än någon tidigare; i {number(both_, 'sv')} båda."
        )
    if not oftener and not graver:
        return "In none of them did the report come sooner, or tell of a graver offence, than before in the year."
    return (
        f"In {number(oftener, 'en')} the last report came sooner after the one before than any in the year; in "
        f"{number(graver, 'en')} it told of a graver offence than any before; in {number(both_, 'en')} both."
    )


def _usual(facts: Facts) -> list[Said]:
    """How often pairs are reported again, over all of them: what the measure said."""
    measured = facts.measured.get("repeats_pairs")
    if measured is None or measured.state != "told" or facts.area is not None:
        return []
    return [told("repeats", joined(*measured.words[1:3]), facts.of_measure(measured), link="/upprepning")]


def _never(facts: Facts) -> Said:
    text = Text(sv=NO_HISTORY.sv, en=NO_HISTORY.en)
    return told("no_history", text, facts.source("briefing.pairs"))


def _table(facts: Facts, found: Iterable[Rise], link: str) -> tuple[Grid, ...]:
    held = list(found)
    counts: dict[str, Counter[str | None]] = {
        name: Counter(one.district for one in held if name == "again" or getattr(one, name))
        for name in ("again", "third", "oftener", "graver")
    }
    order = sorted(counts["again"], key=lambda code: (code is None, facts.names.get(code or "", "")))
    columns = (
        Column(name="area", header=Text(sv="Senaste anmälans område", en="District of the last report")),
        Column(name="again", header=Text(sv="På nytt", en="Again"), kind="number"),
        Column(name="third", header=Text(sv="Tredje eller mer", en="Third or more"), kind="number"),
        Column(name="oftener", header=Text(sv="Tätare", en="Sooner"), kind="number"),
        Column(name="graver", header=Text(sv="Grövre", en="Graver"), kind="number"),
    )
    rows: list[dict[str, Value | Text]] = [
        {"area": district(facts, code), **{name: counts[name][code] for name in counts}} for code in order
    ]
    return (
        Grid(
            name="pairs_by_district",
            title=Text(sv="Par som anmälts igen, per område", en="Pairs reported again, by district"),
            columns=columns,
            rows=tuple(rows),
            source=facts.source("briefing.pairs"),
            link=link,
        ),
    )
