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
), late as (
    select i.feed, percentile_cont(array[0.5, 0.95]) within group (
        order by extract(epoch from v.known_at - v.occurred_from) / 3600) as hours
    from incident_version as v join incident as i using (incident_id)
    where v.known_at > now() - interval '7 days'
        and not exists (select from incident_version as e where e.incident_id = v.incident_id
            and (e.known_at, e.version_id) < (v.known_at, v.version_id))
    group by i.feed
)
select feed, s.last_fetch_at, s.last_success_at, s.last_news_at, s.message, h.last_delivery_at,
    coalesce(h.deliveries, 0)::bigint as deliveries, coalesce(h.read, 0)::bigint as read,
    coalesce(h.loaded, 0)::bigint as loaded, coalesce(h.unchanged, 0)::bigint as unchanged,
    coalesce(h.quarantined, 0)::bigint as quarantined, coalesce(h.outside, 0)::bigint as outside,
    coalesce(w.quarantine_open, 0) as quarantine_open,
    round(l.hours[1]::numeric, 2)::float8 as delay_median_hours,
    round(l.hours[2]::numeric, 2)::float8 as delay_p95_hours
from feed_state as s full join handed as h using (feed)
    left join waiting as w using (feed) left join late as l using (feed)
order by feed
"""


# A count of the whole table (about 1.5 million rows), so it is made only when asked for.
KNOWN = """
with told as (
    select d.feed, sum(v.versions) as versions
    from (select delivery_id, count(*) as versions from incident_version where not repeats group by delivery_id) as v
    join delivery as d using (delivery_id) group by d.feed
)
select i.feed, i.incidents, coalesce(t.versions, 0)::bigint as versions
from (select feed, count(*) as incidents from incident group by feed) as i left join told as t using (feed)
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
        known = {row["feed"]: row for row in await connection.fetch(KNOWN)}
        for row in rows:
            found = known.get(row["feed"])
            row["incidents"], row["versions"] = (found["incidents"], found["versions"]) if found else (0, 0)
    return rows
