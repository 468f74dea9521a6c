"""What a shift handover is made of, read under the viewer's own scope: no person is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.handover import MOST_GRAVE, begins, compose
from app.domain.permissions import allows
from app.domain.window import KINDS, Filters
from app.queries import ledger, log_book
from app.queries.alerts import open_alerts
from app.queries.changes_summary import changes_summary
from app.queries.feed_health import Rhythms, statuses

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from app.db import Connection
    from app.domain.feed_rhythm import FeedFacts
    from app.domain.region import Region
    from app.domain.viewer import Viewer

# The handover before: the region's for those who see the region, the own area's for a chief.
LAST = """
select e.noted_at from log_entry as e left join area as a using (area_id)
where e.kind = 'handover' and e.noted_at <= $1 and a.code is not distinct from $2
order by e.noted_at desc limit 1
"""

# Incidents that nobody knew of at the first moment and that are believed at the second. The district is told and no
# smaller place: a handover is read aloud.
NEW_INCIDENTS = """
select i.uid::text as uid, o.code as offence, o.name_sv as offence_sv, o.name_en as offence_en, o.severity,
    a.code as area, a.name as area_name, v.day, 1 as incidents
from incident as i join incident_version as v using (incident_id) join offence as o on o.offence_id = v.offence_id
join area as a on a.area_id = v.rollup_area_id
where i.kind = $3 and v.state = 'active' and not v.repeats and v.known_at > $1 and v.known_at <= $2
    and (v.superseded_at is null or v.superseded_at > $2)
    and not exists (select from incident_version as b where b.incident_id = i.incident_id and b.known_at <= $1)
order by o.severity desc, o.code, v.day, a.code, i.uid limit $4
"""
NEW_SUMS = """
select null::text as uid, o.code as offence, o.name_sv as offence_sv, o.name_en as offence_en, o.severity,
    a.code as area, a.name as area_name, l.day, sum(l.incidents) as incidents
from ledger as l join offence as o on o.offence_id = l.offence_id join area as a on a.area_id = l.rollup_area_id
where l.kind = $3 and l.known_at > $1 and l.known_at <= $2
group by o.offence_id, a.area_id, l.day having sum(l.incidents) > 0
order by o.severity desc, o.code, l.day, a.code limit $4
"""


@dataclass(frozen=True)
class Feeds:
    """What tells which feeds are late: the house's facts of each, what was learned of their rhythm, and the region."""

    facts: Mapping[str, FeedFacts]
    rhythms: Rhythms
    region: Region


def area_of(viewer: Viewer) -> str | None:
    """The area whose shift the viewer hands over: a chief's own (the first of several), for others the region."""
    return viewer.areas[0] if viewer.areas else None


async def last_handover(connection: Connection, viewer: Viewer, at: datetime) -> datetime | None:
    """When the viewer's shift was last handed over, as known at ``at``; None for never."""
    found: datetime | None = await connection.fetchval(LAST, at, area_of(viewer))
    return found


async def figures(
    connection: Connection, viewer: Viewer, feeds: Feeds, until: datetime, since: datetime | None = None
) -> dict[str, Any]:
    """The figures of a handover at ``until`` (aware), since the last one or a chosen moment (``handover.compose``)."""
    start = begins(await last_handover(connection, viewer, until), until, since)
    incidents = allows(viewer, "incidents")
    _, position = await ledger.moment(connection)
    counted = await changes_summary(connection, start, until, Filters(), incidents=incidents)
    grave = await connection.fetch(
        NEW_INCIDENTS if incidents else NEW_SUMS, start, until, KINDS["report"], MOST_GRAVE
    )
    return compose(
        start,
        until,
        str(position),
        changes=counted.anywhere,
        grave=[dict(row) for row in grave],
        alerts=[one for one in await open_alerts(connection, until) if not one["probation"]],
        follow_ups=await log_book.open_items(connection, until),
        feeds=await statuses(connection, feeds.facts, feeds.rhythms, feeds.region, until, until),
        decisions=await log_book.decisions(connection, start, until),
    )
