"""Quarantine: what could not be loaded, why, and the way back in.

A replay takes the kept record through the same steps as any other, with the known-at of its own delivery: a newer
version that came meanwhile stays the newer one. To the ledger it is a back-fill, so a read that was pinned to a
position before the replay stays what it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import orjson

from app.domain.errors import NotFound
from etl.feed import Feed, Record
from etl.keep import Keys
from etl.load import Delivery
from etl.run import UNREADABLE, Intake, read_records

if TYPE_CHECKING:
    from app.db import Connection, Pool
    from etl.receipt import Receipt

OPEN = """
select q.quarantine_id, q.feed, q.delivery_id, d.name as delivery, r.number, q.step, q.field, q.value, q.reason,
       q.created_at, q.resolved_at
from quarantine as q join delivery as d using (delivery_id) left join raw_record as r using (raw_id)
"""

KEPT = """
select r.body, r.key_id, r.erased_at, d.fetched_at, d.archive
from quarantine as q join delivery as d using (delivery_id) join raw_record as r using (raw_id)
where quarantine_id = $1
"""


@dataclass(frozen=True)
class Entry:
    """One refused record. ``value`` is masked where the feed holds identities."""

    quarantine_id: int
    feed: str
    delivery_id: int
    delivery: str
    number: int
    step: str
    field: str
    value: str
    reason: str
    created_at: datetime
    resolved_at: datetime | None


async def list_open(connection: Connection, feed: str | None = None, limit: int = 1_000) -> list[Entry]:
    """The records that wait, oldest first; of one feed or of all."""
    rows = await connection.fetch(
        f"{OPEN} where resolved_at is null and ($1::text is null or q.feed = $1) order by quarantine_id limit $2",
        feed,
        limit,
    )
    return [Entry(**dict(row)) for row in rows]


async def show(connection: Connection, quarantine_id: int) -> Entry:
    """One refused record.

    Raises:
        NotFound: There is none of this number.
    """
    row = await connection.fetchrow(f"{OPEN} where quarantine_id = $1", quarantine_id)
    if row is None:
        raise NotFound(
            f"Quarantine has no record {quarantine_id}; `lagesbild quarantine list` shows what waits."
        )
    return Entry(**dict(row))


async def replay(pool: Pool, keys: Keys, quarantine_id: int, feed_of: Callable[[str], Feed]) -> Receipt:
    """Take one refused record through the steps again.

    ``feed_of`` gives the feed of a name. The record leaves quarantine in the transaction that loads it. When it
    is refused again, the new refusal stands in its place, with its new reason.

    Raises:
        NotFound: No such record, or it has left quarantine already, or was erased.
    """
    async with pool.acquire() as connection:
        entry = await show(connection, quarantine_id)
        if entry.resolved_at is not None:
            raise NotFound(
                f"Record {quarantine_id} left quarantine at {entry.resolved_at:%Y-%m-%d %H:%M} UTC."
            )
        kept = await connection.fetchrow(KEPT, quarantine_id)
    if kept["erased_at"] is not None:
        raise NotFound(f"Record {quarantine_id} was erased at {kept['erased_at']:%Y-%m-%d %H:%M} UTC.")
    plain = keys.open(kept["body"], kept["key_id"])
    feed = feed_of(entry.feed)
    delivery = Delivery(
        feed=feed,
        name=f"{entry.delivery} (replay of {quarantine_id})",
        sha256=hashlib.sha256(b"replay of %d" % quarantine_id).digest(),
        fetched_at=kept["fetched_at"],
        archive=True,
        replayed=quarantine_id,
        came_live=not kept["archive"],
    )
    body = orjson.loads(plain)
    whole = body.get(UNREADABLE)
    records = (
        iter([Record(entry.number, body)]) if whole is None else read_records(feed, whole.encode("latin-1"))
    )
    return await Intake(pool, keys).take(delivery, records)
