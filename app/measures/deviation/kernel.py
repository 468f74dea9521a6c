"""Farrington's regression for many areas and periods at once, compiled."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.statistics.compiled import compiled
from app.statistics.glm import dispersion, downweigh, fit_levels

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]


@compiled
def expect(
    counts: Floats,
    offset: Floats,
    at: Integers,
    starts: Integers,
    periods: Integers,
    level_of: Integers,
    levels: int,
    trend: bool,
    critical: Floats,
    threshold: float,
    floored: bool,
) -> tuple[Floats, Floats, Floats, Floats]:
    """What each area's count is expected to be at each period.

    Args:
        counts: NaN where not known, (areas, periods).
        offset: Logarithm of what is exposed, (areas, periods).
        at: The periods that are asked about, (r,), as columns of ``counts``.
        starts: Where each one's baseline begins in ``periods``, (r + 1,).
        periods: The baselines, one after the other, as columns of ``counts``.
        level_of: The level of each of them.
        levels: How many levels there are.
        trend: Whether a trend is tried.
        critical: The two-sided limit of Student's t that a trend must exceed, by degrees of freedom.
        threshold: Of the standardised residual above which a past count weighs less; inf for no reweighting.
        floored: Whether the standard error of the mean takes a dispersion of at least 1.

    Returns:
        Expected count, variance of its logarithm, dispersion (at least 1), each NaN where nothing can be told, and 1
        where the trend was kept; each (areas, r).
    """
    areas, asked = counts.shape[0], at.size
    mean = np.full((areas, asked), np.nan)
    variance = np.full((areas, asked), np.nan)
    phi = np.full((areas, asked), np.nan)
    kept = np.zeros((areas, asked))
    for area in range(areas):
        for k in range(asked):
            known = 0
            for i in range(starts[k], starts[k + 1]):
                if not math.isnan(counts[area, periods[i]] + offset[area, periods[i]]):
                    known += 1
            y, time, exposed, level = (
                np.empty(known),
                np.empty(known),
                np.empty(known),
                np.empty(known, np.int64),
            )
            n, alike, here = 0, 0, 0.0
            for i in range(starts[k], starts[k + 1]):
                value, head = counts[area, periods[i]], offset[area, periods[i]]
                if not math.isnan(value + head):
                    y[n], time[n], exposed[n], level[n] = value, periods[i] - at[k], head, level_of[i]
                    alike += 1 if level_of[i] == 0 else 0
                    here += value if level_of[i] == 0 else 0.0
                    n += 1
            if alike == 0 or math.isnan(offset[area, at[k]]):
                continue
            if here == 0.0:  # there never was one at this time of the year: the likeliest mean is 0
                mean[area, k], phi[area, k] = 0.0, 1.0
                continue
            now = offset[area, at[k]]
            mean[area, k], variance[area, k], phi[area, k], kept[area, k] = _with_or_without_trend(
                y, level, time, exposed, now, levels, trend, critical, threshold, floored
            )
    return mean, variance, phi, kept


@compiled
def _with_or_without_trend(
    y: Floats,
    level: Integers,
    time: Floats,
    offset: Floats,
    offset_now: float,
    levels: int,
    trend: bool,
    critical: Floats,
    threshold: float,
    floored: bool,
) -> tuple[float, float, float, float]:
    """Mean, variance of its logarithm, dispersion, and 1 if a trend was kept.

    A trend is kept if it is told from none and does not lead beyond all that there ever was.
    """
    exposed = math.exp(offset_now)
    if trend:
        good, mu, variance, phi, steep = _one(
            y, level, time, offset, levels, True, critical, threshold, floored
        )
        if good and steep and mu * exposed <= y.max():
            return mu * exposed, variance, phi, 1.0
    good, mu, variance, phi, steep = _one(y, level, time, offset, levels, False, critical, threshold, floored)
    if math.isfinite(mu) and math.isfinite(phi):
        return mu * exposed, variance, phi, 0.0
    return math.nan, math.nan, math.nan, 0.0


@compiled
def _one(
    y: Floats,
    level: Integers,
    time: Floats,
    offset: Floats,
    levels: int,
    sloped: bool,
    critical: Floats,
    threshold: float,
    floored: bool,
) -> tuple[bool, float, float, float, bool]:
    """Fit, weigh past outbreaks less, fit again: the mean at time 0 and level 0, and what is known of it."""
    weight = np.ones(y.size)
    good, height, slope, total, centre, spread, mu, working = fit_levels(
        y, level, time, offset, weight, levels, sloped
    )
    parameters = 0
    for one in range(levels):
        if total[one] > 0.0:
            parameters += 1
    if sloped:
        if not good or spread <= 0.0:
            return False, math.nan, math.nan, math.nan, False
        parameters += 1
    phi = dispersion(y, mu, working, parameters)
    if math.isfinite(threshold) and math.isfinite(phi):
        weight = downweigh(y, level, time, mu, working, total, centre, spread, max(phi, 1.0), threshold)
        good, height, slope, total, centre, spread, mu, working = fit_levels(
            y, level, time, offset, weight, levels, sloped
        )
        phi = dispersion(y, mu, working, parameters)
        if sloped and (not good or spread <= 0.0):
            return False, math.nan, math.nan, math.nan, False
    scale = max(phi, 1.0) if floored else phi
    variance = scale / total[0]
    steep = False
    if sloped:
        variance += scale * centre[0] ** 2 / spread
        free = y.size - parameters
        steep = free > 0 and (phi <= 0.0 or abs(slope) * math.sqrt(spread / phi) > critical[free])
    return good, math.exp(height[0]), variance, max(phi, 1.0), steep
