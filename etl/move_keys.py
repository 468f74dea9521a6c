"""Record keys that lie in the database, where version 0.1.0 put them, move to the keyring."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from etl.keyring import RecordKey

if TYPE_CHECKING:
    from app.db import Connection
    from etl.keyring import Keyring

AT_ONCE = 10_000
WAITING = "select raw_id, wrapped from record_key order by raw_id limit $1 for update"
NAME = """
update raw_record as r set key_id = named.key_id
from unnest($1::bigint[], $2::uuid[]) as named (raw_id, key_id) where named.raw_id = r.raw_id
"""


async def move_keys(connection: Connection, ring: Keyring) -> int:
    """Move all keys; how many. In the keyring first, then out of the database."""
    moved = 0
    while True:
        async with connection.transaction():
            rows = await connection.fetch(WAITING, AT_ONCE)
            if not rows:
                break
            ids: list[UUID] = [uuid4() for _ in rows]
            raw_ids = [row["raw_id"] for row in rows]
            # All of them were wrapped under the one master key that there was.
            ring.put(RecordKey(key_id, 1, row["wrapped"]) for key_id, row in zip(ids, rows, strict=True))
            await connection.execute(NAME, raw_ids, ids)
            await connection.execute("delete from record_key where raw_id = any($1::bigint[])", raw_ids)
        moved += len(rows)
    if moved:
        await connection.execute(
            "vacuum full record_key"
        )  # or the keys would live on in it, and in copies of it
    return moved
