"""Whether forecasts hold in simulation, and what they cost: 2,600 of them, unlike each other."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from app.measures.forecast.check import Checked, check
from app.measures.forecast.contract import ForecastParams
from app.measures.forecast.measure import run
from app.measures.forecast.model import design_of
from tests.benchmarks.report import Report
from tests.benchmarks.triangles import demo_triangle

DISTRICTS, WEEKS, STEPS = 26, 261, 4
WINDOW, DAMPING = 261, 0.9

Begin = Callable[[str, str, str], Report]


@dataclass
class Simulated:
    """``counts[districts, weeks + steps]``, and of each district its mean and when its level shifted (-1: never)."""

    counts: np.ndarray
    mean: np.ndarray
    shifted: np.ndarray


def simulated(rng: np.random.Generator, districts: int = DISTRICTS) -> Simulated:
    """Means of 0.5 to 30 a week; none to a strong season; trends; overdispersion; a shift in two of five."""
    week = np.arange(WEEKS + STEPS)
    mean = np.exp(rng.uniform(np.log(0.5), np.log(30.0), districts))
    season = rng.choice([0.0, 0.15, 0.35, 0.5], districts)[:, None]
    phase = rng.uniform(0, 2 * np.pi, districts)[:, None]
    trend = rng.choice([0.0, 0.0, 0.1, -0.1, 0.2], districts)[:, None]
    dispersion = rng.choice([1e-6, 0.03, 0.1, 0.2], districts)[:, None]
    shifted = np.where(rng.random(districts) < 0.4, rng.integers(60, WEEKS - 10, districts), -1)
    height = rng.choice([-0.5, -0.3, 0.3, 0.5], districts)
    year = 365.2425 / 7
    log_mean = (
        np.log(mean)[:, None]
        + season * np.cos(2 * np.pi * week / year + phase)
        + trend * (week - WEEKS / 2) / year
        + np.where((shifted[:, None] >= 0) & (week >= shifted[:, None]), height[:, None], 0.0)
    )
    level = np.exp(log_mean) * rng.gamma(1 / dispersion, dispersion, log_mean.shape)
    return Simulated(rng.poisson(level).astype(float), mean, shifted)


def joined(parts: list[Checked]) -> Checked:
    names = Checked.__dataclass_fields__
    return Checked(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def figures(report: Report, what: str, checked: Checked, chosen: np.ndarray) -> None:
    both = chosen & ~np.isnan(checked.naive_error)
    better = 1 - checked.error[both].mean() / checked.naive_error[both].mean()
    report.figure(
        f"{what} ({chosen.sum():,} weeks): 95 %, 80 %, error less than seasonal naive by",
        f"{percent(checked.in95[chosen].mean())}, {percent(checked.in80[chosen].mean())}, {percent(better)}",
    )


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_forecast(begin: Begin, small: bool) -> None:
    regions = 20 if small else 100
    report = begin(
        "forecast",
        "Forecasts in simulation",
        f"{regions * DISTRICTS:,} forecasts of four weeks: {regions} regions of {DISTRICTS} districts with five years "
        "each, means of 0.5 to 30 a week, with and without season, trend, overdispersion and a shift of the level.",
    )
    rng = np.random.default_rng(2600)
    parts, mean, ago = [], [], []
    for _ in range(regions):
        region = simulated(rng)
        parts.append(check(region.counts, STEPS, [WEEKS], window=WINDOW, damping=DAMPING))
        area = parts[-1].area
        mean.append(region.mean[area])
        ago.append(np.where(region.shifted < 0, 9999, WEEKS - region.shifted)[area])
    checked, means, agos = joined(parts), np.concatenate(mean), np.concatenate(ago)
    inside95, inside80 = checked.in95.mean(), checked.in80.mean()
    report.bound("95 % band holds", percent(inside95), "93-97 %", ok=bool(0.93 <= inside95 <= 0.97))
    report.bound("80 % band holds", percent(inside80), "77-84 %", ok=bool(0.77 <= inside80 <= 0.84))
    better = 1 - checked.error.mean() / checked.naive_error.mean()
    report.bound("error (MAE) less than seasonal naive by", percent(better), "≥ 20 %", ok=bool(better >= 0.2))
    report.figure(
        "weighted interval score less than seasonal naive's by",
        percent(1 - checked.wis.mean() / checked.naive_wis.mean()),
    )
    for name, chosen in (
        ("means below 2", means < 2),
        ("means of 2 to 10", (means >= 2) & (means < 10)),
        ("means of 10 and more", means >= 10),
        ("level never shifted", agos > WEEKS),
        ("level shifted in the last half year", agos <= 26),
        ("first week ahead", checked.step == 1),
        ("fourth week ahead", checked.step == STEPS),
    ):
        figures(report, name, checked, chosen)
    _demo(report)
    _speed(report, small=small)
    report.check()


def _demo(report: Report) -> None:
    """The demo's own weeks, bursts and all, as they were when all was known."""
    first, last = date(2022, 1, 1), date(2026, 8, 30)
    frame = demo_triangle(1, first, last).frame
    frame["week"] = frame["day"].dt.to_period("W").dt.start_time
    by_week = frame.pivot_table(index="area", columns="week", values="n", aggfunc="sum", fill_value=0)
    counts = by_week.clip(lower=0).to_numpy(float)[:, 1:]
    origins = range(counts.shape[1] - 4 * 13, counts.shape[1], 4)
    checked = check(counts, STEPS, origins, window=WINDOW, damping=DAMPING)
    figures(
        report, f"the demo's {len(counts)} districts, 13 origins", checked, np.ones(len(checked.area), bool)
    )


def _speed(report: Report, *, small: bool) -> None:
    counts = simulated(np.random.default_rng(1)).counts[:, :WEEKS]
    weeks = pd.date_range(end="2026-11-16", periods=WEEKS, freq="7D")
    frame = pd.DataFrame(
        {
            "area": np.repeat([f"d{number:02d}" for number in range(DISTRICTS)], WEEKS),
            "week": np.tile(weeks, DISTRICTS),
            "count": counts.ravel(),
        }
    )
    now = datetime(2026, 11, 24, 6, tzinfo=UTC)
    seconds = []
    for _ in range(3):
        start = time.process_time()
        run(frame, ForecastParams(), now=now, rng=np.random.default_rng(1))
        seconds.append(time.process_time() - start)
    report.bound(
        f"a daily run: {DISTRICTS} districts, checked from 13 origins ({14 * DISTRICTS} fits over 48 settings each), "
        "processor time",
        f"{min(seconds):.2f} s",
        "5 s",
        ok=None if small else min(seconds) <= 5,
    )
    exog = np.column_stack([np.ones(WEEKS), design_of(WEEKS, STEPS, season=True, damping=DAMPING).columns])
    start = time.process_time()
    for row in counts:
        sm.GLM(row, exog, family=sm.families.NegativeBinomial(alpha=0.1)).fit()
    usual = time.process_time() - start
    report.figure(
        f"statsmodels, {DISTRICTS} districts from one origin, one overdispersion, no wandering level",
        f"{usual:.2f} s",
    )
