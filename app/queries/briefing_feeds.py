"""How each feed was as known at a moment: when it last told of something new, its rhythm, and where it fell silent.

From the ledger, by when each incident first became known: so the same moment and position give the same at any later
time. A feed that delivers without anything new is silent here: the picture learned nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.domain.window import KIND_NAMES

if TYPE_CHECKING:
    from app.db import Connection
    from app.queries.measure_frames import Pin

RHYTHM_DAYS = 28
LATELY = timedelta(hours=24)
SHORTEST = timedelta(minutes=30)
"""A shorter gap is none."""
AFTER = timedelta(minutes=30)

# $1 known_at, $2 xid, $3 ledger_id; $4 from when on. Of each incident the first row.
NEWS = """
select i.feed, i.kind, l.known_at
from ledger as l join incident as i using (incident_id)
where l.known_at > $4 and l.known_at <= $1 and (l.xid, l.ledger_id) <= ($2::xid8, $3) and l.incidents > 0
"""
HOURLY = f"""
select feed, kind, extract(hour from known_at at time zone $5)::integer as hour, count(*)::integer as n
from ({NEWS}) as news group by 1, 2, 3
"""
GAPS = f"""
with news as materialized ({NEWS}), moments as (
    select distinct feed, known_at from news
    union select distinct feed, $4::timestamptz from news
    union select distinct feed, $1::timestamptz from news
), steps as (
    select feed, known_at as first, lead(known_at) over (partition by feed order by known_at) as beyond from moments
)
select s.feed, s.first, s.beyond, (
    select count(*) from news as n
    where n.feed = s.feed and n.known_at >= s.beyond and n.known_at < s.beyond + $5::interval
)::integer as after
from steps as s where s.beyond - s.first >= $6 order by s.feed, s.first
"""
# The records that were held back when the edition was made: the clock of this is the server's own.
HELD = """
select feed, count(*)::integer as n from quarantine
where created_at <= $1 and (resolved_at is null or resolved_at > $1) group by feed
"""


async def rhythm(connection: Connection, pin: Pin, zone: str) -> dict[str, dict[str, Any]]:
    """By feed: its ``kind``, and ``hourly``, how many it usually tells of in each hour of the region's clock.

    A feed that told of nothing in the last ``RHYTHM_DAYS`` days is not there.
    """
    since = pin.known_at - timedelta(days=RHYTHM_DAYS)
    found: dict[str, dict[str, Any]] = {}
    for row in await connection.fetch(HOURLY, *pin, since, zone):
        feed = found.setdefault(row["feed"], {"kind": KIND_NAMES[row["kind"]], "hourly": [0.0] * 24})
        feed["hourly"][row["hour"]] += row["n"] / RHYTHM_DAYS
    return found


async def last_news(connection: Connection, pin: Pin) -> dict[str, datetime]:
    """When each feed last told of something new, in the last ``RHYTHM_DAYS`` days."""
    since = pin.known_at - timedelta(days=RHYTHM_DAYS)
    rows = await connection.fetch(
        f"select feed, max(known_at) as known_at from ({NEWS}) as news group by 1", *pin, since
    )
    return {row["feed"]: row["known_at"] for row in rows}


async def gaps(connection: Connection, pin: Pin) -> dict[str, list[tuple[datetime, datetime, int]]]:
    """By feed the times in the last day and night without news, and how many came in the half hour after each."""
    rows = await connection.fetch(GAPS, *pin, pin.known_at - LATELY, AFTER, SHORTEST)
    found: dict[str, list[tuple[datetime, datetime, int]]] = {}
    for row in rows:
        after = 0 if row["beyond"] == pin.known_at else row["after"]
        found.setdefault(row["feed"], []).append((row["first"], row["beyond"], after))
    return found


async def held_back(connection: Connection, at: datetime) -> dict[str, int]:
    """How many records of each feed stood in quarantine at a moment."""
    return {row["feed"]: row["n"] for row in await connection.fetch(HELD, at)}
