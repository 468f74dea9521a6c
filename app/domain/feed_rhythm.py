"""The rhythm of a feed: how long its silences usually are at each hour of the week, and so which silence is unusual.

Pure. Feeds are not all held against the same hour: what is unusual is learned from a feed's own last weeks, and its
``feed.toml`` says which silences are too short to be worth a word (``[rhythm] floor_minutes``). Moments are aware; the
hours of the week are told by the region's clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from app.domain.region import Region
    from app.domain.window import Kind

State = Literal["good", "late", "silent", "never"]

LEARNED = timedelta(days=56)
"""How far back the rhythm is learned from: eight of each hour of the week."""
RARE = 0.01
"""One in a hundred of a feed's silences is longer than what counts as its longest usual one."""
MARGIN = 1.5
"""Late is half as long again as that; silent is twice as long as late."""
ENOUGH = 20
"""With fewer silences than this other hours of the week are taken in."""
FEWEST = 3
"""Fewer than this say nothing of how long they usually are."""
UNLEARNED = timedelta(hours=24)
"""What a feed may be silent for while too little of it is known."""
FLOOR = timedelta(hours=1)
"""The floor of a feed whose ``feed.toml`` says nothing."""
UNANSWERED = 4
"""A source that is asked at intervals is unreachable after so many of them without an answer…"""
UNANSWERED_LEAST = timedelta(minutes=15)
"""… and at least after so long."""


@dataclass(frozen=True)
class FeedFacts:
    """What ``feed.toml`` says of a feed, as far as its health goes. ``every`` is how often its source is asked."""

    name: str
    kind: Kind
    title_sv: str
    title_en: str
    floor: timedelta = FLOOR
    every: timedelta | None = None
    demo: bool = False


@dataclass(frozen=True)
class Cell:
    """The silences that began in one hour of the week: how many, their median, and the longest few, longest first."""

    gaps: int
    usual: timedelta
    longest_s: Sequence[float] = field(default=(), repr=False)


@dataclass(frozen=True)
class Heard:
    """When a feed was last heard.

    ``news_at``: the newest known-at of what it told; ``delivered_at``: its newest live delivery, known before or not;
    ``answered_at``: when its source last answered (now only); ``asked_at``: when it was last asked.
    """

    news_at: datetime | None = None
    delivered_at: datetime | None = None
    answered_at: datetime | None = None
    asked_at: datetime | None = None
    message: str | None = None

    @property
    def at(self) -> datetime | None:
        """The newest moment at which it said something."""
        return max((one for one in (self.news_at, self.delivered_at) if one is not None), default=None)


@dataclass(frozen=True)
class Rhythm:
    """What was learned of one feed: a cell for each (weekday 1–7, hour 0–23) in which a silence of it began."""

    cells: Mapping[tuple[int, int], Cell] = field(default_factory=dict)

    @property
    def gaps(self) -> int:
        """How many silences it was learned from."""
        return sum(cell.gaps for cell in self.cells.values())

    def usual(self, weekday: int, hour: int) -> timedelta | None:
        """The usual time to the next word, of silences that begin in that hour of the week."""
        cell = self.cells.get((weekday, hour))
        return cell.usual if cell is not None else None

    def longest_usual(self, weekday: int, hour: int) -> timedelta | None:
        """What only one in a hundred silences that begin about then is longer than; None where too few are known.

        The hour before and the hour after are taken in; where they hold too few, those of the other weekdays; then all.
        Of a feed so slow that all are few (one delivery a week) it is the longest.
        """
        beside = _beside(weekday, hour)
        hours = {place[1] for place in beside}
        near: list[Cell] = []
        for taken in (
            [self.cells[place] for place in beside if place in self.cells],
            [cell for (_, begins), cell in self.cells.items() if begins in hours],
            list(self.cells.values()),
        ):
            near = taken
            if sum(cell.gaps for cell in near) >= ENOUGH:
                break
        known = sum(cell.gaps for cell in near)
        if known < FEWEST:
            return None
        longest = sorted((length for cell in near for length in cell.longest_s), reverse=True)
        return timedelta(seconds=longest[min(ceil(RARE * known), len(longest)) - 1])

    def allowed(self, begins: datetime, facts: FeedFacts, region: Region) -> timedelta:
        """How long a silence that begins then may last without being late."""
        local = begins.astimezone(region.zone)
        longest = self.longest_usual(local.isoweekday(), local.hour)
        return max(facts.floor, UNLEARNED if longest is None else MARGIN * longest)

    def state(self, heard: Heard, now: datetime, facts: FeedFacts, region: Region) -> State:
        """How the feed is at ``now``: in time, late, or silent; ``never`` heard of."""
        if heard.at is None:
            return "never"
        if unreachable(heard, now, facts):
            return "silent"
        return self.grade(heard.at, now, facts, region)

    def grade(self, begins: datetime, ends: datetime, facts: FeedFacts, region: Region) -> State:
        """What a silence from one moment to another is."""
        allowed = self.allowed(begins, facts, region)
        length = ends - begins
        return "silent" if length > 2 * allowed else "late" if length > allowed else "good"


def _beside(weekday: int, hour: int) -> list[tuple[int, int]]:
    """The hour of the week with the one before and the one after; Monday follows on Sunday."""
    of_week = (weekday - 1) * 24 + hour
    return [((n % 168) // 24 + 1, n % 24) for n in (of_week - 1, of_week, of_week + 1)]


def unreachable(heard: Heard, now: datetime, facts: FeedFacts) -> bool:
    """Whether its source, which is asked at intervals, has left several of them unanswered."""
    if facts.every is None or heard.answered_at is None:
        return False
    return now - heard.answered_at > max(UNANSWERED * facts.every, UNANSWERED_LEAST)


def silent_since(heard: Heard, now: datetime, facts: FeedFacts) -> datetime | None:
    """From when on nothing is known of it: its last word, or its source's last answer where that stopped."""
    return heard.answered_at if unreachable(heard, now, facts) else heard.at


def unusual(
    gaps: Iterable[tuple[datetime, datetime]], rhythm: Rhythm, facts: FeedFacts, region: Region
) -> list[tuple[datetime, datetime, State]]:
    """Those of the silences that are longer than usual, with what each is."""
    graded = ((begins, ends, rhythm.grade(begins, ends, facts, region)) for begins, ends in gaps)
    return [one for one in graded if one[2] != "good"]
