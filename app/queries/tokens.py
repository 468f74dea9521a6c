"""Tokens that hold: on whose behalf a hash is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.viewer import Viewer

if TYPE_CHECKING:
    from app.db import Connection

VIEWER = """
select c.actor, c.name, c.role, c.areas, c.scope_id
from app_token as t join access_scope as c using (scope_id)
where t.hash = $1 and t.revoked_at is null and c.ended_at is null
"""


async def viewer_of_token(connection: Connection, digest: bytes) -> Viewer | None:
    """Whose token has this hash; None when there is none, or it was taken back."""
    row = await connection.fetchrow(VIEWER, digest)
    return (
        Viewer(row["name"], row["role"], row["actor"], tuple(row["areas"]), row["scope_id"]) if row else None
    )


async def tokens_that_hold(connection: Connection) -> list[dict[str, Any]]:
    """All tokens that were not taken back, oldest first."""
    rows = await connection.fetch(
        "select token_id, name, role, areas, created_at from app_token where revoked_at is null order by token_id"
    )
    return [dict(row) for row in rows]
