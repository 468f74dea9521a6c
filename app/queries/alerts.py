"""Alerts as they stood at a moment: which are open, why each fired, what became of it. No person is in any of them.

Read on a viewer's behalf: the database shows a chief those of own areas, a feed administrator those of feeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.alerts.rule import GRAVEST
from app.domain.window import Position

if TYPE_CHECKING:
    from app.db import Connection

DAYS_KEPT = 90
"""Closed alerts are listed so long."""

# What was done of each alert by the moment: its last firing, and what came after it.
HEADS = """
with done as (
    select alert_id, count(*) filter (where kind in ('fired', 'grouped')) as firings,
        max(action_id) filter (where kind in ('fired', 'grouped')) as fired,
        max(action_id) filter (where kind = 'closed') as closed,
        max(action_id) filter (where kind = 'snoozed') as snoozed,
        max(action_id) filter (where kind = 'acknowledged') as acknowledged,
        max(action_id) filter (where kind = 'handed_over') as handed,
        max(action_id) filter (where kind in ('delivered', 'delivery_failed')) as sent
    from alert_action where {wanted} and ($1::timestamptz is null or at <= $1) group by alert_id
)
select a.uid, a.rule_id, r.version, a.kind, a.place, a.period, a.day, p.code as area, p.name as area_name, a.feed,
    a.probation, a.made_at, r.title_sv, r.title_en, r.definition, r.tried, r.allowed_per_week, d.firings, f.fired_at,
    f.at as noticed_at, f.value, f.bound, f.normal, f.window_from, f.xid, f.ledger_id,
    case when d.closed > d.fired then 'closed'
        when s.until > coalesce($1, now()) and d.snoozed > coalesce(d.closed, 0) then 'snoozed'
        when d.handed > coalesce(d.closed, 0) then 'handed_over'
        when d.acknowledged > coalesce(d.closed, 0) then 'acknowledged'
        else 'new' end as state,
    d.closed is not null and d.closed < d.fired as again, s.until, h.to_role, c.outcome, c.at as closed_at,
    k.name as acknowledged_by, k.at as acknowledged_at, t.kind as sent
from done as d join alert as a using (alert_id) join alert_rule_version as r using (version_id)
left join area as p on p.area_id = a.area_id join alert_action as f on f.action_id = d.fired
left join alert_action as s on s.action_id = d.snoozed left join alert_action as h on h.action_id = d.handed
left join alert_action as c on c.action_id = d.closed left join alert_action as k on k.action_id = d.acknowledged
left join alert_action as t on t.action_id = d.sent
where d.firings > 0
"""
RECENT = """alert_id in (select alert_id from alert where period > coalesce($1, now()) - make_interval(days => $2))"""
ONE = "alert_id = (select alert_id from alert where uid = $2)"
LIFE = """
select b.action_id, b.kind, b.at, b.fired_at, b.value, b.bound, b.normal, b.until, b.to_role, b.outcome, b.channel,
    b.name, b.role, n.note
from alert_action as b join alert as a using (alert_id) left join alert_note as n using (action_id)
where a.uid = $1 and ($2::timestamptz is null or b.at <= $2) order by b.action_id
"""
SOURCES = """
select distinct source from alert as a join alert_action as b using (alert_id), unnest(b.sources) as source
where a.uid = $1 and ($2::timestamptz is null or b.at <= $2)
"""
FIRED = """
select a.uid, a.rule_id, r.version, a.kind, r.title_sv, r.title_en, r.definition, p.code as area, p.name as area_name,
    a.probation, b.fired_at, b.at as noticed_at, b.value, b.bound, b.normal,
    array(select source from unnest(b.sources) as source where source = any($1::uuid[])) as incidents
from alert_action as b join alert as a using (alert_id) join alert_rule_version as r using (version_id)
left join area as p on p.area_id = a.area_id
where b.sources && $1::uuid[] and b.sources <> '{}' and ($2::timestamptz is null or b.fired_at <= $2)
order by b.fired_at, b.action_id
"""
COUNT = """
select count(*) filter (where not probation) as live, count(*) filter (where probation) as probation from (
    select a.alert_id, a.probation, max(b.action_id) filter (where b.kind in ('fired', 'grouped')) as fired,
        max(b.action_id) filter (where b.kind = 'closed') as closed,
        max(b.until) filter (where b.kind = 'snoozed') as until,
        max(b.action_id) filter (where b.kind in ('acknowledged', 'handed_over')) as seen
    from alert as a join alert_action as b using (alert_id)
    where a.period > now() - make_interval(days => $1) group by 1, 2
) as told
where coalesce(closed, 0) < fired and coalesce(until, '-infinity') < now() and coalesce(seen, 0) <= coalesce(closed, 0)
"""


async def open_alerts(connection: Connection, at: datetime | None = None) -> list[dict[str, Any]]:
    """The alerts that were open at a moment (None: now), the gravest kind first, then the oldest; probation last.

    Each with ``uid`` (opaque), ``kind``, ``title_sv``/``title_en``, ``area``/``area_name`` or ``feed``, ``period`` (its
    first firing), ``fired_at`` (its last), ``firings``, ``value``/``bound``/``normal`` of the last, ``state`` (``new``,
    ``acknowledged``, ``handed_over``, ``snoozed``), ``again`` (it was closed and fired anew), ``probation``.
    """
    return [one for one in await alerts(connection, at) if one["state"] != "closed"]


async def alerts(
    connection: Connection, at: datetime | None = None, days: int = DAYS_KEPT
) -> list[dict[str, Any]]:
    """The same with those that were closed, of so many days."""
    rows = await connection.fetch(HEADS.format(wanted=RECENT), at, days)
    return sorted((_shape(row) for row in rows), key=_gravest_first)


async def alert(connection: Connection, uid: UUID, at: datetime | None = None) -> dict[str, Any] | None:
    """One alert, with its ``life``: what was done, in order. None: there is none, or none that the viewer may see."""
    row = await connection.fetchrow(HEADS.format(wanted=ONE), at, uid)
    if row is None:
        return None
    life = [dict(one) for one in await connection.fetch(LIFE, uid, at)]
    return {**_shape(row), "life": life}


async def sources(connection: Connection, uid: UUID, at: datetime | None = None) -> list[str]:
    """The incidents that an alert rests on; for viewers who may see incidents."""
    return sorted(str(row["source"]) for row in await connection.fetch(SOURCES, uid, at))


async def fired_for(
    connection: Connection, incident_uids: Sequence[UUID | str], until: datetime | None = None
) -> list[dict[str, Any]]:
    """Which rules fired, resting on any of these incidents, up to a moment; in the order of time.

    For viewers who may see incidents. ``incidents`` are those of the given ones; ``fired_at`` is when it became true by
    what was known, ``noticed_at`` when the house noticed.
    """
    uids = [one if isinstance(one, UUID) else UUID(one) for one in incident_uids]
    found = []
    for row in await connection.fetch(FIRED, uids, until):
        told = dict(row)
        told["uid"], told["rule_id"] = str(told["uid"]), str(told["rule_id"])
        told["incidents"] = [str(one) for one in told["incidents"]]
        found.append(told)
    return found


async def waiting(connection: Connection) -> tuple[int, int]:
    """How many open alerts nobody has acknowledged: live ones, and those of rules on probation."""
    row = await connection.fetchrow(COUNT, DAYS_KEPT)
    return row["live"], row["probation"]


def _gravest_first(row: dict[str, Any]) -> tuple[bool, int, datetime]:
    return row["probation"], GRAVEST.index(row["kind"]), row["period"]


def _shape(row: Any) -> dict[str, Any]:
    told = dict(row)
    told["uid"], told["rule_id"] = str(told["uid"]), str(told["rule_id"])
    xid, ledger_id = told.pop("xid"), told.pop("ledger_id")
    told["position"] = None if xid is None else str(Position(xid, ledger_id))
    return told
