"""Alert rules: the newest version of each, and all versions. The fence is told only where the database shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.alerts.described import Names
from app.domain.measure import Sentence

if TYPE_CHECKING:
    from datetime import datetime

    from app.db import Connection

COLUMNS = """r.version_id, r.rule_id, r.version, r.kind, r.title_sv, r.title_en, r.definition, r.mode,
    r.allowed_per_week, r.why, r.tried, r.made_at, r.name, r.role"""
NEWEST = f"""
select {COLUMNS}{{fence}} from (
    select distinct on (rule_id) * from (
        select {COLUMNS}{{fence}} from alert_rule_version as r where ($1::timestamptz is null or r.made_at <= $1)
    ) as told order by rule_id, version desc
) as r order by r.title_sv, r.rule_id
"""
VERSIONS = f"""
select {COLUMNS} from alert_rule_version as r where r.rule_id = $1 order by r.version desc
"""
VERSION = f"select {COLUMNS}, r.fence from alert_rule_version as r where r.version_id = $1"
TRIAL = """
select trial_id as trial, state, asked_at, seconds, result from alert_trial where trial_id = $1
"""
SPENT = """
select a.rule_id, count(*) as alerts, count(*) filter (where o.outcome = 'true') as true,
    count(*) filter (where o.outcome = 'false') as false
from alert as a left join lateral (
    select outcome from alert_action as b where b.alert_id = a.alert_id and b.kind = 'closed'
    order by b.action_id desc limit 1
) as o on true
where a.period > now() - interval '28 days' group by 1
"""
AREAS = """
select code, name from area where kind in ('lokalpolisomrade', 'polisomrade', 'kommun') order by valid_from
"""
OFFENCES = """
select code, name_sv as sv, name_en as en from offence
union select distinct group_code, group_sv, group_en from offence
"""


async def rules(
    connection: Connection, at: datetime | None = None, *, fences: bool = False
) -> list[dict[str, Any]]:
    """The newest version of each rule at a moment (None: now), by title.

    With ``fences`` also where a geofence lies: for viewers who see the region's incidents.
    """
    fence = ", r.fence" if fences else ""
    return [_shape(row) for row in await connection.fetch(NEWEST.format(fence=fence), at)]


async def versions(connection: Connection, rule_id: UUID) -> list[dict[str, Any]]:
    """All versions of a rule, the newest first: who changed what, when and why."""
    return [_shape(row) for row in await connection.fetch(VERSIONS, rule_id)]


async def version(connection: Connection, version_id: int) -> dict[str, Any] | None:
    """One version, with its fence."""
    row = await connection.fetchrow(VERSION, version_id)
    return None if row is None else _shape(row)


async def trial(connection: Connection, trial_id: UUID) -> dict[str, Any] | None:
    """A trial that the viewer asked for: its ``state`` (waiting, done, failed) and ``result``."""
    row = await connection.fetchrow(TRIAL, trial_id)
    return None if row is None else dict(row)


async def spent(connection: Connection) -> dict[str, dict[str, int]]:
    """By rule how many alerts it gave in four weeks, and how many of them were found ``true`` and ``false``."""
    return {
        str(row["rule_id"]): {"alerts": row["alerts"], "true": row["true"], "false": row["false"]}
        for row in await connection.fetch(SPENT)
    }


async def names(connection: Connection) -> Names:
    """What areas, offences and groups are called."""
    areas = {row["code"]: row["name"] for row in await connection.fetch(AREAS)}
    offences = {row["code"]: Sentence(row["sv"], row["en"]) for row in await connection.fetch(OFFENCES)}
    return Names(areas, offences)


def _shape(row: Any) -> dict[str, Any]:
    told = dict(row)
    told["rule_id"] = str(told["rule_id"])
    return told
