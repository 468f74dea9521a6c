"""Sessions that hold: looked up by the cookie's secret at every request, with nothing remembered between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.viewer import Viewer

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from app.db import Connection

FROM = """app_session as s join access_scope as c using (scope_id)
    left join app_user as u using (user_id) left join app_token as t using (token_id)"""
HOLDS = """s.ended_at is null and c.ended_at is null and u.disabled_at is null and t.revoked_at is null
    and c.role = coalesce(u.role, t.role) and c.areas = coalesce(u.areas, t.areas)
    and (s.ends_at is null or s.ends_at > $2)
    and (s.idle_s is null or s.last_seen_at + make_interval(secs => s.idle_s) > $2)"""
"""The account must still be what the session was begun for: a sign-in that crosses a change of role holds nothing."""

BY_SECRET = f"""
select s.session_id, s.last_seen_at, c.actor, c.name, c.role, c.areas, c.scope_id
from {FROM} where s.secret_hash = $1 and {HOLDS}
"""
SCOPE_HOLDS = f"""
select exists (select from access_scope where scope_id = $1 and ended_at is null)
    and (not exists (select from app_session where scope_id = $1)
        or exists (select from {FROM} where s.scope_id = $1 and {HOLDS}))
"""
ALL = f"""
select s.session_id, c.actor, c.name, c.role, c.areas, s.way, s.source, s.created_at, s.last_seen_at
from {FROM} where s.created_at <= $1 and {HOLDS} order by s.created_at
"""


class Session(NamedTuple):
    """A session that holds, and when its person last showed."""

    viewer: Viewer
    last_seen_at: datetime


async def session_of_secret(connection: Connection, digest: bytes, now: datetime) -> Session | None:
    """The session whose secret has this hash; None when there is none, it was ended, or its time is over."""
    row = await connection.fetchrow(BY_SECRET, digest, now)
    if row is None:
        return None
    viewer = Viewer(
        row["name"], row["role"], row["actor"], tuple(row["areas"]), row["scope_id"], row["session_id"]
    )
    return Session(viewer, row["last_seen_at"])


async def scope_holds(connection: Connection, viewer: Viewer, now: datetime) -> bool:
    """Whether what the viewer was let in for still holds: the token or the session, its role and its time."""
    holds: bool = await connection.fetchval(SCOPE_HOLDS, viewer.scope, now)
    return holds


async def way_of(connection: Connection, session: UUID) -> str | None:
    """How a session was begun, whether it holds or not."""
    way: str | None = await connection.fetchval("select way from app_session where session_id = $1", session)
    return way


async def sessions_that_hold(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """All sessions that hold, oldest first."""
    return [dict(row) for row in await connection.fetch(ALL, now, now)]
