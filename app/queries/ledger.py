"""The ledger read as a log: from a position, in order, once every earlier transaction is done.

A bare sequence would skip what commits late: a transaction that began earlier may still be writing lower numbers.
So rows are ordered by (xid, ledger_id), and none is given while any transaction up to its xid is at work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.window import KIND_NAMES, Position

if TYPE_CHECKING:
    from datetime import datetime

    from app.db import Connection

SETTLED = "xid < pg_snapshot_xmin(pg_current_snapshot())"

SEEN = """
    select s.version_id, s.occurred_from, s.occurred_to, s.title, s.protected, s.priority, s.geom, s.offence_id,
        s.area_id,
        case when s.version_id = {row}.version_id then s.state else 'outside' end as state
    from incident_version as s where s.incident_id = {row}.incident_id
    order by s.version_id = {row}.version_id desc, s.known_at desc, s.version_id desc limit 1
"""

NEXT = f"from ledger where (xid, ledger_id) > ($1, $2) and {SETTLED} order by xid, ledger_id limit $3"

# The version that caused a row tells the news. One that a viewer may not see (the incident moved to another district)
# leaves the last one seen, as ``outside``.
ROWS_AFTER = f"""
select l.xid, l.ledger_id, l.known_at, l.day, l.hour, l.kind, l.offences, l.incidents, l.backfilled,
    i.uid, i.feed, v.occurred_from, v.occurred_to, v.title, v.state, v.protected, v.priority,
    o.code as offence, o.name_sv as offence_sv, o.name_en as offence_en, o.severity,
    o.close_relationship, a.code as area, a.name as area_name, a.kind as area_kind,
    round(st_x(p.place)::numeric, 6)::float8 as lon, round(st_y(p.place)::numeric, 6)::float8 as lat
from (select * {NEXT}) as l
join incident as i using (incident_id)
join lateral ({{seen}}) as v on true
join offence as o on o.offence_id = l.offence_id
join area as a on a.area_id = case when v.protected then l.rollup_area_id else l.area_id end
left join lateral (select st_transform(v.geom, 4326) as place where v.state = 'active') as p on true
order by l.xid, l.ledger_id
""".format(seen=SEEN.format(row="l"))

SUMS_AFTER = f"""
select l.xid, l.ledger_id, l.known_at, l.day, l.hour, l.kind, l.offences, l.incidents, l.backfilled,
    o.code as offence, o.name_sv as offence_sv, o.name_en as offence_en, o.severity, o.close_relationship,
    a.code as area, a.name as area_name, a.kind as area_kind
from (
    select xid, ledger_id, known_at, day, hour, kind, offences, incidents, backfilled, offence_id, area_id {NEXT}
) as l join offence as o using (offence_id) join area as a using (area_id)
order by l.xid, l.ledger_id
"""


async def latest_position(connection: Connection) -> Position:
    """The last position that may be read; (0, 0) in an empty ledger. The same for every viewer."""
    row = await connection.fetchrow("select xid, ledger_id from ledger_head()")
    return Position(row["xid"] or 0, row["ledger_id"] or 0)


async def is_ahead(connection: Connection, position: Position) -> bool:
    """Whether nothing in the ledger lies at ``position`` or after it: it is not a position of this ledger.

    Rows that wait for an older transaction count too: a receipt may name them before they may be read.
    """
    newest = await connection.fetchrow("select xid, ledger_id from ledger_newest()")
    return position > (newest["xid"] or 0, newest["ledger_id"] or 0)


async def moment(connection: Connection) -> tuple[datetime, Position]:
    """When this transaction began, and the last position it may read: what an answer is true for."""
    row = await connection.fetchrow("select now() as now, xid, ledger_id from ledger_head()")
    return row["now"], Position(row["xid"] or 0, row["ledger_id"] or 0)


async def held_back(connection: Connection, position: Position) -> bool:
    """Whether rows after ``position`` are committed but must wait for a transaction that began before them."""
    return bool(
        await connection.fetchval("select ledger_held_back($1, $2)", position.xid, position.ledger_id)
    )


async def rows_after(
    connection: Connection, position: Position, limit: int = 500, *, details: bool = True
) -> list[dict[str, Any]]:
    """The next ``limit`` signed rows after ``position``, with what a ticker says about them.

    Without ``details`` only what is summed: no incident, no text, no place but the area.

    ``sign`` is +1 where something is now believed and -1 where it is taken back; ``incidents`` and ``offences``
    carry it. The version is the one that caused the row, so that a row taken back tells where the news came from.
    ``lon`` and ``lat`` (WGS84) are None without a position, for protected incidents always.
    """
    statement = ROWS_AFTER if details else SUMS_AFTER
    found = await connection.fetch(statement, position.xid, position.ledger_id, limit)
    return [_shape(row) for row in found]


def _shape(row: Any) -> dict[str, Any]:
    shaped = dict(row)
    shaped["position"] = Position(shaped.pop("xid"), shaped.pop("ledger_id"))
    shaped["kind"] = KIND_NAMES[shaped["kind"]]
    if "uid" in shaped:
        shaped["uid"] = str(shaped["uid"])
    shaped["sign"] = 1 if shaped["offences"] > 0 else -1
    return shaped
