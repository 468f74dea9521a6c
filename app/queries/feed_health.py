"""The health of the feeds, as known at any moment: when each was heard, its rhythm, its gaps, what became of its rows.

The functions behind it (``migrations/sql/0032_feed_health.sql``) give sums by feed and time, to every role that sees
the state of the feeds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.feed_rhythm import LEARNED, Cell, FeedFacts, Heard, Rhythm, State, silent_since, unusual

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.region import Region

STATES = """
select feed, h.news_at, h.delivered_at, s.last_success_at, s.last_fetch_at, s.message
from feed_state as s full join feed_heard($1) as h using (feed) order by feed
"""

WAITING = """
select feed, count(*)::integer as waits from quarantine
where created_at <= $1 and (resolved_at is null or resolved_at > $1) group by feed
"""

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
"""The quantiles of the delay that are told."""
EDGES_H = (0.25, 1.0, 3.0, 6.0, 12.0, 24.0, 72.0, 168.0, 720.0)
"""Where its steps begin, in hours: a quarter of an hour to thirty days."""


LONGEST = timedelta(days=31)
"""A longer window is looked at by its last days only."""


@dataclass(frozen=True)
class Delay:
    """From happening to first knowing: of how many incidents, its quantiles (share → hours), and how many by step."""

    incidents: int
    hours: Mapping[float, float]
    steps: Sequence[int]


async def heard(connection: Connection, at: datetime, *, live: bool) -> dict[str, Heard]:
    """When each feed that was ever heard of was last heard, up to ``at``.

    What a source answered, and what is wrong with it, is kept for now only: with ``live`` it is told besides.
    """
    return {
        row["feed"]: Heard(
            row["news_at"],
            row["delivered_at"],
            row["last_success_at"] if live else None,
            row["last_fetch_at"] if live else None,
            row["message"] if live else None,
        )
        for row in await connection.fetch(STATES, at)
    }


async def waits(connection: Connection, at: datetime) -> dict[str, int]:
    """How many records of each feed waited in quarantine at ``at``."""
    return {row["feed"]: row["waits"] for row in await connection.fetch(WAITING, at)}


async def gaps(
    connection: Connection, since: datetime, until: datetime, least: timedelta
) -> dict[str, list[tuple[datetime, datetime]]]:
    """The silences of at least so long that touch the stretch, by feed; one that lasts still ends at ``until``."""
    found: dict[str, list[tuple[datetime, datetime]]] = {}
    rows = await connection.fetch("select * from feed_gaps($1, $2, $3)", since, until, least.total_seconds())
    for row in rows:
        found.setdefault(row["feed"], []).append((row["begins"], row["ends"]))
    return found


async def outcomes(
    connection: Connection, since: datetime, until: datetime, region: Region
) -> dict[str, list[dict[str, Any]]]:
    """What became of what each feed sent, by day of the region.

    ``new``, ``corrected`` and ``withdrawn`` versions by the day they became known; ``unchanged``, ``quarantined`` and
    ``outside`` (of the region) by the day of their delivery.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for row in await connection.fetch(
        "select * from feed_outcomes($1, $2, $3)", since, until, region.zone.key
    ):
        told = dict(row)
        found.setdefault(told.pop("feed"), []).append(told)
    return found


async def delays(connection: Connection, since: datetime, until: datetime) -> dict[str, Delay]:
    """How late each feed told of what was first known in the stretch."""
    rows = await connection.fetch(
        "select * from feed_delay_spread($1, $2, $3, $4)", since, until, list(SHARES), list(EDGES_H)
    )
    return {
        row["feed"]: Delay(
            row["incidents"], dict(zip(SHARES, row["hours"], strict=True)), tuple(row["steps"])
        )
        for row in rows
    }


async def learned(connection: Connection, until: datetime, region: Region) -> dict[str, Rhythm]:
    """The rhythm of each feed, learned from the eight weeks before ``until``."""
    cells: dict[str, dict[tuple[int, int], Cell]] = {}
    rows = await connection.fetch(
        "select * from feed_rhythm($1, $2, $3)", until - LEARNED, until, region.zone.key
    )
    for row in rows:
        cell = Cell(row["gaps"], timedelta(seconds=row["usual_s"]), tuple(row["longest_s"]))
        cells.setdefault(row["feed"], {})[row["weekday"], row["hour"]] = cell
    return {feed: Rhythm(found) for feed, found in cells.items()}


@dataclass
class Rhythms:
    """The rhythms as learned until the hour that is asked about: worked out once an hour and not at every look.

    Learning reads eight weeks. What an archive adds to them later is taken in when ``KEPT`` has passed.
    """

    _held: dict[datetime, tuple[datetime, dict[str, Rhythm]]] = field(default_factory=dict)
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    KEPT = timedelta(minutes=30)
    HOURS = 24

    async def of(
        self, connection: Connection, at: datetime, region: Region, now: datetime
    ) -> dict[str, Rhythm]:
        """The rhythm of each feed, as it was known in the hour of ``at``; ``now`` says how old an answer is."""
        hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        async with self._lock:
            held = self._held.get(hour)
            if held is not None and timedelta() <= now - held[0] < self.KEPT:
                return held[1]
            found = await learned(connection, hour, region)
            self._held[hour] = (now, found)
            while len(self._held) > self.HOURS:
                del self._held[min(self._held, key=lambda one: self._held[one][0])]
            return found


class Status(NamedTuple):
    """How a feed is, and, where it is not in time, from when on nothing of it is known."""

    facts: FeedFacts
    heard: Heard
    state: State
    since: datetime | None
    waits: int


async def statuses(
    connection: Connection,
    facts: Mapping[str, FeedFacts],
    rhythms: Rhythms,
    region: Region,
    at: datetime,
    now: datetime,
) -> list[Status]:
    """How each feed that was ever heard of is at ``at``: quick enough for every page and every quarter of a minute."""
    found = await heard(connection, at, live=at >= now)
    known = await rhythms.of(connection, at, region, now)
    waiting = await waits(connection, at)
    told = []
    for feed, one in found.items():
        fact = facts.get(feed) or FeedFacts(feed, "report", feed, feed)
        rhythm = known.get(feed, Rhythm())
        state = rhythm.state(one, at, fact, region)
        told.append(Status(fact, one, state, silent_since(one, at, fact), waiting.get(feed, 0)))
    return told


@dataclass(frozen=True)
class Health:
    """What there is to say of one feed on a page or over HTTP, as known at ``at``, of the stretch from ``since`` on.

    ``gaps`` are the silences that were longer than usual, each with what it is.
    """

    facts: FeedFacts
    since: datetime
    at: datetime
    heard: Heard
    state: State
    silent_since: datetime | None
    allowed: timedelta | None
    rhythm: Rhythm
    gaps: Sequence[tuple[datetime, datetime, State]]
    days: Sequence[Mapping[str, Any]]
    delay: Delay | None
    waits: int


def stretch(first: date, last: date, at: datetime, region: Region) -> tuple[datetime, datetime]:
    """From when to when the days of a window are looked at: not beyond ``at``, and ``LONGEST`` days at most."""
    until = min(at, region.midnight(last + timedelta(days=1)))
    since = max(region.midnight(first), until - LONGEST)
    return min(since, until - timedelta(hours=1)), until


async def health(
    connection: Connection,
    facts: Mapping[str, FeedFacts],
    rhythms: Rhythms,
    region: Region,
    window: tuple[date, date],
    at: datetime,
    now: datetime,
) -> list[Health]:
    """Everything about each feed over the days of ``window`` as known at ``at``, in the order of their names.

    A feed that only writes in others' formats (the demo) is none of its own.
    """
    since, until = stretch(*window, at, region)
    floors = [one.floor for one in facts.values()]
    known = await rhythms.of(connection, at, region, now)
    silent = await gaps(connection, since, until, min(floors, default=timedelta()))
    told, late = await outcomes(connection, since, until, region), await delays(connection, since, until)
    found = []
    for status in await statuses(connection, facts, rhythms, region, at, now):
        feed, rhythm = status.facts.name, known.get(status.facts.name, Rhythm())
        if feed not in facts or status.facts.demo:
            continue
        heard_at = status.heard.at
        found.append(
            Health(
                status.facts,
                since,
                until,
                status.heard,
                status.state,
                status.since,
                rhythm.allowed(heard_at, status.facts, region) if heard_at else None,
                rhythm,
                unusual(silent.get(feed, []), rhythm, status.facts, region),
                told.get(feed, []),
                late.get(feed),
                status.waits,
            )
        )
    return found
