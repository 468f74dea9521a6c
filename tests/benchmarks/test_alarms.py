"""Warnings where the truth was known: how many are false, how many planted outbreaks they find; and how fast it is.

Writes, when asked to write, ``false_share.json`` beside the measure, which is what it says of its own warnings.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from app.measures.deviation import false_shares
from app.measures.deviation.bounds import bounds
from app.measures.deviation.ears import ears
from app.measures.deviation.farrington import FarringtonParams
from app.measures.deviation.farrington import judge as expected_of
from app.measures.deviation.past import MONTH, Settings
from app.measures.deviation.region import judge, weighed
from app.statistics.fdr import benjamini_hochberg
from tests.benchmarks.outbreaks import Outbreak, world
from tests.benchmarks.report import Report

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]

Begin = Callable[[str, str, str], Report]
DISTRICTS, YOUNG, WEEKS, JUDGED = 22, 2, 52 * 7 + 10, 52
WORLDS, SMALL_WORLDS, SEED = 28, 2, 4_000
Q, ALPHA = 0.05, 0.01
SPOKEN_OF = {"week": 1, "month": MONTH.weeks, "drift": 26}  # the weeks that a warning speaks of
FARRINGTON = FarringtonParams()
AREAS, TIMES = 50, 5


class Seen(NamedTuple):
    """One world, judged week by week; arrays are (districts, judged weeks)."""

    theirs: Floats  # adjusted p of Farrington + BH; NaN where it exceeds no bound
    ours: Floats
    source: npt.NDArray[np.str_]
    method: npt.NDArray[np.str_]
    truth: npt.NDArray[np.bool_]  # all weeks, not only the judged
    outbreaks: list[Outbreak]


@dataclass
class Score:
    """How a rule did."""

    warnings: int = 0
    false: int = 0
    false_of_period: int = 0
    found: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)

    @property
    def false_share(self) -> float:
        return self.false / max(1, self.warnings)

    @property
    def sensitivity(self) -> float:
        return sum(self.found.values()) / max(1, sum(self.planted.values()))

    def told(self) -> str:
        kinds = ", ".join(
            f"{kind} {self.found[kind]} of {self.planted[kind]}" for kind in sorted(self.planted)
        )
        return f"{self.sensitivity:.3f} ({kinds})"


def see(seed: int) -> Seen:
    """One world, every one of its judged weeks as it was then."""
    rng = np.random.default_rng(seed)
    made = world(rng, DISTRICTS, weeks=WEEKS, judged=JUDGED, young=YOUNG)
    settings = Settings(alpha=ALPHA)
    theirs, ours, source, method = [], [], [], []
    for last in range(WEEKS - JUDGED, WEEKS):
        counts = made.counts[:, : last + 1]
        mean, variance, phi, _ = expected_of(counts, None, np.array([last]), FARRINGTON)
        upper, p = bounds(counts[:, [last]], mean, variance, phi, ALPHA, "nbPlugin")
        few = np.nansum(counts[:, -FARRINGTON.limit54[1] :], axis=1) < FARRINGTON.limit54[0]
        exceeds = (counts[:, last] > upper[:, 0]) & ~few
        theirs.append(np.where(exceeds, benjamini_hochberg(np.where(few, np.nan, p[:, 0])), np.nan))
        judged = judge(counts, settings, rng)
        adjusted, over = weighed(judged, ALPHA)
        ours.append(np.where(over, adjusted, np.nan))
        source.append(judged.source)
        method.append(
            [
                (judged.month if one == "month" else judged.week).method[row]
                for row, one in enumerate(judged.source)
            ]
        )
    return Seen(
        np.array(theirs).T,
        np.array(ours).T,
        np.array(source).T,
        np.array(method).T,
        made.outbreak,
        made.outbreaks,
    )


def score(worlds: list[Seen], rule: str, q: float) -> Score:
    """A warning is false where the week that it came in has no planted outbreak; an outbreak is found by one within."""
    found = Score()
    for seen in worlds:
        warned = getattr(seen, rule) <= q
        found.warnings += int(warned.sum())
        found.false += int((warned & ~seen.truth[:, -JUDGED:]).sum())
        for district, first, after, kind in seen.outbreaks:
            weeks = slice(first - (WEEKS - JUDGED), after - (WEEKS - JUDGED))
            found.planted[kind] += 1
            found.found[kind] += bool(warned[district, weeks].any())
    return found


def kinds(worlds: list[Seen]) -> dict[str, dict[str, int]]:
    """Warnings of each kind, and how many were false: no planted outbreak in all the weeks that they speak of."""
    found: dict[str, dict[str, int]] = {}
    for seen in worlds:
        for district, week in zip(*np.nonzero(seen.ours <= Q), strict=True):
            source = str(seen.source[district, week])
            last = WEEKS - JUDGED + int(week)
            true = bool(seen.truth[district, last + 1 - SPOKEN_OF[source] : last + 1].any())
            status = "rising" if source == "drift" else "above"
            weeks = MONTH.weeks if source == "month" else 1
            names = {status, false_shares.key(status, str(seen.method[district, week]), weeks)}
            for name in names:
                tally = found.setdefault(name, {"all": 0, "false": 0})
                tally["all"] += 1
                tally["false"] += not true
    return dict(sorted(found.items()))


def at_same_false_share(worlds: list[Seen], most: float) -> tuple[float, Score]:
    """Ours at the greatest q whose false share is at most theirs."""
    best, chosen = 0.0, score(worlds, "ours", 0.0)
    for q in np.arange(0.01, 0.301, 0.005):
        tried = score(worlds, "ours", float(q))
        if tried.false_share <= most:
            best, chosen = float(q), tried
    return best, chosen


@pytest.mark.bench
@pytest.mark.timeout(3600)
def test_alarms(begin: Begin, small: bool, request: pytest.FixtureRequest) -> None:
    number = SMALL_WORLDS if small else WORLDS
    report = begin(
        "alarms",
        "Warnings, where outbreaks were planted",
        f"{number} made-up regions of {DISTRICTS} districts ({YOUNG} of them young), 7 years of weeks, means from 0.5"
        " to 30 a week, Poisson to variance three times the mean, season, trend, outbreaks in the baselines too; each"
        f" of the last {JUDGED} weeks judged as it was then. False: no planted outbreak in the week of the warning.",
    )
    with ProcessPoolExecutor(2) as pool:
        worlds = list(pool.map(see, range(SEED, SEED + number)))
    theirs, ours = score(worlds, "theirs", Q), score(worlds, "ours", Q)
    q, same = at_same_false_share(worlds, theirs.false_share)
    report.figure("Farrington + BH: warnings, false share", f"{theirs.warnings}, {theirs.false_share:.3f}")
    report.figure("Farrington + BH: outbreaks found", theirs.told())
    report.bound(
        f"deviation, the same q of {Q}: warnings, false share",
        f"{ours.warnings}, {ours.false_share:.3f}",
        f"≤ {theirs.false_share:.3f}",
        ok=None if small else ours.false_share <= theirs.false_share,
    )
    report.bound(
        f"deviation, the same q of {Q}: outbreaks found",
        ours.told(),
        f"≥ {theirs.sensitivity:.3f}",
        ok=None if small else ours.sensitivity >= theirs.sensitivity,
    )
    report.figure(
        f"deviation, q of {q:.3f}: warnings, false share", f"{same.warnings}, {same.false_share:.3f}"
    )
    report.bound(
        f"deviation at the same false share (q of {q:.3f}): outbreaks found",
        same.told(),
        f"≥ {theirs.sensitivity:.3f}",
        ok=None if small else same.sensitivity >= theirs.sensitivity,
    )
    told = kinds(worlds)
    for name, tally in told.items():
        report.figure(f"false among {tally['all']} of “{name}”", f"{tally['false'] / tally['all']:.3f}")
    report.note(
        "In the last rows a warning is false if none of the weeks that it speaks of had a planted outbreak."
    )
    if request.config.getoption("--write") and not small:
        document: dict[str, Any] = {
            "how": 'make bench ARGS="--write -- -k alarms"; tests/benchmarks/test_alarms.py says how',
            "regions": number,
            "districts": DISTRICTS,
            "weeks_judged": JUDGED,
            "seed": SEED,
            "q": Q,
            "warnings": told,
        }
        false_shares.FILE.write_text(
            json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
    report.check()


@pytest.mark.bench
def test_aberration_speed(begin: Begin, small: bool) -> None:
    report = begin(
        "aberration_speed",
        "Farrington and EARS, how fast",
        f"{AREAS} areas, the last {JUDGED} weeks of 7 years each: Farrington flexible (5 years back, ten seasonal"
        f" levels, reweighted, negative binomial plug-in). Least of {TIMES} runs, time of the process.",
    )
    counts = world(np.random.default_rng(1), AREAS, weeks=WEEKS, judged=JUDGED).counts
    columns = np.arange(WEEKS - JUDGED, WEEKS)

    def farrington() -> None:
        mean, variance, phi, _ = expected_of(counts, None, columns, FARRINGTON)
        bounds(counts[:, columns], mean, variance, phi, ALPHA, "nbPlugin")

    farrington_s, ears_s = _least(farrington), _least(lambda: ears(counts, "C2", 7, 0.001, 0.0))
    report.bound("Farrington", f"{farrington_s:.3f} s", "2 s", ok=None if small else farrington_s <= 2)
    report.figure("Farrington, an area-week", f"{1e6 * farrington_s / (AREAS * JUDGED):.0f} µs")
    report.figure("EARS C2, all weeks", f"{1000 * ears_s:.1f} ms")
    report.note("R is not at hand where this is measured, so its time is not: no ratio to it is claimed.")
    report.check()


def _least(work: Callable[[], object]) -> float:
    work()
    times = []
    for _ in range(TIMES):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)
