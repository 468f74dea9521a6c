"""The calls: how many, when, what becomes of them, and the same whichever day is made first."""

from __future__ import annotations

import time
from datetime import date

import numpy as np
import pytest

from etl.feeds.demo import call_types, calls
from etl.feeds.demo.calls import Calls, calls_of
from etl.feeds.demo.clock import DAY_MINUTES, day_number
from etl.feeds.demo.deliveries import CALLS, Demo
from etl.feeds.demo.planted import bursts, silences

FIRST_DAY = day_number(date(2026, 9, 1))


@pytest.fixture(scope="module")
def month(demo: Demo) -> list[Calls]:
    return [calls_of(demo.ground, demo.world, FIRST_DAY + place) for place in range(30)]


def test_some_2000_calls_are_made_a_day(month: list[Calls]) -> None:
    counts = [int((day.change == calls.FIRST).sum()) for day in month]
    assert 1_900 < np.mean(counts) < 2_150
    assert min(counts) > 1_600


def test_a_day_made_alone_is_the_day_made_among_others(demo: Demo, month: list[Calls]) -> None:
    for place in (29, 3, 17):
        alone = calls_of(demo.ground, demo.world, FIRST_DAY + place)
        assert np.array_equal(alone.registered_s, month[place].registered_s)
        assert np.array_equal(alone.place, month[place].place)


def test_ids_are_unique_and_tell_the_year(month: list[Calls]) -> None:
    ids = [made for day in month for made in calls.call_ids(day.day, day.number[day.change == calls.FIRST])]
    assert len(set(ids)) == len(ids)
    assert all(made.startswith("S-2026-") for made in ids)


def test_hours_and_weekdays_have_their_shape(month: list[Calls]) -> None:
    start = np.concatenate([day.start[day.change == calls.FIRST] for day in month])
    kind = np.concatenate([day.kind[day.change == calls.FIRST] for day in month])
    hours = np.bincount(start % DAY_MINUTES // 60, minlength=24)
    assert hours[14:23].mean() > 2.5 * hours[4]
    drunk = start[kind == call_types.NUMBER["Fylleri"]]
    by_weekday = np.bincount((drunk // DAY_MINUTES + 3) % 7, minlength=7)
    assert by_weekday[5] > 1.5 * by_weekday[1]
    domestic = np.isin(kind, call_types.DOMESTIC).mean()
    assert 0.02 < domestic < 0.16


def test_nothing_is_known_before_it_happens_and_closed_calls_end_after_they_began(
    demo: Demo, month: list[Calls]
) -> None:
    for day in month:
        assert (day.registered_s > demo.clock.utc_s(day.start)).all()
        closed = day.end >= 0
        assert (day.end[closed] >= day.start[closed]).all()
        assert (demo.clock.utc_s(day.end[closed]) <= day.registered_s[closed]).all()
        latest = demo.midnight_s(
            date.fromordinal(date(1970, 1, 1).toordinal() + day.day + calls.LATEST_DAYS + 1)
        )
        assert day.registered_s.max() < latest


def test_some_calls_are_revised(month: list[Calls]) -> None:
    change = np.concatenate([day.change for day in month])
    shares = np.bincount(change, minlength=len(calls.CHANGES)) / (change == calls.FIRST).sum()
    assert 0.05 < shares[1:].sum() < 0.11
    assert shares[1:].min() > 0.004


def test_a_silence_registers_nothing_and_is_caught_up_with(demo: Demo) -> None:
    for silence in silences(demo.ground, FIRST_DAY, FIRST_DAY + 28):
        hours = (silence.to_s - silence.from_s) / 3600
        assert 3 <= hours <= 6
        assert demo.content(CALLS, silence.from_s, silence.to_s) is None
        made = demo.content(CALLS, silence.to_s, silence.to_s + 15 * 60)
        assert made is not None
        assert made.count(b"\n") > 100


def test_every_28_days_have_one_burst_that_shows(demo: Demo) -> None:
    (burst,) = [
        found for found in bursts(demo.ground, FIRST_DAY, FIRST_DAY + 28) if found.from_day >= FIRST_DAY
    ]

    def domestic(day: int) -> int:
        made = calls_of(demo.ground, demo.world, day)
        there = demo.places.district_of[made.place] == burst.district
        return int((there & np.isin(made.kind, call_types.DOMESTIC)).sum())

    during = np.mean([domestic(day) for day in range(burst.from_day, burst.to_day)])
    before = np.mean([domestic(day) for day in range(burst.from_day - 14, burst.from_day)])
    assert during > 2.2 * before


def test_a_day_is_made_and_written_within_60_ms(demo: Demo) -> None:
    def seconds(day: int) -> float:
        started = time.process_time()
        positions = np.arange(len((made := calls_of(demo.ground, demo.world, day)).number), dtype=np.int64)
        from etl.feeds.demo.formats import call_ndjson

        call_ndjson(demo.clock, demo.places, [(made, positions)])
        return time.process_time() - started

    assert np.median([seconds(FIRST_DAY + place) for place in range(9)]) < 0.060
