"""Whether the intervals of an effect hold what they promise when few areas were treated."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from app.measures.effect.effect import EFFECT
from app.measures.effect.effect_model import EffectParams
from tests.benchmarks.report import Report

Begin = Callable[[str, str, str], Report]
NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
# areas, of them treated, reports a week in an area, spread of the areas' own changes (of the log)
PANELS = ((26, 1, 2.0, 0.0), (26, 1, 2.0, 0.15), (26, 3, 2.0, 0.15), (26, 13, 2.0, 0.15), (6, 2, 4.0, 0.1))
WEEKS, KAPPA = 104, 0.3
RATIO = 0.8


def panel(
    areas: int, treated: int, mean: float, own: float, ratio: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Weekly reports of areas of different size, with a season and with changes of their own halfway."""
    on, after = np.arange(areas) < treated, np.arange(WEEKS) >= WEEKS // 2
    season = 0.2 * np.sin(np.arange(WEEKS) / 8) + rng.normal(0, 0.05, WEEKS)
    log = season + rng.normal(0, 0.6, areas)[:, None] + np.outer(rng.normal(0, own, areas), after)
    mu = mean * np.exp(log + np.log(ratio) * np.outer(on, after))
    counts = rng.poisson(mu * rng.gamma(1 / KAPPA, KAPPA, mu.shape))
    area, week = np.indices(counts.shape)
    return pd.DataFrame(
        {
            "area": np.char.add("A", area.ravel().astype(str)),
            "period": week.ravel().astype(str),
            "count": counts.ravel().astype(float),
            "treated": on[area.ravel()].astype(int),
            "post": after[week.ravel()].astype(int),
        }
    )


@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_effect(begin: Begin, small: bool) -> None:
    times = 60 if small else 500
    report = begin(
        "effect",
        "Whether a change after a measure is told with the surety it has",
        f"{times} simulated panels of {WEEKS} weeks for each row (variance = mean + {KAPPA} · mean², areas of "
        "different size, changes of their own halfway); half of them with a fifth fewer reports in the treated areas, "
        "half with no change. How often the 95 % interval held the truth, by method; how often a change was told where "
        "there was none; how often panels with parallel trends were refused.",
    )
    rng = np.random.default_rng(41)
    for areas, treated, mean, own in PANELS:
        held: dict[str, int] = {}
        told = refused = empty = few = 0
        begun = time.process_time()
        for number in range(times):
            truth = RATIO if number % 2 else 1.0
            found = EFFECT.run(
                panel(areas, treated, mean, own, truth, rng),
                EffectParams(permutations=499, despite_trend=True),
                now=NOW,
                rng=rng,
            )
            if found.refusal is not None:  # a tiny area: too few
                few += 1
                continue
            refused += found.parallel is False
            empty += truth == 1.0
            told += truth == 1.0 and not found.low < 1 < (found.high or np.inf)
            for name, low, high in zip(found.method, found.method_low, found.method_high, strict=True):
                held[name] = held.get(name, 0) + (low <= truth <= (np.inf if high is None else high))
        seconds = (time.process_time() - begun) / times
        name = f"{areas} areas, {treated} treated, own changes {own:.0%}: "
        judged = times - few
        share = held["area_change"] / judged
        report.bound(
            f"{name}area_change holds", f"{share:.1%}", "≥ 92 %", ok=share >= (0.8 if small else 0.92)
        )
        others = ", ".join(f"{one} {held[one] / judged:.1%}" for one in ("permutation", "cluster", "model"))
        report.figure(f"{name}the others hold", others)
        report.bound(
            f"{name}told where there was none",
            f"{told / empty:.1%}",
            "≤ 8 %",
            ok=None if small else told / empty <= 0.08,
        )
        report.figure(f"{name}refused for its trends", f"{refused / judged:.1%}")
        report.figure(f"{name}too few to say", f"{few / times:.1%}")
        report.figure(f"{name}processor time", f"{1000 * seconds:.0f} ms")
    report.check()
