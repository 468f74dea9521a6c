"""The calls of one day, alone and always the same: some 2,000, and those that reports have come from.

A call is registered within minutes of the caller's first words; one that a patrol found itself is registered when it
is over, with both times. About one in twelve is revised: a type that turned out to be another, a priority, a place,
a call that was none. During a planted silence nothing is registered; it is caught up with afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from etl.feeds.demo import call_types as kinds
from etl.feeds.demo.clock import DAY_MINUTES, day_of
from etl.feeds.demo.offences import COUPLE_MAN
from etl.feeds.demo.places import HOUSES
from etl.feeds.demo.planted import BURST_FACTOR, CATCH_UP_MIN, bursts, silences

if TYPE_CHECKING:
    from etl.feeds.demo.clock import Ints
    from etl.feeds.demo.ground import Ground
    from etl.feeds.demo.shape import Floats
    from etl.feeds.demo.world import World

CALLS_PER_DAY = 2_000.0
CALLS = 2  # stream of the seed
LATEST_DAYS = 5
"""No version of a call is registered later than so many days after the day of the call."""

FIRST, TYPE, PRIORITY, WITHDRAWN, PLACE = range(5)
CHANGES = ("first", "type", "priority", "withdrawn", "place")
CHANGE_LIMITS = np.cumsum([0.045, 0.018, 0.012, 0.007])
LINKED_FROM = 9_000
"""Calls that became reports take the last thousand of a day's ten thousand numbers, which are then shuffled."""


@dataclass(frozen=True)
class Calls:
    """Every version of the calls of one local day, in the order of registration.

    ``start`` and ``end`` are local minutes, ``end`` -1 while the call is open; ``report`` is the event of the world
    that the call is about, -1 for none.
    """

    day: int
    number: Ints
    change: Ints
    registered_s: Ints
    start: Ints
    end: Ints
    kind: Ints
    priority: Ints
    place: Ints
    house: Ints
    report: Ints


def call_ids(day: int, numbers: Ints) -> list[str]:
    """``S-2026-1234567``: year, and the day of the year with one of its ten thousand numbers."""
    date = day_of(day)
    within = date.timetuple().tm_yday * 10_000 + (numbers * 7_919 + day * 131) % 10_000
    return [f"S-{date.year}-{number:07d}" for number in within.tolist()]


def calls_of(ground: Ground, world: World, day: int) -> Calls:
    """All versions of the calls of one local day number."""
    places = ground.places
    rng = np.random.default_rng([ground.seed, CALLS, day])
    kind, hour, place = _usual(rng, ground, day)
    for burst in bursts(ground, day, day + 1):
        usual = CALLS_PER_DAY * kinds.SHARES[kinds.DOMESTIC].sum() * places.share_of_district(burst.district)
        extra = int(rng.poisson((BURST_FACTOR - 1) * usual))
        cell = _cells(rng, kinds.CUMULATIVE_DOMESTIC[ground.calendar.weekday(day)], extra)
        there = places.draw_in(rng, places.district_of, np.full(len(cell), burst.district, np.int64))
        kind, hour, place = np.r_[kind, cell // 24], np.r_[hour, cell % 24], np.r_[place, there]
    count = len(kind)
    start = day * DAY_MINUTES + hour * 60 + rng.integers(0, 60, count)
    house = rng.integers(1, HOUSES + 1, count)
    # Those that reports have come from, drawn last so that nothing before depends on them.
    event = world.called_on(day)
    kin = (world.pairs.relation[world.events.pair[event]] > COUPLE_MAN).astype(np.int64)
    kind = np.r_[kind, kinds.ABOUT[world.events.group[event], kin]]
    start = ground.clock.existing(np.r_[start, world.filings.call_at[event]])
    place, house = np.r_[place, world.events.place[event]], np.r_[house, world.events.house[event]]
    number = np.r_[np.arange(count), LINKED_FROM + np.arange(len(event))]
    report = np.r_[np.full(count, -1, np.int64), event]
    return _register(rng, ground, day, _Happened(number, kind, start, place, house, report))


def _usual(rng: np.random.Generator, ground: Ground, day: int) -> tuple[Ints, Ints, Ints]:
    calendar, places = ground.calendar, ground.places
    count = int(rng.poisson(CALLS_PER_DAY * calendar.calls(day)))
    cell = _cells(rng, kinds.CUMULATIVE[calendar.weekday(day)], count)
    kind = cell // 24
    place = np.where(kinds.PUBLIC[kind], places.draw_public(rng, len(kind)), places.draw_home(rng, len(kind)))
    return kind, cell % 24, place


def _cells(rng: np.random.Generator, cumulative: Floats, count: int) -> Ints:
    cell = np.searchsorted(cumulative, rng.random(count), side="right")
    return np.minimum(cell, len(cumulative) - 1).astype(np.int64)


@dataclass(frozen=True)
class _Happened:
    """The calls as they came in."""

    number: Ints
    kind: Ints
    start: Ints
    place: Ints
    house: Ints
    report: Ints


def _register(rng: np.random.Generator, ground: Ground, day: int, calls: _Happened) -> Calls:
    """What is registered of them, and when; with what is later revised."""
    clock, places = ground.clock, ground.places
    number, kind, start = calls.number, calls.kind, calls.start
    place, house, report = calls.place, calls.house, calls.report
    count = len(number)
    priority = np.where(
        rng.random(count) < kinds.URGENT[kind], 1, rng.choice(np.array([2, 2, 3, 3, 4]), count)
    )
    length = np.clip(kinds.MINUTES[kind] * rng.lognormal(0.0, 0.6, count), 6, 480).astype(np.int64)
    start_s = clock.utc_s(start)
    over_s = start_s + length * 60 + rng.integers(0, 60, count)
    found = kinds.FOUND[kind]
    first_s = _after_silence(
        rng, ground, day, np.where(found, over_s, start_s + rng.integers(30, 200, count))
    )
    change = _changes(rng, kind)
    late = np.where(change == PLACE, rng.integers(20 * 3600, 4 * 86_400, count), rng.integers(60, 900, count))
    second_s = _after_silence(rng, ground, day, np.maximum(over_s, first_s + 120) + late)
    end = clock.wall_min(over_s)
    revised = np.flatnonzero(change > 0)
    became = np.where(change == TYPE, kinds.GRAVER[kind], kind)
    urgency = np.where(change == PRIORITY, priority % 4 + 1, np.where(change == TYPE, 1, priority))
    nearby = places.draw_in(rng, places.kommun_of, places.kommun_of[place])
    moved = np.where((change == PLACE) & (report < 0), nearby, place)
    wrong = np.where((change == PLACE) & (report >= 0), house % HOUSES + 1, house)
    columns = (
        np.r_[number, number[revised]],
        np.r_[np.zeros(count, np.int64), change[revised]],
        np.r_[first_s, second_s[revised]],
        np.r_[start, start[revised]],
        np.r_[np.where(found, end, -1), end[revised]],
        np.r_[kind, became[revised]],
        np.r_[priority, urgency[revised]],
        np.r_[place, moved[revised]],
        np.r_[wrong, house[revised]],
        np.r_[report, report[revised]],
    )
    order = np.lexsort((columns[0], columns[2]))
    return Calls(day, *(column[order] for column in columns))


def _changes(rng: np.random.Generator, kind: Ints) -> Ints:
    change = np.searchsorted(CHANGE_LIMITS, rng.random(len(kind)), side="right") + 1
    change = np.where(change > len(CHANGE_LIMITS), 0, change)
    return np.where((change == TYPE) & (kinds.GRAVER[kind] < 0), PRIORITY, change)


def _after_silence(rng: np.random.Generator, ground: Ground, day: int, registered_s: Ints) -> Ints:
    """Moments inside a planted silence become moments right after it."""
    catch_up = rng.integers(0, CATCH_UP_MIN * 60, len(registered_s))
    for silence in silences(ground, day, day + LATEST_DAYS + 1):
        inside = (registered_s >= silence.from_s) & (registered_s < silence.to_s)
        registered_s = np.where(inside, silence.to_s + catch_up, registered_s)
    return registered_s
