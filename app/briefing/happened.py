"""What happened: last night, the last day and night, the last seven days, each against what is usual then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.briefing.edition import Chart, Column, Grid, Said, Section, Text, Tone, Value, Week
from app.briefing.said import ASSAULTS, CALLS, REPORTS, both, joined, told, weekday
from app.domain.words import Language, counted, interval, number
from app.statistics.usual import Expected, expected

if TYPE_CHECKING:
    from app.briefing.facts import Counted, Facts, Series, Stretch
    from app.domain.words import Noun

NOUNS: dict[Series, Noun] = {"reports": REPORTS, "partner": ASSAULTS, "calls": CALLS}
SHORT: dict[Series, Text] = {
    "reports": Text(sv="Brott i nära relation", en="Offences in close relationships"),
    "partner": Text(
        sv="varav misshandel av kvinna i parrelation", en="of which assault on women by partners"
    ),
    "calls": Text(sv="Uppdrag om bråk eller våld i relation", en="Calls about quarrels or violence"),
}
STRETCHES: dict[Stretch, Text] = {
    "night": Text(sv="I natt", en="Last night"),
    "day": Text(sv="Senaste dygnet", en="Last 24 h"),
    "week": Text(sv="Senaste 7 dygnen", en="Last 7 days"),
}
WEEKS = 26
"""Weeks of the chart, and weeks before each by which it is judged."""
WEEK = timedelta(days=7)
VERDICTS: dict[str, Text] = {
    "more": Text(sv="Det är fler än vanligt.", en="That is more than usual."),
    "fewer": Text(sv="Det är färre än vanligt.", en="That is fewer than usual."),
    "usual": Text(sv="Det är som vanligt.", en="That is as usual."),
    "unknown": Text(
        sv="Vad som är vanligt går inte att säga: för få fall eller tidigare veckor.",
        en="What is usual cannot be said: too few cases or earlier weeks.",
    ),
}


def happened(facts: Facts) -> Section:
    """A sentence for each count of the night, and a table and a chart of all."""
    sentences = [
        _said(facts, one) for one in facts.counted if one.stretch == "night" or one.series == "reports"
    ]
    return Section(
        name="happened",
        title=Text(sv="Vad som har hänt", en="What happened"),
        said=(*sentences, _chance(facts)),
        charts=_charts(facts),
        grids=(_table(facts),),
    )


def verdict(counted_: Counted, band: Expected | None) -> str:
    """``more``, ``fewer`` or ``usual``, as on the page Nu; ``unknown`` where there is no band."""
    return "unknown" if band is None else band.verdict(counted_.n)


def tone(judged: str) -> Tone:
    """How a verdict is marked."""
    tones: dict[str, Tone] = {"usual": "usual", "unknown": "unknown"}
    return tones.get(judged, "unusual")


def _said(facts: Facts, one: Counted) -> Said:
    band = expected(one.past)
    judged = verdict(one, band)

    def write(language: Language) -> str:
        many = counted(one.n, NOUNS[one.series], language) if one.n else _none(one.series, language)
        if band is None:
            return f"{_stretch(facts, one, language)}: {many}."
        limits = interval(band.low, band.high, language)
        usually = "Vanligt är" if language == "sv" else "Usual is"
        return f"{_stretch(facts, one, language)}: {many}. {usually} {limits}."

    figures: dict[str, Value] = {"n": one.n, "weeks_before": len(one.past)}
    if band is not None:
        figures |= {"mean": round(band.mean, 3), "low": band.low, "high": band.high}
    source = facts.source(
        "briefing.counted",
        series=one.series,
        first=one.first.isoformat(),
        beyond=one.beyond.isoformat(),
        weeks_before=len(one.past),
    )
    return told(
        f"{one.stretch}_{one.series}", joined(both(write), VERDICTS[judged]), source, tone=tone(judged), figures=figures
    )  # fmt: skip


def _none(series: Series, language: Language) -> str:
    noun = NOUNS[series].many
    return f"{'inga' if language == 'sv' else 'no'} {noun.sv if language == 'sv' else noun.en}"


def _stretch(facts: Facts, one: Counted, language: Language) -> str:
    zone = ZoneInfo(facts.zone)
    first, beyond = one.first.astimezone(zone), one.beyond.astimezone(zone)
    if one.stretch == "night":
        hours = f"{first:%H}–{beyond:%H}"
        day = weekday(beyond.date(), language)
        return f"Natten till {day}, {hours}" if language == "sv" else f"The night before {day}, {hours}"
    if one.stretch == "day":
        return (
            f"Dygnet fram till {beyond:%H:%M}" if language == "sv" else f"The 24 hours until {beyond:%H:%M}"
        )
    return f"De 7 dygnen fram till {beyond:%H:%M}" if language == "sv" else f"The 7 days until {beyond:%H:%M}"


def _chance(facts: Facts) -> Said:
    """What usual means here, and how many of so many comparisons would lie outside by chance."""
    judged = [verdict(one, expected(one.past)) for one in facts.counted]
    many = sum(one != "unknown" for one in judged)
    outside = sum(one in {"more", "fewer"} for one in judged)
    weeks = max((len(one.past) for one in facts.counted), default=0)
    text = Text(
        sv=f"Vanligt är det som samma timmar de {weeks} veckorna före ger, räknade lika kort efteråt; 95 gånger av "
        f"100 ligger antalet däri. {number(outside, 'sv')} av {number(many, 'sv')} jämförelser ligger utanför; "
        f"av slump ensam väntar vi oss {number(many * 0.05, 'sv', 1)}.",
        en=f"Usual is what the same hours of the {weeks} weeks before give, counted as shortly afterwards; 95 times in "
        f"100 the count lies in it. {number(outside, 'en')} of {number(many, 'en')} comparisons lie outside; "
        f"by chance alone we expect {number(many * 0.05, 'en', 1)}.",
    )
    figures: dict[str, Value] = {"compared": many, "outside": outside, "weeks_before": weeks}
    return told("chance", text, facts.source("briefing.counted"), figures=figures)


def _table(facts: Facts) -> Grid:
    columns = [Column(name="what", header=Text(sv="Vad", en="What"))]
    columns += [
        Column(name=name, header=header, kind="text")
        for name, header in [(one, STRETCHES[one]) for one in STRETCHES]
    ]
    rows = []
    for series, title in SHORT.items():
        row: dict[str, int | float | str | Text | None] = {"what": title}
        for one in facts.counted:
            if one.series == series:
                row[one.stretch] = _cell(one)
        if len(row) > 1:
            rows.append(row)
    return Grid(
        name="counts",
        title=Text(
            sv="Antal, och inom parentes vad som är vanligt", en="Counts, and in brackets what is usual"
        ),
        columns=tuple(columns),
        rows=tuple(rows),
        source=facts.source("briefing.counted"),
    )


def _cell(one: Counted) -> Text:
    band = expected(one.past)
    if band is None:
        return both(lambda language: number(one.n, language))
    mark = {"more": " ▲", "fewer": " ▼"}.get(verdict(one, band), "")
    return both(
        lambda language: f"{number(one.n, language)} ({interval(band.low, band.high, language)}){mark}"
    )


def _charts(facts: Facts) -> tuple[Chart, ...]:
    weeks = weekly(facts)
    if not weeks:
        return ()
    last = weeks[-1]

    def about(language: Language) -> str:
        known = [week.known for week in weeks]
        low, high = number(min(known), language), number(max(known), language)
        will = interval(last.will_low or 0, last.will_high or 0, language)
        band = None if last.high is None else interval(last.low or 0, last.high, language)
        if language == "sv":
            text = f"Anmälningar per sju dygn i {len(weeks)} veckor: mellan {low} och {high}. De sista sju dygnen har "
            text += f"{number(last.known, language)} hittills"
            text += f", och {will} när allt har kommit in" if last.will_high is not None else ""
            return f"{text}; vanligt är {band}." if band else f"{text}."
        text = f"Reports by seven days in {len(weeks)} weeks: between {low} and {high}. The last seven days have "
        text += f"{number(last.known, language)} so far"
        text += f", and {will} when all has come in" if last.will_high is not None else ""
        return f"{text}; usual is {band}." if band else f"{text}."

    chart = Chart(
        name="weeks",
        title=Text(
            sv="Anmälningar om brott i nära relation, sju dygn i taget",
            en="Reports of offences in close relationships, by seven days",
        ),
        about=both(about),
        weeks=weeks,
        source=facts.source("briefing.daily", days=(2 * WEEKS) * 7),
    )
    return (chart,)


def weekly(facts: Facts) -> tuple[Week, ...]:
    """The last weeks, each with the band that the weeks before it give; none where the history is too short."""
    if facts.first_day is None or facts.first_day > facts.day - 2 * WEEKS * WEEK:
        return ()
    counts = [
        sum(facts.daily.get(facts.day - number_ * WEEK + timedelta(days=day), 0) for day in range(7))
        for number_ in range(2 * WEEKS, 0, -1)
    ]
    told_weeks = []
    for number_ in range(WEEKS):
        band = expected(counts[number_ : number_ + WEEKS])
        first = facts.day - (WEEKS - number_) * WEEK
        will = _will(facts, first)
        told_weeks.append(
            Week(
                first=first,
                known=counts[WEEKS + number_],
                low=None if band is None else band.low,
                high=None if band is None else band.high,
                will_low=None if will is None else will[0],
                will_high=None if will is None else will[1],
            )
        )
    return tuple(told_weeks)


def _will(facts: Facts, first: date) -> tuple[int, int] | None:
    """What a week will come to, by the nowcast of that very stretch."""
    nowcast = facts.measured.get("nowcast")
    if nowcast is None or nowcast.content is None or nowcast.state != "told":
        return None
    told_ = nowcast.content
    for row, day in enumerate(told_["from_day"]):
        of = told_["area"][row]
        if told_["span_days"][row] == 7 and day == first.isoformat() and of in (None, facts.area):
            return told_["low"][row], told_["high"][row]
    return None
