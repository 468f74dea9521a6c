"""The parallel-trend picture: how treated and control areas stood to each other before, and after.

Neighbouring periods are put together until each point can carry a figure. A test that finds nothing does not show that
the trends were parallel: with few counts it finds little (Roth 2022, https://doi.org/10.1257/aeri.20210236).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import stats

from app.measures.effect.fit import Fit
from app.measures.effect.panel import Panel

Floats = npt.NDArray[np.float64]

EXPECTED = 10.0  # reports that each point needs in each group, so that its interval is of use
LEAST_POINTS = 3


class Trend(NamedTuple):
    """Points in the order of time; log ratios of treated to control against all of the time before."""

    period: list[str]  # the first of each point
    after: list[bool]
    value: Floats
    error: Floats
    joint_p: float | None  # that the points before are all the same
    slope_p: float | None  # that they do not drift
    drift: tuple[float, float, float] | None  # log, over all of the time before: value, low, high


def look_back(panel: Panel, fit: Fit, points: int, level: float) -> Trend:
    """The points and the two tests; None in place of a test for which there are too few points."""
    first_after = int(np.argmax(panel.after))
    before = [
        column for column in range(len(panel.periods)) if not panel.after[column] and column < first_after
    ]
    after = [column for column in range(len(panel.periods)) if panel.after[column]]
    least = min(fit.mean[np.ix_(group, ~panel.after)].sum() for group in (panel.treated, ~panel.treated))
    many = int(min(points, len(before), least // EXPECTED))
    if many < 2:
        return Trend([], [], np.zeros(0), np.zeros(0), None, None, None)
    size = math.ceil(len(before) / many)
    # Counted back from the start, so that only the first point may be shorter than the others.
    starts = [*range(len(before) % size or size, len(before), size)]
    blocks = [list(map(int, part)) for part in np.split(np.asarray(before), starts)]
    later = [after[at : at + size] for at in range(0, len(after), size)]
    value, error = np.empty(len(blocks) + len(later)), np.empty(len(blocks) + len(later))
    for number, columns in enumerate(blocks + later):
        value[number], error[number] = _apart(panel, fit, columns)
    value[len(blocks) :] += fit.beta
    middle = np.asarray([np.mean(columns) for columns in blocks])
    value -= np.average(value[: len(blocks)], weights=error[: len(blocks)] ** -2)
    joint, slope, drift = None, None, None
    if len(blocks) >= LEAST_POINTS:
        joint, slope, drift = _tests(value[: len(blocks)], error[: len(blocks)], middle, len(before), level)
    named = [panel.periods[columns[0]] for columns in blocks + later]
    return Trend(named, [False] * len(blocks) + [True] * len(later), value, error, joint, slope, drift)


def _apart(panel: Panel, fit: Fit, columns: list[int]) -> tuple[float, float]:
    """The log ratio of treated to control in some periods against the fit's, and its standard error."""
    value, variance = 0.0, 0.0
    for sign, group in ((1, panel.treated), (-1, ~panel.treated)):
        cells = np.ix_(np.flatnonzero(group), np.asarray(columns))
        expected = float(fit.mean[cells].sum())
        # Half a report is added to both, so that none is not endlessly far from some.
        value += sign * math.log((float(panel.counts[cells].sum()) + 0.5) / (expected + 0.5))
        variance += float(fit.spread[cells].sum()) / expected**2
    return value, math.sqrt(variance)


def _tests(
    value: Floats, error: Floats, middle: Floats, length: int, level: float
) -> tuple[float, float, tuple[float, float, float]]:
    weight = error**-2
    centre = np.average(value, weights=weight)
    joint = float(stats.chi2.sf((weight * (value - centre) ** 2).sum(), len(value) - 1))
    time = middle - np.average(middle, weights=weight)
    information = float((weight * time**2).sum())
    slope = float((weight * time * value).sum()) / information
    of_slope = information**-0.5
    half = float(stats.norm.ppf((1 + level) / 2)) * of_slope
    drift = (length * slope, length * (slope - half), length * (slope + half))
    return joint, float(2 * stats.norm.sf(abs(slope) / of_slope)), drift
