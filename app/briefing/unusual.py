"""Where it is unusual and why we think so, and as clearly where it is not. All of it is what the measures said."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from app.briefing.edition import Column, Grid, Said, Section, Text, Value
from app.briefing.said import both, joined, path, told
from app.domain.words import AREA, Language, counted, day_text, fraction, interval, listed, number, once_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.briefing.facts import Facts, Measured

STATES: dict[str, Text] = {
    "above": Text(sv="fler än vanligt", en="more than usual"),
    "rising": Text(sv="långsam ökning det senaste halvåret", en="a slow rise in the last half year"),
    "below": Text(sv="färre än vanligt, om allt har kommit in", en="fewer than usual, if all has come in"),
    "chance": Text(sv="över gränsen, men kan vara slump", en="above the bound, but it could be chance"),
}
METHODS: dict[str, Text] = {
    "farrington": Text(sv="mot samma tid tidigare år", en="against the same time of earlier years"),
    "ears": Text(sv="mot veckorna före", en="against the weeks before"),
    "none": Text(sv="för få att jämföra med", en="too few to compare with"),
}
TITLE = Text(sv="Var det är ovanligt, och var det inte är det", en="Where it is unusual, and where it is not")


def unusual(facts: Facts) -> Section:
    """The districts that stand out with the reason for each; how many do not; clusters of the last days."""
    deviation = facts.measured.get("deviation")
    sentences: list[Said] = []
    grids: tuple[Grid, ...] = ()
    if deviation is not None and deviation.content is not None and deviation.state == "told":
        sentences += _deviation(facts, deviation)
        grids = _table(facts, deviation)
    elif deviation is not None:
        sentences.append(_refused("deviation", facts, deviation))
    sentences += _clusters(facts)
    return Section(name="unusual", title=TITLE, said=tuple(sentences), grids=grids)


def _refused(name: str, facts: Facts, measured: Measured) -> Said:
    return told(name, joined(*measured.words), facts.of_measure(measured), tone="unknown")


def _rows(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    length = len(content["area"])
    columns = [name for name, value in content.items() if isinstance(value, list) and len(value) == length]
    rows = [{name: content[name][row] for name in columns} for row in range(length)]
    return sorted(
        rows, key=lambda row: (row["p_adjusted"] if row["p_adjusted"] is not None else 2.0, row["area"])
    )


def _deviation(facts: Facts, measured: Measured) -> list[Said]:
    content = measured.content or {}
    rows = _rows(content)
    sentences = []
    for status in ("above", "rising"):
        sentences += [_row(facts, measured, row) for row in rows if row["status"] == status]
    source = facts.of_measure(measured)
    link = path("/utveckling", area=facts.area)
    if not sentences:
        sentences.append(_nowhere(facts, measured))
    normal = [row for row in rows if row["status"] == "normal" and row["level"] == "area"]
    if normal and facts.area is None:
        text = both(lambda language: _normal(len(normal), language))
        sentences.append(
            told("normal", text, source, tone="usual", figures={"districts": len(normal)}, link=link)
        )
    for status, name in (("below", "fewer"), ("chance", "chance_rows"), ("too_few", "too_few")):
        found = [row for row in rows if row["status"] == status and row["level"] == "area"]
        if found:
            sentences.append(_some(facts, measured, name, status, found))
    return sentences


def _nowhere(facts: Facts, measured: Measured) -> Said:
    if facts.area is None:
        text = Text(
            sv="Inget lokalpolisområde ligger över det vanliga den senaste hela veckan.",
            en="No local police district lies above what is usual in the last whole week.",
        )
    else:
        text = Text(
            sv="Området ligger inte över det vanliga den senaste hela veckan.",
            en="The district does not lie above what is usual in the last whole week.",
        )
    return told("nowhere", text, facts.of_measure(measured), tone="usual", figures={"districts": 0})


def _normal(count: int, language: Language) -> str:
    if language == "sv":
        return f"{counted(count, AREA, 'sv')} är som vanligt."
    return f"{counted(count, AREA, 'en')} {'is' if count == 1 else 'are'} as usual."


def _row(facts: Facts, measured: Measured, row: Mapping[str, Any]) -> Said:
    """One district that stands out: how many, how many are usual, against what, and how often such a sign is false."""
    name = _name(facts, row)

    def write(language: Language) -> str:
        swedish = language == "sv"
        parts = [f"{getattr(name, language)}: {getattr(STATES[row['status']], language)}."]
        if row["observed"] is not None and row["expected_low"] is not None:
            limits = interval(row["expected_low"], row["expected_high"], language)
            days = _days(row, language)
            many = number(row["observed"], language)
            method = getattr(METHODS[row["method"]], language)
            parts.append(
                f"{many} anmälningar {days}, vi väntar oss {limits} {method}."
                if swedish
                else f"{many} reports {days}, we expect {limits} {method}."
            )
        if row["false_share"] is not None:
            share = fraction(row["false_share"], language)
            parts.append(
                f"I en simulering var {share} av sådana varningar falska."
                if swedish
                else f"In a simulation {share} of such warnings were false."
            )
        return " ".join(parts)

    figures: dict[str, Value] = {
        key: row[key]
        for key in ("observed", "expected", "expected_low", "expected_high", "p_adjusted", "false_share")
    }
    link = path("/omrade", area=row["area"]) if row["level"] == "area" else path("/utveckling")
    return told(
        f"{row['status']}_{row['area']}", both(write), facts.of_measure(measured), tone="unusual", figures=figures,
        link=link,
    )  # fmt: skip


def _days(row: Mapping[str, Any], language: Language) -> str:
    """As "16–22 november 2026"; what both ends share is said once."""
    first, last = _date(row["from_day"]), _date(row["to_day"])
    if (first.month, first.year) == (last.month, last.year):
        return f"{first.day}–{day_text(last, language)}"
    begins = day_text(first, language)
    if first.year == last.year:
        begins = begins.removesuffix(f" {first.year}")
    return f"{begins} – {day_text(last, language)}"


def _date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _name(facts: Facts, row: Mapping[str, Any]) -> Text:
    name = facts.names.get(row["area"], row["area"])
    if row["level"] == "region":
        return Text(
            sv=f"{name}, de små områdena tillsammans".lstrip(", "),
            en=f"{name}, the small districts together".lstrip(", "),
        )
    return Text(sv=name, en=name)


SOME: dict[str, tuple[str, str, str, str]] = {
    "below": (
        "Färre än vanligt, om allt har kommit in: {names}.",
        "Fewer than usual, if all has come in: {names}.",
        "Färre än vanligt, om allt har kommit in.",
        "Fewer than usual, if all has come in.",
    ),
    "chance": (
        "Över gränsen, men bland så många områden kan det vara slump: {names}.",
        "Above the bound, but among so many districts it could be chance: {names}.",
        "Över gränsen, men det kan vara slump.",
        "Above the bound, but it could be chance.",
    ),
    "too_few": (
        "För få fall för att säga något om {names} var för sig.",
        "Too few cases to say anything about {names} one by one.",
        "För få fall för att säga något om området för sig.",
        "Too few cases to say anything about the district by itself.",
    ),
}


def _some(facts: Facts, measured: Measured, name: str, status: str, found: list[dict[str, Any]]) -> Said:
    names = [facts.names.get(row["area"], row["area"]) for row in found]
    swedish, english, own_sv, own_en = SOME[status]
    text = (
        Text(sv=swedish.format(names=listed(names, "sv")), en=english.format(names=listed(names, "en")))
        if facts.area is None
        else Text(sv=own_sv, en=own_en)
    )
    figures = {"districts": len(found)}
    return told(
        name,
        text,
        facts.of_measure(measured),
        tone="usual" if status == "chance" else "unknown",
        figures=figures,
    )


def _table(facts: Facts, measured: Measured) -> tuple[Grid, ...]:
    rows = [row for row in _rows(measured.content or {}) if row["observed"] is not None]
    if facts.area is not None or not rows:
        return ()
    columns = (
        Column(name="area", header=Text(sv="Område", en="District")),
        Column(name="observed", header=Text(sv="Anmälningar", en="Reports"), kind="number"),
        Column(name="usual", header=Text(sv="Väntat", en="Expected"), kind="number"),
        Column(name="days", header=Text(sv="Dagar", en="Days")),
        Column(name="state", header=Text(sv="Bedömning", en="Judged")),
    )
    plain = {"normal": Text(sv="som vanligt", en="as usual"), "too_few": Text(sv="för få", en="too few")}
    cells: list[dict[str, Value | Text]] = [
        {
            "area": _name(facts, row),
            "observed": row["observed"],
            "usual": both(partial(_limits, row)),
            "days": both(partial(_days, row)),
            "state": {**STATES, **plain}[row["status"]],
        }
        for row in rows
    ]
    return (
        Grid(
            name="districts",
            title=Text(sv="Alla områden, den minst troliga först", en="All districts, the least likely first"),
            columns=columns,
            rows=tuple(cells),
            source=facts.of_measure(measured),
            link=path("/utveckling"),
        ),
    )  # fmt: skip


def _limits(row: Mapping[str, Any], language: Language) -> str:
    if row["expected_low"] is None:
        return "–"
    return interval(row["expected_low"], row["expected_high"], language)


def _clusters(facts: Facts) -> list[Said]:
    measured = facts.measured.get("clusters")
    if measured is None or facts.area is not None:
        return []
    if measured.state != "told" or measured.content is None:
        return [_refused("clusters", facts, measured)]
    source = facts.of_measure(measured)
    acted = [one for one in measured.content["clusters"] if one["act"]]
    if not acted:
        text = Text(
            sv="Inget kluster i tid och rum de senaste två veckorna är så starkt att slumpen är en dålig förklaring.",
            en="No cluster in time and space in the last two weeks is so strong that chance explains it badly.",
        )
        return [told("no_cluster", text, source, tone="usual", figures={"clusters": 0})]
    return [
        told(
            f"cluster_{number_}",
            both(partial(_cluster, one, measured)),
            source,
            tone="unusual",
            figures={key: one[key] for key in ("observed", "expected", "radius", "days", "p", "recurrence_days")},
            link=path("/"),
        )
        for number_, one in enumerate(acted, 1)
    ]  # fmt: skip


def _cluster(one: Mapping[str, Any], measured: Measured, language: Language) -> str:
    first = measured.day - timedelta(days=one["days"])
    many, usual = number(one["observed"], language), number(one["expected"], language, 1)
    radius = number(max(1, round(one["radius"] / 100)) / 10, language, 1)
    seldom = once_in(one["recurrence_days"], language)
    if language == "sv":
        return (
            f"Ett kluster: {many} anmälningar inom {radius} km sedan {day_text(first, 'sv')}, väntat {usual}; av slump "
            f"händer det {seldom}."
        )
    return (
        f"A cluster: {many} reports within {radius} km since {day_text(first, 'en')}, {usual} expected; by chance that "
        f"happens {seldom}."
    )
