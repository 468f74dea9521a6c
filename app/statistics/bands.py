"""Bands of small counts: of a distribution over 0, 1, 2, … the whole numbers that hold as near as can be what is asked.

A count has no band of exactly 90 %. The usual way out, one that holds at least 90 %, holds 95 % and more where counts
are small, and is then not what it says. Here the most probable numbers are taken in one after the other, always beside
those already taken, until the next would lead further from what is asked than it is: sometimes a little below,
sometimes a little above, right on average. The band's own probability is given with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from app.statistics.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


def nearest_bands(pmf: Floats, level: float) -> tuple[Ints, Ints, Floats]:
    """For each row of ``pmf`` (rows x counts from 0) the band's lowest and highest count and its probability.

    Of the same row a band for a higher ``level`` holds that for a lower one.
    """
    return _nearest_bands(np.ascontiguousarray(pmf), level)


@compiled
def _nearest_bands(pmf: Floats, level: float) -> tuple[Ints, Ints, Floats]:
    rows, size = pmf.shape
    low, high = np.zeros(rows, np.int64), np.zeros(rows, np.int64)
    held = np.zeros(rows)
    for row in range(rows):
        first = last = np.argmax(pmf[row])
        inside = pmf[row, first]
        while inside < level and (first > 0 or last < size - 1):
            below = pmf[row, first - 1] if first > 0 else -1.0
            above = pmf[row, last + 1] if last < size - 1 else -1.0
            wider = inside + max(below, above)
            if wider > level and wider - level > level - inside:
                break
            if below > above:
                first -= 1
            else:
                last += 1
            inside = wider
        low[row], high[row], held[row] = first, last, min(inside, 1.0)
    return low, high, held


def medians(pmf: Floats) -> Ints:
    """The smallest count of each row that at least half lies at or below."""
    found: Ints = (np.cumsum(pmf, axis=1) < 0.5 - 1e-12).sum(axis=1)
    return found


def negative_binomial(mean: Floats, shape: Floats, size: int) -> Floats:
    """Probabilities of 0 to ``size - 1``, a row for each mean and shape (mean + mean² / shape is the variance).

    By the recurrence p(y + 1) = p(y) (y + shape) / (y + 1) · mean / (mean + shape): no gamma function is called.
    """
    mean, shape = np.broadcast_arrays(np.asarray(mean, float), np.asarray(shape, float))
    return _negative_binomial(np.ascontiguousarray(mean.ravel()), np.ascontiguousarray(shape.ravel()), size)


@compiled
def _negative_binomial(mean: Floats, shape: Floats, size: int) -> Floats:
    found = np.zeros((len(mean), size))
    for row in range(len(mean)):
        odds = mean[row] / (mean[row] + shape[row])
        # As a logarithm: at a large mean the chance of nothing is smaller than any figure.
        log_chance = -shape[row] * np.log1p(mean[row] / shape[row])
        for count in range(size):
            found[row, count] = np.exp(log_chance) if log_chance > -700 else 0.0
            log_chance += np.log(odds * (count + shape[row]) / (count + 1)) if odds > 0 else -np.inf
    return found


def of_totals(
    known: Floats, survive: Floats, weights: Floats, mean: Floats, shape: Floats, size: int
) -> Floats:
    """What remains of what is known, and what is still to come: the distribution of their sum.

    Args:
        known: Counts known now, rows x parts (of a week: its days); none below 0.
        survive: The share of each that will not be taken back.
        weights: Of each component of what is to come, rows x components; they sum to one in each row.
        mean: Of each component, a negative binomial.
        shape: Of each component: mean + mean² / shape is its variance.
        size: Counts from 0 to ``size - 1``; a power of two above anything that can be.

    Returns:
        Rows x counts. By the generating function on the unit circle and one fast Fourier transform.
    """
    circle = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    gone = (1.0 - survive)[..., None] + survive[..., None] * circle
    kept = np.prod(np.power(gone, known[..., None]), axis=1)
    coming = weights[..., None] * np.exp(
        -shape[..., None] * np.log1p((mean / shape)[..., None] * (1.0 - circle))
    )
    pmf = np.fft.irfft(kept * coming.sum(axis=1), size, axis=-1)
    pmf = np.maximum(pmf, 0.0)
    total: Floats = pmf / pmf.sum(axis=1, keepdims=True)
    return total
