"""How often a window in which nothing happened is said to be unusual, and how many such warnings are false."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.statistics.usual import expected

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.report import Report

pytestmark = pytest.mark.bench

RUNS = 1_000
MEANS, PHIS = (0.5, 2.0, 8.0, 30.0, 170.0, 2000.0), (1.0, 1.5, 3.0)
DRIFTS = {
    "steady": (0.0, 0.0),
    "a season of ±15 %": (0.15, 0.0),
    "30 % more a year": (0.0, 0.3),
    "both": (0.15, 0.3),
}
BOUND = 0.06
CHANGED = 0.05
"""One window in twenty has twice its cases, for the share of warnings that are false."""


def test_usual(begin: Callable[[str, str, str], Report], small: bool) -> None:
    report = begin(
        "usual",
        "Windows said to be unusual where nothing happened",
        f"26 weeks and one more, {RUNS:,} times for each mean of {', '.join(f'{mean:g}' for mean in MEANS)} and each "
        f"variance over mean of {', '.join(f'{phi:g}' for phi in PHIS)}. For the false share one window in twenty has "
        "twice its cases.",
    )
    rng, weeks = np.random.default_rng(11), np.arange(27)
    true = false = planted = 0
    for name, (season, trend) in DRIFTS.items():
        rates = []
        for mean in MEANS:
            for phi in PHIS:
                told = said = 0
                for _ in range(RUNS // 10 if small else RUNS):
                    wave = 1 + season * np.sin(2 * np.pi * weeks / 52 + rng.uniform(0, 2 * np.pi))
                    level = mean * wave * (1 + trend * weeks / 52)
                    changed = rng.random() < CHANGED
                    drawn = (
                        rng.poisson(level) if phi == 1 else rng.negative_binomial(level / (phi - 1), 1 / phi)
                    )
                    found = expected(drawn[:26].tolist())
                    if found is None:
                        continue
                    told += 1
                    warned = found.verdict(int(drawn[26])) != "usual"
                    said += warned
                    false += warned and not changed
                    planted += changed
                    true += changed and found.verdict(int(drawn[26]) * 2) == "more"
                rates.append(said / max(told, 1))
        mean_rate = float(np.mean(rates))
        ok = None if small else mean_rate <= BOUND
        report.bound(name, f"{mean_rate:.1%}, at most {max(rates):.1%}", f"≤ {BOUND:.0%}", ok=ok)
    report.figure("of planted doublings told", f"{true / planted:.0%}")
    report.figure("of all warnings false", f"{false / (false + true):.0%}")
    report.check()
