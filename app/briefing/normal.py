"""What is usual: the counts of earlier, equal stretches say between which counts the next one lies in 95 of 100 cases.

The past counts are of equal stretches (the same hours of the same weekday), each as known equally long after, so what
is late now is held against what was as late then. The next count is drawn from a negative binomial distribution with
their mean and with their spread where that is larger than chance alone gives, widened for the past being short
(prediction interval of a count: Krishnamoorthy & Peng 2011, J. Stat. Plan. Inference 141, for the Poisson case).
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean, variance
from typing import NamedTuple

from scipy.stats import nbinom

LEAST = 6
"""Fewer stretches say nothing of what is usual."""
OUTSIDE = 0.025
"""The probability to lie outside, at each end."""


class Band(NamedTuple):
    """How many there usually are, and between which counts."""

    mean: float
    low: int
    high: int


def usual(past: Sequence[int]) -> Band | None:
    """The band that the past counts give for the next; None where they are too few.

    Args:
        past: Counts of equal stretches, 0 or more, in any order.
    """
    if len(past) < LEAST:
        return None
    mean = (sum(past) + 0.5) / len(past)  # half a case, as Jeffreys: never so sure that there is none
    spread = max(1.0, variance(past) / fmean(past)) if any(past) else 1.0
    wanted = mean * spread * (1 + 1 / len(past))
    size = mean**2 / (wanted - mean)
    ends = nbinom.ppf([OUTSIDE, 1 - OUTSIDE], size, size / (size + mean))
    return Band(sum(past) / len(past), int(ends[0]), int(ends[1]))
