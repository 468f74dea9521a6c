"""The table twins of the page's own pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.domain.measure import Sentence
from app.statistics.exact import poisson_interval
from dashboards.components.results_table import Head, table
from dashboards.pages.utveckling import sentences as say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.words import Language
    from dashboards.components.tabular import Table
    from dashboards.pages.utveckling.lines import Line
    from dashboards.pages.utveckling.reading import Seen

FROM = Head("from", Sentence("Från", "From"), "day")
PART = Head("part", Sentence("Del", "Part"), "text")
BEFORE = Head("before", say.YEAR_BEFORE)
LOW = Head("normal_low", Sentence("Normalt, lägst", "Normal, lowest"))
HIGH = Head("normal_high", Sentence("Normalt, högst", "Normal, highest"))
PROVISIONAL = Head("provisional", say.PROVISIONAL)


def trend(seen: Seen, line: Line, language: Language) -> Table:
    """A row for each time."""
    return _series(seen, [line], language, parts=False)


def small(seen: Seen, lines: Sequence[Line], language: Language) -> Table:
    """A row for each part and time."""
    return _series(seen, lines, language, parts=True)


def _series(seen: Seen, lines: Sequence[Line], language: Language, *, parts: bool) -> Table:
    heads = [FROM, Head("value", say.THERE_WAS[seen.choice.measure]), BEFORE]
    banded = any(line.low for line in lines)
    heads += [LOW, HIGH] if banded else []
    heads += [PROVISIONAL] if seen.choice.weighed else []
    rows = []
    for line in lines:
        for place, time in enumerate(line.at):
            row = [time.isoformat(), line.now[place], line.before[place]]
            if banded:
                row += [line.low[place], line.high[place]] if line.low else [None, None]
            if seen.choice.weighed:
                row.append(line.provisional[place])
            rows.append([say.label(seen, line.key, language), *row] if parts else row)
    return table(language, [PART, *heads] if parts else heads, rows)


def breakdown(seen: Seen, lines: Sequence[Line], language: Language) -> Table:
    """A row for each part."""
    value = Head("value", say.THERE_WAS[seen.choice.measure])
    if seen.choice.weighed:
        rows = [
            (say.label(seen, line.key, language), line.total, sum(line.provisional), line.total_before)
            for line in lines
        ]
        return table(language, [PART, value, PROVISIONAL, BEFORE], rows)
    low, high = poisson_interval(np.asarray([line.total for line in lines]))
    heads = [
        PART, value, Head("low", Sentence("Lägst", "Lowest")), Head("high", Sentence("Högst", "Highest")), BEFORE,
    ]  # fmt: skip
    bounded = [
        (say.label(seen, line.key, language), line.total, float(least), float(most), line.total_before)
        for line, least, most in zip(lines, low, high, strict=True)
    ]
    return table(language, heads, bounded)
