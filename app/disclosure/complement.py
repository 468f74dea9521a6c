"""The cheapest cells to hide so that one hidden cell gets room: a table nearby in which it has another value.

Every cell that has another value in that table must be hidden, and that is enough: the table then is one that a
reader cannot rule out. Nearness is a weighted sum of differences, as in J. Castro, A shortest-paths heuristic for
statistical data protection in positive tables, INFORMS Journal on Computing 19(4), 2007, here over any system of
cubes instead of one network; cells that are hidden already cost nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.disclosure.attack import Reader
from app.disclosure.program import Program, Solution


@dataclass(frozen=True)
class Nearby:
    """A table near the true one: what it costs to hide the cells that differ, which they are, each cell's value."""

    cost: float
    moved: list[int]
    table: NDArray[np.int64]


class Neighbourhood:
    """The tables around the true one."""

    def __init__(self, reader: Reader, truth: NDArray[np.int64], costs: NDArray[np.float64]) -> None:
        base, cells = reader.unknowns, len(reader.cells)
        self._base, self._cells, self._truth = base, cells, truth
        self._reader = reader
        self._program = Program(base + 2 * cells)
        for cell, under in enumerate(reader.members):
            columns = [*under.tolist(), base + cell, base + cells + cell]
            factors = [1.0] * len(under) + [-1.0, 1.0]
            self._program.row(truth[cell], truth[cell], columns, factors)
            self.price(cell, float(costs[cell]))

        for columns, factors in reader.links:
            self._program.row(0.0, 0.0, columns, factors)

    def price(self, cell: int, cost: float) -> None:
        """What each unit of difference in a cell costs; 0 for one that is hidden."""
        self._program.cost(self._slack(cell), cost)

    def hold(self, cell: int) -> None:
        """A cell that was published and can never be hidden again."""
        self._hold(cell, 0.0)

    def cheapest(self, cell: int, low: float, high: float) -> Nearby | None:
        """The nearest table in which a hidden cell lies in ``low..high``; nothing when no table will do."""
        self._hold(cell, 0.0)
        self._program.bound_row(cell, low, high)
        found = self._program.solve(greatest=False)
        if found is not None and not found.whole:
            found = self._program.solve(greatest=False, whole=True)
        self._program.bound_row(cell, self._truth[cell], self._truth[cell])
        self._hold(cell, math.inf)
        return None if found is None else self._read(found)

    def _read(self, found: Solution) -> Nearby:
        base = np.round(found.columns[: self._base]).astype(np.int64)
        table = self._reader.values(base)
        return Nearby(found.value, np.flatnonzero(table != self._truth).tolist(), table)

    def _slack(self, cell: int) -> Iterable[int]:
        return (self._base + cell, self._base + self._cells + cell)

    def _hold(self, cell: int, high: float) -> None:
        for column in self._slack(cell):
            self._program.bound(column, high)
