"""A negative-binomial regression of weekly counts: a level that drifts, a season and a trend, and its predictions.

The logarithm of the mean is a level, constant in blocks of weeks and wandering from block to block, plus the columns of
a design. All coefficients have Gaussian priors; for each of a grid of drifts and overdispersions the mode is found by
Newton's method and the evidence by Laplace's, and predictions are averaged over the grid by its evidence (Rue, Martino
and Chopin 2009, doi:10.1111/j.1467-9868.2008.00700.x). So the doubt about every parameter is in the prediction, and
nothing is simulated.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln

from app.statistics.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

DRIFTS = np.array([0.002, 0.007, 0.015, 0.03, 0.06, 0.12])
"""Of the level: standard deviations of its logarithm in a week, times the square root of the weeks between."""

DISPERSIONS = np.array([1e-4, 1e-3, 0.005, 0.02, 0.06, 0.15, 0.35, 0.7])
"""The variance is mean + dispersion · mean²."""

DRIFT_RATE, DISPERSION_RATE = 40.0, 5.0
"""Exponential priors that draw to no drift and no overdispersion; a drift above 0.06 has one chance in eleven."""

LEVEL_DEVIATION = 2.0
ROUNDS, CLOSE, LONGEST_STEP = 40, 1e-8, 1.5
NODES, NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
NODE_WEIGHTS = NODE_WEIGHTS / NODE_WEIGHTS.sum()
NEGLIGIBLE = 1e-3
LATTICE = 4096


@dataclass(frozen=True)
class Design:
    """What the mean is made of, for the weeks that are told of and for those ahead.

    ``block[weeks]``: the number of each week's block of the level, 0 for the oldest; ``apart[blocks - 1]``: weeks
    between the middles of neighbours; ``columns[weeks, q]`` and ``ahead[steps, q]``: the rest, with the prior standard
    ``deviations[q]`` of their coefficients; ``beyond[steps]``: weeks from the middle of the last block.
    """

    block: Ints
    apart: Floats
    columns: Floats
    deviations: Floats
    ahead: Floats
    beyond: Floats

    def precision(self, drift: float) -> Floats:
        """The prior precision of levels and coefficients."""
        blocks = len(self.apart) + 1
        steps = np.diff(np.eye(blocks), axis=0)
        found = np.zeros((blocks + len(self.deviations),) * 2)
        found[:blocks, :blocks] = steps.T @ (steps / (drift**2 * self.apart[:, None]))
        found[0, 0] += LEVEL_DEVIATION**-2
        found[range(blocks, len(found)), range(blocks, len(found))] = self.deviations**-2.0
        return found


@dataclass(frozen=True)
class Fits:
    """Of each series and each pair of drift and dispersion: its weight, and mean and variance of the log mean ahead.

    ``weight[series, pairs]`` sums to one; ``mean`` and ``variance`` are series x pairs x steps; ``dispersion[pairs]``.
    """

    weight: Floats
    mean: Floats
    variance: Floats
    dispersion: Floats


def fit(counts: Floats, told: Floats, design: Design) -> Fits:
    """Fit each row of ``counts`` (series x weeks); ``told`` is 1 where a count is known and 0 where it is not."""
    drifts, dispersions = (part.ravel() for part in np.meshgrid(DRIFTS, DISPERSIONS, indexing="ij"))
    precisions = np.stack([design.precision(drift) for drift in DRIFTS])
    log_scale = np.linalg.slogdet(precisions)[1] / 2
    counts = np.where(told > 0, counts, 0.0)
    offset = np.log((counts.sum(axis=1) + 0.5) / np.maximum(told.sum(axis=1), 1.0))
    shapes = 1.0 / DISPERSIONS
    constant = np.stack(
        [((gammaln(counts + r) - gammaln(r) - gammaln(counts + 1)) * told).sum(axis=1) for r in shapes],
        axis=1,
    )
    evidence, mean, variance = _fit(
        counts,
        told,
        offset,
        constant,
        design.block,
        design.columns,
        design.ahead,
        precisions,
        log_scale,
        DISPERSIONS,
    )
    # The level goes on wandering after the last block.
    variance = variance + drifts[:, None] ** 2 * design.beyond
    evidence = evidence - DRIFT_RATE * drifts + np.log(drifts)
    evidence = evidence - DISPERSION_RATE * dispersions + np.log(dispersions + 0.02)
    weight = np.exp(evidence - evidence.max(axis=1, keepdims=True))
    return Fits(weight / weight.sum(axis=1, keepdims=True), mean, variance, dispersions)


@compiled
def _fit(
    counts: Floats,
    told: Floats,
    offset: Floats,
    constant: Floats,
    block: Ints,
    columns: Floats,
    ahead: Floats,
    precisions: Floats,
    log_scale: Floats,
    dispersions: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Evidence (series x pairs), and mean and variance ahead (series x pairs x steps), without the drift ahead."""
    series, size, steps = len(counts), precisions.shape[1], len(ahead)
    pairs = len(precisions) * len(dispersions)
    evidence = np.zeros((series, pairs))
    mean, variance = np.zeros((series, pairs, steps)), np.zeros((series, pairs, steps))
    curve, towards = np.zeros((size, size)), np.zeros(size)
    towards[size - columns.shape[1] - 1] = 1.0
    for row in range(series):
        known = told[row] > 0
        data = (counts[row][known], block[known], columns[known])
        start = np.zeros(size)
        for drift in range(len(precisions)):
            prior = precisions[drift]
            beta = start.copy()
            for number in range(len(dispersions)):
                likelihood = _settle(data, offset[row], dispersions[number], prior, beta, curve)
                if number == 0:
                    start[:] = beta
                at = drift * len(dispersions) + number
                half_log_determinant = np.log(np.diag(np.linalg.cholesky(curve))).sum()
                penalty = np.dot(beta, np.dot(prior, beta)) / 2
                evidence[row, at] = (
                    constant[row, number] + likelihood - penalty + log_scale[drift] - half_log_determinant
                )
                for step in range(steps):
                    towards[size - columns.shape[1] :] = ahead[step]
                    mean[row, at, step] = offset[row] + np.dot(towards, beta)
                    variance[row, at, step] = np.dot(towards, np.linalg.solve(curve, towards))
    return evidence, mean, variance


@compiled
def _settle(
    data: tuple[Floats, Ints, Floats],
    offset: float,
    dispersion: float,
    prior: Floats,
    beta: Floats,
    curve: Floats,
) -> float:
    """Move ``beta`` to the mode, leave the curvature there in ``curve``, and give the log likelihood there."""
    slope = np.zeros(len(beta))
    likelihood = 0.0
    for _ in range(ROUNDS):
        curve[:] = prior
        slope[:] = -np.dot(prior, beta)
        likelihood = _add_data(data, offset, dispersion, beta, slope, curve)
        step = np.linalg.solve(curve, slope)
        longest = np.abs(step).max()
        if longest < CLOSE:
            break
        beta += step * min(1.0, LONGEST_STEP / longest)
    return likelihood


@compiled
def _add_data(
    data: tuple[Floats, Ints, Floats],
    offset: float,
    dispersion: float,
    beta: Floats,
    slope: Floats,
    curve: Floats,
) -> float:
    """Add what the counts say to gradient and curvature; a level is touched by its own weeks only."""
    counts, block, columns = data
    rest = columns.shape[1]
    blocks = len(beta) - rest
    likelihood = 0.0
    for week in range(len(counts)):
        level, count, values = block[week], counts[week], columns[week]
        eta = offset + beta[level]
        for one in range(rest):
            eta += values[one] * beta[blocks + one]
        mu = math.exp(min(max(eta, -30.0), 30.0))
        scale = 1.0 + dispersion * mu
        likelihood += count * math.log(dispersion * mu / scale) - math.log(scale) / dispersion
        pull = (count - mu) / scale
        bend = mu * (1.0 + dispersion * count) / scale**2
        slope[level] += pull
        curve[level, level] += bend
        for one in range(rest):
            slope[blocks + one] += pull * values[one]
            curve[level, blocks + one] += bend * values[one]
            for other in range(one + 1):
                curve[blocks + one, blocks + other] += bend * values[one] * values[other]
    for one in range(blocks, len(beta)):
        for level in range(blocks):
            curve[one, level] = curve[level, one]
        for other in range(blocks, one):
            curve[other, one] = curve[one, other]
    return likelihood


@dataclass(frozen=True)
class Predicted:
    """The distribution of a count: ``pmf[steps, n]`` is the chance of each multiple of ``width``; ``mean[steps]``."""

    pmf: Floats
    width: int
    mean: Floats


def predict(fits: Fits, series: int) -> Predicted:
    """The distributions of one series' counts ahead: negative binomials over all that the mean may be.

    Large counts are told in steps of some, so that no more than `LATTICE` chances are worked out.
    """
    used = fits.weight[series] > NEGLIGIBLE
    weight = fits.weight[series, used] / fits.weight[series, used].sum()
    dispersion = fits.dispersion[used]
    deviation = np.sqrt(fits.variance[series, used])
    log_mean = np.minimum(fits.mean[series, used][..., None] + deviation[..., None] * NODES, 25.0)
    means = np.exp(log_mean)
    top = means[..., -2] + 8 * np.sqrt(means[..., -2] + dispersion[:, None] * means[..., -2] ** 2)
    width = max(1, math.ceil((float(top.max()) + 20) / LATTICE))
    count = np.arange(0.0, float(top.max()) + 20, width)
    pmf = _mixture(means, weight, dispersion, NODE_WEIGHTS, _log_table(count, dispersion), count)
    mean = (weight[:, None] * (means * NODE_WEIGHTS).sum(axis=-1)).sum(axis=0)
    return Predicted(pmf / pmf.sum(axis=1, keepdims=True), width, mean)


def _log_table(count: Floats, dispersion: Floats) -> Floats:
    shape = 1.0 / dispersion[:, None]
    found: Floats = gammaln(count + shape) - gammaln(shape) - gammaln(count + 1)
    return found


@compiled
def _mixture(
    means: Floats, weight: Floats, dispersion: Floats, node_weight: Floats, table: Floats, count: Floats
) -> Floats:
    pairs, steps, nodes = means.shape
    pmf = np.zeros((steps, len(count)))
    for pair in range(pairs):
        for step in range(steps):
            for node in range(nodes):
                mean = means[pair, step, node]
                share = weight[pair] * node_weight[node]
                scale = 1.0 + dispersion[pair] * mean
                nothing = -math.log(scale) / dispersion[pair]
                each = math.log(dispersion[pair] * mean / scale)
                for place in range(len(count)):
                    pmf[step, place] += share * math.exp(table[pair, place] + nothing + count[place] * each)
    return pmf
