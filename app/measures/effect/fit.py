"""Areas by periods: a log-linear model of counts with an effect per area, one per period, and that of the treatment.

log mean = area + period + beta · treated-and-after, variance = mean + kappa · mean². Fitted by iteratively reweighted
least squares; the effects of the longer side are eliminated, so a step costs the cube of the shorter one only. kappa is
the one at which Pearson's sum equals its degrees of freedom (Breslow 1984, https://doi.org/10.2307/2347661): with an
effect per area and period the likelihood's own would be too small.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

Floats = npt.NDArray[np.float64]

STEPS = 60
ROUNDS = 25
CLOSE = 1e-10
LARGEST_KAPPA = 1e3


class Fit(NamedTuple):
    """A fitted model of counts (areas, periods)."""

    beta: float  # log ratio
    variance: float  # of beta, if the model is right
    mean: Floats  # (areas, periods)
    spread: Floats  # variance of a count, (areas, periods)
    kappa: float
    score: Floats  # what each area adds to the score of beta, (areas,)
    information: float  # of beta, after areas and periods


def fit_two_way(counts: Floats, on: Floats) -> Fit | None:
    """Fit; None when it does not come to rest.

    Args:
        counts: Reports (areas, periods); no area and no period is empty.
        on: 1 where and when it was done, else 0, of the same shape.
    """
    areas, periods = counts.shape
    free = counts.size - areas - periods
    kappa = 0.0
    beta, mean = 0.0, np.outer(counts.sum(1), counts.sum(0)) / counts.sum()
    for _ in range(ROUNDS):
        solved = _means(counts, on, kappa, beta, mean)
        if solved is None:
            return None
        beta, mean, information, partial = solved
        before, kappa = kappa, _kappa(counts, mean, free)
        if abs(kappa - before) <= 1e-7 * (1e-3 + kappa):
            break
    weight = mean / (1 + kappa * mean)
    score = (partial * weight * (counts - mean) / mean).sum(1)
    return Fit(beta, 1 / information, mean, mean + kappa * mean**2, kappa, score, information)


def _kappa(counts: Floats, mean: Floats, free: int) -> float:
    if free <= 0:
        return 0.0
    squares = (counts - mean) ** 2

    def excess(kappa: float) -> float:
        return float((squares / (mean + kappa * mean**2)).sum()) - free

    if excess(0.0) <= 0:
        return 0.0
    return (
        LARGEST_KAPPA if excess(LARGEST_KAPPA) > 0 else float(brentq(excess, 0.0, LARGEST_KAPPA, xtol=1e-12))
    )


def _means(
    counts: Floats, on: Floats, kappa: float, beta: float, mean: Floats
) -> tuple[float, Floats, float, Floats] | None:
    """beta, the means, beta's information, and the treatment net of areas and periods, for one kappa."""
    turned = counts.shape[0] > counts.shape[1]
    n, d, mu = (part.T if turned else part for part in (counts, on, mean))
    deviance = np.inf
    for _ in range(STEPS):
        weight = mu / (1 + kappa * mu)
        rows, columns, beta, information, partial = _solve(weight, d, np.log(mu) + (n - mu) / mu)
        eta = rows[:, None] + columns[None, :] + beta * d
        mu = np.exp(np.clip(eta, -30, 30))
        last, deviance = deviance, _deviance(n, mu, kappa)
        if not np.isfinite(deviance) or not information > 0:
            return None
        if abs(deviance - last) <= CLOSE * (abs(deviance) + 1):
            return (
                beta,
                np.ascontiguousarray(mu.T if turned else mu),
                information,
                np.ascontiguousarray(partial.T if turned else partial),
            )
    return None


def _deviance(counts: Floats, mean: Floats, kappa: float) -> float:
    """Up to a constant, minus twice the log-likelihood at that kappa."""
    if kappa == 0:
        return float(2 * (mean - counts * np.log(mean)).sum())
    spread = np.log1p(kappa * mean)
    return float(2 * ((counts + 1 / kappa) * spread - counts * np.log(mean)).sum())


def _solve(weight: Floats, on: Floats, working: Floats) -> tuple[Floats, Floats, float, float, Floats]:
    """One weighted least squares: row and column effects, beta, its information, and ``on`` net of both effects."""
    of_column = weight.sum(0)
    shared = weight / of_column
    # The first row's effect is 0: rows and columns share a constant.
    matrix = (np.diag(weight.sum(1)) - shared @ weight.T)[1:, 1:]

    def effects(target: Floats) -> tuple[Floats, Floats]:
        right = (weight * target).sum(1) - shared @ (weight * target).sum(0)
        rows = np.zeros(len(weight))
        rows[1:] = np.linalg.lstsq(matrix, right[1:], rcond=None)[0]
        return rows, ((weight * target).sum(0) - weight.T @ rows) / of_column

    of_on = effects(on)
    partial = on - of_on[0][:, None] - of_on[1][None, :]
    information = float((weight * partial * partial).sum())
    beta = float((weight * partial * working).sum() / information) if information > 0 else 0.0
    rows, columns = effects(working - beta * on)
    return rows, columns, beta, information, partial
