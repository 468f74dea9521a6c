"""Cumulative sums, compiled: a slow rise adds up where no single period stands out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.statistics.compiled import compiled

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]


NEWTON_STEPS = 100
NEWTON_CLOSE = 1e-12


@compiled
def plain(steps: Floats) -> Floats:
    """S = max(0, S + step) along one series; a step that is not known leaves S as it was, and is NaN itself."""
    found = np.empty(steps.size)
    total = 0.0
    for i in range(steps.size):
        if math.isnan(steps[i]):
            found[i] = math.nan
            continue
        total = max(0.0, total + steps[i])
        found[i] = total
    return found


@compiled
def restarting(steps: Floats, limit: float) -> tuple[Floats, Floats]:
    """The same, beginning anew at 0 after each time that it reached the limit; and where it stood before each step."""
    found, before = np.empty(steps.size), np.empty(steps.size)
    total = 0.0
    for i in range(steps.size):
        before[i] = total
        if math.isnan(steps[i]):
            found[i] = math.nan
            continue
        total = max(0.0, total + steps[i])
        found[i] = total
        if total >= limit:
            total = 0.0
    return found, before


@compiled
def likelihood(y: float, mu: float, kappa: float, alpha: float) -> float:
    """Logarithm of how much likelier ``y`` is at mean mu·exp(kappa) than at mu; the variance is mu + alpha·mu²."""
    if alpha <= 0.0:
        return y * kappa - mu * (math.exp(kappa) - 1.0)
    return y * kappa - (y + 1.0 / alpha) * math.log((1.0 + alpha * mu * math.exp(kappa)) / (1.0 + alpha * mu))


@compiled
def largest(y: Floats, mu: Floats, first: int, last: int, alpha: float) -> float:
    """The greatest log likelihood ratio over rises kappa ≥ 0 that began at ``first``; it is concave in kappa."""
    cases, expected = 0.0, 0.0
    for i in range(first, last + 1):
        if not math.isnan(y[i]):
            cases += y[i]
            expected += mu[i]
    if cases <= 0.0:
        return 0.0
    kappa = max(0.0, math.log(cases / expected))  # exact for the Poisson, and near for the others
    for _ in range(NEWTON_STEPS if alpha > 0.0 else 0):
        score, curve = 0.0, 0.0
        for i in range(first, last + 1):
            if not math.isnan(y[i]):
                mean = mu[i] * math.exp(kappa)
                score += (y[i] - mean) / (1.0 + alpha * mean)
                curve += mean * (1.0 + alpha * y[i]) / (1.0 + alpha * mean) ** 2
        step = max(-1.0, min(1.0, score / curve))
        kappa = max(0.0, kappa + step)
        if abs(step) < NEWTON_CLOSE or kappa <= 0.0:
            break
    found = 0.0
    for i in range(first, last + 1):
        if not math.isnan(y[i]):
            found += likelihood(y[i], mu[i], kappa, alpha)
    return max(0.0, found)


@compiled
def generalised(y: Floats, mu: Floats, alpha: float, limit: float, window: int, least: int) -> Floats:
    """The generalised likelihood ratio along one series, beginning anew after each time that it reached the limit.

    Höhle & Paul 2008, section 3, https://doi.org/10.1016/j.csda.2008.02.015: the rise may have begun at any of the last
    ``window`` + 1 periods (below 0: at any), except the last ``least`` − 1.
    """
    found = np.empty(y.size)
    start = 0
    for i in range(y.size):
        if math.isnan(y[i]):
            found[i] = math.nan
            continue
        from_here = start if window < 0 else max(start, i - window)
        highest = 0.0
        for begun in range(from_here, i - least + 2):
            highest = max(highest, largest(y, mu, begun, i, alpha))
        found[i] = highest
        if highest >= limit:
            start = i + 1
    return found
