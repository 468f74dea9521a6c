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

from app.statistics.compiled import compiled

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
        for _ in range(STEPS):
            tried = _at(rows, scaled, beta + step)
            if np.isfinite(tried[0]) and tried[0] >= value - 1e-11 * abs(value):
                break
            step = step / 2
        beta = beta + step
        value, score, information = tried
        if float(np.abs(step).max()) < SMALL:
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
        value, score, information = _pass(
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


@compiled
def _pass(  # pragma: no cover
    x: Floats,
    eta: Floats,
    entry: Floats,
    leave: Floats,
    event: Bools,
    by_leave: Ints,
    by_entry: Ints,
    bounds: Ints,
    efron: bool,
) -> tuple[float, Floats, Floats]:
    width = x.shape[1]
    risk = np.exp(eta)
    value = 0.0
    score, information = np.zeros(width), np.zeros((width, width))
    s1, d1, mean = np.zeros(width), np.zeros(width), np.zeros(width)
    s2, d2 = np.zeros((width, width)), np.zeros((width, width))
    for stratum in range(len(bounds) - 1):
        out, come, end = bounds[stratum], bounds[stratum], bounds[stratum + 1]
        s0 = 0.0
        s1[:] = 0.0
        s2[:] = 0.0
        while out < end:
            now = leave[by_leave[out]]
            deaths, d0 = 0, 0.0
            d1[:] = 0.0
            d2[:] = 0.0
            while out < end and leave[by_leave[out]] == now:
                row = by_leave[out]
                weight = risk[row]
                s0 += weight
                for a in range(width):
                    s1[a] += weight * x[row, a]
                    for b in range(a + 1):
                        s2[a, b] += weight * x[row, a] * x[row, b]
                if event[row]:
                    deaths += 1
                    d0 += weight
                    value += eta[row]
                    for a in range(width):
                        score[a] += x[row, a]
                        d1[a] += weight * x[row, a]
                        for b in range(a + 1):
                            d2[a, b] += weight * x[row, a] * x[row, b]
                out += 1
            while come < end and entry[by_entry[come]] >= now:
                row = by_entry[come]
                weight = risk[row]
                s0 -= weight
                for a in range(width):
                    s1[a] -= weight * x[row, a]
                    for b in range(a + 1):
                        s2[a, b] -= weight * x[row, a] * x[row, b]
                come += 1
            for number in range(deaths):
                part = number / deaths if efron else 0.0
                below = s0 - part * d0
                value -= np.log(below)
                for a in range(width):
                    mean[a] = (s1[a] - part * d1[a]) / below
                    score[a] -= mean[a]
                    for b in range(a + 1):
                        information[a, b] += (s2[a, b] - part * d2[a, b]) / below - mean[a] * mean[b]
    for a in range(width):
        for b in range(a):
            information[b, a] = information[a, b]
    return value, score, information


def _scores(rows: _Rows, x: Floats, beta: Floats) -> Floats:
    """Each row's share of the slope, rows × covariates: their sum is nothing at the best fit."""
    eta = x @ beta
    risk = np.exp(eta - float(eta.max()))
    return _residuals(
        x, risk, rows.entry, rows.leave, rows.event, rows.by_leave, rows.by_entry, rows.bounds, rows.efron
    )


@compiled
def _residuals(  # pragma: no cover
    x: Floats,
    risk: Floats,
    entry: Floats,
    leave: Floats,
    event: Bools,
    by_leave: Ints,
    by_entry: Ints,
    bounds: Ints,
    efron: bool,
) -> Floats:
    rows, width = x.shape
    found = np.zeros((rows, width))
    s1, d1, mean, own = np.zeros(width), np.zeros(width), np.zeros(width), np.zeros(width)
    for stratum in range(len(bounds) - 1):
        first, end = bounds[stratum], bounds[stratum + 1]
        out, come, times = first, first, 0
        s0 = 0.0
        s1[:] = 0.0
        when = np.empty(end - first)
        hazard = np.zeros(end - first)  # of each time, and below with the covariates' mean
        weighted = np.zeros((end - first, width))
        while out < end:
            now, begun = leave[by_leave[out]], out
            deaths, d0 = 0, 0.0
            d1[:] = 0.0
            while out < end and leave[by_leave[out]] == now:
                row = by_leave[out]
                s0 += risk[row]
                s1 += risk[row] * x[row]
                if event[row]:
                    deaths += 1
                    d0 += risk[row]
                    d1 += risk[row] * x[row]
                out += 1
            while come < end and entry[by_entry[come]] >= now:
                row = by_entry[come]
                s0 -= risk[row]
                s1 -= risk[row] * x[row]
                come += 1
            if deaths == 0:
                continue
            kept = 0.0  # who has the event is at risk of that of the others only in part (Efron)
            own[:] = 0.0
            mean[:] = 0.0
            for number in range(deaths):
                part = number / deaths if efron else 0.0
                below = s0 - part * d0
                bar = (s1 - part * d1) / below
                hazard[times] += 1 / below
                weighted[times] += bar / below
                kept += part / below
                own += part * bar / below
                mean += bar / deaths
            when[times] = now
            times += 1
            for place in range(begun, out):
                row = by_leave[place]
                if event[row]:
                    found[row] += x[row] - mean + risk[row] * (x[row] * kept - own)
        if times == 0:
            continue
        rising = when[:times][::-1].copy()
        sums = np.zeros(times + 1)
        sums_weighted = np.zeros((times + 1, width))
        for number in range(times):
            sums[number + 1] = sums[number] + hazard[times - 1 - number]
            sums_weighted[number + 1] = sums_weighted[number] + weighted[times - 1 - number]
        for place in range(first, end):
            row = by_leave[place]
            low = np.searchsorted(rising, entry[row], side="right")
            high = np.searchsorted(rising, leave[row], side="right")
            found[row] -= risk[row] * (
                x[row] * (sums[high] - sums[low]) - (sums_weighted[high] - sums_weighted[low])
            )
    return found
