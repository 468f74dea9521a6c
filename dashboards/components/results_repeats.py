"""The table twins of what comes again: time to the next, how it gathers, whether it comes oftener or gets graver."""

from __future__ import annotations

from app.domain.measure import Sentence
from app.domain.words import Language
from app.measures.repeats.concentration import ConcentrationResult
from app.measures.repeats.repeats import RepeatsResult
from dashboards.components.results_table import Head, table
from dashboards.components.tabular import Table

LATER = Sentence("{} och senare", "{} and later")
DAYS = Sentence("dagar", "days")
LOW = Head("low", Sentence("Lägst", "Lowest"), "percent")
HIGH = Head("high", Sentence("Högst", "Highest"), "percent")
FIGURES = {
    "gini": Sentence(
        "Gini (0 % = alla lika, 100 % = en har allt)", "Gini (0% = all alike, 100% = one has all)"
    ),
    "top5": Sentence("De 5 % med flest har", "The 5% with most have"),
    "top10": Sentence("De 10 % med flest har", "The 10% with most have"),
    "top20": Sentence("De 20 % med flest har", "The 20% with most have"),
    "share_with_repeat": Sentence("Har två eller fler", "Have two or more"),
    "share_events_that_are_repeats": Sentence(
        "Av alla fall kom efter det första", "Of all cases came after the first"
    ),
}


def repeats(result: RepeatsResult, language: Language) -> Table:
    """A row for each number of reports and each window: the share that is reported again by then."""
    heads = (
        Head("after", Sentence("Efter anmälan", "After report"), "text"),
        Head("days", Sentence("Inom", "Within"), unit=DAYS),
        Head("share", Sentence("Andel som anmälts igen", "Share reported again"), "percent"),
        LOW,
        HIGH,
        Head("followed", Sentence("Följda så länge", "Followed so long")),
        Head("repeats", Sentence("Anmälda igen av dem", "Of them reported again")),
        Head("median", Sentence("Hälften inom", "Half within"), unit=DAYS),
    )
    rows = [
        (
            getattr(LATER, language).format(one.number) if one.and_later else str(one.number),
            window.days,
            window.share,
            window.lower,
            window.upper,
            window.followed,
            window.repeats,
            one.median_days,
        )
        for one in result.by_number
        for window in one.windows
    ]
    return table(language, heads, rows)


def concentration(result: ConcentrationResult, language: Language) -> Table:
    """A row for each figure: as it is, with its interval, and as it would be by chance."""
    heads = (
        Head("figure", Sentence("Mått", "Figure"), "text"),
        Head("value", Sentence("Som det är", "As it is"), "percent"),
        LOW,
        HIGH,
        Head("by_chance", Sentence("Av slump", "By chance"), "percent"),
        Head("chance_low", Sentence("Av slump, lägst", "By chance, lowest"), "percent"),
        Head("chance_high", Sentence("Av slump, högst", "By chance, highest"), "percent"),
    )
    rows = []
    for name, words in FIGURES.items():
        low, high = result.interval.get(name, (None, None))
        chance = result.by_chance.get(name)
        by_chance = (None, None, None) if chance is None else (chance.expected, chance.lower, chance.upper)
        rows.append((getattr(words, language), getattr(result, name), low, high, *by_chance))
    return table(language, heads, rows)
