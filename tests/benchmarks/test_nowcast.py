"""Whether the nowcast's bands hold on the demo's delays, and whether lateness is ever told as a fall."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from app.measures.nowcast.bands import Settings
from app.measures.nowcast.contract import NowcastParams
from app.measures.nowcast.measure import run
from app.measures.nowcast.replay import Replayed, replay
from app.measures.nowcast.triangle import triangle_of
from tests.benchmarks.report import Report
from tests.benchmarks.triangles import DemoTriangle, demo_triangle

FIRST, LAST = date(2023, 1, 1), date(2026, 11, 25)
HORIZON, DAYS, WEEKS, HISTORY = 60, 14, 2, 365
SETTINGS = Settings(HORIZON, 0.9, 182, True, "shrink")
FEWEST_NORMAL = 5

Begin = Callable[[str, str, str], Report]


@dataclass
class Seen:
    """What was made and what came, for every day on which the bands were made again."""

    weeks: list[Replayed] = field(default_factory=list)
    days: list[Replayed] = field(default_factory=list)
    areas: tuple[str, ...] = ()
    ends: list[date] = field(default_factory=list)
    planted: list[DemoTriangle] = field(default_factory=list)

    def marked(self, name: str) -> np.ndarray:
        """Which of the newest weeks (origins x areas) are planted ``bursts`` or ``falls``."""
        return np.array(
            [
                [(area, end) in getattr(planted, name) for area in self.areas]
                for end, planted in zip(self.ends, self.planted, strict=True)
            ]
        )


def seen(seeds: range, every: int, *, falls: bool) -> Seen:
    found = Seen()
    for seed in seeds:
        planted = demo_triangle(seed, FIRST, LAST, falls=falls)
        days = (LAST - FIRST).days + 1
        triangle = triangle_of(planted.frame, (LAST - date(1970, 1, 1)).days, days, HORIZON + DAYS)
        found.areas = triangle.areas
        agos = range(63, days - 2 * HISTORY - HORIZON, every)
        for ago, made in zip(
            agos,
            replay(
                triangle, SETTINGS, spans={7: WEEKS, 1: DAYS}, history=HISTORY + HORIZON + DAYS, agos=agos
            ),
            strict=True,
        ):
            found.weeks.append(made[0])
            found.days.append(made[1])
            found.ends.append(LAST - timedelta(days=ago))
            found.planted.append(planted)
    return found


def stacked(made: list[Replayed], name: str, *, whole: bool = False) -> np.ndarray:
    """Origins x areas x spans of something of the bands; with ``whole`` of all areas together."""
    areas = slice(0, 1) if whole else slice(1, None)
    return np.stack(
        [
            np.asarray(getattr(one, name) if hasattr(one, name) else getattr(one.bands, name))[areas]
            for one in made
        ]
    )


def share(flags: np.ndarray) -> str:
    return f"{100 * flags.mean():.1f} %"


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_nowcast(begin: Begin, small: bool) -> None:
    seeds, every = (range(1, 2), 28) if small else (range(1, 5), 14)
    report = begin(
        "nowcast",
        "Nowcast on the demo's delays",
        f"Triangles of {len(seeds)} demo seeds, 39 districts (0.6 to 10 reports a week); bands made again every "
        f"{every} days from what was known then, against what was known 60 days later.",
    )
    made = seen(seeds, every, falls=False)
    weeks, days = stacked(made.weeks, "held"), stacked(made.days, "held")
    report.figure("district-weeks, district-days", f"{weeks.size:,}, {days.size:,}")
    for what, flags in (
        ("90 % band, weeks of districts: holds", weeks),
        ("90 % band, days of districts, the last 7 days: holds", days[:, :, :7]),
    ):
        ok = 0.87 <= flags.mean() <= 0.93
        report.bound(what, share(flags), "87-93 %", ok=None if small else ok)
    report.figure("the last 7 days only, weeks", share(weeks[:, :, 0]))
    report.figure("days 8 to 14 back", share(days[:, :, 7:]))
    report.figure(
        "the bands' own probability: weeks, days, days 8 to 14 back",
        ", ".join(
            share(part)
            for part in (
                stacked(made.weeks, "probability"),
                stacked(made.days, "probability")[:, :, :7],
                stacked(made.days, "probability")[:, :, 7:],
            )
        ),
    )
    for what, part in (("weeks", made.weeks), ("days", made.days)):
        report.figure(f"all districts together, {what}", share(stacked(part, "held", whole=True)))
    burst = made.marked("bursts")
    if burst.any():
        report.figure(
            f"weeks of a planted burst, four times the usual ({burst.sum()})", share(weeks[:, :, 0][burst])
        )
    _falls(report, made, small=small)
    _planted_falls(report, seen(seeds, every, falls=True))
    _speed(report, small=small)
    report.check()


def _falls(report: Report, made: Seen, *, small: bool) -> None:
    true, told, naive = (stacked(made.weeks, name) for name in ("true_fall", "fall", "seeming_fall"))
    wrong = (told & ~true).mean()
    report.bound("false falls, of all district-weeks", f"{100 * wrong:.3f} %", "< 2 %", ok=wrong < 0.02)
    report.figure("the same where lateness is forgotten", share(naive & ~true))
    newest = stacked(made.weeks, "told")[:, :, 0]
    report.figure("weeks of districts large enough to be told of", share(newest))
    report.figure(
        "false falls of these, the last 7 days: nowcast, lateness forgotten",
        f"{share((told & ~true)[:, :, 0][newest])}, {share((naive & ~true)[:, :, 0][newest])}",
    )
    whole = [stacked(made.weeks, name, whole=True) for name in ("fall", "true_fall", "seeming_fall")]
    report.figure(
        "false falls of all districts together: nowcast, lateness forgotten",
        f"{share(whole[0] & ~whole[1])}, {share(whole[2] & ~whole[1])}",
    )
    if not small:
        assert (naive & ~true).mean() > 10 * wrong


def _planted_falls(report: Report, made: Seen) -> None:
    fallen = made.marked("falls")
    told = stacked(made.weeks, "fall")[:, :, 0]
    true = stacked(made.weeks, "true_fall")[:, :, 0]
    normal = stacked(made.weeks, "normal")[:, :, 0]
    large = fallen & (normal >= FEWEST_NORMAL)
    report.figure(f"planted falls to a fifth, found on the last day ({fallen.sum()})", share(told[fallen]))
    report.figure(
        f"the same in districts with {FEWEST_NORMAL} a week or more ({large.sum()}); would be with all known",
        f"{share(told[large])}; {share(true[large])}",
    )


def _speed(report: Report, *, small: bool) -> None:
    frame = demo_triangle(1, FIRST, LAST).frame
    now = datetime(2026, 11, 26, 6, tzinfo=UTC)
    seconds = []
    for _ in range(3):
        start = time.process_time()
        run(frame, NowcastParams(), now=now, rng=np.random.default_rng(1))
        seconds.append(time.process_time() - start)
    report.bound(
        "a daily run with 8 replays, processor time",
        f"{min(seconds):.2f} s",
        "5 s",
        ok=None if small else min(seconds) <= 5,
    )
