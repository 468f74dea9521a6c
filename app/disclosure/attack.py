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

from app.disclosure.cube import CellId, by_view, everything, parts
from app.disclosure.policy import Policy
from app.disclosure.program import Program, Solution
from app.domain.errors import BadInput


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


class _Table:
    """The unknowns of one view: a box of parts, numbered in the order of its axes."""

    def __init__(self, view: tuple[int, ...], axes: list[list[frozenset[str]]], first: int) -> None:
        self.view, self.axes = view, axes
        shape = [len(of) for of in axes]
        self.size = math.prod(shape)
        self._numbers = np.arange(first, first + self.size, dtype=np.int32).reshape(shape)

    def under(self, cell: CellId) -> NDArray[np.int32]:
        """The unknowns that a cell sums."""
        chosen = [
            [place for place, part in enumerate(of) if part <= leaves]
            for of, leaves in zip(self.axes, cell, strict=True)
        ]
        return self._numbers[np.ix_(*chosen)].ravel()


def _joined(one: list[frozenset[str]], other: list[frozenset[str]]) -> list[frozenset[str]]:
    """The finest parts of an axis that both cut it into."""
    joined: list[frozenset[str]] = []
    for part in (*one, *other):
        touching = [held for held in joined if held & part]
        joined = [held for held in joined if not held & part]
        joined.append(part.union(*touching))
    return joined


class Reader:
    """A reader with figures in hand. Figures may be shown and taken away again."""

    def __init__(self, cells: Iterable[CellId]) -> None:
        self.cells = list(cells)
        self.unknowns = 0
        self.members: list[NDArray[np.int32]] = [np.zeros(0, np.int32)] * len(self.cells)
        self.links: list[tuple[list[int], list[float]]] = []
        self._lay_out()
        self._every = np.concatenate(self.members) if self.members else np.zeros(0, np.int32)
        self._starts = np.cumsum([0, *(len(under) for under in self.members)])[:-1]
        # Fractions first, whole numbers where those are not: each keeps its own basis from solve to solve.
        self._program, self._whole = Program(self.unknowns), Program(self.unknowns)
        for program in (self._program, self._whole):
            for under in self.members:
                program.row(0.0, math.inf, under.tolist(), [1.0] * len(under))
            for columns, factors in self.links:
                program.row(0.0, 0.0, columns, factors)

    def _lay_out(self) -> None:
        """Number the unknowns of each view, say which of them each cell sums, and tie the views together."""
        full = everything(self.cells)
        tables: list[_Table] = []
        for view, inside in by_view(self.cells).items():
            axes = [
                parts({self.cells[number][axis] for number in inside} if axis in view else (), full[axis])
                for axis in range(len(full))
            ]
            table = _Table(view, axes, self.unknowns)
            self.unknowns += table.size
            for number in inside:
                self.members[number] = table.under(self.cells[number])
            tables.append(table)
        for one, other in itertools.combinations(tables, 2):
            shared = [axis in one.view and axis in other.view for axis in range(len(full))]
            ties = [
                _joined(one.axes[axis], other.axes[axis]) if both else [full[axis]]
                for axis, both in enumerate(shared)
            ]
            for cell in itertools.product(*ties):
                left, right = one.under(cell).tolist(), other.under(cell).tolist()
                self.links.append(([*left, *right], [1.0] * len(left) + [-1.0] * len(right)))

    def values(self, table: NDArray[np.int64]) -> NDArray[np.int64]:
        """The value of each cell in a table of the unknowns."""
        return np.add.reduceat(table[self._every], self._starts)

    def show(self, cell: int, low: float, high: float) -> None:
        """The reader learns that a cell lies in ``low..high``."""
        for program in (self._program, self._whole):
            program.bound_row(cell, low, high)

    def hide(self, cell: int) -> None:
        """The reader is not told this cell."""
        self.show(cell, 0.0, math.inf)

    def extreme(self, cell: int, *, greatest: bool, enough: float | None = None) -> Extreme:
        """The least or greatest value that a cell can have.

        Args:
            cell: The cell.
            greatest: Seek its greatest value instead of the least.
            enough: Any value so far out will do; where none is, the end itself is given.

        Raises:
            BadInput: No table at all agrees with what is shown.
        """
        under = self.members[cell].tolist()
        self._program.cost(under, 1.0)
        found = self._program.solve(greatest=greatest)
        if found is not None and math.isfinite(found.value) and not found.whole:
            found = self._in_whole_numbers(cell, greatest=greatest, enough=enough)
        self._program.cost(under, 0.0)
        if found is None:
            raise BadInput("What is shown contradicts itself: no table of counts agrees with it.")
        if not math.isfinite(found.value):
            return Extreme(found.value, None)
        return Extreme(round(found.value), np.round(found.columns).astype(np.int64))

    def _in_whole_numbers(self, cell: int, *, greatest: bool, enough: float | None) -> Solution | None:
        if enough is not None:
            # Some table that reaches so far is found much sooner than the last one and the proof that it is.
            self._whole.bound_row(cell, *((enough, math.inf) if greatest else (0.0, enough)))
            found = self._whole.solve(greatest=False, whole=True)
            self._whole.bound_row(cell, 0.0, math.inf)
            if found is not None:
                return Solution(float(np.round(found.columns)[self.members[cell]].sum()), found.columns)
        under = self.members[cell].tolist()
        self._whole.cost(under, 1.0)
        found = self._whole.solve(greatest=greatest, whole=True)
        self._whole.cost(under, 0.0)
        return found

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
                low, high = float(seen.least[cell]), float(seen.greatest[cell])
                enough = max(rule.threshold, low + rule.width) if greatest else high - rule.width
                extreme = self.extreme(cell, greatest=greatest, enough=enough if enough >= 0 else None)
                if extreme.table is None:
                    seen.greatest[cell] = extreme.value
                    continue
                values = self.values(extreme.table)
                seen.widen(values)
                keep(values)
            if not rule.wide(seen.least[cell], seen.greatest[cell]):
                return cell
        return None

    def first_look(self) -> Seen | None:
        """What one table that agrees with everything shown says of each cell; nothing when there are no cells."""
        if not self.cells:
            return None
        table = self.extreme(0, greatest=False).table
        if table is None:  # a count has a least value
            raise AssertionError
        values = self.values(table).astype(np.float64)
        return Seen(values, values.copy())

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


def intervals(
    shown: Mapping[CellId, tuple[int, int]], sought: Iterable[CellId], rule: Policy
) -> dict[CellId, Interval]:
    """What a reader can say of those cells that can be narrowed down too far; the others are protected.

    Raises:
        BadInput: What is shown contradicts itself.
    """
    told, cells = list(shown), list(sought)
    found = {cell: Interval(*shown[cell]) for cell in cells if cell in shown and not rule.wide(*shown[cell])}
    reader = Reader([*told, *(cell for cell in cells if cell not in shown)])
    for number, cell in enumerate(told):
        reader.show(number, *shown[cell])
    seen = reader.first_look()
    left = list(range(len(told), len(reader.cells)))
    while seen is not None and (narrow := reader.first_narrow(left, rule, seen, lambda _: None)) is not None:
        found[reader.cells[narrow]] = reader.interval(narrow)
        left = left[left.index(narrow) + 1 :]
    return found


def surely_small(
    shown: Mapping[CellId, tuple[int, int]], sought: Iterable[CellId], threshold: int
) -> dict[CellId, Interval]:
    """The cells of which a reader knows that they count something, and less than the threshold.

    Quick where there are none: one table in which a cell counts nothing, or enough, says that it is not known.

    Raises:
        BadInput: What is shown contradicts itself.
    """
    told = list(shown)
    reader = Reader([*told, *(cell for cell in sought if cell not in shown)])
    for number, cell in enumerate(told):
        reader.show(number, *shown[cell])
    seen = reader.first_look()
    found: dict[CellId, Interval] = {}
    if seen is None:
        return found
    for number in range(len(told), len(reader.cells)):
        for greatest, enough in ((False, 0), (True, threshold)):
            if seen.least[number] <= 0 or seen.greatest[number] >= threshold:
                break
            extreme = reader.extreme(number, greatest=greatest, enough=enough)
            if extreme.table is None:
                seen.greatest[number] = extreme.value
            else:
                seen.widen(reader.values(extreme.table))
        if seen.least[number] > 0 and seen.greatest[number] < threshold:
            found[reader.cells[number]] = reader.interval(number)
    return found


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
    seen = reader.first_look()
    if seen is None:
        return None
    narrow = reader.first_narrow(range(len(told), len(reader.cells)), rule, seen, lambda _: None)
    return None if narrow is None else reader.cells[narrow]
