"""What is known of each series' past: how often it usually is, how far back it reaches, what it lets expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from app.measures.deviation.baseline import baseline
from app.measures.deviation.farrington import critical_t
from app.measures.deviation.kernel import expect

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]
    Integers = npt.NDArray[np.int64]

YEAR = 365.25 / 7  # weeks; so the same time of earlier years is found across years of 53 weeks too
LEAST_YEARS = 3  # with fewer a trend and a season cannot be told apart, and EARS judges
REWEIGHT_ABOVE = 2.58


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
