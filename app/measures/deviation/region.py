"""What the region uses: for each series the method that its age and its volume allow, and a look for slow drift.

Pure arrays, so that a simulation judges thousands of weeks with the very same code.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.measures.deviation.baseline import baseline
from app.measures.deviation.farrington import critical_t
from app.measures.deviation.kernel import expect
from app.statistics import negative_binomial
from app.statistics.fdr import benjamini_hochberg

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

YEAR = 365.25 / 7  # weeks; so the same time of earlier years is found across years of 53 weeks too
LEAST_YEARS = 3  # with fewer a trend and a season cannot be told apart, and EARS judges
REWEIGHT_ABOVE = 2.58
EARS_LEAST, EARS_MOST, EARS_GAP = (
    7,
    28,
    2,
)  # periods that a young series is compared with, and left out before it
DRAWS, MORE_DRAWS, MORE_BELOW = 1999, 49_999, 0.01  # a small share is drawn again, to be known well enough

# A week, four weeks and slow drift share the probability of an error among them, as weights of p-values do: Genovese,
# Roeder & Wasserman 2006, https://doi.org/10.1093/biomet/93.3.509. Chosen by the simulation that method.md tells of.
WEIGHTS = {"week": 0.5, "month": 0.4, "drift": 0.1}


@dataclass(frozen=True)
class Period:
    """How counts are added up, and what that makes of the regression's settings."""

    weeks: int
    half_width: int
    levels: int
    left_out: int

    def back(self, year: int) -> int:
        """How many periods ago the same time of that earlier year was."""
        return round(year * YEAR / self.weeks)


WEEK = Period(weeks=1, half_width=3, levels=10, left_out=26)
MONTH = Period(weeks=4, half_width=1, levels=4, left_out=7)


@dataclass(frozen=True)
class Settings:
    """The defaults are those of the region."""

    years: int = 5
    alpha: float = 0.01
    least_mean: float = 2.0  # cases in a period
    whole: bool = True  # whether weeks are whole, so that they can be added up and looked through for drift
    drift_weeks: int = 26
    drift_rise: float = 1.4


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


def usual_mean(counts: Floats, settings: Settings) -> Floats:
    """Cases a week in the years before the last half year; where those are less than half a year, before this week."""
    begin = max(0, counts.shape[1] - round(settings.years * YEAR) - WEEK.left_out)
    past = counts[:, begin : max(0, counts.shape[1] - WEEK.left_out)]
    recent = counts[:, begin:-1]
    long = (~np.isnan(past)).sum(axis=1) >= WEEK.left_out
    known = np.where(long, (~np.isnan(past)).sum(axis=1), (~np.isnan(recent)).sum(axis=1))
    cases = np.where(long, np.nansum(past, axis=1), np.nansum(recent, axis=1))
    return np.where(known > 0, cases / np.maximum(known, 1), np.nan)


def added_up(counts: Floats, weeks: int) -> Floats:
    """Sums of so many weeks that end with the last; what is left over at the beginning is not told."""
    blocks = counts.shape[1] // weeks
    whole = counts[:, counts.shape[1] - blocks * weeks :]
    sums: Floats = whole.reshape(counts.shape[0], blocks, weeks).sum(axis=2)
    return sums


def whole_years(added: Floats, period: Period, most: int) -> Integers:
    """How many years back each series can be compared with, at most ``most``."""
    known = ~np.isnan(added)
    first = np.where(known.any(axis=1), known.argmax(axis=1), added.shape[1])
    found = np.zeros(added.shape[0], dtype=np.int64)
    for year in range(1, most + 1):
        found[added.shape[1] - 1 - first >= period.back(year) + period.half_width] = year
    return found


def _same_time(added: Floats, period: Period, years: int) -> tuple[Floats, Floats]:
    """Expected count of the last period and its dispersion, from the same time of earlier years."""
    last = added.shape[1] - 1
    mean, _, phi = regress(added, period, years, np.array([last]), last - period.left_out - 1)
    return mean[:, 0], phi[:, 0]


def regress(
    added: Floats, period: Period, years: int, at: Integers, last: int
) -> tuple[Floats, Floats, Floats]:
    """Mean, variance of its logarithm and dispersion at the periods ``at``, from those up to ``last``."""
    chosen = [
        baseline(
            [int(one) - period.back(year) for year in range(years, -1, -1)],
            period.half_width,
            period.levels,
            last,
        )
        for one in at
    ]
    longest = max(periods.size for periods, _ in chosen)
    mean, variance, phi, _ = expect(
        added,
        np.zeros_like(added),
        at.astype(np.int64),
        np.cumsum([0, *(periods.size for periods, _ in chosen)]).astype(np.int64),
        np.concatenate([periods for periods, _ in chosen]),
        np.concatenate([levels for _, levels in chosen]),
        period.levels,
        True,
        critical_t(1.0, longest),
        REWEIGHT_ABOVE,
        False,
    )
    return mean, variance, phi


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


def drift(counts: Floats, settings: Settings, rng: np.random.Generator) -> Floats:
    """How seldom chance alone adds up to as slow a rise as the last half year shows; NaN if it cannot be told.

    The likelihood-ratio CUSUM of a rise by ``drift_rise`` (Höhle & Paul 2008,
    https://doi.org/10.1016/j.csda.2008.02.015) against what is expected from the years before that half year, set
    beside as many sums of chance: draws of the negative binomial whose mean is itself only known with its error.
    """
    found = np.full(counts.shape[0], np.nan)
    length = settings.drift_weeks
    if counts.shape[1] <= length:
        return found
    usual = usual_mean(counts, settings)
    enough = usual * MONTH.weeks >= settings.least_mean
    years = whole_years(counts[:, :-length], WEEK, settings.years)
    at = np.arange(counts.shape[1] - length, counts.shape[1])
    for back in range(LEAST_YEARS, settings.years + 1):
        rows = np.flatnonzero(enough & (years == back))
        if rows.size:
            parts = regress(counts[rows], WEEK, back, at, int(at[0]) - 1)
            for row, mean, variance, phi in zip(rows, *parts, strict=True):
                found[row] = _seldom(counts[row, at], mean, variance, phi, settings.drift_rise, rng)
    return found


def _seldom(
    y: Floats, mean: Floats, variance: Floats, phi: Floats, rise: float, rng: np.random.Generator
) -> float:
    known = ~np.isnan(y) & (mean > 0) & np.isfinite(variance)
    if np.count_nonzero(known) < y.size // 2:
        return math.nan
    y, mean, phi = y[known], mean[known], np.maximum(phi[known], 1.0 + 1e-6)
    grown = np.log((1 + (phi - 1) * rise) / phi)
    each, off = math.log(rise) - grown, mean * grown / (phi - 1)
    reached = _last_sum((y * each - off)[np.newaxis, :])[0]
    if reached <= 0:
        return 1.0
    error = math.sqrt(float(variance[known].mean()))
    share = 1.0
    for draws in (DRAWS, MORE_DRAWS):
        means = mean * np.exp(error * rng.standard_normal((draws, 1)) - error**2 / 2)
        drawn = rng.poisson(rng.gamma(means / (phi - 1), phi - 1))
        share = (1 + np.count_nonzero(_last_sum(drawn * each - off) >= reached)) / (1 + draws)
        if share > MORE_BELOW:
            break
    return share


def _last_sum(steps: Floats) -> Floats:
    """Where S = max(0, S + step) ends: at the greatest sum of the last few steps, or of none."""
    backwards = np.cumsum(steps[:, ::-1], axis=1)
    ends: Floats = np.maximum(0.0, backwards.max(axis=1))
    return ends
