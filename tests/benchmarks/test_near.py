"""Knox beside pointpats: the same events, the same limits, 999 permutations each."""

from __future__ import annotations

import math
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from app.measures.near import knox
from app.measures.near.asked import KnoxParams
from app.statistics import pairs
from tests.benchmarks.report import Report

Begin = Callable[[str, str, str], Report]
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
TIMES = 100.0
DELTA_S, DELTA_T = 420.0, 14.0
PLAIN = KnoxParams(delta_s=DELTA_S, delta_t=DELTA_T, B=999, space_bands=[], time_bands=[])


def events(n: int, seed: int = 31) -> pd.DataFrame:
    """Events in a square of 28 km over five years, as dense at any n as 50,000 are there."""
    rng = np.random.default_rng(seed)
    side = 28_000 * math.sqrt(n / 50_000)
    return pd.DataFrame(
        {"x": rng.uniform(0, side, n), "y": rng.uniform(0, side, n), "t": rng.integers(0, 1825, n)}
    )


@pytest.mark.bench
@pytest.mark.timeout(7200)
def test_knox(begin: Begin, small: bool) -> None:
    pointpats = pytest.importorskip(
        "pointpats", reason="Knox is measured beside pointpats, which is not here"
    )
    report = begin(
        "knox",
        "Near repeat: 999 permutations",
        f"Events in space and time without a tie, {DELTA_S:g} m and {DELTA_T:g} days. Beside pointpats "
        f"{pointpats.__version__} (`Knox`) on the same events, wall time; ours is the best of three calls of the whole "
        "measure with exact moments, without and with its table of 25 bands; pointpats' time is of one call and, where "
        "it would take longer than an hour, reckoned from fewer permutations.",
    )
    knox.run(events(500), PLAIN, now=NOW, rng=np.random.default_rng(1))
    for n in (1_000, 2_000) if small else (10_000, 50_000):
        frame = events(n)
        seconds, found = _best(frame, PLAIN)
        table, _ = _best(frame, KnoxParams(delta_s=DELTA_S, delta_t=DELTA_T, B=999))
        theirs, statistic, p, how_many = _pointpats(frame, 999 if n <= 10_000 else 19)
        assert found.statistic == statistic
        assert found.perm is not None
        report.figure(f"{n:,} events: pairs near in space", f"{found.pairs_space:,}")
        report.figure(f"{n:,} events: ours", f"{seconds:.3f} s, with the table {table:.3f} s")
        report.figure(f"{n:,} events: pointpats", f"{theirs:.1f} s (measured with {how_many} permutations)")
        report.figure(f"{n:,} events: p, ours and theirs", f"{found.perm.p:.3f}, {p:.3f}")
        ratio = theirs / seconds
        report.bound(
            f"{n:,} events: times as fast",
            f"{ratio:,.0f}",
            f"≥ {TIMES:.0f}",
            ok=None if small else ratio >= TIMES,
        )
    _memory(report, small)
    report.check()


def _best(frame: pd.DataFrame, params: KnoxParams) -> tuple[float, Any]:
    best, found = math.inf, None
    for _ in range(3):
        begun = time.perf_counter()
        found = knox.run(frame, params, now=NOW, rng=np.random.default_rng(1))
        best = min(best, time.perf_counter() - begun)
    return best, found


def _pointpats(frame: pd.DataFrame, permutations: int) -> tuple[float, int, float, int]:
    """Their time for 999 permutations: of those asked for, or what comes of the difference to a run with one only."""
    from pointpats import Knox

    places, times = frame[["x", "y"]].to_numpy(), frame[["t"]].to_numpy(np.float64)
    taken = {}
    for count in (1, permutations):
        begun = time.perf_counter()
        found = Knox(places, times, delta=DELTA_S, tau=DELTA_T, permutations=count)
        taken[count] = time.perf_counter() - begun
    whole = taken[permutations]
    if permutations < 999:
        whole = taken[1] + (taken[permutations] - taken[1]) * 998 / (permutations - 1)
    return whole, int(found.statistic_), float(found.p_sim), permutations


def _memory(report: Report, small: bool) -> None:
    """Bytes for each pair, as the pairs grow fourfold and again."""
    frame = events(5_000 if small else 50_000)
    x, y = frame["x"].to_numpy(), frame["y"].to_numpy()
    for reach in (420.0, 840.0, 1680.0):
        points, edges = pairs.sweep(x, y, reach), np.array([reach])
        tracemalloc.start()
        degree = pairs.degrees(points, edges, metric="euclidean")
        listed = pairs.pairs(points, edges, degree, metric="euclidean")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        each = peak / listed.i.size
        report.bound(f"memory for {listed.i.size:,} pairs", f"{each:.1f} bytes a pair", "≤ 24", ok=each <= 24)
