"""The reporting triangle as an array: district by day of occurrence by delay, and what of it could be known when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DAY = np.timedelta64(1, "D")
ALL = "*"


@dataclass(frozen=True)
class Triangle:
    """``cells[area, day, delay]``: signed counts; the first area is all of them together.

    ``first`` is the day number (days since 1970-01-01) of the first day; the last is ``first + days - 1``, the last
    that is wholly known. What became known later is not in it. ``areas`` names the rest, in the order of the alphabet.
    """

    cells: Floats
    first: int
    areas: tuple[str, ...]

    @property
    def days(self) -> int:
        """How many days there are."""
        return int(self.cells.shape[1])

    @property
    def ages(self) -> Ints:
        """How many days ago each day was on the last day, 0 for the last."""
        return np.arange(self.days)[::-1]

    @property
    def weekdays(self) -> Ints:
        """The weekday of each day, Monday 0; 1970-01-01 was a Thursday."""
        return (self.first + np.arange(self.days) + 3) % 7

    def known_on(self, ago: int, days: int) -> Triangle:
        """What was known so many days before the last day, with at most ``days`` days of it."""
        stop = self.days - ago
        start = max(0, stop - days)
        cells = self.cells[:, start:stop].copy()
        age = np.arange(stop - start)[::-1]
        cells[:, np.arange(cells.shape[2]) > age[:, None]] = 0.0
        return Triangle(cells, self.first + start, self.areas)

    def without_moves(self) -> Triangle:
        """The same where what moved to the day before or after cancels: of a week it is neither news nor loss.

        A move is taken back on one day and added to its neighbour on the same day of knowing.
        """
        cells = self.cells.copy()
        areas = cells[1:] if len(cells) > 1 else cells
        for begin in (0, 1):
            earlier, later = areas[:, begin:-1:2, 1:], areas[:, begin + 1 :: 2, :-1]
            moved = np.where(earlier * later < 0, np.minimum(np.abs(earlier), np.abs(later)), 0.0)
            sign = np.sign(earlier)
            earlier -= sign * moved
            later += sign * moved
        if len(cells) > 1:
            cells[0] = areas.sum(axis=0)
        return Triangle(cells, self.first, self.areas)


def day_number(day: np.datetime64) -> int:
    """Days since 1970-01-01."""
    return int(day.astype("datetime64[D]").astype(np.int64))


def triangle_of(frame: pd.DataFrame, as_of: int, days: int, delays: int) -> Triangle:
    """The triangle of a table with ``day``, ``delay``, ``n`` and perhaps ``area``, as it was at the end of a day.

    Args:
        frame: One row or several for each cell; they are summed.
        as_of: The last day that is wholly known, as a day number.
        days: At most so many days before it are kept.
        delays: Delays from 0 to ``delays - 1`` are kept; what came later still is not.
    """
    day = frame["day"].to_numpy("datetime64[D]").astype(np.int64)
    delay = frame["delay"].to_numpy(np.int64)
    begun = int(day.min()) if len(day) else as_of
    first = max(begun, as_of - days + 1)
    names, area = np.unique(
        frame["area"].to_numpy(str) if "area" in frame else np.full(len(frame), ALL), return_inverse=True
    )
    # An area may have nothing in the days that are kept; it is told of all the same, with nothing.
    kept = (day >= first) & (day + delay <= as_of) & (delay < delays)
    cells = np.zeros((len(names) + 1, max(as_of - first + 1, 0), delays))
    if kept.any():
        np.add.at(cells, (area[kept] + 1, day[kept] - first, delay[kept]), frame["n"].to_numpy(float)[kept])
        cells[0] = cells[1:].sum(axis=0)
    if "area" not in frame or len(names) == 1:
        alone = tuple(map(str, names)) if "area" in frame else ()
        return Triangle(cells if alone else cells[:1], first, alone)
    return Triangle(cells, first, tuple(map(str, names)))
