"""Slow drift: a rise too small for any one week, added up over half a year."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.measures.deviation.past import LEAST_YEARS, MONTH, WEEK, Settings, regress, usual_mean, whole_years

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]

DRAWS, MORE_DRAWS, MORE_BELOW = 1999, 49_999, 0.01  # a small share is drawn again, to be known well enough


def drift(counts: Floats, settings: Settings, rng: np.random.Generator) -> Floats:
    """How seldom chance alone adds up to as slow a rise as the last half year shows; NaN if it cannot be told.

    The likelihood-ratio CUSUM of a rise by ``drift_rise`` (Höhle & Paul 2008,
    https://doi.org/10.1016/j.csda.2008.02.015) against what is expected from the years before that half year, set
    beside as many sums of chance: draws of the negative binomial whose mean is itself only known with its error.
    """
    found = np.full(counts.shape[0], np.nan)
    length = settings.drift_weeks
    if counts.shape[1] <= length:
        return found
    usual = usual_mean(counts, settings)
    enough = usual * MONTH.weeks >= settings.least_mean
    years = whole_years(counts[:, :-length], WEEK, settings.years)
    at = np.arange(counts.shape[1] - length, counts.shape[1])
    for back in range(LEAST_YEARS, settings.years + 1):
        rows = np.flatnonzero(enough & (years == back))
        if rows.size:
            parts = regress(counts[rows], WEEK, back, at, int(at[0]) - 1)
            for row, mean, variance, phi in zip(rows, *parts, strict=True):
                found[row] = _seldom(counts[row, at], mean, variance, phi, settings.drift_rise, rng)
    return found


def _seldom(
    y: Floats, mean: Floats, variance: Floats, phi: Floats, rise: float, rng: np.random.Generator
) -> float:
    known = ~np.isnan(y) & (mean > 0) & np.isfinite(variance)
    if np.count_nonzero(known) < y.size // 2:
        return math.nan
    y, mean, phi = y[known], mean[known], np.maximum(phi[known], 1.0 + 1e-6)
    grown = np.log((1 + (phi - 1) * rise) / phi)
    each, off = math.log(rise) - grown, mean * grown / (phi - 1)
    reached = _last_sum((y * each - off)[np.newaxis, :])[0]
    if reached <= 0:
        return 1.0
    error = math.sqrt(float(variance[known].mean()))
    share = 1.0
    for draws in (DRAWS, MORE_DRAWS):
        means = mean * np.exp(error * rng.standard_normal((draws, 1)) - error**2 / 2)
        drawn = rng.poisson(rng.gamma(means / (phi - 1), phi - 1))
        share = (1 + np.count_nonzero(_last_sum(drawn * each - off) >= reached)) / (1 + draws)
        if share > MORE_BELOW:
            break
    return share


def _last_sum(steps: Floats) -> Floats:
    """Where S = max(0, S + step) ends: at the greatest sum of the last few steps, or of none."""
    backwards = np.cumsum(steps[:, ::-1], axis=1)
    ends: Floats = np.maximum(0.0, backwards.max(axis=1))
    return ends
