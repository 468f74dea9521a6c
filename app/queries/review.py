"""Looks at a pair as it was known at each moment at which anything about it changed. Person-level, in audited reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.domain.review import Look
from app.queries.dyads import rungs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from app.db import Connection
    from app.domain.dyad import Rung
    from app.domain.pair_id import Pair

# Whoever was ever judged to be one person with either, undone or not: a judgement changes what was known from its own
# moment on. And every version of every report in which any of them ever stood together, whatever it says itself.
MOMENTS = """
with recursive victim (person) as (
    select $1::bytea
    union select case when j.a = v.person then j.b else j.a end
    from victim as v join link_judgement as j on v.person in (j.a, j.b) and j.decision = 'accept'
), suspect (person) as (
    select $2::bytea
    union select case when j.a = s.person then j.b else j.a end
    from suspect as s join link_judgement as j on s.person in (j.a, j.b) and j.decision = 'accept'
), report as (
    select distinct v.incident_id from incident_offence as o join incident_version as v using (version_id)
    where o.victim in (select person from victim) and o.suspect in (select person from suspect)
)
select v.known_at as at from incident_version as v join report using (incident_id) where not v.repeats
union
select v.superseded_at from incident_version as v join report using (incident_id)
where not v.repeats and v.superseded_at is not null
union
select j.known_at from link_judgement as j
where j.a in (select person from victim union select person from suspect)
    and j.b in (select person from victim union select person from suspect)
order by 1
"""

AREAS = "select area_id, code, kind, name from area where area_id = any($1)"


class Where(NamedTuple):
    """Where a report lay: its district, or the area it is known by where it lies in none."""

    code: str
    name: str


async def looks(connection: Connection, pair: Pair) -> list[Look]:
    """The pair's reports as known from each moment on at which they changed, in the order of time."""
    return [Look(at, await rungs(connection, *pair, at)) for at in await moments(connection, pair)]


async def moments(connection: Connection, pair: Pair) -> list[datetime]:
    """The moments of ``looks``."""
    return [row["at"] for row in await connection.fetch(MOMENTS, *pair)]


async def places(connection: Connection, told: Iterable[Rung]) -> dict[str, Where]:
    """For the area's code of each report, in which district it lies by the report's day."""
    held = list(told)
    ids = sorted({area for rung in held for area in rung.area_ids})
    rows = {row["area_id"]: row for row in await connection.fetch(AREAS, ids)}
    found = {}
    for rung in held:
        within = [rows[area] for area in rung.area_ids if area in rows]
        district = next((row for row in within if row["kind"] == "lokalpolisomrade"), None)
        own = next((row for row in within if row["code"] == rung.area), None)
        best = district or own
        found[rung.area] = Where(best["code"], best["name"]) if best else Where(rung.area, rung.area)
    return found
