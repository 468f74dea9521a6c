"""The morning's editions: stored once, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.db import Connection

HEAD = """b.edition_id, a.code as area, a.name as area_name, b.day, b.number, b.known_at, b.xid, b.ledger_id, b.form,
    encode(b.sha256, 'hex') as sha256, b.made_at"""
FROM = "from briefing as b left join area as a using (area_id)"
# A region's edition has no area, which must not match what is asked of a district.
WANTED = "a.code is not distinct from $1"

LISTED = f"""
select {HEAD} {FROM} where ($2 or {WANTED}) and ($3::date is null or b.day = $3)
    and ($4::timestamptz is null or b.known_at <= $4)
order by b.day desc, a.code nulls first, b.number desc limit $5
"""
ONE = f"select {HEAD}, b.content {FROM} where b.edition_id = $1"
MADE = "select exists (select from briefing where area_id is null and day = $1)"
ANY = "select exists (select from measure_result where day = $1)"
AREAS = f"""
select distinct a.code, a.name {FROM} order by a.code nulls first
"""


async def listed(
    connection: Connection,
    area: str | None = None,
    *,
    everywhere: bool = False,
    day: date | None = None,
    known_at: datetime | None = None,
    limit: int = 60,
) -> list[dict[str, Any]]:
    """Editions without their content, the newest first.

    Args:
        connection: In a transaction on behalf of somebody, who sees the own ones only.
        area: Code of a district; None: the region.
        everywhere: Of the region and of every district.
        day: Of this day only.
        known_at: Only those of what was known at this moment.
        limit: At most so many.
    """
    rows = await connection.fetch(LISTED, area, everywhere, day, known_at, limit)
    return [_shape(row) for row in rows]


async def one(connection: Connection, edition_id: int) -> dict[str, Any] | None:
    """An edition with its ``content``; None where there is none, or none that the viewer may see."""
    row = await connection.fetchrow(ONE, edition_id)
    return None if row is None else _shape(row)


async def areas(connection: Connection) -> list[dict[str, Any]]:
    """Of which areas the viewer sees editions: ``code`` and ``name``, both None for the region."""
    return [dict(row) for row in await connection.fetch(AREAS)]


async def made(connection: Connection, day: date) -> bool:
    """Whether the region has an edition of the day."""
    return bool(await connection.fetchval(MADE, day))


async def measured(connection: Connection, day: date) -> bool:
    """Whether any measure was worked out for the day."""
    return bool(await connection.fetchval(ANY, day))


def _shape(row: Any) -> dict[str, Any]:
    shaped = dict(row)
    shaped["position"] = f"{shaped.pop('xid')}-{shaped.pop('ledger_id')}"
    return shaped
