"""What chance alone gives: mean and variance of the number of pairs near in both, over every order of the times.

The pairs near in space and those near in time are two graphs on the same n events; the times dealt anew lay one graph
over the other in one of n! ways. The mean is Knox's (1964, doi.org/10.2307/2985220); the variance that of the
intersection of two graphs, of David & Barton (1966, doi.org/10.1136/jech.20.1.44): two pairs are the same one, share
an event, or share none, and each case has its own probability. Reckoned in whole numbers, so that nothing is lost
where large terms cancel.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from app.statistics.pairs import Ints


class Moments(NamedTuple):
    """Of the pairs near in both: mean, variance when times are dealt to events, and when links are dealt to pairs."""

    mean: float
    variance: float
    of_pair_labels: float


def moments(near: Ints, soon: Ints) -> Moments:
    """The moments for n events, of how many others each has near in space and near in time, shape (n,) each."""
    n = near.size
    total = n * (n - 1) // 2
    space, shared_space = _edges(near)
    time, shared_time = _edges(soon)
    if total == 0:
        return Moments(0.0, 0.0, 0.0)
    mean = Fraction(space * time, total)
    square = mean
    if n >= 3:
        square += Fraction(shared_space * shared_time, n * (n - 1) * (n - 2))
    if n >= 4:
        apart_space, apart_time = space * (space - 1) - shared_space, time * (time - 1) - shared_time
        square += Fraction(4 * apart_space * apart_time, n * (n - 1) * (n - 2) * (n - 3))
    labels = Fraction(space * time * (total - space) * (total - time), total * total * max(total - 1, 1))
    return Moments(float(mean), float(square - mean * mean), float(labels))


def _edges(degree: Ints) -> tuple[int, int]:
    """The pairs, and the ordered twos of them that share one event."""
    return int(degree.sum()) // 2, int((degree * (degree - 1)).sum())
