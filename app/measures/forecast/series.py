"""The table as weeks: a row of counts for each area."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from app.domain.errors import BadInput

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from app.measures.forecast.contract import ForecastParams

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EPOCH = date(1970, 1, 1)
PERSON = re.compile(r"(\d\d)?\d\d(0[1-9]|1[0-2])([06][1-9]|[1278]\d|[39][01])[-+]?[\dTRSUWXJKLMN]\d{3}")
MOST_WEEKS = 20_000


@dataclass(frozen=True)
class Series:
    """``counts[area, week]``: NaN where nothing is known. ``first`` is the first week's number.

    With ``weekday`` a week's number is its first day's (since 1970-01-01), less the weekday, by seven; else ``t``.
    """

    areas: list[str | None]
    counts: Floats
    first: int
    weekday: int | None

    @property
    def weeks(self) -> int:
        """How many weeks there are."""
        return int(self.counts.shape[1])

    def name(self, place: int) -> str:
        """The week at a place: the day it begins, or its number."""
        number = self.first + place
        if self.weekday is None:
            return str(number)
        return (EPOCH + timedelta(days=number * 7 + self.weekday)).isoformat()


def series_of(frame: pd.DataFrame, params: ForecastParams, now: datetime) -> Series:
    """The weeks of the table that are over by now, each area from its own first row.

    Raises:
        BadInput: There is neither ``week`` nor ``t``; weeks begin on different weekdays; a count is negative or no
            whole number; an area looks like a person.
    """
    numbers, weekday, over = _weeks(frame, params, now)
    counts = frame["count"].to_numpy(float)
    wrong = np.flatnonzero((counts < 0) | (counts % 1 > 0))
    if len(wrong):
        raise BadInput(
            f"Row {wrong[0] + 1} has a count of {counts[wrong[0]]:g}: counts are whole and not below 0."
        )
    names = frame["area"].to_numpy(str) if "area" in frame else None
    inside = numbers <= over
    if names is not None:
        for name in np.unique(names):
            if PERSON.fullmatch(name.strip()):
                raise BadInput(
                    "The column area holds what looks like a personnummer: no forecast is made of a person."
                )
        areas, area = np.unique(names[inside], return_inverse=True)
    else:
        areas, area = np.array([""]), np.zeros(int(inside.sum()), np.int64)
    numbers, counts = numbers[inside], counts[inside]
    if not len(numbers):
        return Series([], np.zeros((0, 0)), 0, weekday)
    first, last = int(numbers.min()), int(numbers.max())
    if last - first >= MOST_WEEKS:
        raise BadInput(f"The table reaches over {last - first + 1} weeks; {MOST_WEEKS} are the most.")
    table = np.full((len(areas), last - first + 1), 0.0 if params.missing == "zero" else np.nan)
    begun = np.full(len(areas), last)
    np.minimum.at(begun, area, numbers)
    table[np.arange(first, last + 1) < begun[:, None]] = np.nan
    table[area, numbers - first] = 0.0
    np.add.at(table, (area, numbers - first), counts)
    kept = table[:, : table.shape[1] - params.leave_out] if params.leave_out else table
    return Series([str(name) for name in areas] if names is not None else [None], kept, first, weekday)


def _weeks(frame: pd.DataFrame, params: ForecastParams, now: datetime) -> tuple[Ints, int | None, int]:
    """The number of each row's week, the weekday on which weeks begin, and the number of the last that is over."""
    if "week" not in frame and "t" not in frame:
        raise BadInput("The table needs a column week (the day the week begins) or t (its number).")
    try:
        zone = ZoneInfo(params.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(
            f"The parameter zone is {params.zone!r}, which is no time zone, as Europe/Stockholm is."
        ) from error
    if "week" not in frame:
        numbers = frame["t"].to_numpy(np.int64)
        return numbers, None, int(numbers.max()) if len(numbers) else 0
    days = frame["week"].to_numpy("datetime64[D]").astype(np.int64)
    if not len(days):
        return days, 0, 0
    weekday = int(days[0] % 7)
    other = np.flatnonzero(days % 7 != weekday)
    if len(other):
        raise BadInput(
            f"Row {other[0] + 1} begins its week on another weekday than row 1: every week begins on the same."
        )
    today = (now.astimezone(zone).date() - EPOCH).days
    return days // 7, weekday, (today - weekday) // 7 - 1
