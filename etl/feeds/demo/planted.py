"""What is planted by the calendar: a burst of reports in one district, and hours in which the calls fall silent.

Both recur, so that a demo started on any day has one in its last weeks: a burst in the second week of every block of
28 days, a silence of three to six hours in one night of every block of 7 days (at night, so that whoever opens the demo
by day sees calls arrive). Which district, which night: by the seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from etl.feeds.demo.clock import DAY_MINUTES

if TYPE_CHECKING:
    from etl.feeds.demo.ground import Ground

BURST_BLOCK_DAYS, BURST_AFTER_DAYS, BURST_DAYS = 28, 7, 7
BURST_FACTOR = 4.0
"""How many times its usual reports, and domestic calls, the district has in that week."""

SILENCE_BLOCK_DAYS = 7
CATCH_UP_MIN = 15
"""What was missed is registered within so many minutes of the feed's return."""

BURSTS, SILENCES = 3, 4  # streams of the seed


@dataclass(frozen=True)
class Burst:
    """One district's bad week. Days are local day numbers; ``to_day`` is not part of it."""

    block: int
    district: int
    from_day: int
    to_day: int


@dataclass(frozen=True)
class Silence:
    """A feed that registers nothing from ``from_s`` until ``to_s`` (UTC seconds)."""

    from_s: int
    to_s: int


def bursts(ground: Ground, from_day: int, to_day: int) -> list[Burst]:
    """The bursts that touch the days ``[from_day, to_day)``."""
    found = []
    for block in range(
        (from_day - BURST_AFTER_DAYS - BURST_DAYS) // BURST_BLOCK_DAYS, to_day // BURST_BLOCK_DAYS + 1
    ):
        rng = np.random.default_rng([ground.seed, BURSTS, block])
        start = block * BURST_BLOCK_DAYS + BURST_AFTER_DAYS
        burst = Burst(block, int(rng.choice(ground.places.burst_districts)), start, start + BURST_DAYS)
        if burst.from_day < to_day and burst.to_day > from_day:
            found.append(burst)
    return found


def silences(ground: Ground, from_day: int, to_day: int) -> list[Silence]:
    """The silences of the blocks that touch the days ``[from_day, to_day)``, and those of the stories."""
    found = []
    for block in range(from_day // SILENCE_BLOCK_DAYS, (to_day - 1) // SILENCE_BLOCK_DAYS + 1):
        rng = np.random.default_rng([ground.seed, SILENCES, block])
        day = block * SILENCE_BLOCK_DAYS + int(rng.integers(SILENCE_BLOCK_DAYS))
        start = day * DAY_MINUTES + int(rng.integers(0, 150))
        length = int(rng.integers(180, 361))
        from_s, to_s = ground.clock.utc_s(np.array([start, start + length], np.int64)).tolist()
        found.append(Silence(from_s, to_s))
    begin_s, end_s = ground.clock.utc_s(np.array([from_day, to_day], np.int64) * DAY_MINUTES).tolist()
    return found + [quiet for quiet in ground.silent if quiet.from_s < end_s and quiet.to_s > begin_s]
