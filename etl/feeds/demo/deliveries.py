"""The demo as a source: asked for a stretch of time, it answers with the bytes that its two feeds registered in it.

A version belongs to the stretch in which it was registered, and to that alone. So stretches that do not overlap and
leave nothing out deliver everything once, in whatever order they are asked for.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from etl.feed import Fetched
from etl.feeds.demo.calls import LATEST_DAYS, Calls, calls_of
from etl.feeds.demo.clock import DAY_MINUTES, day_number, day_of, moment, seconds
from etl.feeds.demo.formats import call_ndjson, report_csv
from etl.feeds.demo.ground import Ground
from etl.feeds.demo.stories import Planted, plant
from etl.feeds.demo.world import World

if TYPE_CHECKING:
    from typing import Any

    from app.domain.region import Region

REPORTS, CALLS = "anmalan", "uppdrag"
AHEAD = timedelta(days=35)
KEPT_DAYS = 24
"""Days of calls that are kept in memory, some 0.2 MB each."""


class Demo:
    """A seed's world, from ``first`` on and for ever: it grows by itself as it is asked for later times.

    With ``stories_from_s`` (UTC seconds) the stories of a demo that was first started then are in it.
    """

    def __init__(
        self, seed: int, region: Region, first: date, last: date, *, stories_from_s: int | None = None
    ) -> None:
        ground = Ground.of(seed, region)
        self.planted = Planted(0, ()) if stories_from_s is None else plant(ground, stories_from_s)
        self.ground = replace(ground, silent=self.planted.silences)
        self.clock, self.places = self.ground.clock, self.ground.places
        self.world = World.make(self.ground, first, last + AHEAD)
        self._days: OrderedDict[int, Calls] = OrderedDict()

    def cover(self, first: date, last: date) -> bool:
        """Have the world reach from ``first`` to a month after ``last``; True when it had to grow."""
        at_s = seconds(datetime.combine(last, datetime.min.time(), UTC) + timedelta(days=4))
        if first.year >= self.world.first_year and at_s < self.world.end_s:
            return False
        first = min(first, date(self.world.first_year, 1, 1))
        last = max(last + AHEAD, moment(self.world.end_s - 2 * 86_400).date())
        self.world = World.make(self.ground, first, last)
        self._days.clear()
        return True

    def midnight_s(self, day: date) -> int:
        """UTC seconds at which a local day begins."""
        return int(self.clock.utc_s(np.array([day_number(day) * DAY_MINUTES], np.int64))[0])

    def local_day(self, at_s: int) -> date:
        """The local calendar day of UTC seconds."""
        return day_of(self._day(at_s))

    def content(self, feed: str, from_s: int, to_s: int) -> bytes | None:
        """What a feed registered in ``[from_s, to_s)``, in its format; None when that is nothing."""
        if feed == REPORTS:
            positions = self.world.registered(from_s, to_s)
            besides = self.planted.lines(from_s, to_s)
            if not len(positions) and not besides:
                return None
            return report_csv(self.world, self.clock, self.places, positions, besides)
        chosen = []
        for day in range(self._day(from_s) - LATEST_DAYS - 1, self._day(to_s) + 1):
            calls = self.calls(day)
            start, stop = np.searchsorted(calls.registered_s, [from_s, to_s])
            if stop > start:
                chosen.append((calls, np.arange(start, stop, dtype=np.int64)))
        return call_ndjson(self.clock, self.places, chosen) if chosen else None

    def next_s(self, feed: str, after_s: int) -> int:
        """When a feed registers something next, at or after ``after_s``; a day later when it does not till then."""
        limit = after_s + 86_400
        if feed == REPORTS:
            registered = self.world.versions.registered_s
            place = int(np.searchsorted(registered, after_s))
            told: list[int] = registered[place : place + 1].tolist()
            return min(limit, self.planted.next_s(after_s) or limit, *told)
        found = [limit]
        for day in range(self._day(after_s) - LATEST_DAYS - 1, self._day(after_s) + 2):
            registered = self.calls(day).registered_s
            place = int(np.searchsorted(registered, after_s))
            found += registered[place : place + 1].tolist()
        return min(found)

    def calls(self, day: int) -> Calls:
        """The calls of a local day number; the days asked for last are kept."""
        if day in self._days:
            self._days.move_to_end(day)
        else:
            self._days[day] = calls_of(self.ground, self.world, day)
            if len(self._days) > KEPT_DAYS:
                self._days.popitem(last=False)
        return self._days[day]

    def archive(self, feed: str, from_s: int, to_s: int, cursor: dict[str, Any]) -> Fetched | None:
        """A stretch of the past: each version was known when it was registered."""
        content = self.content(feed, from_s, to_s)
        if content is None:
            return None
        name = f"demo-{feed}-{_stamp(from_s)}-{_stamp(to_s)}.{_ending(feed)}"
        return Fetched(content, name, moment(to_s), archive=True, cursor=cursor)

    def live(self, feed: str, from_s: int, to_s: int, cursor: dict[str, Any]) -> Fetched | None:
        """What has just been registered, known from now on."""
        content = self.content(feed, from_s, to_s)
        if content is None:
            return None
        return Fetched(content, f"demo-{feed}-{_stamp(to_s)}.{_ending(feed)}", moment(to_s), cursor=cursor)

    def _day(self, at_s: int) -> int:
        return int(self.clock.wall_min(np.array([at_s], np.int64))[0]) // DAY_MINUTES


def _stamp(at_s: int) -> str:
    return f"{moment(at_s):%Y%m%dT%H%M%SZ}"


def _ending(feed: str) -> str:
    return "csv" if feed == REPORTS else "ndjson"
