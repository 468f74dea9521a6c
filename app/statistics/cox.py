"""Proportional hazards for events that come again: counting process, strata, ties, and errors that hold in clusters.

Cox 1972 (10.1111/j.2517-6161.1972.tb00899.x); the counting process of Andersen and Gill 1982 (10.1214/aos/1176345976);
strata by the number of the event as Prentice, Williams and Peterson 1981 (10.1093/biomet/68.2.373); ties as Efron 1977
(10.1080/01621459.1977.10480613) or Breslow 1974 (10.2307/2529620); the sandwich of Lin and Wei 1989
(10.1080/01621459.1989.10478874), with score residuals summed over each cluster.

One pass over the rows, from the last time to the first, adds who leaves and takes away who had not come yet; so the
work grows with rows × covariates², not with rows².
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from app.statistics.cox_loops import own_events, slope_and_curvature

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Ties = Literal["efron", "breslow"]
Trouble = Literal["collinear", "separated"]

STEPS = 60
SMALL = 1e-9  # of a step, in standard deviations of the covariate: then it has come to rest
LEAST_PIVOT = 1e-9  # of what a covariate tells beyond those before it: less is nothing


@dataclass(frozen=True)
class Fit:
    """A fit. ``trouble`` with ``column``: there is no answer, and the covariate for which there is none."""

    coef: Floats
    variance: Floats
    loglik: tuple[float, float]
    scores: Floats
    trouble: Trouble | None = None
    column: int | None = None

    def clustered(self, cluster: Ints) -> Floats:
        """The variance that holds when the rows of a cluster (0, 1, …) go together."""
        summed = np.zeros((int(cluster.max()) + 1, self.scores.shape[1]))
        np.add.at(summed, cluster, self.scores)
        influence = summed @ self.variance
        return influence.T @ influence


@dataclass(frozen=True)
class _Rows:
    """The rows by stratum, and each stratum's from its last time to its first: by leaving and by coming."""

    entry: Floats
    leave: Floats
    event: Bools
    by_leave: Ints
    by_entry: Ints
    bounds: Ints
    efron: bool


def fit(entry: Floats, leave: Floats, event: Bools, x: Floats, strata: Ints, ties: Ties = "efron") -> Fit:
    """Fit by Newton's steps, halved where they go too far.

    Args:
        entry: Rows are at risk after this; ``-inf`` where from the beginning. Below ``leave``.
        leave: Up to and with this.
        event: Whether the row ended with the event; one at least.
        x: Rows × covariates, without gaps.
        strata: Each row's stratum, as a number; only rows of the same are compared.
        ties: How events at the same time are counted.
    """
    centre, spread = x.mean(axis=0), x.std(axis=0)
    width = x.shape[1]
    nothing = Fit(np.zeros(width), np.zeros((width, width)), (0.0, 0.0), np.zeros_like(x))
    flat = spread <= 1e-12 * np.maximum(1.0, np.abs(centre))
    if flat.any():
        return _troubled(nothing, "collinear", int(np.flatnonzero(flat)[0]))
    scaled = np.ascontiguousarray((x - centre) / spread)
    bounds = np.concatenate([[0], np.flatnonzero(np.diff(np.sort(strata))) + 1, [len(strata)]])
    rows = _Rows(
        entry,
        leave,
        event,
        np.lexsort((-leave, strata)),
        np.lexsort((-entry, strata)),
        bounds.astype(np.int64),
        ties == "efron",
    )
    beta = np.zeros(width)
    value, score, information = _at(rows, scaled, beta)
    null = value
    dependent = _dependent(information)
    if dependent is not None:
        return _troubled(nothing, "collinear", dependent)
    for _ in range(STEPS):
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            break
        if not np.isfinite(step).all():
            break
        rests = float(np.abs(step).max()) < SMALL  # asked of the whole step, before it is halved
        for _ in range(STEPS):
            tried = _at(rows, scaled, beta + step)
            if np.isfinite(tried[0]) and tried[0] >= value - 1e-11 * abs(value):
                break
            step = step / 2
        beta = beta + step
        value, score, information = tried
        if rests:
            variance = np.linalg.inv(information)
            scores = _scores(rows, scaled, beta)
            return Fit(beta / spread, variance / np.outer(spread, spread), (null, value), scores * spread)
    return _troubled(nothing, "separated", int(np.abs(beta).argmax()))


def _troubled(nothing: Fit, trouble: Trouble, column: int) -> Fit:
    return Fit(nothing.coef, nothing.variance, nothing.loglik, nothing.scores, trouble, column)


def _dependent(information: Floats) -> int | None:
    """The first covariate that tells nothing beyond those before it; None where each tells something."""
    left = information.copy()
    for column in range(len(left)):
        if left[column, column] <= LEAST_PIVOT * max(information[column, column], 1e-300):
            return column
        left -= np.outer(left[:, column], left[column]) / left[column, column]
    return None


def _at(rows: _Rows, x: Floats, beta: Floats) -> tuple[float, Floats, Floats]:
    """The log partial likelihood, its slope and its curvature (with the sign turned) at ``beta``."""
    eta = x @ beta
    top = float(eta.max())
    with np.errstate(over="ignore"):
        value, score, information = slope_and_curvature(
            x,
            eta - top,
            rows.entry,
            rows.leave,
            rows.event,
            rows.by_leave,
            rows.by_entry,
            rows.bounds,
            rows.efron,
        )
    return value, score, information


def _scores(rows: _Rows, x: Floats, beta: Floats) -> Floats:
    """Each row's share of the slope, rows × covariates: their sum is nothing at the best fit."""
    eta = x @ beta
    risk = np.exp(eta - float(eta.max()))
    found = np.zeros_like(x)
    for first, end in zip(rows.bounds[:-1], rows.bounds[1:], strict=True):
        own_events(
            found,
            x,
            risk,
            rows.entry,
            rows.leave,
            rows.event,
            rows.by_leave[first:end],
            rows.by_entry[first:end],
            rows.efron,
        )
    return found
