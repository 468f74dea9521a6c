"""Partial pooling of counts against what is expected: few cases are drawn to it, many speak for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STRENGTHS = np.geomspace(0.5, 5_000.0, 25)


def log_negative_binomial(count: Floats, mean: Floats, shape: Floats | float) -> Floats:
    """The logarithm of the probability of ``count``; mean + mean² / shape is the variance; 0 of 0 is certain."""
    mean = np.maximum(mean, 1e-12)
    found: Floats = (
        gammaln(count + shape)
        - gammaln(shape)
        - gammaln(count + 1.0)
        - shape * np.log1p(mean / shape)
        + count * (np.log(mean) - np.log(mean + shape))
    )
    return found


def pooling_strength(count: Floats, expected: Floats) -> float:
    """How alike the ratios count / expected are, as the shape of the gamma distribution that they are drawn from.

    The one of a fixed row of strengths that makes the counts most likely: each is negative binomial round what is
    expected (Clayton and Kaldor 1987, doi:10.2307/2532003).
    """
    told = expected > 0
    if not told.any():
        return float(STRENGTHS[-1])
    likelihood = [
        log_negative_binomial(count[told], expected[told], strength).sum() for strength in STRENGTHS
    ]
    return float(STRENGTHS[int(np.argmax(likelihood))])


def pooled_ratio(count: Floats, expected: Floats, strength: float | None = None) -> Floats:
    """The ratio count / expected, drawn to 1 by the strength that the counts themselves show (or by that given)."""
    by = pooling_strength(count, expected) if strength is None else strength
    ratio: Floats = (count + by) / (expected + by)
    return ratio
