"""How sure weighted counts are: the interval for a weighted sum of Poisson counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]


def weighted_interval(
    total: npt.ArrayLike, squares: npt.ArrayLike, largest: npt.ArrayLike, level: float = 0.95
) -> tuple[Floats, Floats]:
    """The interval for the mean of a weighted sum of Poisson counts, at least as wide as it need be.

    Fay & Feuer 1997, https://doi.org/10.1002/(SICI)1097-0258(19970415)16:7<791::AID-SIM500>3.0.CO;2-#: gamma laws of
    the sum's mean and variance, and for the upper end those of the sum with one more case of the largest weight. With
    equal weights it is the exact Poisson interval.

    Args:
        total: Sum of weight × count.
        squares: Sum of weight² × count.
        largest: The largest weight that a case could have.
        level: How sure.
    """
    sums, spread, most = (np.asarray(part, dtype=np.float64) for part in (total, squares, largest))
    tail = (1 - level) / 2
    there = (sums > 0) & (spread > 0)
    shape, scale = _gamma(np.where(there, sums, 1.0), np.where(there, spread, 1.0))
    low = np.where(there, scale * special.gammaincinv(shape, tail), 0.0)
    more, wider = sums + most, spread + most**2
    above = more > 0
    shape, scale = _gamma(np.where(above, more, 1.0), np.where(above, wider, 1.0))
    high = np.where(above, scale * special.gammaincinv(shape, 1 - tail), 0.0)
    return low, high


def _gamma(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    return mean**2 / variance, variance / mean
