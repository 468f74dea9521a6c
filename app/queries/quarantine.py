"""What could not be loaded, and why, on masked values: for those who mend feeds and read no persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.db import Connection

WAITING = """
select q.quarantine_id, q.feed, d.name as delivery, q.step, q.field, q.value, q.reason, q.created_at
from quarantine as q join delivery as d using (delivery_id)
where q.resolved_at is null and ($1::text is null or q.feed = $1) and q.quarantine_id > $2
order by q.quarantine_id limit $3
"""


async def waiting(
    connection: Connection, feed: str | None = None, *, after: int = 0, limit: int = 100
) -> tuple[list[dict[str, Any]], int | None]:
    """The records that wait, oldest first, of one feed or of all, and after which the next page begins (None: none).

    ``value`` has the shape of what was sent and not its content: digits are 9, letters x. ``created_at`` is UTC.
    """
    found = [dict(row) for row in await connection.fetch(WAITING, feed, after, limit + 1)]
    shown = found[:limit]
    return shown, shown[-1]["quarantine_id"] if len(found) > limit else None
