"""Tables that a reader cannot rule out: each one proves how wide some hidden cells are, without solving anything."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.disclosure.attack import Seen

Mask = NDArray[np.bool_]


class Witnesses:
    """Tables of whole counts, by the value that each cell takes in them. The true table is the first."""

    def __init__(self, truth: NDArray[np.int64]) -> None:
        self._truth = truth
        self._tables = truth[None, :]

    def add(self, table: NDArray[np.int64]) -> None:
        """Keep one more table."""
        self._tables = np.vstack([self._tables, table[None, :]])

    def seen(self, hidden: Mask) -> Seen:
        """The least and greatest value of every cell over the tables that agree with everything not hidden."""
        agree = (self._tables[:, ~hidden] == self._truth[~hidden]).all(axis=1)
        tables = self._tables[agree]
        return Seen(tables.min(axis=0).astype(np.float64), tables.max(axis=0).astype(np.float64))
