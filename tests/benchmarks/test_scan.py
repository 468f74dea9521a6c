"""The scan: how long it takes on one core, and how often a year of chance makes it call."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from app.measures.scan import scan
from app.measures.scan.asked import ScanParams
from tests.benchmarks.report import Report

Begin = Callable[[str, str, str], Report]
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
EVENTS, DAYS, MOST_S = 11_700, 468, 2.0


def even(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Events anywhere in a square of 40 km, 25 a day."""
    x, y = rng.uniform(0, 40_000, (2, n)).round()
    return pd.DataFrame({"x": x, "y": y, "t": rng.integers(0, DAYS, n)})


def towns(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """The same around sixty centres of very different size, as people live."""
    centres, share = rng.uniform(0, 60_000, (60, 2)), rng.dirichlet(np.ones(60))
    of = rng.choice(60, n, p=share)
    x, y = (centres[of] + rng.normal(0, 1_800, (n, 2))).round().T
    return pd.DataFrame({"x": x, "y": y, "t": rng.integers(0, DAYS, n)})


@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_scan(begin: Begin, small: bool) -> None:
    report = begin(
        "scan",
        "The scan of the last days",
        f"{EVENTS:,} events, circles up to 2 km, windows up to 14 days, 999 permutations, none of them cut short; the "
        "whole measure, best of five calls, processor time of a process that has one core. Then a year of daily scans "
        "of events without any cluster: 5 a day, each scan of the year before it, by 399 permutations.",
    )
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        for name, made in (("even", even), ("towns", towns)):
            frame = made(EVENTS // 10 if small else EVENTS, np.random.default_rng(2))
            seconds = min(_seconds(frame) for _ in range(5))
            report.bound(
                f"{name}: whole measure",
                f"{seconds:.2f} s",
                f"≤ {MOST_S:g} s",
                ok=None if small else seconds <= MOST_S,
            )
    finally:
        os.sched_setaffinity(0, cores)
    _year(report, 30 if small else 365)
    report.check()


def _seconds(frame: pd.DataFrame) -> float:
    begun = time.process_time()
    scan.run(frame, ScanParams(), now=NOW, rng=np.random.default_rng(1))
    return time.process_time() - begun


def _year(report: Report, looks: int) -> None:
    """Days on which it would have been acted on without cause, and the runs they come in."""
    rng = np.random.default_rng(77)
    rows = pd.concat([towns(5 * DAYS * 2, rng).assign(t=lambda f: rng.integers(0, 365 + looks, len(f)))])
    acted = []
    for day in range(365, 365 + looks):
        found = scan.run(
            rows[rows["t"] <= day],
            ScanParams(start=day - 364, end=day, B=399),
            now=NOW,
            rng=np.random.default_rng(day),
        )
        acted.append(found.act)
    days = sum(acted)
    runs = sum(now and not before for before, now in zip([False, *acted[:-1]], acted, strict=True))
    expected = looks / 365
    report.figure(
        "days of chance with a call to act", f"{days} of {looks}; by the recurrence interval {expected:.1f}"
    )
    report.figure("runs that they come in", f"{runs}")
    # A Poisson count that is as high once in ten thousand: the days hang together, so this is wide.
    most = expected + 4 * math.sqrt(expected) + 4
    report.bound("no more than that can be by chance", f"{days}", f"≤ {most:.0f}", ok=days <= most)
