"""A table of counts as one series per area, all along the same periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from app.domain.errors import BadInput
from app.domain.measure import Column, Sentence

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

COLUMNS = (
    Column("count", "integer", "how many there were in the period, 0 or more; a gap is not known", gaps=True),
    Column(
        "t", "integer", "the period's number, 1, 2, 3 …; without it the rows are in order", required=False
    ),
    Column("area", "text", "whose series it is; without it there is one", required=False),
)
POPULATION = Column(
    "population", "number", "how many live there, for populationOffset", required=False, gaps=True
)
FIRST_DAY = Column("day", "day", "the period's first day, for epochAsDate", required=False)
MOST_PERIODS = 1_000_000
EMPTY = Sentence("Det finns inga antal att räkna på.", "There are no counts to work with.")


@dataclass(frozen=True)
class Series:
    """One row per area, one column per period from ``first`` on; NaN where a count is not known."""

    areas: tuple[str, ...]
    first: int
    counts: Floats
    population: Floats | None

    @property
    def last(self) -> int:
        """The number of the last period."""
        return self.first + int(self.counts.shape[1]) - 1

    def rows(self, start: int, end: int) -> tuple[list[str], list[int]]:
        """Area and period of each cell from one period to another, area by area."""
        periods = list(range(start, end + 1))
        return [area for area in self.areas for _ in periods], periods * len(self.areas)


def series_of(frame: pd.DataFrame) -> Series:
    """The series of a table that is not empty; areas as they first come.

    Raises:
        BadInput: A count is negative, a period is there twice, or periods lie absurdly far apart.
    """
    counts = frame["count"].to_numpy(np.float64)
    if (wrong := np.flatnonzero(counts < 0)).size:
        raise BadInput(f"Row {wrong[0] + 1} has a count below 0 ({counts[wrong[0]]:g}).")
    names = frame["area"].astype("str") if "area" in frame else pd.Series([""] * len(frame))
    code, areas = pd.factorize(names)
    t = np.asarray(frame["t"], dtype=np.int64) if "t" in frame else positions(frame)
    first, periods = int(t.min()), int(t.max() - t.min()) + 1
    if periods > max(10 * len(frame), 1000) or periods * len(areas) > 50 * MOST_PERIODS:
        raise BadInput(
            f"The periods run from {first} to {first + periods - 1} but there are {len(frame)} rows: "
            "t numbers the periods one after the other."
        )
    cell = code * periods + (t - first)
    if (twice := np.flatnonzero(pd.Series(cell).duplicated().to_numpy())).size:
        row = int(twice[0])
        where = f" of {areas[code[row]]}" if areas[code[row]] else ""
        raise BadInput(f"Row {row + 1} tells period {t[row]}{where} once more; each is told once.")
    filled = np.full(len(areas) * periods, np.nan)
    filled[cell] = counts
    people: Floats | None = None
    if "population" in frame:
        people = np.full(len(areas) * periods, np.nan)
        people[cell] = frame["population"].to_numpy(np.float64)
        people = people.reshape(len(areas), periods)
    return Series(tuple(map(str, areas)), first, filled.reshape(len(areas), periods), people)


def positions(frame: pd.DataFrame) -> Integers:
    """Each row's place, from 1, in its area: the number of its period where none is told."""
    names = frame["area"].astype("str") if "area" in frame else pd.Series([""] * len(frame))
    return np.asarray(frame.groupby(pd.factorize(names)[0]).cumcount() + 1, dtype=np.int64)


def told(values: npt.NDArray[np.float64]) -> list[float | None]:
    """Figures as a result tells them: None for what is not known."""
    return [value if np.isfinite(value) else None for value in values.ravel().tolist()]


def told_whole(values: npt.NDArray[np.float64]) -> list[int | None]:
    """Whole figures as a result tells them."""
    return [int(value) if np.isfinite(value) else None for value in values.ravel().tolist()]
