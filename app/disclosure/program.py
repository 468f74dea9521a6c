"""A linear or integer program that is changed a little and solved again, by HiGHS.

HiGHS keeps its basis between solves, so the thousands of programs of an attack, which differ in their objective only,
take a fraction of a millisecond each.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

_NEAR = 1e-6


class SolverFailed(RuntimeError):  # noqa: N818 - reads as what it is
    """HiGHS gave neither an optimum nor a proof that there is none: a fault of ours, never of the data."""


@dataclass(frozen=True)
class Solution:
    """An optimum. ``value`` is infinite when the program is unbounded; then ``columns`` is empty."""

    value: float
    columns: NDArray[np.float64]

    @property
    def whole(self) -> bool:
        """Whether every column is a whole number."""
        return bool(np.all(np.abs(self.columns - np.round(self.columns)) < _NEAR))


class Program:
    """Columns of zero or more, rows that bound sums of them."""

    def __init__(self, columns: int) -> None:
        self._highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", 1)
        self._highs.setOptionValue("mip_rel_gap", 0.0)
        every = np.arange(columns, dtype=np.int32)
        nothing = np.zeros(columns)
        self._highs.addVars(columns, nothing, np.full(columns, math.inf))
        self._every = every
        self._whole = False
        self._rows = 0

    def row(self, low: float, high: float, columns: Sequence[int], factors: Sequence[float]) -> int:
        """Add a row and give its number."""
        self._highs.addRow(
            low, high, len(columns), np.asarray(columns, np.int32), np.asarray(factors, np.float64)
        )
        self._rows += 1
        return self._rows - 1

    def bound_row(self, row: int, low: float, high: float) -> None:
        """Bound a row anew."""
        self._highs.changeRowBounds(row, low, high)

    def bound(self, column: int, high: float) -> None:
        """Bound a column from above."""
        self._highs.changeColBounds(column, 0.0, high)

    def cost(self, columns: Iterable[int], cost: float) -> None:
        """What a unit of these columns costs."""
        chosen = np.fromiter(columns, np.int32)
        self._highs.changeColsCost(len(chosen), chosen, np.full(len(chosen), cost))

    def solve(self, *, greatest: bool, whole: bool = False) -> Solution | None:
        """The optimum, or nothing when no choice of columns keeps all rows.

        Args:
            greatest: Seek the greatest cost instead of the least.
            whole: Columns take whole numbers only.

        Raises:
            SolverFailed: HiGHS stopped without an answer.
        """
        sense = highspy.ObjSense.kMaximize if greatest else highspy.ObjSense.kMinimize
        self._highs.changeObjectiveSense(sense)
        self._integral(whole=whole)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
            self._highs.setOptionValue("presolve", "off")
            self._highs.clearSolver()
            self._highs.run()
            status = self._highs.getModelStatus()
            self._highs.setOptionValue("presolve", "choose")
        if status == highspy.HighsModelStatus.kOptimal:
            columns = np.asarray(self._highs.getSolution().col_value, np.float64)
            return Solution(self._highs.getInfo().objective_function_value, columns)
        if status == highspy.HighsModelStatus.kUnbounded:
            return Solution(math.inf if greatest else -math.inf, np.zeros(0))
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        raise SolverFailed(f"HiGHS ended with {status}.")

    def _integral(self, *, whole: bool) -> None:
        if whole == self._whole:
            return
        self._whole = whole
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        self._highs.changeColsIntegrality(
            len(self._every), self._every, np.full(len(self._every), int(kind), np.uint8)
        )
