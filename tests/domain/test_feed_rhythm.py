"""The rhythm of a feed: a slow one is no false alarm, a quick one that stops is said, a planted silence is found."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from app.config import ROOT
from app.domain.feed_rhythm import Cell, FeedFacts, Heard, Rhythm, silent_since, unusual
from app.domain.region import Region

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
START = datetime(2026, 9, 28, tzinfo=UTC)  # a Monday
MINUTES, HOURS = timedelta(minutes=1), timedelta(hours=1)


def learn(moments: list[datetime]) -> Rhythm:
    """What the database does, said plainly."""
    lengths: dict[tuple[int, int], list[float]] = {}
    for begins, ends in itertools.pairwise(moments):
        local = begins.astimezone(REGION.zone)
        lengths.setdefault((local.isoweekday(), local.hour), []).append((ends - begins).total_seconds())
    return Rhythm(
        {
            place: Cell(
                len(found), timedelta(seconds=float(np.median(found))), sorted(found, reverse=True)[:24]
            )
            for place, found in lengths.items()
        }
    )


def steady(per_hour: float, days: int = 56, seed: int = 1) -> list[datetime]:
    """A feed that speaks by chance, so many times an hour."""
    rng = np.random.default_rng(seed)
    at = np.cumsum(rng.exponential(60 / per_hour, int(days * 24 * per_hour)))
    return [START + timedelta(minutes=float(minute)) for minute in at]


def feed(floor: timedelta, every: timedelta | None = None) -> FeedFacts:
    return FeedFacts("a", "call", "A", "A", floor, every)


def test_a_quick_feed_is_late_after_its_floor_and_silent_after_twice_that() -> None:
    rhythm, facts = learn(steady(60)), feed(30 * MINUTES)
    last = START + timedelta(days=56)
    states = [rhythm.state(Heard(last), last + n * MINUTES, facts, REGION) for n in (5, 29, 31, 59, 61)]
    assert states == ["good", "good", "late", "late", "silent"]


def test_a_daily_delivery_is_not_late_before_its_hour_and_is_after_it() -> None:
    moments = [START + timedelta(days=n, hours=5, minutes=n % 7) for n in range(56) if n % 7 < 5]  # week-days
    rhythm, facts = learn(moments), feed(HOURS)
    thursday = START + timedelta(days=52 + 7, hours=5)
    assert rhythm.state(Heard(thursday), thursday + 23 * HOURS, facts, REGION) == "good"
    friday = START + timedelta(days=53, hours=5)
    assert friday.weekday() == 4
    assert rhythm.usual(5, 7) is not None  # 05:00 UTC is 07:00 there
    assert rhythm.state(Heard(friday), friday + 71 * HOURS, facts, REGION) == "good"
    assert rhythm.state(Heard(friday), friday + 4.6 * 24 * HOURS, facts, REGION) == "late"


def test_one_planted_silence_in_the_weeks_that_are_learned_from_does_not_make_the_next_usual() -> None:
    gone = START + timedelta(days=40, hours=1)
    moments = [one for one in steady(60) if not gone < one < gone + 5 * HOURS]
    rhythm, facts = learn(moments), feed(30 * MINUTES)
    gaps = list(itertools.pairwise(moments))
    (found,) = unusual(gaps, rhythm, facts, REGION)
    assert found[2] == "silent"
    assert found[1] - found[0] >= 5 * HOURS
    again = gone + timedelta(days=21)
    assert rhythm.state(Heard(again), again + 90 * MINUTES, facts, REGION) == "silent"


@pytest.mark.parametrize("per_hour", [0.2, 1.1, 5.0, 90.0])
def test_nothing_is_said_of_a_feed_that_keeps_its_rhythm(per_hour: float) -> None:
    """Chance alone passes one and a half times the longest usual silence about once in a thousand (0.01 ** 1.5)."""
    moments = steady(per_hour)
    told = unusual(itertools.pairwise(moments), learn(moments), feed(5 * MINUTES), REGION)
    assert len(told) <= 0.003 * len(moments)


def test_a_delivery_a_week_is_not_late_for_ten_days() -> None:
    moments = [START + timedelta(days=7 * n, hours=5) for n in range(8)]
    rhythm, facts, last = learn(moments), feed(HOURS), moments[-1]
    states = [rhythm.state(Heard(last), last + n * 24 * HOURS, facts, REGION) for n in (1, 7, 10, 11, 22)]
    assert states == ["good", "good", "good", "late", "silent"]


def test_of_a_feed_that_is_hardly_known_nothing_is_said_for_a_day() -> None:
    rhythm, facts, last = learn(steady(1, days=1)[:3]), feed(HOURS), START
    assert rhythm.longest_usual(1, 3) is None
    assert rhythm.state(Heard(last), last + 23 * HOURS, facts, REGION) == "good"
    assert rhythm.state(Heard(last), last + 25 * HOURS, facts, REGION) == "late"
    assert rhythm.state(Heard(), last, facts, REGION) == "never"


def test_a_source_that_no_longer_answers_is_silent_since_its_last_answer() -> None:
    rhythm, facts = learn(steady(0.5)), feed(12 * HOURS, every=3 * MINUTES)
    now = START + timedelta(days=60)
    well = Heard(now - 2 * HOURS, answered_at=now - 3 * MINUTES)
    lost = Heard(now - 2 * HOURS, answered_at=now - 20 * MINUTES)
    assert rhythm.state(well, now, facts, REGION) == "good"
    assert silent_since(well, now, facts) == now - 2 * HOURS
    assert rhythm.state(lost, now, facts, REGION) == "silent"
    assert silent_since(lost, now, facts) == now - 20 * MINUTES


def test_the_hours_beside_are_taken_in_across_the_turn_of_the_week() -> None:
    rhythm = Rhythm({(7, 23): Cell(30, MINUTES, (600.0,)), (1, 1): Cell(30, MINUTES, (300.0,))})
    assert rhythm.longest_usual(1, 0) == 10 * MINUTES
    assert rhythm.longest_usual(1, 2) == 5 * MINUTES
