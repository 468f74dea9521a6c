"""Log-linear counts with levels and, if asked, one line in time: fitted without a matrix, so thousands in a second.

The design has one indicator per level (no constant) and one slope. Its weighted normal equations are an arrow: given
the slope, each level is a weighted mean, and the slope is the one of the deviations from them. So each step of
iteratively reweighted least squares is two passes over the data, and standard errors and leverages are closed forms.
Stops when the deviance changes by less than 1e-8 of itself. McCullagh & Nelder, Generalized Linear Models, 2nd ed.,
ch. 2.5, https://doi.org/10.1201/9780203753736.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.statistics.compiled import compiled

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

STEPS = 25
CLOSE = 1e-8
LEAST = 2.0**-52  # of a mean: a steep slope would else lead to none at all, by which nothing can be divided


@compiled
def fit_levels(
    y: Floats,
    level: Integers,
    time: Floats,
    offset: Floats,
    weight: Floats,
    levels: int,
    sloped: bool,
) -> tuple[bool, Floats, float, Floats, Floats, float, Floats, Floats]:
    """Fit mean = exp(offset + level + slope · time), variance = phi · mean / weight.

    Args:
        y: Counts, without gaps, (n,).
        level: Of each count, 0 … levels − 1, (n,). A level without counts is left out.
        time: Of each count, any unit, (n,).
        offset: Logarithm of what is exposed, (n,); zeros for none.
        weight: Prior weights, (n,).
        levels: How many there are.
        sloped: Whether there is a slope.

    Returns:
        Whether it came to rest; the levels, (levels,), NaN for one without counts; the slope; per level the weighted
        counts (inverse variance at phi = 1), (levels,), and the weighted mean time, (levels,); the weighted sum of
        squares of time within levels (inverse variance of the slope), 0 without a slope; the means, (n,); the weights
        of the last step, (n,), from which those inverse variances are.
    """
    n = y.size
    eta = np.empty(n)
    mu = np.empty(n)
    working = np.empty(n)
    total = np.zeros(levels)
    centre = np.zeros(levels)
    height = np.zeros(levels)
    slope, spread = 0.0, 0.0
    before = math.inf
    rested = False
    for i in range(n):
        mu[i] = y[i] + 0.1
        eta[i] = math.log(mu[i])
    for _ in range(STEPS):
        for i in range(n):
            working[i] = weight[i] * mu[i]
        slope, spread = _step(y, level, time, offset, working, sloped, eta, mu, total, centre, height)
        deviance = 0.0
        for i in range(n):
            eta[i] = offset[i] + height[level[i]] + slope * (time[i] - centre[level[i]])
            mu[i] = max(math.exp(min(eta[i], 700.0)), LEAST)
            part = mu[i] - y[i]
            if y[i] > 0.0:
                part += y[i] * (math.log(y[i]) - eta[i])
            deviance += 2.0 * weight[i] * part
        if not math.isfinite(deviance):
            break
        if abs(deviance - before) < CLOSE * (abs(deviance) + 0.1):
            rested = True
            break
        before = deviance
    found = np.full(levels, np.nan)
    for one in range(levels):
        if total[one] > 0.0:
            found[one] = height[one] - slope * centre[one]
    return rested, found, slope, total, centre, spread, mu, working


@compiled
def _step(
    y: Floats,
    level: Integers,
    time: Floats,
    offset: Floats,
    working: Floats,
    sloped: bool,
    eta: Floats,
    mu: Floats,
    total: Floats,
    centre: Floats,
    height: Floats,
) -> tuple[float, float]:
    """One weighted least squares: fills what is told per level, gives the slope and its inverse variance."""
    total[:] = 0.0
    centre[:] = 0.0
    height[:] = 0.0
    for i in range(y.size):
        one = level[i]
        total[one] += working[i]
        centre[one] += working[i] * time[i]
        height[one] += working[i] * (eta[i] - offset[i] + (y[i] - mu[i]) / mu[i])
    for one in range(total.size):
        if total[one] > 0.0:
            centre[one] /= total[one]
            height[one] /= total[one]
    slope, spread = 0.0, 0.0
    if sloped:
        for i in range(y.size):
            away = time[i] - centre[level[i]]
            spread += working[i] * away * away
            slope += working[i] * away * (eta[i] - offset[i] + (y[i] - mu[i]) / mu[i] - height[level[i]])
        slope = slope / spread if spread > 0.0 else 0.0
    return slope, spread


@compiled
def dispersion(
    y: Floats,
    mu: Floats,
    working: Floats,
    parameters: int,
) -> float:
    """Pearson's: the working residuals squared, weighted as in the last step, by the degrees of freedom, or NaN."""
    free = y.size - parameters
    found = 0.0
    for i in range(y.size):
        found += working[i] * ((y[i] - mu[i]) / mu[i]) ** 2
    return found / free if free > 0 else math.nan


@compiled
def downweigh(
    y: Floats,
    level: Integers,
    time: Floats,
    mu: Floats,
    working: Floats,
    total: Floats,
    centre: Floats,
    spread: float,
    phi: float,
    threshold: float,
) -> Floats:
    """Weights that let past outbreaks count less: 1/s² where the standardised Anscombe residual s exceeds a threshold.

    They sum to n. Farrington et al. 1996, section 3.4, https://doi.org/10.2307/2983331.
    """
    n = y.size
    found = np.ones(n)
    for i in range(n):
        leverage = working[i] / total[level[i]] if total[level[i]] > 0.0 else 0.0
        if spread > 0.0:
            leverage += working[i] * (time[i] - centre[level[i]]) ** 2 / spread
        room = phi * (1.0 - leverage)
        if mu[i] > 0.0 and room > 0.0:
            s = 1.5 * (y[i] ** (2.0 / 3.0) * mu[i] ** (-1.0 / 6.0) - math.sqrt(mu[i])) / math.sqrt(room)
            if s > threshold:
                found[i] = 1.0 / (s * s)
    scaled: Floats = found * (n / found.sum())
    return scaled
