"""What the sealer and the check of the log read: every column as PostgreSQL's own text, so that no value stops them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.chain import Seal

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from app.db import Connection

MICROSECONDS = "trunc(extract(epoch from {}) * 1000000)::text"
FIELDS = f"""array[l.log_id::text, l.xid::text, {MICROSECONDS.format("l.at")}, l.actor, l.name, l.role, l.scope_ref,
    l.session_ref, l.action, l.what, l.reason, l.reason_text, l.filter::text, l.persons::text, l.areas::text,
    l.found::text]"""
"""In the order of ``app.domain.chain.COLUMNS``."""

PLAIN = "set local bytea_output = 'hex'"

UNSEALED = f"""
select l.log_id, {FIELDS} as fields from read_log as l
where l.log_id > $1 and not exists (select from read_seal as s where s.log_id = l.log_id and s.log_id > $1)
order by l.log_id limit $2
"""
LAST = f"""
select s.seal_no, s.log_id, s.hash, {MICROSECONDS.format("s.sealed_at")} as sealed_us, null::text[] as fields
from read_seal as s where s.seal_no = $1
"""
CHAIN = f"""
select coalesce(s.seal_no, -1) as seal_no, coalesce(s.log_id, -1) as log_id, coalesce(s.hash, '') as hash,
    {MICROSECONDS.format("s.sealed_at")} as sealed_us,
    case when l.log_id is not null then {FIELDS} end as fields
from read_seal as s left join read_log as l using (log_id) order by s.seal_no
"""
LEFT = f"""
select l.log_id, {MICROSECONDS.format("l.at")} as at from read_log as l
where not exists (select from read_seal as s where s.log_id = l.log_id) order by l.log_id
"""
HORIZON = f"""
select pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint,
    {MICROSECONDS.format("clock_timestamp()")}::bigint
from pg_current_snapshot() as s
"""


async def unsealed(connection: Connection, after: int, limit: int) -> list[tuple[int, list[str | None]]]:
    """Rows with a number above ``after`` that have no seal, lowest number first: number and columns."""
    rows = await connection.fetch(UNSEALED, after, limit)
    return [(row["log_id"], row["fields"]) for row in rows]


async def last_seal(connection: Connection) -> Seal | None:
    """The seal with the highest number."""
    number = await connection.fetchval("select max(seal_no) from read_seal")
    return None if number is None else await seal(connection, number)


async def seal(connection: Connection, number: int) -> Seal | None:
    """One seal, without its row's columns."""
    row = await connection.fetchrow(LAST, number)
    return None if row is None else Seal(**row)


async def chain(connection: Connection) -> AsyncIterator[Seal]:
    """Every seal with its row's columns, in order. Inside a transaction."""
    await connection.execute(PLAIN)
    async for row in connection.cursor(CHAIN, prefetch=1000):
        yield Seal(**row)


async def left_over(connection: Connection) -> list[tuple[int, str]]:
    """Rows that have no seal: number, and moment in microseconds as text."""
    return [tuple(row) for row in await connection.fetch(LEFT)]


async def horizon(connection: Connection) -> tuple[int, int, int]:
    """The oldest transaction that still runs, the first that has not begun, and the server's clock (microseconds)."""
    row = await connection.fetchrow(HORIZON)
    return row[0], row[1], row[2]
