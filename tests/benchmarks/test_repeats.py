"""How fast repeats are told of, over five years of the region, and what goes with them, over 50,000 rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from app.measures import of_folder
from tests.benchmarks.report import Report

Begin = Callable[[str, str, str], Report]
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
MEASURES = {measure.name: measure for measure in of_folder("repeats")}
REPEATS_S, COX_S = 2.0, 5.0
TRIES = 3


@pytest.mark.bench
def test_repeats(begin: Begin, small: bool) -> None:
    reports, rows = (4_500, 5_000) if small else (45_000, 50_000)
    report = begin(
        "repeats",
        "Repeats and what goes with them",
        f"Made-up reports of pairs over five years ({reports:,}, with harm, 999 simulations of chance), and {rows:,} "
        "rows from start to stop with ties, five covariates, five strata and clusters: processor time of the whole "
        f"measure on the table in memory, the least of {TRIES} after one to warm up.",
    )
    table = five_years(reports)
    seconds = least(lambda: ask("repeats", table, known_at=1826))
    report.bound(
        f"repeats, {reports:,} reports of {table['id'].nunique():,} pairs",
        f"{seconds:.2f} s",
        f"{REPEATS_S:.0f} s",
        ok=None if small else seconds <= REPEATS_S,
    )
    spells = counting(rows)
    asked: dict[str, Any] = {"covariates": list("abcde"), "cluster": "id"}
    for name, more in (("Andersen–Gill", {}), ("PWP, gap times", {"strata": "enum", "time_scale": "gap"})):
        seconds = least(lambda more=more: ask("cox", spells, **asked, **more))
        report.bound(
            f"cox, {name}, {rows:,} rows, {int(spells['event'].sum()):,} events",
            f"{seconds:.2f} s",
            f"{COX_S:.0f} s",
            ok=None if small else seconds <= COX_S,
        )
    grouped = {"time_scale": "gap", "group": "enum"}
    seconds = least(lambda: ask("survival", spells, **grouped))
    report.figure(f"survival by event number, {rows:,} rows", f"{seconds:.2f} s")
    report.check()


def ask(measure: str, frame: pd.DataFrame, **params: Any) -> None:
    known = MEASURES[measure]
    result = known.run(frame, known.params.model_validate(params), now=NOW, rng=np.random.default_rng(1))
    assert result.refusal is None


def least(work: Callable[[], None]) -> float:
    """The least processor time of some tries, after one that compiles."""
    work()
    spent = []
    for _ in range(TRIES):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return min(spent)


def five_years(reports: int) -> pd.DataFrame:
    """Reports of pairs of which most come once and a few often."""
    rng = np.random.default_rng(1)
    pairs = int(reports * 0.62)
    unit = np.concatenate([np.arange(pairs), rng.choice(pairs, reports - pairs, p=weights(rng, pairs))])
    return pd.DataFrame(
        {
            "id": np.char.add("pair-", unit.astype(str)),
            "t": np.floor(rng.uniform(0, 1826, reports)),
            "harm": rng.choice([2.0, 4, 15, 25], reports, p=[0.5, 0.4, 0.06, 0.04]),
        }
    )


def weights(rng: np.random.Generator, units: int) -> np.ndarray:
    drawn = rng.gamma(0.3, size=units)
    return drawn / drawn.sum()


def counting(rows: int) -> pd.DataFrame:
    """Up to five spells of each unit, in whole days."""
    rng = np.random.default_rng(2)
    units = rows // 5
    x = np.repeat(rng.normal(size=(units, 5)), 5, axis=0)
    gaps = np.ceil(rng.exponential(200 * np.exp(-x @ [0.3, -0.2, 0.1, 0.0, 0.4])))
    stop = gaps.reshape(units, 5).cumsum(axis=1).ravel()
    end = np.repeat(rng.integers(300, 1826, units), 5)
    frame = pd.DataFrame(x, columns=list("abcde"))
    frame["id"] = np.repeat(np.arange(units), 5)
    frame["enum"] = np.tile(np.arange(1, 6), units)
    frame["start"], frame["stop"] = stop - gaps, np.minimum(stop, end)
    frame["event"] = (stop <= end).astype(float)
    late = (
        frame["stop"] <= frame["start"]
    )  # a spell that would begin after the end: one more day, to keep the rows
    frame.loc[late, "stop"] = frame.loc[late, "start"] + 1
    return frame
