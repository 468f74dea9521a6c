"""The same time of earlier years by the calendar: a year of 53 weeks moves nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from app.domain.errors import BadInput
from app.measures.deviation.series import Series, positions

if TYPE_CHECKING:
    Integers = npt.NDArray[np.int64]


def same_time(at: int, years: int, freq: int, days: Integers | None) -> list[int]:
    """The columns of the same time so many years ago and later, rising; before the first column they are below 0.

    Args:
        at: The column that is asked about.
        years: How many years back.
        freq: Periods in a year.
        days: First day of each column since 1970, evenly spaced: the column nearest to the same date is taken, and for
            29 February 1 March. None: ``freq`` columns a year.
    """
    if days is None:
        return [at - year * freq for year in range(years, 0, -1)]
    day = date(1970, 1, 1) + timedelta(days=int(days[at]))
    step = int(days[1] - days[0]) if days.size > 1 else 1
    found = []
    for year in range(years, 0, -1):
        gone = (
            date(day.year - year, 3, 1)
            if (day.month, day.day) == (2, 29)
            else day.replace(year=day.year - year)
        )
        found.append(at - round((day - gone).days / step))
    return found


def days_of(frame: pd.DataFrame, series: Series) -> Integers:
    """The first day of each period in days since 1970, from the column ``day``; periods lie evenly apart.

    Raises:
        BadInput: There is no such column, or its days do not follow from the periods' numbers.
    """
    if "day" not in frame:
        raise BadInput("epochAsDate needs the column day: each period's first day.")
    day: Integers = frame["day"].to_numpy().astype("datetime64[D]").astype(np.int64)
    t = frame["t"].to_numpy(np.int64) if "t" in frame else positions(frame)
    low, high = int(t.argmin()), int(t.argmax())
    apart = max(int(t[high] - t[low]), 1)
    step = int(day[high] - day[low]) // apart
    days: Integers = day[low] + step * np.arange(series.counts.shape[1], dtype=np.int64)
    if (wrong := np.flatnonzero(days[t - series.first] != day)).size or (step < 1 and days.size > 1):
        row = int(wrong[0]) if wrong.size else 0
        raise BadInput(
            f"Row {row + 1} begins on {np.datetime64(int(day[row]), 'D')}, which does not lie evenly among the others: "
            "epochAsDate takes periods of a day or of whole weeks, in order."
        )
    return days
