"""Views that somebody keeps: the own ones, and those shared by people who see no more than the viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from app.db import Connection

MINE = "actor = (select scope_actor())"
TOLD = f"view_id, name, address, shared, kept_at, owner, {MINE} as own"
ALL = f"select {TOLD} from saved_view order by {MINE} desc, lower(name), view_id limit 500"


async def saved_views(connection: Connection) -> list[dict[str, Any]]:
    """The viewer's own views by name, then those that others share: row-level security tells which.

    Each with ``view`` (its id), ``name``, ``address`` (path and query on this server), ``shared``, ``own``, ``owner``
    (a name, for people) and ``kept_at``.
    """
    return [shaped(row) for row in await connection.fetch(ALL)]


async def last_shift_ended(connection: Connection) -> datetime | None:
    """When the viewer's last shift ended: the last sign of that person before a break of four hours or more.

    A session that was signed out of ended then; of one that ran out, the last sign is what is known (exact to a
    minute). None where no earlier shift is known, as for a bearer token without sessions.
    """
    ended: datetime | None = await connection.fetchval("select last_shift_ended()")
    return ended


def shaped(row: Any) -> dict[str, Any]:
    """A row of ``TOLD`` as it is given out."""
    told = dict(row)
    return {"view": str(told.pop("view_id")), **told}
