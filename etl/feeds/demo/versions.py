"""What was registered when: the first entry of a report, its corrections and withdrawals.

Nearly all reports are entered within hours, the rest with a tail of weeks (by offence group, ``offences``). About one
in six is corrected later, a few twice, one in sixty withdrawn. The last version is the truth; earlier ones are the
truth with one thing wrong, so that every correction is a real change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from etl.feeds.demo import offences
from etl.feeds.demo.clock import DAY_MINUTES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from etl.feeds.demo.clock import Clock, Ints
    from etl.feeds.demo.cohorts import Events, Pairs
    from etl.feeds.demo.ground import Ground

    Flags = NDArray[np.bool_]

FIRST, OFFENCE, PLACE, DISTRICT, TIME, SUSPECT, WITHDRAWN = range(7)
CHANGES = ("first", "offence", "place", "district", "time", "suspect", "withdrawn")
CHANGE_SHARES = np.array([0.0, 0.30, 0.19, 0.10, 0.17, 0.14, 0.10])
CORRECTED, CORRECTED_AGAIN = 0.16, 0.20
SUSPECT_KNOWN, NO_POSITION, KOMMUN_ONLY = 0.92, 0.05, 0.035
POSITION, STREET, KOMMUN = 0, 1, 2
"""How precisely a report tells its place."""

FAST_MIN, FAST_SIGMA = 95.0, 0.9
LATEST_DAYS = 200.0


@dataclass(frozen=True)
class Filings:
    """What does not change between the versions of a report, one element a report.

    ``before_min`` and ``after_min``: how far the interval reaches before and after ``Events.at``; ``call_at``: when
    somebody called the police about it (local minutes), -1 for never; ``text``: which free text it carries.
    """

    before_min: Ints
    after_min: Ints
    first_s: Ints
    call_at: Ints
    count: Ints
    text: Ints


@dataclass(frozen=True)
class Versions:
    """Every version of every report. ``event`` is a position; ``registered_s`` are UTC seconds."""

    event: Ints
    number: Ints
    registered_s: Ints
    change: Ints
    group: Ints
    place: Ints
    house: Ints
    shift_min: Ints
    suspect_known: Flags
    withdrawn: Flags
    precision: Ints


def file_reports(
    rng: np.random.Generator, ground: Ground, pairs: Pairs, events: Events
) -> tuple[Filings, Versions]:
    """Register a cohort's reports, and correct some of them."""
    filings, precision = _filings(rng, ground.clock, pairs, events)
    return filings, _versions(rng, ground, events, filings.first_s, precision)


def _filings(rng: np.random.Generator, clock: Clock, pairs: Pairs, events: Events) -> tuple[Filings, Ints]:
    count = len(events.at)
    group = events.group
    after = rng.integers(0, 41, count)
    fast = rng.random(count) < offences.SAME_DAY[group]
    quick = np.clip(FAST_MIN * rng.lognormal(0.0, FAST_SIGMA, count), 12, 900)
    slow = np.clip(offences.LATE_DAYS[group] * rng.lognormal(0.0, 1.1, count), 0.6, LATEST_DAYS) * DAY_MINUTES
    known = events.at + after + np.where(fast, quick, slow).astype(np.int64)
    known = np.where(fast, known, _office_hours(rng, known))
    course_days = np.where(group == offences.NUMBER["fridskrankning"], rng.uniform(20, 240, count), 0.0)
    course_days = np.where(
        group == offences.NUMBER["olaga_forfoljelse"], rng.uniform(5, 60, count), course_days
    )
    unsure = np.where(rng.random(count) < 0.1, rng.integers(30, 600, count), 0)
    called = fast & (rng.random(count) < offences.CALL_SHARE[group]) & ~pairs.protected[events.pair]
    online = offences.ONLINE[group] & (rng.random(count) < 0.7)
    vague = rng.random(count)
    precision = np.where(
        vague < NO_POSITION, STREET, np.where(vague < NO_POSITION + KOMMUN_ONLY, KOMMUN, POSITION)
    )
    filings = Filings(
        before_min=np.where(course_days > 0, (course_days * DAY_MINUTES).astype(np.int64), unsure),
        after_min=after,
        first_s=clock.utc_s(clock.existing(known)) + rng.integers(0, 60, count),
        call_at=np.where(called, events.at + rng.integers(0, 11, count), -1),
        count=np.where(rng.random(count) < 0.03, rng.integers(2, 5, count), 1),
        text=rng.integers(0, 1_000_000, count),
    )
    return filings, np.where(online, KOMMUN, precision)


def _office_hours(rng: np.random.Generator, known: Ints) -> Ints:
    """The same day between 08:00 and 20:59, or the next day when that would be too early."""
    moved = known // DAY_MINUTES * DAY_MINUTES + rng.integers(8 * 60, 21 * 60, len(known))
    return np.where(moved > known, moved, moved + DAY_MINUTES)


def _versions(
    rng: np.random.Generator, ground: Ground, events: Events, first_s: Ints, precision: Ints
) -> Versions:
    clock, places = ground.clock, ground.places
    count = len(events.at)
    one, two = _changes(rng, count)
    known = rng.random(count) < SUSPECT_KNOWN
    known |= (one == SUSPECT) | (two == SUSPECT)
    placed = np.isin(one, (PLACE, DISTRICT)) | np.isin(two, (PLACE, DISTRICT))
    precision = np.where(placed, POSITION, precision)
    registered = [first_s]
    for _ in range(2):
        wall = clock.wall_min(registered[-1]) + 20
        later = (np.clip(2.5 * rng.lognormal(0.0, 1.3, count), 0.02, 120.0) * DAY_MINUTES).astype(np.int64)
        registered.append(
            clock.utc_s(clock.existing(_office_hours(rng, wall + later))) + rng.integers(0, 60, count)
        )
    near = places.draw_in(rng, places.kommun_of, places.kommun_of[events.place])
    far = places.draw_home(rng, count)
    while (same := places.kommun_of[far] == places.kommun_of[events.place]).any():
        far[same] = places.draw_home(rng, int(same.sum()))
    wrong_house = events.house % 24 + 1
    wrong_time = rng.choice(np.array([-DAY_MINUTES, -120, -60, 60, 90, -720]), count)
    pieces = []
    for number in range(3):
        ahead = np.stack([np.where(number < 1, one, -1), np.where(number < 2, two, -1)])
        lies = {change: (ahead == change).any(axis=0) for change in (OFFENCE, PLACE, DISTRICT, TIME, SUSPECT)}
        gone = (np.stack([one, two])[:number] == WITHDRAWN).any(axis=0)
        there = np.flatnonzero((number == 0) | (number == 1) & (one > 0) | (number == 2) & (two > 0))
        elsewhere = np.where(lies[DISTRICT], far, np.where(lies[PLACE], near, events.place))
        moved = lies[PLACE] | lies[DISTRICT]
        columns = (
            np.arange(count), np.full(count, number), registered[number],
            np.full(count, FIRST) if number == 0 else (one, two)[number - 1],
            np.where(lies[OFFENCE], offences.MISTAKEN_FOR[events.group], events.group),
            elsewhere, np.where(moved, wrong_house, events.house),
            np.where(lies[TIME], wrong_time, 0), known & ~lies[SUSPECT], gone, precision,
        )  # fmt: skip
        pieces.append([column[there] for column in columns])
    return Versions(*(np.concatenate(parts) for parts in zip(*pieces, strict=True)))


def _changes(rng: np.random.Generator, count: int) -> tuple[Ints, Ints]:
    """The first and the second correction of each report, 0 for none; never twice of the same thing."""
    kinds = len(CHANGE_SHARES)
    one = np.where(rng.random(count) < CORRECTED, rng.choice(kinds, count, p=CHANGE_SHARES), 0)
    two = np.where(rng.random(count) < CORRECTED_AGAIN, rng.choice(kinds, count, p=CHANGE_SHARES), 0)
    two = np.where((one == 0) | (one == WITHDRAWN) | (two == one), 0, two)
    both_places = np.isin(one, (PLACE, DISTRICT)) & np.isin(two, (PLACE, DISTRICT))
    return one, np.where(both_places, TIME, two)
