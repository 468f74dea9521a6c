"""What a count is expected to be, from the same window in the weeks before: a predictive interval for one more.

The weeks count by how near they are (a weight of ``NEARNESS`` for the last, and each before it by that share less), so
a season or a trend is followed. How far such a forecast misses is learned from the same weeks: each from the eighth on
is forecast from those before it, and the squared misses over the forecasts are ``phi``, the variance over the mean of a
negative binomial. ``phi`` is never below what chance alone and the mean's own uncertainty make. So what the forecast
cannot follow makes its interval wider, and not the warnings more. Outside is what lies beyond the 2.5 % of each tail.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from app.statistics.negative_binomial import quantile

if TYPE_CHECKING:
    from collections.abc import Sequence

Verdict = Literal["more", "fewer", "usual"]

LEVEL = 0.95
RARE_LEVEL = 0.998
"""Outside this it is told without "it could be chance": once in five hundred windows, by chance alone."""
NEARNESS = 0.12
FEWEST_WEEKS = 12
LEARNING_WEEKS = 7
"""So many are before the first that is forecast."""
FEWEST_CASES = 5
"""In all of the weeks together: below, the interval says nothing that the eye does not."""


class Expected(NamedTuple):
    """From ``low`` to ``high`` is usual; from ``least`` to ``most`` chance alone still reaches, now and then."""

    low: int
    high: int
    least: int
    most: int
    mean: float
    phi: float
    weeks: int

    def verdict(self, observed: int) -> Verdict:
        """More than usual, fewer, or neither."""
        return "more" if observed > self.high else "fewer" if observed < self.low else "usual"

    def by_chance(self, observed: int) -> bool:
        """Whether chance alone reaches as far now and then."""
        return self.least <= observed <= self.most


def expected(past: Sequence[int]) -> Expected | None:
    """What one more window is expected to count, from those before, oldest first; None where they say too little."""
    weeks = len(past)
    if weeks < FEWEST_WEEKS or sum(past) < FEWEST_CASES:
        return None
    counts = np.asarray(past, dtype=np.float64)
    forecasts = np.array([_near(counts[:n]) for n in range(LEARNING_WEEKS, weeks)])
    missed = float(np.square(counts[LEARNING_WEEKS:] - forecasts).sum())
    mean = _near(counts)
    least_phi = 1.0 + NEARNESS / (2.0 - NEARNESS)
    phi = max(least_phi, missed / float(forecasts.sum())) if forecasts.sum() > 0 else least_phi
    mean = max(mean, 1.0 / weeks)  # where the nearest weeks had none, and earlier ones had
    shares = [tail for level in (LEVEL, RARE_LEVEL) for tail in ((1 - level) / 2, (1 + level) / 2)]
    low, high, least, most = (int(found) for found in quantile(shares, mean, phi))
    return Expected(low, high, least, most, mean, phi, weeks)


def _near(counts: npt.NDArray[np.float64]) -> float:
    """Their mean, the last weighing most."""
    weights = (1.0 - NEARNESS) ** np.arange(len(counts))[::-1]
    return float((weights * counts).sum() / weights.sum())
