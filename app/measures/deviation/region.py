"""What the region uses: for each series the method that its age and its volume allow, and a look for slow drift.

Pure arrays, so that a simulation judges thousands of weeks with the very same code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.measures.deviation.drift import drift
from app.measures.deviation.past import (
    LEAST_YEARS,
    MONTH,
    WEEK,
    Period,
    Settings,
    added_up,
    regress,
    usual_mean,
    whole_years,
)
from app.statistics import negative_binomial
from app.statistics.fdr import benjamini_hochberg

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]

EARS_LEAST, EARS_MOST, EARS_GAP = (
    7,
    28,
    2,
)  # periods that a young series is compared with, and left out before it

# A week, four weeks and slow drift share the probability of an error among them, as weights of p-values do: Genovese,
# Roeder & Wasserman 2006, https://doi.org/10.1093/biomet/93.3.509. Chosen by the simulation that method.md tells of.
WEIGHTS = {"week": 0.5, "month": 0.4, "drift": 0.1}


@dataclass(frozen=True)
class Tested:
    """The last period of each series against what is normal there; NaN where nothing can be told."""

    observed: Floats
    expected: Floats
    low: Floats  # of 95 % of such periods
    high: Floats
    bound: Floats
    p: Floats
    p_low: Floats
    method: list[str]  # farrington, ears or none


@dataclass(frozen=True)
class Judged:
    """What is known of each series."""

    usual: Floats  # cases a week, as it usually is
    week: Tested
    month: Tested
    p_drift: Floats
    p: Floats  # of all three together, NaN where there is none
    source: list[str]  # which of them is the least likely: week, month or drift


def judge(counts: Floats, settings: Settings, rng: np.random.Generator) -> Judged:
    """Judge the last week of each series, its last four weeks, and its last half year for slow drift.

    Args:
        counts: One row per series, one column per week; NaN before a series begins and where a count is not known.
        settings: Years and shares.
        rng: For the sums of chance that drift is held against.
    """
    usual = usual_mean(counts, settings)
    week = _tested(counts, WEEK, usual >= settings.least_mean, settings)
    monthly = (usual * MONTH.weeks >= settings.least_mean) & settings.whole
    month = _tested(counts, MONTH, monthly, settings)
    p_drift = drift(counts, settings, rng) if settings.whole else np.full(usual.shape, np.nan)
    parts = {"week": week.p, "month": month.p, "drift": p_drift}
    known = {name: ~np.isnan(part) for name, part in parts.items()}
    weight = sum(WEIGHTS[name] * known[name] for name in parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        weighed = np.array(
            [np.where(known[name], parts[name] * weight / WEIGHTS[name], np.inf) for name in parts]
        )
    least = weighed.min(axis=0)
    return Judged(
        usual=usual,
        week=week,
        month=month,
        p_drift=p_drift,
        p=np.where(np.isfinite(least), np.minimum(1.0, least), np.nan),
        source=[tuple(parts)[which] for which in weighed.argmin(axis=0)],
    )


def weighed(judged: Judged, alpha: float) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """P adjusted for all series, and whether what is least likely of each also exceeds its own bound.

    Raised is what exceeds its bound with an adjusted p of at most the share of false ones that is put up with.
    """
    over = {
        "week": judged.week.observed > judged.week.bound,
        "month": judged.month.observed > judged.month.bound,
        "drift": judged.p_drift <= alpha,
    }
    exceeds = [over[source][row] for row, source in enumerate(judged.source)]
    return benjamini_hochberg(judged.p), np.array(exceeds, dtype=bool)


def _tested(counts: Floats, period: Period, enough: npt.NDArray[np.bool_], settings: Settings) -> Tested:
    added = added_up(counts, period.weeks)
    series = counts.shape[0]
    expected, phi = np.full(series, np.nan), np.full(series, np.nan)
    method = np.full(series, "none", dtype="<U10")
    observed = added[:, -1].copy() if added.shape[1] else np.full(series, np.nan)
    years = whole_years(added, period, settings.years)
    for back in range(LEAST_YEARS, settings.years + 1):
        old = np.flatnonzero(enough & (years == back))
        if old.size:
            expected[old], phi[old] = _same_time(added[old], period, back)
            method[old] = "farrington"
    young = np.flatnonzero(enough & (years < LEAST_YEARS))
    if young.size:
        expected[young], phi[young] = _just_before(added[young])
        method[young] = "ears"
    untold = np.isnan(expected) | np.isnan(observed)
    method[untold] = "none"
    expected[untold] = np.nan
    return Tested(
        observed=observed,
        expected=expected,
        low=negative_binomial.quantile(0.025, expected, phi),
        high=negative_binomial.quantile(0.975, expected, phi),
        bound=negative_binomial.quantile(1.0 - settings.alpha, expected, phi),
        p=negative_binomial.upper_tail(observed, expected, phi),
        p_low=negative_binomial.cdf(observed, expected, phi),
        method=method.tolist(),
    )


def _same_time(added: Floats, period: Period, years: int) -> tuple[Floats, Floats]:
    """Expected count of the last period and its dispersion, from the same time of earlier years."""
    last = added.shape[1] - 1
    mean, _, phi = regress(added, period, years, np.array([last]), last - period.left_out - 1)
    return mean[:, 0], phi[:, 0]


def _just_before(added: Floats) -> tuple[Floats, Floats]:
    """Expected count of the last period and its dispersion, from those before it with a gap of two, as EARS C2.

    The dispersion also holds what so few periods do not know: of the mean (1 + 1/n) and of the dispersion itself, by
    the variance of Student's t, (n − 1) / (n − 3).
    """
    window = added[
        :, max(0, added.shape[1] - 1 - EARS_GAP - EARS_MOST) : max(0, added.shape[1] - 1 - EARS_GAP)
    ]
    n = (~np.isnan(window)).sum(axis=1)
    enough = n >= EARS_LEAST
    size = np.where(enough, n, EARS_LEAST)
    mean = np.nansum(window, axis=1) / size
    square = np.nansum((window - mean[:, np.newaxis]) ** 2, axis=1) / (size - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        phi = np.where(mean > 0, np.maximum(1.0, square / mean), 1.0)
    phi *= (1 + 1 / size) * (size - 1) / (size - 3)
    return np.where(enough, mean, np.nan), np.where(enough, phi, np.nan)
