"""What the page says in plain words, and the words in its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.measure import Sentence
from app.domain.words import (
    CHANCE,
    Language,
    Noun,
    counted,
    day_text,
    interval,
    number,
    percent,
    percent_interval,
)
from app.measures.density.aoristic import WEEKDAYS
from app.statistics.exact import share_interval
from dashboards.pages.utveckling.lines import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.window import Kind
    from app.queries.trends import Grain
    from dashboards.pages.utveckling.choices import Weighed
    from dashboards.pages.utveckling.reading import Seen

NOUNS: dict[Kind, Noun] = {
    "report": Noun(Sentence("anmälan", "report"), Sentence("anmälningar", "reports")),
    "call": Noun(Sentence("uppdrag", "call"), Sentence("uppdrag", "calls")),
    "notice": Noun(Sentence("notis", "notice"), Sentence("notiser", "notices")),
}
AXES: dict[tuple[Weighed, Grain], Sentence] = {
    ("count", "day"): Sentence("Antal per dygn", "Count by day"),
    ("count", "week"): Sentence("Antal per vecka", "Count by week"),
    ("count", "month"): Sentence("Antal per månad", "Count by month"),
    ("harm", "day"): Sentence("Skada per dygn, månader", "Harm by day, months"),
    ("harm", "week"): Sentence("Skada per vecka, månader", "Harm by week, months"),
    ("harm", "month"): Sentence("Skada per månad, månader", "Harm by month, months"),
}
TOTALS: dict[Weighed, Sentence] = {
    "count": Sentence("Antal under hela tiden", "Count over the whole time"),
    "harm": Sentence("Skada under hela tiden, månader", "Harm over the whole time, months"),
}
THERE_WAS: dict[Weighed, Sentence] = {
    "count": Sentence("Antal", "Count"),
    "harm": Sentence("Skada", "Harm"),
}
NOW = Sentence("Nu", "Now")
NORMAL = Sentence("Normalt (19 veckor av 20)", "Normal (19 weeks in 20)")
OUTSIDE = Sentence("Utanför det normala", "Outside what is normal")
YEAR_BEFORE = Sentence("Samma tid förra året", "Same time last year")
MORE_TO_COME = Sentence("Inte allt har kommit in", "Not all has come in")
WILL_BE = Sentence("När allt har kommit in", "When all has come in")
FIRM = Sentence("Skada", "Harm")
PROVISIONAL = Sentence("Varav preliminär vikt", "Of it provisional weights")
TOO_FEW = Sentence("för få för att säga något", "too few to say anything")
RELATIONS: dict[str | None, Sentence] = {
    "parrelation": Sentence("Parrelation", "Couple"),
    "slakt": Sentence("Släkt eller familj", "Relatives or family"),
    "bekant": Sentence("Annan bekant", "Other acquaintance"),
    "obekant": Sentence("Obekant", "Stranger"),
    None: Sentence("Brottskoden säger inte", "The code does not say"),
}
PLACES: dict[str | None, Sentence] = {
    "inne": Sentence("Inomhus", "Indoors"),
    "ute": Sentence("Utomhus", "Outdoors"),
    "internet": Sentence("Internet", "Internet"),
    None: Sentence("Brottskoden säger inte", "The code does not say"),
}
NOWHERE = Sentence("Utan känt lokalpolisområde", "Without a known local police district")
COARSER = Sentence(
    "Dygn ritas för högst 400 dagar; här visas veckor.",
    "Days are drawn for 400 days at most; these are weeks.",
)
NO_YEAR_BEFORE = Sentence(
    "Det finns inget från samma tid förra året att jämföra med.",
    "There is nothing from the same time last year to compare with.",
)
MORE = Sentence("Det är fler än slumpen ger.", "That is more than chance gives.")
FEWER = Sentence("Det är färre än slumpen ger.", "That is fewer than chance gives.")
LATE = Sentence(
    "De senaste två veckorna är inte fulltaliga: det som saknas är ofta sent, inte borta.",
    "The last two weeks are not complete: what is missing is often late, not gone.",
)
WEIGHTS = Sentence(
    "Skada är antal gånger vikt enligt Polismyndighetens brottsskadeindex; {} av den vilar på preliminära vikter.",
    "Harm is the count times a weight of the Police Authority's index; {} of it rests on provisional weights.",
)
NOTHING = Sentence(
    "Inget i urvalet under den här tiden. Välj en längre tid eller ta bort ett filter.",
    "Nothing in this view over this time. Choose a longer time or remove a filter.",
)


def label(seen: Seen, key: Any, language: Language) -> str:
    """What a part is called."""
    if seen.choice.split == "relation":
        return str(getattr(RELATIONS.get(key, RELATIONS[None]), language))
    if seen.choice.split == "place":
        return str(getattr(PLACES.get(key, PLACES[None]), language))
    if seen.choice.split == "weekday":
        return str(getattr(WEEKDAYS[int(key)], language)).capitalize()
    if key is None:
        return str(getattr(NOWHERE, language))
    return seen.labels.get(key, (str(key), str(key)))[language == "en"]


def trend(seen: Seen, line: Line, language: Language) -> list[str]:
    """How many there were against the year before, what lies outside the normal, and what is not complete."""
    told = [COARSER] if seen.choice.coarser else []
    told += _harm(line) if seen.choice.weighed else _count(seen, line)
    if line.banded:
        told.append(_outside(line))
    latest = _latest(seen)
    if latest is not None:
        told.append(latest)
    elif seen.filters.kind == "report" and not seen.choice.weighed:
        told.append(LATE)
    return [getattr(one, language) for one in told]


def _count(seen: Seen, line: Line) -> list[Sentence]:
    noun = NOUNS[seen.filters.kind]
    now, before = round(line.total), round(line.total_before)
    first, last = seen.window.first, seen.window.last
    both = [
        f"{counted(now, noun, language)} {day_text(first, language)}–{day_text(last, language)}"
        for language in ("sv", "en")
    ]
    if not before:
        return [Sentence(f"{both[0]}.", f"{both[1]}."), NO_YEAR_BEFORE]
    low, high = _ratio(now, before)
    judged = MORE if low > 1 else FEWER if high < 1 else CHANCE
    return [
        Sentence(
            f"{both[0]}, mot {number(before, 'sv')} samma tid förra året, som det var känt då.",
            f"{both[1]}, against {number(before, 'en')} at the same time last year, as it was known then.",
        ),
        Sentence(
            f"Det är {_change(now / before, 'sv')} ({_changes(low, high, 'sv')}). {judged.sv}",
            f"That is {_change(now / before, 'en')} ({_changes(low, high, 'en')}). {judged.en}",
        ),
    ]


def _ratio(now: int, before: int) -> tuple[float, float]:
    """The exact interval of the ratio of two Poisson counts (Przyborowski and Wilenski 1940, given their sum)."""
    low, high = share_interval(now, now + before)
    return low / (1 - low), high / (1 - high) if high < 1 else float("inf")


def _change(ratio: float, language: Language) -> str:
    way = ("fler", "färre") if language == "sv" else ("more", "fewer")
    return f"{percent(abs(ratio - 1), language)} {way[ratio < 1]}"


def _changes(low: float, high: float, language: Language) -> str:
    if high > 10:
        return f"{'minst' if language == 'sv' else 'at least'} {percent(low - 1, language)}"
    sign = "" if low >= 1 else "−"
    return f"{sign}{percent_interval(low - 1, high - 1, language).removeprefix('−')}"


def _harm(line: Line) -> list[Sentence]:
    share = sum(line.provisional) / line.total if line.total else 0.0
    both = [
        f"{number(line.total, language)} {'månader' if language == 'sv' else 'months'}"
        for language in ("sv", "en")
    ]
    before = [number(line.total_before, language) for language in ("sv", "en")]
    first = (
        Sentence(
            f"Skada: {both[0]}, mot {before[0]} samma tid förra året.",
            f"Harm: {both[1]}, against {before[1]} at the same time last year.",
        )
        if line.total_before
        else Sentence(f"Skada: {both[0]}.", f"Harm: {both[1]}.")
    )
    return [
        first,
        Sentence(WEIGHTS.sv.format(percent(share, "sv")), WEIGHTS.en.format(percent(share, "en"))),
        Sentence(
            "Enstaka mycket grova brott flyttar kurvan: läs den bredvid antalet, inte i stället för det.",
            "Single very grave offences move the curve: read it beside the count, not instead of it.",
        ),
    ]


def _outside(line: Line) -> Sentence:
    told = [
        (low, high, now)
        for low, high, now in zip(line.low, line.high, line.now, strict=True)
        if low is not None
    ]
    above = sum(high is not None and now > high for _, high, now in told)
    below = sum(now < low for low, _, now in told)
    usual = len(told) / 20
    return Sentence(
        f"Av {len(told)} veckor låg {above} över och {below} under det normala; "
        f"av slump brukar det bli ungefär {number(usual, 'sv')} tillsammans.",
        f"Of {len(told)} weeks {above} lay above and {below} below what is normal; "
        f"by chance it is about {number(usual, 'en')} together.",
    )


def _latest(seen: Seen) -> Sentence | None:
    """The last seven days, as they will be."""
    if seen.nowcast is None:
        return None
    content: Any = seen.nowcast["content"]
    area = seen.filters.areas[0] if seen.filters.areas else None
    row = next(
        (n for n, span in enumerate(content["span_days"]) if span == 7 and content["area"][n] == area), None
    )
    if row is None:
        return None
    known, low, high = content["known"][row], content["low"][row], content["high"][row]
    return Sentence(
        f"De senaste 7 dygnen: {number(known, 'sv')} kända hittills, "
        f"vi räknar med {interval(low, high, 'sv')} när allt har kommit in.",
        f"The last 7 days: {number(known, 'en')} known so far, "
        f"we expect {interval(low, high, 'en')} when all has come in.",
    )


def breakdown(seen: Seen, lines: Sequence[Line], language: Language) -> list[str]:
    """Which part changed the most beyond chance, or that none did."""
    if seen.choice.weighed:
        return []
    judged = []
    for line in lines:
        now, before = round(line.total), round(line.total_before)
        if line.key is not None and line.key not in seen.moved and now + before >= 20 and before:
            low, high = _ratio(now, before)
            if low > 1 or high < 1:
                judged.append((max(low, 1 / high if high else low), line, now / before))
    if not any(line.total_before for line in lines):
        return [getattr(NO_YEAR_BEFORE, language)]
    if not judged:
        words = Sentence(
            "Ingen del har ändrats mer än slumpen kan ge jämfört med samma tid förra året.",
            "No part has changed by more than chance can give, against the same time last year.",
        )
        return [getattr(words, language)]
    _, line, ratio = max(judged, key=lambda one: one[0])
    name = label(seen, line.key, language)
    of = len([one for one in lines if one.key is not None and one.key not in seen.moved])
    if language == "sv":
        return [
            f"Mest ändrad: {name}, {_change(ratio, 'sv')} än samma tid förra året.",
            f"{len(judged)} av {of} delar har ändrats mer än var för sig 1 gång av 20 av slump.",
        ]
    return [
        f"Most changed: {name}, {_change(ratio, 'en')} than at the same time last year.",
        f"{len(judged)} of {of} parts have changed by more than chance gives 1 time in 20 for each by itself.",
    ]


def small(seen: Seen, lines: Sequence[Line], language: Language) -> list[str]:
    """How many panels lie outside their own band in the last whole week, and of how many nothing can be told."""
    banded = [line for line in lines if line.banded]
    few = sum(line.untold for line in lines)
    told = []
    if banded:
        out = [line for line in banded if _last_out(line)]
        names = ", ".join(label(seen, line.key, language) for line in out[:4])
        told.append(
            Sentence(
                f"Utanför sitt eget normala den senaste veckan med svar: {names}."
                if out
                else "Ingen ligger utanför sitt eget normala den senaste veckan med svar.",
                f"Outside what is normal for itself in the last week told of: {names}."
                if out
                else "None lies outside what is normal for itself in the last week told of.",
            )
        )
    if few:
        told.append(
            Sentence(
                f"För få fall för att säga något om {few} av {len(lines)}.",
                f"Too few cases to say anything about {few} of {len(lines)}.",
            )
        )
    if not banded and not few:
        told.append(
            Sentence(
                "Streckat är samma tid förra året. Eget normalband finns för antal anmälningar per vecka, "
                "uppdelade på lokalpolisområden eller (i hela regionen) brottstyper.",
                "Dotted is the same time last year. A normal band of their own is told of counts of reports by week, "
                "split by local police district or (in the whole region) by group of offences.",
            )
        )
    return [getattr(one, language) for one in told]


def _last_out(line: Line) -> bool:
    row = next((row for row in reversed(range(len(line.low))) if line.low[row] is not None), None)
    if row is None:
        return False
    low, high = line.low[row], line.high[row]
    return low is not None and high is not None and not low <= line.now[row] <= high
