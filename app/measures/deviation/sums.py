"""Cumulative sums, compiled: a slow rise adds up where no single period stands out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.statistics.compiled import compiled

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]


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
def likelihood(cases: float, periods: float, m: float, kappa: float, alpha: float) -> float:
    """Logarithm of how much likelier those cases in all are at mean m·exp(kappa) a period than at m.

    The variance is m + alpha·m²; at 0 it is Poisson.
    """
    raised = m * math.exp(kappa)
    if alpha <= 0.0:
        return cases * kappa - periods * (raised - m)
    return cases * kappa - (cases + periods / alpha) * math.log((1.0 + alpha * raised) / (1.0 + alpha * m))


@compiled
def largest(cases: float, periods: float, m: float, alpha: float) -> float:
    """The same at the likeliest rise, kappa ≥ 0: with one mean for all periods that is log(cases / (periods · m))."""
    if cases <= periods * m:
        return 0.0
    return max(0.0, likelihood(cases, periods, m, math.log(cases / (periods * m)), alpha))


@compiled
def generalised(y: Floats, m: float, alpha: float, limit: float, window: int, least: int) -> Floats:
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
        highest, cases, periods = 0.0, 0.0, 0.0
        for begun in range(i, (start if window < 0 else max(start, i - window)) - 1, -1):
            if not math.isnan(y[begun]):
                cases += y[begun]
                periods += 1.0
            if i - begun + 1 >= least:
                highest = max(highest, largest(cases, periods, m, alpha))
        found[i] = highest
        if highest >= limit:
            start = i + 1
    return found
