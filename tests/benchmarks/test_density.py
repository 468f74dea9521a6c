"""A density of 50,000 places on 256 × 256 nodes, beside scipy's gaussian_kde with the same kernel."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gaussian_kde

from app.measures import get_measure
from tests.benchmarks.report import Report

TIMES = 1_000
PEAK_ERROR = 0.01
REPEATS = 15

Begin = Callable[[str, str, str], Report]


@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_density(begin: Begin, small: bool) -> None:
    number, side = (5_000, 64) if small else (50_000, 256)
    report = begin(
        "density",
        "Density of places",
        f"{number:,} places in 40 heaps of unlike width and some everywhere, {side} × {side} nodes, from table to "
        "result (checks, interval of the peak and lists included), the best of several, by the process's own time; "
        "beside it `scipy.stats.gaussian_kde` on the same nodes with the same kernel, once.",
    )
    frame = places(number)
    measure = get_measure("density")
    params = measure.params(grid=side)

    def run() -> None:
        measure.run(frame, params, now=datetime(2026, 11, 24, tzinfo=UTC), rng=np.random.default_rng(1))

    result = measure.run(frame, params, now=datetime(2026, 11, 24, tzinfo=UTC), rng=np.random.default_rng(1))
    ours = min(_seconds(run) for _ in range(REPEATS))
    nodes = np.array(np.meshgrid(result.x, result.y)).reshape(2, -1)
    began = time.process_time()
    exact = gaussian_kde(frame.to_numpy().T)(nodes).reshape(side, side)
    theirs = time.process_time() - began
    found = np.array(result.density)
    peak = abs(found.max() / exact.max() - 1)
    report.figure("ours", f"{1000 * ours:.1f} ms")
    report.figure("gaussian_kde", f"{theirs:.1f} s")
    report.bound(
        "times as fast",
        f"{theirs / ours:,.0f}",
        f"≥ {TIMES:,}",
        ok=None if small else theirs / ours >= TIMES,
    )
    report.bound("error of the peak", f"{peak:.1e}", f"≤ {PEAK_ERROR:.0%}", ok=bool(peak <= PEAK_ERROR))
    report.figure("largest error anywhere, of the peak", f"{np.abs(found - exact).max() / exact.max():.1e}")
    narrow = measure.params(grid=side, bandwidth_m=100.0)
    width = gaussian_kde(frame.to_numpy().T)
    slim = measure.run(frame, narrow, now=datetime(2026, 11, 24, tzinfo=UTC), rng=np.random.default_rng(1))
    top = np.array([slim.peak.x, slim.peak.y])
    apart = ((frame.to_numpy() - top) ** 2).sum(axis=1)
    truth = float(np.exp(-apart / (2 * 100.0**2)).sum() / (2 * np.pi * 100.0**2) / number)
    error = abs(np.max(slim.density) / truth - 1)
    report.bound(
        f"error of the peak at 100 m (Scott's kernel is {np.sqrt(np.linalg.det(width.covariance) ** 0.5):,.0f} m)",
        f"{error:.1e}",
        f"≤ {PEAK_ERROR:.0%}",
        ok=bool(error <= PEAK_ERROR),
    )
    report.check()


def places(number: int) -> pd.DataFrame:
    """Heaps in a region of 60 km, and a tenth anywhere in it."""
    rng = np.random.default_rng(20_261_124)
    centres, widths = rng.uniform(0, 60_000, (40, 2)), rng.uniform(200, 4_000, 40)
    heap = rng.integers(0, 40, number)
    points = centres[heap] + rng.normal(0, 1, (number, 2)) * widths[heap, None]
    anywhere = rng.random(number) < 0.1
    points[anywhere] = rng.uniform(0, 60_000, (int(anywhere.sum()), 2))
    return pd.DataFrame(points + [640_000, 6_550_000], columns=["x", "y"])  # noqa: RUF005 - a sum of arrays


def _seconds(run: Callable[[], None]) -> float:
    began = time.process_time()
    run()
    return time.process_time() - began
