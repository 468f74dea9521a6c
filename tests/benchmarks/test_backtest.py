"""How long a rule's replay over five years takes, and whether the false alerts it expects are those that come."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from app.measures.backtest.backtest import BACKTEST
from app.measures.backtest.model import BacktestParams
from tests.benchmarks.report import Report

Begin = Callable[[str, str, str], Report]
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
SECONDS = 2.0
RULES: tuple[dict[str, Any], ...] = (
    {"rule": "threshold", "at_least": 14},
    {"rule": "deviation", "at_least": 5},
    {"rule": "silence", "window_days": 5},
    {"rule": "repeat", "at_least": 3, "window_days": 90},
)


def triangle(days: int, areas: int, mean: float, phi: float, rng: np.random.Generator) -> pd.DataFrame:
    """Reports without outbreaks: late by some days, 4 % taken away again; variance = phi · mean, a subject in six."""
    level = np.full((days, areas), mean)
    counts = rng.poisson(rng.gamma(level / (phi - 1), phi - 1) if phi > 1 else level)
    cells = np.repeat(np.arange(counts.size), counts.ravel())
    occurred = cells // areas
    known = occurred + rng.geometric(0.4, len(cells)) - 1
    gone = np.flatnonzero(rng.random(len(cells)) < 0.04)
    every = np.concatenate([np.arange(len(cells)), gone])
    start = np.datetime64("2021-11-01")
    subject = rng.integers(0, max(1, len(cells) // 6), len(cells))
    late = np.concatenate([known, known[gone] + rng.integers(1, 60, len(gone))])
    return pd.DataFrame(
        {
            "area": np.char.add("A", (cells[every] % areas).astype(str)),
            "occurred_day": start + occurred[every],
            "known_day": start + late,
            "n": np.concatenate([np.ones(len(cells), dtype=np.int64), -np.ones(len(gone), dtype=np.int64)]),
            "subject": np.char.add("s", subject[every].astype(str)),
        }
    )


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_backtest(begin: Begin, small: bool) -> None:
    days = 400 if small else 1826
    report = begin(
        "backtest",
        "An alert rule replayed over five years",
        f"{days} days and 26 areas with one report a day in each, late and corrected; 20 simulated replays for the "
        "expected false alerts; the least processor time of three. Then series without outbreaks: how often the "
        "firings a month lie in the interval that is told for them.",
    )
    frame = triangle(days, 26, 1.0, 1.0, np.random.default_rng(1))
    for rule in RULES:
        spent = []
        for _ in range(3):
            begun = time.process_time()
            found = BACKTEST.run(frame, BacktestParams(**rule), now=NOW, rng=np.random.default_rng(1))
            spent.append(time.process_time() - begun)
        report.bound(
            f"{rule['rule']}: {found.fired:,} firings, {len(frame):,} rows",
            f"{min(spent):.2f} s",
            f"≤ {SECONDS:.0f} s",
            ok=None if small else min(spent) <= SECONDS,
        )
    times = 30 if small else 200
    for phi in (1.0, 1.5):
        for rule in ({"rule": "threshold", "at_least": 14}, {"rule": "deviation", "at_least": 5}):
            held, seen, said = 0, 0.0, 0.0
            for seed in range(times):
                found = BACKTEST.run(
                    triangle(730, 5, 1.0, phi, np.random.default_rng(seed)),
                    BacktestParams(**rule),
                    now=NOW,
                    rng=np.random.default_rng(seed),
                )
                held += found.false_low <= found.per_month <= found.false_high
                seen += found.per_month / times
                said += found.false_per_month / times
            name = f"{rule['rule']}, variance {phi:g} · mean: "
            report.figure(f"{name}firings a month, and expected", f"{seen:.2f}, {said:.2f}")
            share = held / times
            report.bound(
                f"{name}in the interval", f"{share:.1%}", "≥ 90 %", ok=None if small else share >= 0.9
            )
    report.check()
