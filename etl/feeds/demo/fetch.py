"""The demo's deliveries in their order: the last days, newest first; then real time, with the older years behind it.

* On the first start the last ``days`` days come first, newest day first. The cursor of the delivery that completes them
  says ``"ready": true``.
* Then two years of calls and six of reports come behind, some weeks or months a delivery, while real time
  goes on between them.
* Demo time runs ``speed`` times as fast as real time. What was missed while the demo did not run is delivered as an
  archive: known when it was registered.
"""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from etl.feeds.demo.clock import moment, seconds
from etl.feeds.demo.deliveries import CALLS, REPORTS, Demo
from etl.feeds.demo.progress import Progress, Stretch
from etl.feeds.demo.truth import write_truth

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import date, datetime
    from pathlib import Path

    from etl.feed import Feed, Fetched

    Item = tuple[str, Fetched]
    Maker = Callable[[str, int, int, dict[str, Any]], Fetched | None]

FEEDS = (CALLS, REPORTS)
HISTORY_DAYS = {CALLS: 730, REPORTS: 2_192}
BLOCK_DAYS = {CALLS: 7, REPORTS: 91}
"""The longest stretch of one delivery. It begins with today alone and doubles: the newest are in at once, and a load
of whole weeks is quicker than one of single days."""

MISSED_S = 120
"""Demo seconds of real time that may be made up for as if they were live."""

LOOK_S = 1.0
PAUSE_S = 0.25
"""Real seconds: how long to sleep at most, and between two deliveries at least."""


async def fetch(
    cursor: dict[str, Any],
    feed: Feed,
    now: datetime,
    *,
    days: int,
    speed: float,
    seed: int,
    history: bool,
    stories: bool = True,
    truth_file: Path | None = None,
    ticks: Callable[[], float] = time.time,
    rest: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[tuple[str, Fetched]]:
    """Yield (name of the feed whose format it is, delivery) for ever.

    Args:
        cursor: That of the last delivery that was committed; empty at first.
        feed: The demo's own folder, for its region.
        now: The time of the start (aware).
        days: How many whole days before today come first.
        speed: Demo seconds per real second.
        seed: Which world.
        history: Whether the older years follow.
        stories: Whether the stories are planted, as of the first start (``stories``).
        truth_file: Where to write what is planted; written when the last days are in, again when the world grows.
        ticks: Real time in seconds.
        rest: Sleeps.

    Raises:
        SetupError: The database holds another seed's demo, or another region is served.
    """
    started = ticks()
    told = Progress.read(cursor, seed)
    start_s = (
        max([seconds(now), *(stretch.until_s for stretch in told.feeds.values())]) if told else seconds(now)
    )
    begun_s = told.begun_s if told else start_s
    first = moment(begun_s).date() - timedelta(days=days + 45)
    last = moment(start_s).date()
    demo = await asyncio.to_thread(
        Demo, seed, feed.region, first, last, stories_from_s=begun_s if stories else None
    )
    today = demo.local_day(begun_s)
    # On the first start nothing is there: of each feed the empty stretch before now.
    progress = told or Progress(
        seed, begun_s, {name: Stretch(today + timedelta(days=1), begun_s) for name in FEEDS}
    )
    recent = dict.fromkeys(FEEDS, today - timedelta(days=days))
    far = {name: today - timedelta(days=HISTORY_DAYS[name] if history else 0) for name in FEEDS}
    oldest = {name: min(recent[name], far[name]) for name in FEEDS}
    source = _Source(demo, progress, recent)

    while (item := await source.older(recent)) is not None:
        yield item
    while (item := await source.missed(start_s)) is not None:
        yield item
    if history:
        first = min(oldest.values()) - timedelta(days=45)
    new_world = True
    while True:
        demo_now = start_s + (ticks() - started) * speed
        new_world |= await asyncio.to_thread(demo.cover, first, moment(int(demo_now)).date())
        if new_world and truth_file is not None:
            await asyncio.to_thread(write_truth, truth_file, demo, min(oldest.values()))
        new_world = False
        fresh = await source.live(int(demo_now))
        for item in fresh:
            yield item
        older = await source.older(oldest)
        if older is not None:
            yield older
        else:
            wait_s = PAUSE_S if fresh else (source.next_s() - demo_now) / speed
            await rest(min(max(wait_s, PAUSE_S), LOOK_S))


class _Source:
    """The demo and how far it has been delivered.

    Each delivery carries the progress that holds once it is committed. Whoever cannot commit it starts ``fetch`` anew
    from what is in the database.
    """

    def __init__(self, demo: Demo, progress: Progress, recent: dict[str, date]) -> None:
        self.demo = demo
        self.progress = progress
        self.recent = recent

    async def older(self, goal: dict[str, date]) -> Item | None:
        """The next older delivery of the feed that reaches back least; None when all reach back to their goal."""
        while (feed := self.progress.lacks(goal)) is not None:
            newest = self.progress.feeds[feed].back_to
            there = (self.demo.local_day(self.progress.begun_s) + timedelta(days=1) - newest).days
            oldest = max(goal[feed], newest - timedelta(days=min(max(1, there), BLOCK_DAYS[feed])))
            from_s = self.demo.midnight_s(oldest)
            to_s = min(self.demo.midnight_s(newest), self.progress.begun_s)
            self.progress = self.progress.moved_back(feed, oldest)
            made = await self._make(self.demo.archive, feed, from_s, to_s)
            if made is not None:
                return feed, made
        return None

    async def missed(self, until_s: int) -> Item | None:
        """The next delivery of what was registered while nobody fetched, oldest first, a day a delivery."""
        for feed in FEEDS:
            while until_s - (from_s := self.progress.feeds[feed].until_s) > MISSED_S:
                day = self.demo.local_day(from_s)
                to_s = min(until_s, self.demo.midnight_s(day + timedelta(days=1)))
                self.progress = self.progress.moved_on(feed, to_s)
                made = await self._make(self.demo.archive, feed, from_s, to_s)
                if made is not None:
                    return feed, made
        return None

    async def live(self, until_s: int) -> list[Item]:
        """What each feed has registered since the last time."""
        found: list[Item] = []
        for feed in FEEDS:
            from_s = self.progress.feeds[feed].until_s
            if until_s > from_s:
                self.progress = self.progress.moved_on(feed, until_s)
                made = await self._make(self.demo.live, feed, from_s, until_s)
                found += [(feed, made)] if made is not None else []
        return found

    def next_s(self) -> int:
        """When something is registered next (UTC seconds)."""
        return min(self.demo.next_s(feed, self.progress.feeds[feed].until_s) for feed in FEEDS)

    async def _make(self, how: Maker, feed: str, from_s: int, to_s: int) -> Fetched | None:
        return await asyncio.to_thread(how, feed, from_s, to_s, self.progress.cursor(self.recent))
