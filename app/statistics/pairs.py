"""Pairs of points that lie within a distance of each other: found by sweeping over strips, never by comparing all.

The plane is cut into strips as high as the reach; in each the points stand by x. A point meets those after it in its
own strip and those of the next one, so that about twice as many are looked at as there are pairs. Memory is one degree
per point and edge, and eight bytes for each pair where they are listed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from app.domain.errors import BadInput
from app.statistics.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Metric = Literal["euclidean", "manhattan"]


@dataclass(frozen=True)
class Sweep:
    """Points in the order of the sweep. ``order[k]`` is the row of the k-th; strip s is ``starts[s]:starts[s + 1]``.

    Strips without points are left out; ``touches[s]`` says whether strip s + 1 here is the next one in the plane.
    """

    order: Ints
    x: Floats
    y: Floats
    starts: Ints
    touches: npt.NDArray[np.bool_]
    reach: float


@dataclass(frozen=True)
class Pairs:
    """Pairs by places in the sweep's order, i before j; those of band b are ``starts[b]:starts[b + 1]``."""

    i: npt.NDArray[np.int32]
    j: npt.NDArray[np.int32]
    starts: Ints


def below(edge: float) -> float:
    """The last figure under the edge: "at most" that is "less than" the edge."""
    return math.nextafter(edge, -math.inf)


def sweep(x: Floats, y: Floats, reach: float) -> Sweep:
    """Lay points out for pairs of at most ``reach`` (same unit as x and y, finite).

    Raises:
        BadInput: Places are so far out that a distance between them has no figure.
    """
    if float(max(np.abs(x).max(), np.abs(y).max())) > 1e100:
        raise BadInput("The columns x and y hold places too far out to tell how far apart they are.")
    low = float(y.min())
    extent = float(y.max()) - low
    # A hair higher than the reach, and never so low that the strip's number loses its last digits to rounding.
    height = max(reach * (1 + 1e-6), extent * 2.0**-31) or 1.0
    strip = np.floor((y - low) / height).astype(np.int64)
    order = np.lexsort((y, x, strip))
    there, starts = np.unique(strip[order], return_index=True)
    touches = np.append(np.diff(there) == 1, False)
    return Sweep(order, x[order], y[order], np.append(starts, x.size).astype(np.int64), touches, float(reach))


def degrees(points: Sweep, edges: Floats, *, metric: Metric) -> Ints:
    """How many others each point has within each edge: shape (edges, points), in the sweep's order.

    Args:
        points: Laid out for a reach of at least the last edge.
        edges: Distances, rising, themselves within ("at most"); see `below` for "nearer than".
        metric: Straight line, or the sum of both legs.
    """
    found = np.zeros((edges.size, points.x.size), np.int64)
    nothing = np.zeros(0, np.int32)
    _meet(
        points.x,
        points.y,
        points.starts,
        points.touches,
        points.reach,
        edges,
        metric == "manhattan",
        found,
        nothing,
        nothing,
        np.zeros(edges.size, np.int64),
    )
    return np.cumsum(found, axis=0)


def pairs(points: Sweep, edges: Floats, near: Ints, *, metric: Metric) -> Pairs:
    """Every pair within the last edge, in bands: within the first edge, from there to the second, and so on.

    Args:
        points: Laid out for a reach of at least the last edge.
        edges: Distances, rising.
        near: What `degrees` gave for the same edges.
        metric: Straight line, or the sum of both legs.
    """
    starts = np.append(0, near.sum(axis=1) // 2).astype(np.int64)
    i, j = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.int32)
    _meet(
        points.x,
        points.y,
        points.starts,
        points.touches,
        points.reach,
        edges,
        metric == "manhattan",
        np.zeros((edges.size, 0), np.int64),
        i,
        j,
        starts[:-1].copy(),
    )
    return Pairs(i, j, starts)


@compiled
def _meet(
    x: Floats,
    y: Floats,
    starts: Ints,
    touches: npt.NDArray[np.bool_],
    reach: float,
    edges: Floats,
    manhattan: bool,
    found: Ints,
    i: npt.NDArray[np.int32],
    j: npt.NDArray[np.int32],
    place: Ints,
) -> None:
    """Count each point's others per band into ``found``, or list the pairs of a band from ``place`` on."""
    counting = found.shape[1] > 0
    wide = reach * (1 + 1e-9)
    for strip in range(starts.size - 1):
        end = starts[strip + 1]
        begin = end
        last = starts[strip + 2] if touches[strip] else end
        for a in range(starts[strip], end):
            while begin < last and x[a] - x[begin] > wide:
                begin += 1
            for part in range(2):
                b = a + 1 if part == 0 else begin
                stop = end if part == 0 else last
                while b < stop and x[b] - x[a] <= wide:
                    dx, dy = x[a] - x[b], y[a] - y[b]
                    distance = abs(dx) + abs(dy) if manhattan else np.sqrt(dx * dx + dy * dy)
                    band = 0
                    while band < edges.size and (distance > edges[band]):
                        band += 1
                    if band < edges.size:
                        if counting:
                            found[band, a] += 1
                            found[band, b] += 1
                        else:
                            i[place[band]], j[place[band]] = a, b
                            place[band] += 1
                    b += 1


@compiled
def reach_of_ranks(values: Floats, edge: float) -> Ints:
    """The last of the sorted, distinct values that lies within ``edge`` above each; one before itself where none does.

    With it "within the edge" is a comparison of whole numbers, and as exact as the subtraction of the values is.
    """
    last = np.empty(values.size, np.int64)
    upper = 0
    for rank in range(values.size):
        upper = max(upper, rank - 1, 0)
        while upper < values.size and values[upper] - values[rank] <= edge:
            upper += 1
        last[rank] = upper - 1
    return last


def degrees_in_time(ranks: Ints, last: Ints) -> Ints:
    """How many others each event has within the edge that ``last`` (`reach_of_ranks`) is of; ranks from zero."""
    held: npt.NDArray[Any] = np.append(0, np.cumsum(np.bincount(ranks, minlength=last.size)))
    first = np.searchsorted(last, np.arange(last.size))
    itself = (last >= np.arange(last.size)).astype(np.int64)
    each: Ints = held[last + 1] - held[first] - itself
    # Where not even the same moment counts (nearer than zero), nothing does.
    return np.where(itself == 1, each, 0)[ranks]
