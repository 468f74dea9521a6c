"""Fixed cubes: which groups are crossed with which, decided once. There are no free filters (differencing)."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.disclosure.axis import TOTAL, Axis
from app.disclosure.policy import Policy
from app.domain.errors import BadInput

Key = tuple[str, ...]
"""A base cell: one leaf for each axis of the plan, in its order."""
CellId = tuple[frozenset[str], ...]
"""A cell as a reader sees it: for each axis the leaves that it sums. The same in every cube that shows it."""
Counts = Mapping[Key, int]
"""Counts by base cell; a base cell that is not there counts 0. All of one kind: kinds are never added up."""


@dataclass(frozen=True)
class Cube:
    """A table that is shown: the groups of each axis; an axis that is not named is summed over.

    A total is a group like any other and is shown where it is listed.
    """

    name: str
    shown: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Plan:
    """Everything that will ever be shown of one base table, under one policy.

    Attributes:
        name: The plan, in code.
        source: What is counted: a kind, its unit and its filter, for instance ``report offences``.
        axes: The axes of the base table.
        time: The name of the last axis, whose leaves are the periods that are published one after the other.
        cubes: The cubes; what they share is decided together.
        policy: What is small, and how wide a hidden cell has to stay.
    """

    name: str
    source: str
    axes: tuple[Axis, ...]
    time: str
    cubes: tuple[Cube, ...]
    policy: Policy

    def __post_init__(self) -> None:
        names = [axis.name for axis in self.axes]
        if len(set(names)) != len(names) or names[-1:] != [self.time]:
            raise BadInput("A plan's axes have different names, the last of which is the time axis.")
        if len({cube.name for cube in self.cubes}) != len(self.cubes):
            raise BadInput("A plan's cubes have different names.")
        for cube in self.cubes:
            if not set(cube.shown) <= set(names):
                raise BadInput(f"The cube {cube.name} is about an axis that the plan does not have.")
            for axis in self.axes:
                for code in cube.shown.get(axis.name, ()):
                    axis.group(code)

    @property
    def periods(self) -> frozenset[str]:
        """The leaves of the time axis."""
        return self.axes[-1].leaves

    def cube(self, name: str) -> Cube:
        """The cube of that name.

        Raises:
            BadInput: There is none.
        """
        for cube in self.cubes:
            if cube.name == name:
                return cube
        raise BadInput(f"The plan {self.name} has no cube {name}.")

    def rows(self, cube: Cube) -> Iterator[tuple[dict[str, str], CellId]]:
        """Each cell of a cube: its labels by axis, and which cell it is."""
        shown = [(axis, cube.shown.get(axis.name, (TOTAL,))) for axis in self.axes]
        for codes in itertools.product(*(groups for _, groups in shown)):
            labels = {axis.name: code for (axis, _), code in zip(shown, codes, strict=True)}
            yield labels, tuple(axis.group(code) for (axis, _), code in zip(shown, codes, strict=True))

    def cells(self) -> list[CellId]:
        """Every cell of every cube, once."""
        return list(dict.fromkeys(cell for cube in self.cubes for _, cell in self.rows(cube)))


def count(cell: CellId, counts: Counts) -> int:
    """What a cell counts."""
    return sum(counts.get(key, 0) for key in itertools.product(*cell))


def counted(cells: Iterable[CellId], counts: Counts) -> dict[CellId, int]:
    """What each of many cells counts. Of sparse counts over large axes: each count is put where it belongs."""
    known = list(dict.fromkeys(cells))
    made = dict.fromkeys(known, 0)
    by_leaf: list[dict[str, set[int]]] = [{} for _ in (known[0] if known else ())]
    for number, cell in enumerate(known):
        for under, leaves in zip(by_leaf, cell, strict=True):
            for leaf in leaves:
                under.setdefault(leaf, set()).add(number)
    for key, value in counts.items():
        places = [under.get(leaf, set()) for under, leaf in zip(by_leaf, key, strict=True)] if known else []
        for number in set.intersection(*places) if places else ():
            made[known[number]] += value
    return made


def views(cells: Iterable[CellId]) -> list[tuple[int, ...]]:
    """The sets of axes that cells cross, the largest ones only: each is a table of its own, and they share margins.

    Month × area × offence and quarter × area × hour need not be solved as one table of four axes: whenever two tables
    agree on the axes that they share, a table of all axes exists that has both as its margins, also in whole numbers
    (it is a transport problem for each shared piece). That holds for two; three or more are solved as one.
    """
    known = list(cells)
    full = everything(known)
    crossed = {tuple(axis for axis, leaves in enumerate(cell) if leaves != full[axis]) for cell in known}
    largest = sorted(one for one in crossed if not any(set(one) < set(other) for other in crossed))
    return largest if len(largest) < 3 else [tuple(sorted(set().union(*largest)))]


def by_view(cells: Iterable[CellId]) -> dict[tuple[int, ...], list[int]]:
    """The numbers of the cells of each view; a cell that two views could sum is left to the first."""
    known = list(cells)
    full = everything(known)
    left = dict(enumerate(known))
    made: dict[tuple[int, ...], list[int]] = {}
    for view in views(known):
        made[view] = [number for number, cell in left.items() if _within(cell, view, full)]
        for number in made[view]:
            del left[number]
    return made


def everything(cells: Iterable[CellId]) -> CellId:
    """All leaves that any cell sums, for each axis."""
    known = list(cells)
    return tuple(frozenset().union(*of) for of in zip(*known, strict=True)) if known else ()


def parts(groups: Iterable[frozenset[str]], leaves: frozenset[str]) -> list[frozenset[str]]:
    """The parts that groups cut an axis into. Leaves that always occur together are one part."""
    known = set(groups)
    together: dict[frozenset[frozenset[str]], set[str]] = {}
    for leaf in leaves:
        together.setdefault(frozenset(group for group in known if leaf in group), set()).add(leaf)
    return [frozenset(part) for part in sorted(together.values(), key=min)]


def atoms(cells: Iterable[CellId]) -> list[CellId]:
    """The pieces that a set of cells cuts each of its `views` into: what no sum or difference of them can go below.

    A reader who subtracts groups that overlap (lokalpolisområde and kommun) can reach any of these pieces, though no
    cube lists them.
    """
    known = list(cells)
    full = everything(known)
    found: dict[CellId, None] = {}
    for view, numbers in by_view(known).items():
        inside = [known[number] for number in numbers]
        axes = [
            parts({cell[axis] for cell in inside}, frozenset().union(*(cell[axis] for cell in inside)))
            if axis in view
            else [leaves]
            for axis, leaves in enumerate(full)
        ]
        found |= dict.fromkeys(itertools.product(*axes))
    return list(found)


def _within(cell: CellId, view: tuple[int, ...], full: CellId) -> bool:
    """Whether a cell crosses no axis but those of the view."""
    return all(axis in view or leaves == full[axis] for axis, leaves in enumerate(cell))
