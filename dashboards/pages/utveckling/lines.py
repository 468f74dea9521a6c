"""The series as pictures and tables need them: a value for each time, what was normal, what is not yet whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from app.queries.trends import Grain, after, times
from app.statistics import negative_binomial
from dashboards.pages.utveckling.choices import YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.window import Window
    from dashboards.pages.utveckling.reading import Seen

WEEK = timedelta(days=7)
LATE = timedelta(days=14)
"""Reports of so many days are still on their way."""
TAIL = 0.025
FEW = 26
"""Weeks of a year of which too little is told to say anything of what is normal."""


@dataclass(frozen=True)
class Line:
    """One series over ``at``: values, those of the year before, and what is normal where that is known (by weeks)."""

    key: Any
    at: Sequence[date]
    now: Sequence[float]
    before: Sequence[float]
    provisional: Sequence[float] = ()
    low: Sequence[float | None] = ()
    high: Sequence[float | None] = ()
    expected: Sequence[float | None] = ()
    untold: bool = False
    """Whether there are too few to say what is normal."""
    banded: bool = field(default=False)

    @property
    def total(self) -> float:
        """Of all times."""
        return sum(self.now)

    @property
    def total_before(self) -> float:
        """Of all times a year before."""
        return sum(self.before)


def whole(seen: Seen) -> Line:
    """The whole series."""
    return _line(seen, None, seen.whole, seen.whole_before, bands(seen.normal.get("whole")), None)


def split(seen: Seen) -> list[Line]:
    """The series apart, in the order of the weekdays or with most first; what the code does not tell comes last."""
    keys = {row["key"] for row in seen.split} | {row["key"] for row in seen.split_before}
    if seen.choice.split == "weekday":
        keys |= set(range(7))
    normal = bands(seen.normal.get("split"))
    lines = [_line(seen, key, seen.split, seen.split_before, normal, key) for key in keys]
    if seen.choice.split == "weekday":
        return sorted(lines, key=lambda line: int(line.key))
    there = [line for line in lines if line.total or line.key not in seen.moved]
    return sorted(there, key=lambda line: (line.key is None, -line.total, str(line.key)))


Bands = dict[tuple[str | None, date], tuple[float | None, float | None, float | None]]


def bands(row: Mapping[str, Any] | None) -> Bands | None:
    """Lowest, highest and expected count of each area's weeks (their Mondays), from a stored ``farrington``.

    Nineteen weeks in twenty lie within: the quantiles of the negative binomial that the measure warns by.
    """
    if row is None or not row["content"].get("t"):
        return None
    content = row["content"]
    last: date = row["day"] - timedelta(days=row["day"].weekday()) - WEEK
    newest = max(content["t"])
    expected = np.array([np.nan if one is None else one for one in content["expected"]], dtype=np.float64)
    phi = np.array([1.0 if one is None else one for one in content["phi"]], dtype=np.float64)
    known = ~np.isnan(expected)
    low, high = np.full(expected.shape, np.nan), np.full(expected.shape, np.nan)
    if known.any():
        low[known] = negative_binomial.quantile(TAIL, expected[known], phi[known])
        high[known] = negative_binomial.quantile(1 - TAIL, expected[known], phi[known])
    areas = content["area"] or [None] * len(content["t"])
    single = len(set(areas)) == 1
    found: Bands = {}
    for place, (area, t) in enumerate(zip(areas, content["t"], strict=True)):
        week = last - (newest - t) * WEEK
        told = (low[place], high[place], expected[place]) if known[place] else (None, None, None)
        found[area, week] = told
        if single:
            found[None, week] = told
    return found


def _line(seen: Seen, key: Any, rows: Any, rows_before: Any, normal: Bands | None, area: str | None) -> Line:
    grain = seen.choice.grain
    at = times(seen.window.first, seen.window.last, grain)
    value = "harm" if seen.choice.weighed else "incidents"
    held = {row["time"]: row for row in rows if row["key"] == key}
    earlier = {row["time"]: row[value] for row in rows_before if row["key"] == key}
    now = [float(held[time][value]) if time in held else 0.0 for time in at]
    before = [float(earlier.get(_earlier(time, grain), 0.0)) for time in at]
    provisional = (
        [float(held[time]["provisional"] or 0.0) if time in held else 0.0 for time in at]
        if seen.choice.weighed
        else []
    )
    if normal is None:
        return Line(key, at, now, before, provisional)
    told = [normal.get((area, time), (None, None, None)) for time in at]
    there = [time for time in at if (area, time) in normal]
    few = sum(normal[area, time][2] is None for time in there)
    untold = bool(there) and few >= min(FEW, len(there) / 2)
    banded = any(one[2] is not None for one in told)
    low, high, expected = ([one[n] for one in told] for n in range(3))
    return Line(
        key, at, now, before, provisional, low, high, expected, untold=untold, banded=banded and not untold
    )


def _earlier(time: date, grain: Grain) -> date:
    return time.replace(year=time.year - 1) if grain == "month" else time - YEAR


def unfinished(at: Sequence[date], window: Window, grain: Grain, today: date) -> list[bool]:
    """Of which times not all is known yet: they reach into the last fortnight, or are not over."""
    since = min(today, window.last + timedelta(days=1)) - LATE
    return [after(time, grain) > since for time in at]
