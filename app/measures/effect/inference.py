"""How sure a ratio is when few areas were treated: four intervals, each with what it assumes.

* model: the negative-binomial model is right, and cells are independent.
* cluster: an area's residuals belong together (Bertrand, Duflo & Mullainathan 2004, 10.1162/003355304772839588), with
  the areas' number corrected for and Student's t; far too narrow when few areas were treated (MacKinnon & Webb 2018,
  10.1111/ectj.12107).
* area_change: each area's change has a part of its own besides chance, of the same spread in treated and others;
  Student's t with areas − 2 degrees of freedom. The before and the after of each area are one figure (Bertrand et al.,
  section 4.3; Donald & Lang 2007, 10.1162/rest.89.2.221), the spread by Paule & Mandel 1982 (10.6028/jres.087.022).
* permutation: what would the estimate be, had other areas been the treated ones? Studentised, as areas are of different
  size (MacKinnon & Webb 2020, 10.1016/j.jeconom.2020.04.024); the interval holds the ratios that it does not refuse.

An area's change is linear in its residuals after the fit: y = beta · treated + (after − its mean)/its mean − (before −
its mean)/its mean, which is defined with zeros, and averages by inverse variance to beta in each group.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.optimize import brentq

from app.measures.effect.fit import Fit
from app.measures.effect.panel import Panel

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


class Interval(NamedTuple):
    """Of the log ratio, with the two-sided p of no effect. Endless where the data cannot bound it."""

    low: float
    high: float
    p: float


class Changes(NamedTuple):
    """Each area's log change against what is expected of it, (areas,)."""

    change: Floats
    variance: Floats  # by chance alone
    between: float  # variance that areas' changes have besides


def changes(panel: Panel, fit: Fit) -> Changes:
    """The areas' changes and how far they differ besides chance."""
    parts = []
    variance = np.zeros(len(panel.areas))
    for columns in (~panel.after, panel.after):
        expected = fit.mean[:, columns].sum(1)
        parts.append((panel.counts[:, columns].sum(1) - expected) / expected)
        variance += fit.spread[:, columns].sum(1) / expected**2
    off = parts[1] - parts[0]
    return Changes(fit.beta * panel.treated + off, variance, _between(off, variance))


def _between(off: Floats, variance: Floats) -> float:
    """The variance besides chance at which the weighted squares equal their degrees of freedom; 0 if they are fewer."""
    free = len(off) - 2

    def excess(between: float) -> float:
        return float((off**2 / (variance + between)).sum()) - free

    if free <= 0 or excess(0.0) <= 0:
        return 0.0
    top = float((off**2).sum()) / free + 1e-12
    return float(brentq(excess, 0.0, top)) if excess(top) < 0 else top


def by_model(fit: Fit, level: float) -> Interval:
    """As if the model were right."""
    return _symmetric(fit.beta, math.sqrt(fit.variance), stats.norm(), level)


def by_cluster(fit: Fit, level: float) -> Interval:
    """By the areas' scores."""
    areas = len(fit.score)
    error = math.sqrt(float((fit.score**2).sum()) * areas / (areas - 1)) / fit.information
    return _symmetric(fit.beta, error, stats.t(areas - 1), level)


def by_area_change(fit: Fit, panel: Panel, found: Changes, level: float) -> Interval:
    """By the spread of the areas' own changes."""
    error = math.sqrt(
        sum(
            float((_shares(found.variance[group]) ** 2 * (found.variance[group] + found.between)).sum())
            for group in (panel.treated, ~panel.treated)
        )
    )
    return _symmetric(fit.beta, error, stats.t(len(panel.areas) - 2), level)


def _shares(variance: Floats) -> Floats:
    inverse = 1 / variance
    shares: Floats = inverse / inverse.sum()
    return shares


def _symmetric(beta: float, error: float, law: stats.rv_continuous, level: float) -> Interval:
    if not error > 0:
        return Interval(beta, beta, 1.0 if beta == 0 else 0.0)
    half = float(law.ppf((1 + level) / 2)) * error
    return Interval(beta - half, beta + half, float(2 * law.sf(abs(beta) / error)))


class Placebo(NamedTuple):
    """Other areas taken as if they had been the treated ones."""

    interval: Interval
    assignments: int  # that there were, the real one among them
    as_far: int  # of the others, those that deviate as far with no effect


def by_permutation(
    panel: Panel, found: Changes, level: float, most: int, rng: np.random.Generator
) -> Placebo:
    """By assigning the treatment to others: all assignments if they are at most ``most``, else that many by chance."""
    chosen = _assignments(panel.treated, most, rng)
    inverse = 1 / found.variance
    noise = inverse**2 * (found.variance + found.between)
    error = np.sqrt(
        _ratio(chosen, noise, inverse, squared=True) + _ratio(~chosen, noise, inverse, squared=True)
    )
    apart = _ratio(chosen, inverse * found.change, inverse) - _ratio(~chosen, inverse * found.change, inverse)
    # How much of an effect an assignment would see: all of it, if it is the real one (the first).
    seen = _ratio(chosen, inverse * panel.treated, inverse) - _ratio(
        ~chosen, inverse * panel.treated, inverse
    )

    def p_of(effect: float) -> float:
        far = np.abs(apart - effect * seen) / error
        return float((far >= far[0] * (1 - 1e-9)).mean())

    beta, step = float(apart[0]), float(error[0])
    alpha = 1 - level
    interval = Interval(_edge(p_of, beta, -step, alpha), _edge(p_of, beta, step, alpha), p_of(0.0))
    far = np.abs(apart) / error
    return Placebo(interval, len(chosen), int((far[1:] >= far[0] * (1 - 1e-9)).sum()))


def _ratio(chosen: Truths, top: Floats, bottom: Floats, *, squared: bool = False) -> Floats:
    below = chosen @ bottom
    found: Floats = (chosen @ top) / (below**2 if squared else below)
    return found


def _assignments(treated: Truths, most: int, rng: np.random.Generator) -> Truths:
    """The real assignment first, then others, (assignments, areas)."""
    areas, many = len(treated), int(treated.sum())
    if math.comb(areas, many) <= most:
        every = np.zeros((math.comb(areas, many), areas), dtype=bool)
        for number, members in enumerate(combinations(range(areas), many)):
            every[number, list(members)] = True
        real = (every == treated).all(1)
        return np.concatenate([every[real], every[~real]])
    drawn = rng.permuted(np.tile(treated, (most - 1, 1)), axis=1)
    return np.concatenate([treated[None, :], drawn])


FURTHEST = 40  # standard errors; an effect that is not refused there is not bounded by these areas
FINENESS = 8  # steps a standard error


def _edge(p_of: Callable[[float], float], beta: float, step: float, alpha: float) -> float:
    """The furthest effect in one direction that is not refused; endless if it reaches `FURTHEST`."""
    tries = beta + step * np.arange(0, FURTHEST * FINENESS + 1) / FINENESS
    kept = np.asarray([p_of(one) > alpha for one in tries])
    last = int(np.flatnonzero(kept)[-1]) if kept.any() else 0
    if last == len(tries) - 1:
        return math.copysign(math.inf, step)
    inside, outside = float(tries[last]), float(tries[last + 1])
    for _ in range(30):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if p_of(middle) > alpha else (inside, middle)
    return outside
