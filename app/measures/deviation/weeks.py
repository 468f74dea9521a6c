"""A table of days as one series per area: one figure per week, or per week the figure of one weekday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from app.domain.errors import BadInput

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]

Step = Literal["week", "day"]
MOST_WEEKS = 52 * 100


@dataclass(frozen=True)
class Weeks:
    """One row per area, one column per week; NaN before an area's first row, and 0 where the table tells nothing."""

    areas: tuple[str, ...]
    regions: tuple[str, ...]
    last: date  # the last day of the last column
    counts: Floats


def weeks_of(frame: pd.DataFrame, step: Step, until: date | None, now: datetime) -> Weeks | None:
    """The series of a table that is not empty, up to the last whole period; None if there is no whole one.

    Args:
        frame: Columns area, day and count, perhaps region; several rows of a day are added up.
        step: ``day`` takes only the weekday of the last day, so that weekdays are never compared with one another.
        until: The last day that is told. Without it the last day of the table; if that breaks off within a week, and
            the table does not hold weeks itself (one weekday only), the Sunday before.
        now: What has not ended yet is not judged.

    Raises:
        BadInput: A count is negative, an area lies in two regions, or the days lie absurdly far apart.
    """
    counts = frame["count"].to_numpy(np.float64)
    if (wrong := np.flatnonzero(counts < 0)).size:
        raise BadInput(f"Row {wrong[0] + 1} has a count below 0 ({counts[wrong[0]]:g}).")
    days = frame["day"].to_numpy("datetime64[D]").astype(np.int64)
    code, names = pd.factorize(frame["area"].astype("str"))
    last = _last(days, step, until, now)
    # Weeks end with the weekday of the last day: column 0 is the earliest.
    ago = (last - days) // 7
    taken = days <= last
    if step == "day":
        taken &= (last - days) % 7 == 0
    if not taken.any():
        return None
    width = int(ago[taken].max()) + 1
    if width > MOST_WEEKS:
        raise BadInput(f"The days run over {width} weeks, from {_day(int(days.min()))} on; that is too long.")
    column = width - 1 - ago
    sums = np.zeros((len(names), width))
    np.add.at(sums, (code[taken], column[taken]), counts[taken])
    begins = np.full(len(names), width)
    np.minimum.at(begins, code[taken], column[taken])
    if step == "week" and np.unique(days % 7).size > 1 and (last - int(days.min())) % 7 != 6:
        begins = np.maximum(begins, 1)  # the table begins within its first week
    sums[np.arange(width)[np.newaxis, :] < begins[:, np.newaxis]] = np.nan
    return Weeks(tuple(map(str, names)), _regions(frame, code, len(names)), _day(last), sums)


def _last(days: npt.NDArray[np.int64], step: Step, until: date | None, now: datetime) -> int:
    today = (now.date() - date(1970, 1, 1)).days
    if until is not None:
        return (until - date(1970, 1, 1)).days
    last = int(days.max())
    if step == "day":
        return min(last, today - 1)
    if np.unique(days % 7).size == 1:  # weeks, told by their first day
        last += 6
    # 1970-01-01 was a Thursday, so a Sunday is 3 more than a multiple of 7.
    latest = min(last, today - 1)
    return latest - (latest - 3) % 7


def _day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)


def _regions(frame: pd.DataFrame, code: npt.NDArray[np.intp], areas: int) -> tuple[str, ...]:
    if "region" not in frame:
        return ("",) * areas
    named = pd.DataFrame({"area": code, "region": frame["region"].astype("str")}).drop_duplicates()
    if (twice := named["area"].duplicated()).any():
        area = frame["area"].iloc[int(np.flatnonzero(code == named["area"][twice].iloc[0])[0])]
        raise BadInput(f"The area {area} lies in more than one region.")
    return tuple(named.sort_values("area")["region"].tolist())
