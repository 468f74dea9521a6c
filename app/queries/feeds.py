"""Feeds: when each was last heard of, what became of its records, how late it tells us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.db import Connection

FEEDS = """
with handed as (
    select feed, count(*) as deliveries, sum(read) as read, sum(loaded) as loaded, sum(unchanged) as unchanged,
        sum(quarantined) as quarantined, sum(outside) as outside, max(received_at) as last_delivery_at
    from delivery group by feed
), waiting as (
    select feed, count(*) as quarantine_open from quarantine where resolved_at is null group by feed
)
select feed, s.last_fetch_at, s.last_success_at, s.last_news_at, s.message, h.last_delivery_at,
    coalesce(h.deliveries, 0)::bigint as deliveries, coalesce(h.read, 0)::bigint as read,
    coalesce(h.loaded, 0)::bigint as loaded, coalesce(h.unchanged, 0)::bigint as unchanged,
    coalesce(h.quarantined, 0)::bigint as quarantined, coalesce(h.outside, 0)::bigint as outside,
    coalesce(w.quarantine_open, 0) as quarantine_open,
    round(l.hours[1]::numeric, 2)::float8 as delay_median_hours,
    round(l.hours[2]::numeric, 2)::float8 as delay_p95_hours
from feed_state as s full join handed as h using (feed)
    left join waiting as w using (feed) left join feed_delays() as l using (feed)
order by feed
"""


async def feeds(connection: Connection, *, versions: bool = False) -> list[dict[str, Any]]:
    """Each feed that was ever heard of.

    ``last_fetch_at``: asked; ``last_success_at``: answered; ``last_news_at``: with something new. The rows read are
    told by what became of them, over all time. The delay, from happening to first knowing, is of what was first
    known in the last seven days.

    With ``versions`` also how many ``incidents`` are known of each and how many ``versions`` of them, of any state, for
    a recount by somebody else. A version that says the same as the one before is none. What was ``loaded`` may be
    more: after deliveries out of order some of it turns out to repeat.
    """
    rows = [dict(row) for row in await connection.fetch(FEEDS)]
    if versions:
        known = {row["feed"]: row for row in await connection.fetch("select * from feed_known()")}
        for row in rows:
            found = known.get(row["feed"])
            row["incidents"], row["versions"] = (found["incidents"], found["versions"]) if found else (0, 0)
    return rows


async def filling(connection: Connection) -> bool:
    """Whether a feed says that the days before now are still being read in.

    A feed that brings an archive with it says so in its cursor (``ready``: false until its last days are in); what
    came before is then not to be compared with.
    """
    return bool(
        await connection.fetchval("select exists (select from feed_state where cursor ->> 'ready' = 'false')")
    )
