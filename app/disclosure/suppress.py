"""Secondary suppression: the further cells to hide so that no hidden cell can be worked out or narrowed down.

Greedy, then pruned: each hidden cell that a reader can narrow down too far gets the cheapest complement
(`complement`), and afterwards every complement that is not needed is shown again. What a reader can do is solved
exactly (`attack`), so the result is safe by proof and small by effort, not provably the smallest.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

import numpy as np

from app.disclosure.attack import Reader
from app.disclosure.complement import Nearby, Neighbourhood
from app.disclosure.cube import CellId
from app.disclosure.policy import Policy
from app.disclosure.witnesses import Mask, Witnesses
from app.domain.errors import LagesbildError

MOST_TRIED = 30
"""So many complements are tried to be shown again. Four times as many took four times as long and showed 4 % more."""


class Unprotectable(LagesbildError):  # noqa: N818 - reads as what it is
    """What was published before gives a hidden cell away, whatever else is hidden now."""


def suppress(
    counts: Mapping[CellId, int],
    policy: Policy,
    *,
    held: Iterable[CellId] = (),
    hidden: Iterable[CellId] = (),
    pieces: Mapping[CellId, int] | None = None,
) -> frozenset[CellId]:
    """Choose what to hide.

    Args:
        counts: Every cell of the publication, of all cubes together, with its count.
        policy: What is small, and how wide a hidden cell has to stay.
        held: Cells that are published already: they cannot be hidden any more.
        hidden: Cells that were hidden before: they stay hidden, whatever their count.
        pieces: The `cube.atoms` of the cells that no cube lists, with their counts. Small ones are protected too, and
            with them every sum and difference: anything that counts 1 to ``threshold - 1`` has a small piece.

    Returns:
        The hidden cells, small ones and complements alike: they are not told apart.

    Raises:
        Unprotectable: Only hiding a held cell would help.
    """
    unlisted = {cell: number for cell, number in (pieces or {}).items() if cell not in counts}
    work = _Work({**counts, **unlisted}, policy)
    work.start(frozenset(held), frozenset(hidden), unlisted.keys())
    must = work.hidden.copy()
    # A complement must not be narrowed down either, and hiding one may need another: until none is left.
    while (narrow := work.narrow()) is not None:
        work.protect(narrow)
    work.prune(must)
    return frozenset(
        cell for cell, hide in zip(work.cells, work.hidden, strict=True) if hide and cell not in unlisted
    )


class _Work:
    """The state of one search."""

    def __init__(self, counts: Mapping[CellId, int], policy: Policy) -> None:
        self.cells, self.policy = list(counts), policy
        self.truth = np.asarray(list(counts.values()), np.int64)
        self.hidden: Mask = np.zeros(len(self.cells), np.bool_)
        self.protected: Mask = np.zeros(len(self.cells), np.bool_)
        self._reader = Reader(self.cells)
        self._costs = 1.0 + np.log1p(self.truth)
        self._near = Neighbourhood(self._reader, self.truth, self._costs)
        self._witnesses = Witnesses(self.truth)
        self._suspect = -1

    def start(
        self, held: AbstractSet[CellId], before: AbstractSet[CellId], unlisted: AbstractSet[CellId]
    ) -> None:
        for number, cell in enumerate(self.cells):
            count = int(self.truth[number])
            self._reader.show(number, count, count)
            if cell in held:
                self._near.hold(number)
            elif cell in before or cell in unlisted or self.policy.small(count):
                self.hide(number)
                # What is not listed is no figure that a reader misses: it is protected if it is small.
                self.protected[number] = cell not in unlisted or self.policy.small(count)

    def hide(self, cell: int) -> None:
        self.hidden[cell] = self.protected[cell] = True
        self._reader.hide(cell)
        self._near.price(cell, 0.0)

    def show(self, cell: int) -> None:
        self.hidden[cell] = self.protected[cell] = False
        self._reader.show(cell, int(self.truth[cell]), int(self.truth[cell]))
        self._near.price(cell, float(self._costs[cell]))

    def protect(self, cell: int) -> None:
        """Hide complements until the cell is wide."""
        while not self.policy.wide(*(ends := self._interval(cell))):
            least, greatest = ends
            possible = self._enough(cell, least, round(greatest)) or self._more(cell, least, round(greatest))
            if not possible:
                raise Unprotectable(
                    "What was published before gives a hidden cell away: publish less of the new cells."
                )
            nearest = min(possible, key=lambda nearby: nearby.cost)
            for other in nearest.moved:
                if not self.hidden[other]:
                    self.hide(other)
            self._witnesses.add(nearest.table)

    def _enough(self, cell: int, least: int, greatest: int) -> list[Nearby]:
        """Tables that make the cell wide at once: by a greater value, or by a smaller one."""
        rule = self.policy
        found = [self._near.cheapest(cell, max(rule.threshold, least + rule.width), math.inf)]
        if greatest >= max(rule.threshold, rule.width):
            found.append(self._near.cheapest(cell, 0.0, greatest - rule.width))
        return [table for table in found if table is not None]

    def _more(self, cell: int, least: int, greatest: int) -> list[Nearby]:
        """Tables that make it wider at all; it may take both ends to be wide."""
        found = [self._near.cheapest(cell, greatest + 1, math.inf)]
        if least > 0:
            found.append(self._near.cheapest(cell, 0.0, least - 1))
        return [table for table in found if table is not None]

    def narrow(self) -> int | None:
        """A protected cell that a reader can narrow down too far; nothing when all are wide."""
        cells = np.flatnonzero(self.protected)
        # What was narrow a moment ago most likely is so again.
        cells = cells[np.argsort(cells != self._suspect, kind="stable")]
        seen = self._witnesses.seen(self.hidden)
        narrow = self._reader.first_narrow(cells.tolist(), self.policy, seen, self._witnesses.add)
        self._suspect = self._suspect if narrow is None else narrow
        return narrow

    def prune(self, must: Mask) -> None:
        """Show again complements that are not needed, the greatest counts first; each one asks for a whole attack."""
        extra = np.flatnonzero(self.hidden & ~must)
        for cell in extra[np.argsort(-self.truth[extra], kind="stable")].tolist()[:MOST_TRIED]:
            self.show(cell)
            if self.narrow() is not None:
                self.hide(cell)

    def _interval(self, cell: int) -> tuple[int, float]:
        """The exact interval; the tables at its ends are kept as witnesses."""
        ends = []
        for greatest in (False, True):
            extreme = self._reader.extreme(cell, greatest=greatest)
            ends.append(extreme.value)
            if extreme.table is not None:
                self._witnesses.add(self._reader.values(extreme.table))
        return round(ends[0]), ends[1]
