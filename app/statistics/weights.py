"""Who is whose neighbour: from a list of pairs, from the k nearest, or from everything within a distance.

An area is never its own neighbour here; a statistic that takes the area itself along (Gi*) adds it. An area without a
neighbour is an island, and each statistic says what it makes of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from app.domain.errors import BadInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Id = int | str

EARTH_M = 6_371_008.8
"""Mean radius of the earth (IUGG), metres."""


@dataclass(frozen=True)
class Neighbours:
    """The neighbours of n areas, by place in the table: those of area k are ``indices[indptr[k]:indptr[k + 1]]``."""

    indptr: Ints
    indices: Ints

    @property
    def size(self) -> int:
        """How many areas."""
        return len(self.indptr) - 1

    @property
    def counts(self) -> Ints:
        """How many neighbours each area has, (n,)."""
        return np.diff(self.indptr)

    @property
    def links(self) -> int:
        """How many neighbours there are in all; a border that both sides know of is two."""
        return len(self.indices)

    @property
    def islands(self) -> int:
        """How many areas have none."""
        return int(np.count_nonzero(self.counts == 0))

    def of(self, place: int) -> Ints:
        """The neighbours of the area at that place."""
        return self.indices[self.indptr[place] : self.indptr[place + 1]]

    def sums(self, values: Floats) -> Floats:
        """The sum of ``values`` over the neighbours of each area, (n,); 0 for an island."""
        found: Floats = self.matrix() @ values
        return found

    def matrix(self) -> csr_array:
        """One where row k has the column's area as neighbour, (n, n)."""
        ones = np.ones(self.links)
        return csr_array((ones, self.indices, self.indptr), shape=(self.size, self.size))

    def among(self, kept: npt.NDArray[np.bool_]) -> Neighbours:
        """The same among the areas that are kept, counted anew from 0."""
        matrix = self.matrix()[kept][:, kept].tocsr()
        matrix.sort_indices()
        return Neighbours(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64))


def from_pairs(ids: Sequence[str], pairs: Iterable[tuple[Id, Id]], *, both_ways: bool = False) -> Neighbours:
    """The neighbours that a list of (area, its neighbour) names; a pair named twice counts once, itself not at all.

    Args:
        ids: The areas, in the table's order, each once.
        pairs: By id. ``7``, ``"7"`` and ``"007"`` are the same area unless the table tells them apart.
        both_ways: Each pair is a border, named once: the other side has it too.

    Raises:
        BadInput: An area is named twice, or a pair names one that the table does not have.
    """
    places = _places(ids)
    found: set[tuple[int, int]] = set()
    for first, second in pairs:
        here, there = _place(places, first), _place(places, second)
        if here != there:
            found.add((here, there))
            if both_ways:
                found.add((there, here))
    rows = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    return _packed(rows[:, 0], rows[:, 1], len(ids))


def nearest(points: Floats, k: int, *, degrees: bool = False) -> Neighbours:
    """The k nearest others of each point, or all others where there are fewer.

    Args:
        points: (n, 2), x and y; or longitude and latitude in degrees, between which distances are great circles.
        k: How many.
        degrees: Whether they are degrees.
    """
    size = len(points)
    most = min(k, size - 1)
    if most < 1:
        return _packed(np.empty(0, np.int64), np.empty(0, np.int64), size)
    placed = _placed(points, degrees=degrees)
    _, found = cKDTree(placed).query(placed, k=most + 1)
    others = found != np.arange(size)[:, None]
    # Where many lie on one spot a point may not be among its own nearest: then the farthest is left out.
    others[others.all(axis=1), -1] = False
    rows, columns = np.nonzero(others)
    return _packed(rows, found[rows, columns], size)


def within(points: Floats, distance: float, *, degrees: bool = False) -> Neighbours:
    """All others within a distance, that distance included.

    Args:
        points: (n, 2), as for `nearest`.
        distance: In the unit of the points; in metres where they are degrees.
        degrees: Whether they are degrees.
    """
    reach = 2 * EARTH_M * np.sin(min(distance / (2 * EARTH_M), np.pi / 2)) if degrees else distance
    placed = _placed(points, degrees=degrees)
    # A border of the band is met exactly, whatever the last bit of the distance says.
    pairs = cKDTree(placed).query_pairs(reach * (1 + 1e-12), output_type="ndarray")
    first, second = pairs[:, 0], pairs[:, 1]
    return _packed(np.concatenate([first, second]), np.concatenate([second, first]), len(points))


def _placed(points: Floats, *, degrees: bool) -> Floats:
    if not degrees:
        return points
    east, north = np.radians(points[:, 0]), np.radians(points[:, 1])
    found: Floats = EARTH_M * np.column_stack(
        [np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)]
    )
    return found


def _packed(rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], size: int) -> Neighbours:
    order = np.lexsort((columns, rows))
    counts = np.bincount(rows, minlength=size)
    indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Neighbours(indptr, columns[order].astype(np.int64))


def _places(ids: Sequence[str]) -> dict[str, int]:
    places = {name: place for place, name in enumerate(ids)}
    if len(places) < len(ids):
        twice = next(name for place, name in enumerate(ids) if places[name] != place)
        raise BadInput(f"The area {twice} stands in the table more than once.")
    short: dict[str, list[int]] = {}
    for name, place in places.items():
        if name.isdecimal():
            short.setdefault(str(int(name)), []).append(place)
    return {name: found[0] for name, found in short.items() if len(found) == 1} | places


def _place(places: dict[str, int], name: Id) -> int:
    text = str(name).strip()
    found = places.get(text)
    if found is None and text.isdecimal():
        found = places.get(str(int(text)))
    if found is None:
        raise BadInput(f"The neighbours name an area {name} that is not in the table.")
    return found
