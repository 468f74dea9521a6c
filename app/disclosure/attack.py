"""What a reader can work out: the least and greatest value of each hidden cell, from everything shown.

The reader knows the groups of every cube, every figure shown, that counts are whole and not negative, and nothing
else. The base cells are the unknowns and each shown cell is an equation over them, so that whatever links two cubes,
zooms or periods is in the same system. The bounds are those of the "intruder's problem" of M. Fischetti and
J.J. Salazar, Solving the Cell Suppression Problem on Tabular Data with Linear Constraints, Management Science 47(7),
2001, over whole numbers: stricter than the usual audit over fractions, which calls some cells safe that are not.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.disclosure.cube import CellId, Key, atoms
from app.disclosure.policy import Policy
from app.disclosure.program import Program
from app.domain.errors import BadInput

_NOTHING_SEEN = 1e18  # finite, above any count: a cell without an upper end is wide, whatever its least value


@dataclass(frozen=True)
class Interval:
    """All that a reader can say of a cell; ``greatest`` may be infinite. A count of offences."""

    least: int
    greatest: float

    @property
    def exact(self) -> bool:
        """Whether the cell is recovered."""
        return self.least == self.greatest


@dataclass(frozen=True)
class Extreme:
    """The value at one end, and a table that has it (by base cell); none where there is no end."""

    value: float
    table: NDArray[np.int64] | None


@dataclass(frozen=True)
class Seen:
    """The least and greatest value of each cell over the tables found so far."""

    least: NDArray[np.float64]
    greatest: NDArray[np.float64]

    def widen(self, values: NDArray[np.int64]) -> None:
        """Take one more table into account."""
        np.minimum(self.least, values, out=self.least)
        np.maximum(self.greatest, values, out=self.greatest)


class Reader:
    """A reader with figures in hand. Figures may be shown and taken away again."""

    def __init__(self, cells: Iterable[CellId]) -> None:
        self.cells = list(cells)
        # Leaves that no cell tells apart are one unknown.
        pieces = atoms(self.cells)
        first = [{leaf: min(part) for part in {piece[axis] for piece in pieces} for leaf in part}
                 for axis in range(len(pieces[0]) if pieces else 0)]  # fmt: skip
        keys: dict[Key, int] = {}
        self.members: list[NDArray[np.int32]] = []
        for cell in self.cells:
            names = [sorted({one[leaf] for leaf in leaves}) for one, leaves in zip(first, cell, strict=True)]
            found = [keys.setdefault(key, len(keys)) for key in itertools.product(*names)]
            self.members.append(np.asarray(found, np.int32))
        self.unknowns = len(keys)
        self._every = np.concatenate(self.members) if self.members else np.zeros(0, np.int32)
        self._starts = np.cumsum([0, *(len(under) for under in self.members)])[:-1]
        self._program = Program(self.unknowns)
        for under in self.members:
            self._program.row(0.0, math.inf, under.tolist(), [1.0] * len(under))

    def values(self, table: NDArray[np.int64]) -> NDArray[np.int64]:
        """The value of each cell in a table of the unknowns."""
        return np.add.reduceat(table[self._every], self._starts)

    def show(self, cell: int, low: float, high: float) -> None:
        """The reader learns that a cell lies in ``low..high``."""
        self._program.bound_row(cell, low, high)

    def hide(self, cell: int) -> None:
        """The reader is not told this cell."""
        self._program.bound_row(cell, 0.0, math.inf)

    def extreme(self, cell: int, *, greatest: bool) -> Extreme:
        """The least or greatest value that a cell can have.

        Raises:
            BadInput: No table at all agrees with what is shown.
        """
        under = self.members[cell].tolist()
        self._program.cost(under, 1.0)
        found = self._program.solve(greatest=greatest)
        if found is not None and math.isfinite(found.value) and not found.whole:
            found = self._program.solve(greatest=greatest, whole=True)
        self._program.cost(under, 0.0)
        if found is None:
            raise BadInput("What is shown contradicts itself: no table of counts agrees with it.")
        if not math.isfinite(found.value):
            return Extreme(found.value, None)
        return Extreme(round(found.value), np.round(found.columns).astype(np.int64))

    def first_narrow(
        self, cells: Iterable[int], rule: Policy, seen: Seen, keep: Callable[[NDArray[np.int64]], None]
    ) -> int | None:
        """The first of these cells that can be narrowed down too far; nothing when all are wide.

        Args:
            cells: The cells to look at.
            rule: How wide is wide.
            seen: What tables that agree with everything shown are known to have; widened here by each one found.
            keep: Takes each table that is found, as the value of each cell.
        """
        for cell in cells:
            for greatest in (True, False):
                if rule.wide(seen.least[cell], seen.greatest[cell]):
                    break
                extreme = self.extreme(cell, greatest=greatest)
                if extreme.table is None:
                    seen.greatest[cell] = extreme.value
                    continue
                values = self.values(extreme.table)
                seen.widen(values)
                keep(values)
            if not rule.wide(seen.least[cell], seen.greatest[cell]):
                return cell
        return None

    def interval(self, cell: int) -> Interval:
        """What the reader can say of a cell."""
        least = self.extreme(cell, greatest=False).value
        return Interval(round(least), self.extreme(cell, greatest=True).value)


def attack(shown: Mapping[CellId, tuple[int, int]], hidden: Iterable[CellId]) -> dict[CellId, Interval]:
    """Work out every hidden cell from everything shown.

    Args:
        shown: Each shown cell and the least and greatest count that its figure stands for (equal when not rounded).
        hidden: The cells to work out.

    Raises:
        BadInput: What is shown contradicts itself.
    """
    told, sought = list(shown), list(hidden)
    reader = Reader([*told, *sought])
    for number, cell in enumerate(told):
        reader.show(number, *shown[cell])
    return {cell: reader.interval(len(told) + number) for number, cell in enumerate(sought)}


def gives_away(shown: Mapping[CellId, int], secret: Iterable[CellId], rule: Policy) -> CellId | None:
    """A cell that a reader of everything shown can narrow down too far; nothing when every one is protected.

    Quicker than `attack`: a table that shows one cell to be wide often does so for many.

    Raises:
        BadInput: What is shown contradicts itself.
    """
    told, sought = list(shown), list(secret)
    reader = Reader([*told, *sought])
    for number, cell in enumerate(told):
        reader.show(number, shown[cell], shown[cell])
    every = len(told) + len(sought)
    seen = Seen(np.full(every, _NOTHING_SEEN), np.full(every, -1.0))
    narrow = reader.first_narrow(range(len(told), every), rule, seen, lambda _: None)
    return None if narrow is None else reader.cells[narrow]
