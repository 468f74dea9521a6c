"""What the measures said: ready results. Nothing is worked out when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.db import Connection

OLDEST_DAYS = 31
HEAD = """r.question, r.measure, r.version, a.code as area, a.name as area_name, r.day, r.known_at, r.xid, r.ledger_id,
    r.state, r.words, r.rows, r.made_at"""

# The newest edition of each question and area, by day and then by what was known; a month back at most.
LATEST = f"""
select {HEAD} from (
    select distinct on (question, area_id) * from measure_result
    where day between $1::date - {OLDEST_DAYS} and $1 and ($2::timestamptz is null or known_at <= $2)
    order by question, area_id, day desc, known_at desc
) as r left join area as a using (area_id)
order by r.question, a.code nulls first
"""
ONE = f"""
select {HEAD}, r.params, r.content from measure_result as r left join area as a using (area_id)
where r.question = $1 and a.code is not distinct from $2 and ($3::date is null or r.day = $3)
    and ($4::timestamptz is null or r.known_at <= $4)
order by r.day desc, r.known_at desc limit 1
"""
EDITIONS = """
select distinct r.day, r.known_at from measure_result as r left join area as a using (area_id)
where r.question = $1 and a.code is not distinct from $2 order by 1 desc, 2 desc limit $3
"""
DONE = "select distinct question from measure_result where day = $1 and known_at = $2"
MADE = "select exists (select from measure_result where day = $1)"


async def latest(connection: Connection, day: date, known_at: datetime | None = None) -> list[dict[str, Any]]:
    """The newest result of each question and area that the viewer may see; without its content.

    Args:
        connection: In a transaction on behalf of somebody.
        day: Made for this day at the latest, and for one of the ``OLDEST_DAYS`` before it at the earliest.
        known_at: Known at this moment at the latest.
    """
    return [_shape(row) for row in await connection.fetch(LATEST, day, known_at)]


async def one(
    connection: Connection,
    question: str,
    area: str | None = None,
    day: date | None = None,
    known_at: datetime | None = None,
) -> dict[str, Any] | None:
    """A question's newest result with its ``params`` and ``content``; None when there is none that the viewer may see.

    ``area`` is the code of an area, None for the whole region; ``day`` the very day; ``known_at`` the latest moment.
    """
    row = await connection.fetchrow(ONE, question, area, day, known_at)
    return _shape(row) if row else None


async def editions(
    connection: Connection, question: str, area: str | None = None, limit: int = 400
) -> list[dict[str, Any]]:
    """The days of a question's results, the last one first, each with the moments of knowing that it was made for."""
    return [dict(row) for row in await connection.fetch(EDITIONS, question, area, limit)]


async def done(connection: Connection, day: date, known_at: datetime) -> set[str]:
    """The questions that are answered of a day as known at a moment."""
    return {row["question"] for row in await connection.fetch(DONE, day, known_at)}


async def made(connection: Connection, day: date) -> bool:
    """Whether anything was made for a day."""
    return bool(await connection.fetchval(MADE, day))


def _shape(row: Any) -> dict[str, Any]:
    shaped = dict(row)
    shaped["position"] = f"{shaped.pop('xid')}-{shaped.pop('ledger_id')}"
    return shaped
