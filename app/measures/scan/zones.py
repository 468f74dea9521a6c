"""Circles around centres, told by how many events they hold.

Around one centre a wider circle holds at least as many events, so "how many it holds over the whole period" tells its
circles apart, all but those that only add places without events. Places equally far from the centre enter together.
What is kept is the inverse: for each place, the centres around which a circle reaches it, and how many events the first
such circle holds. That is all that a scan of recent events needs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.domain.errors import BadInput
from app.statistics.compiled import compiled
from app.statistics.pairs import Floats, Ints, Sweep, sweep

AT_MOST = 120_000_000  # of eight bytes each

Int32s = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Zones:
    """For place l, ``slice(starts[l], starts[l + 1])`` of ``centre`` and of ``holds``: events in its first circle."""

    starts: Ints
    centre: Int32s
    holds: Int32s
    n_centres: int


def around_all(x: Floats, y: Floats, events: Ints, *, radius: float | None, most: int) -> Zones:
    """The circles around every place.

    Args:
        x: Places, each once.
        y: Places.
        events: How many events each holds over the whole period.
        radius: The widest circle; None: as wide as need be.
        most: The most events that a circle may hold.

    Raises:
        BadInput: There would be too many circles to keep.
    """
    whole = float(np.hypot(np.ptp(x), np.ptp(y))) * (1 + 1e-9)
    reach = whole if radius is None else min(radius, whole)
    points = sweep(x, y, reach)
    counted = np.zeros(x.size + 1, np.int64)
    nothing = np.zeros(0, np.int32)
    held = events[points.order]
    reach_each = _circles(
        points.x, points.y, points.starts, points.touches, held, reach, most, counted, nothing, nothing
    )
    if reach_each > AT_MOST:
        raise BadInput(
            f"There are {x.size} places with so many others within max_radius that the circles do not fit in memory; "
            "choose a smaller max_radius, or round the coordinates so that fewer places are apart."
        )
    starts = np.append(0, np.cumsum(counted[:-1]))
    centre, holds = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.int32)
    _circles(
        points.x,
        points.y,
        points.starts,
        points.touches,
        held,
        reach,
        most,
        starts[:-1].copy(),
        centre,
        holds,
    )
    return _in_own_order(points, starts, centre, holds)


def around_one(distance: Floats, events: Ints, *, radius: float | None, most: int) -> Zones:
    """The circles around a chosen place, by the distance of every place from it."""
    order = np.argsort(distance, kind="stable")
    total = np.cumsum(events[order])
    # All that are equally far enter together, so each counts the events up to the last of them.
    last = np.searchsorted(distance[order], distance[order], side="right") - 1
    holds = np.empty(distance.size, np.int64)
    holds[order] = total[last]
    inside = (holds <= most) & (distance <= (np.inf if radius is None else radius))
    starts = np.append(0, np.cumsum(inside)).astype(np.int64)
    return Zones(starts, np.zeros(int(inside.sum()), np.int32), holds[inside].astype(np.int32), 1)


def _in_own_order(points: Sweep, starts: Ints, centre: Int32s, holds: Int32s) -> Zones:
    """From the sweep's order to that of the places."""
    sizes = np.diff(starts)
    place = np.argsort(points.order)
    own = np.append(0, np.cumsum(sizes[place]))
    take = np.repeat(starts[:-1][place] - own[:-1], sizes[place]) + np.arange(own[-1])
    return Zones(
        own.astype(np.int64), points.order[centre[take]].astype(np.int32), holds[take], points.x.size
    )


@compiled
def _circles(
    x: Floats,
    y: Floats,
    starts: Ints,
    touches: npt.NDArray[np.bool_],
    events: Ints,
    reach: float,
    most: int,
    place: Ints,
    centre: Int32s,
    holds: Int32s,
) -> int:
    """Count each place's circles into ``place``, or write them from ``place`` on; how many there are in all."""
    near = np.empty(x.size, np.int64)
    distance = np.empty(x.size)
    found = 0
    for strip in range(starts.size - 1):
        for a in range(starts[strip], starts[strip + 1]):
            inside = _near(x, y, starts, touches, strip, a, reach, near, distance)
            order = np.argsort(distance[:inside])
            held = 0
            k = 0
            while k < inside:
                stop = k
                while stop < inside and distance[order[stop]] == distance[order[k]]:
                    held += events[near[order[stop]]]
                    stop += 1
                if held > most:
                    break
                for at in range(k, stop):
                    b = near[order[at]]
                    if centre.size > 0:
                        centre[place[b]] = a
                        holds[place[b]] = held
                    place[b] += 1
                found += stop - k
                k = stop
    return found


@compiled
def _near(
    x: Floats,
    y: Floats,
    starts: Ints,
    touches: npt.NDArray[np.bool_],
    strip: int,
    a: int,
    reach: float,
    near: Ints,
    distance: Floats,
) -> int:
    """The places within reach of place a of that strip, itself among them: which, how far, and how many."""
    wide = reach * (1 + 1e-9)
    first = strip - 1 if strip > 0 and touches[strip - 1] else strip
    last = strip + 1 if touches[strip] else strip
    inside = 0
    for other in range(first, last + 1):
        begin, end = starts[other], starts[other + 1]
        b = begin + np.searchsorted(x[begin:end], x[a] - wide)
        while b < end and x[b] - x[a] <= wide:
            dx, dy = x[b] - x[a], y[b] - y[a]
            apart = np.sqrt(dx * dx + dy * dy)
            if apart <= reach:
                near[inside] = b
                distance[inside] = apart
                inside += 1
            b += 1
    return inside
