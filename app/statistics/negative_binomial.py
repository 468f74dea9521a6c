"""Counts that scatter more than chance alone: the negative binomial by its mean and its dispersion.

``phi`` is variance over mean: at 1 (or below) the count is Poisson. Arrays of any shape that fit each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import special

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]

_POISSON_UP_TO = 1.0 + 1e-9  # closer to 1 the size mean/(phi − 1) has no digits left


def cdf(count: npt.ArrayLike, mean: npt.ArrayLike, phi: npt.ArrayLike) -> Floats:
    """The probability of at most ``count``; below 0 none, and a mean of 0 is certain to give 0."""
    return 1.0 - upper_tail(np.floor(np.asarray(count, dtype=np.float64)) + 1.0, mean, phi)


def upper_tail(count: npt.ArrayLike, mean: npt.ArrayLike, phi: npt.ArrayLike) -> Floats:
    """The probability of ``count`` or more."""
    y, mu, spread = np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in (count, mean, phi)))
    at_least = np.ceil(y)
    found = np.ones(y.shape)
    found[np.isnan(y) | np.isnan(mu) | np.isnan(spread)] = np.nan
    some = at_least > 0
    poisson, negative = some & (spread <= _POISSON_UP_TO), some & (spread > _POISSON_UP_TO)
    found[poisson] = special.gammainc(at_least[poisson], mu[poisson])
    # P(Y ≥ y) is the regularised incomplete beta function of 1 − 1/phi, with y and the size.
    size = mu[negative] / (spread[negative] - 1.0)
    beta = special.betainc(at_least[negative], size, 1.0 - 1.0 / spread[negative])
    found[negative] = np.where(size > 0, beta, 0.0)
    return found


def quantile(share: npt.ArrayLike, mean: npt.ArrayLike, phi: npt.ArrayLike) -> Floats:
    """The least count that is not exceeded with probability ``share``; NaN where the mean is none.

    Raises:
        ValueError: A share lies outside 0–1 (1 excluded: no count is certain).
    """
    wanted, mu, spread = (
        part.ravel()
        for part in np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in (share, mean, phi)))
    )
    shape = np.broadcast_shapes(np.shape(share), np.shape(mean), np.shape(phi))
    if np.any((wanted < 0.0) | (wanted >= 1.0)):
        raise ValueError("A quantile is asked for at a share from 0 up to 1.")
    known = np.isfinite(mu) & np.isfinite(spread)
    found = np.full(mu.shape, np.nan)
    found[known] = _search(1.0 - wanted[known], mu[known], np.maximum(spread[known], 1.0))
    return found.reshape(shape)


def _search(above: Floats, mu: Floats, phi: Floats) -> Floats:
    """The least k with P(Y > k) ≤ ``above``: a first guess by the normal, a bracket around it, and halving."""
    guess = np.maximum(0.0, np.floor(mu + special.ndtri(1.0 - above) * np.sqrt(mu * phi)))
    guess = np.where(np.isfinite(guess), guess, 0.0)
    low, high, step = guess - 2.0, guess + 2.0, 4.0

    def enough(k: Floats, rows: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        return upper_tail(k[rows] + 1.0, mu[rows], phi[rows]) <= above[rows] * (1.0 + 1e-14)

    short = np.ones(mu.shape, dtype=bool)
    while short.any():  # raise what is too low
        short[short] = ~enough(high, short)
        low[short], high[short] = high[short], high[short] + step
        step *= 2.0
    long = low >= 0.0
    step = 4.0
    while long.any():  # lower what is too high
        long[long] = enough(low, long)
        high[long], low[long] = low[long], low[long] - step
        long &= low >= 0.0
        step *= 2.0
    low = np.maximum(low, -1.0)  # at −1 nothing is enough, and it is never asked
    apart = high - low > 1.0
    while apart.any():
        middle = np.floor((low + high) / 2.0)
        good = np.zeros(mu.shape, dtype=bool)
        good[apart] = enough(middle, apart)
        high[apart & good] = middle[apart & good]
        low[apart & ~good] = middle[apart & ~good]
        apart = high - low > 1.0
    return high
