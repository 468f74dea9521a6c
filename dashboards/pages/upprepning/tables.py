"""The table twins of the page's own figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.measure import Sentence
from dashboards.components.results_table import Head, table
from dashboards.pages.upprepning import figures

if TYPE_CHECKING:
    from app.domain.words import Language
    from app.measures.repeats.changes import Frequency, Gravest, Severity
    from dashboards.components.tabular import Table

WHAT = Head("what", Sentence("Vad", "What"), "text")
SHARE = Head("share", Sentence("Andel", "Share"), "percent")
LOW = Head("low", Sentence("Lägst", "Lowest"), "percent")
HIGH = Head("high", Sentence("Högst", "Highest"), "percent")


def oftener(found: Frequency, language: Language) -> Table:
    """One row: reports before and after, and the ratio with its interval."""
    heads = (
        Head("units", Sentence("Följda hela tiden", "Followed throughout")),
        Head("before", Sentence("Anmälningar, första tiden", "Reports, first time")),
        Head("after", Sentence("Anmälningar, andra tiden", "Reports, second time")),
        Head("ratio", Sentence("Gånger så ofta", "Times as often")),
        Head("low", Sentence("Lägst", "Lowest")),
        Head("high", Sentence("Högst", "Highest")),
    )
    row = (found.units, found.before, found.after, found.ratio, found.lower, found.upper)
    return table(language, heads, [row])


def graver(found: Severity, language: Language) -> Table:
    """A row for each way that a step can go."""
    rows = [
        (getattr(words, language), step.share, step.lower, step.upper)
        for words, step in (
            (figures.GRAVER, found.graver), (figures.SAME, found.same), (figures.LIGHTER, found.lighter),
        )
        if step is not None
    ]  # fmt: skip
    return table(language, (WHAT, SHARE, LOW, HIGH), rows)


def history(found: Gravest, language: Language) -> Table:
    """The gravest reports beside all."""
    number = Head("reports", Sentence("Anmälningar", "Reports"))
    rows = [
        (getattr(figures.GRAVEST, language), found.reports, found.share_first, found.lower, found.upper),
        (getattr(figures.EVERY, language), None, found.share_first_of_all, None, None),
    ]
    return table(language, (WHAT, number, SHARE, LOW, HIGH), rows)
