"""Sessions: begun at a sign-in, looked after while they last, ended for a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple
from uuid import UUID

from app.commands.scopes import end_scopes, open_scope
from app.domain.viewer import Role, Viewer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta

    from app.db import Connection

Way = Literal["password", "provider", "token"]
Why = Literal["signed_out", "replaced", "revoked", "disabled", "password", "provider"]
Holder = Literal["session_id", "user_id", "token_id", "provider_session"]


class Principal(NamedTuple):
    """Whom a session is for: a user or the holder of a token."""

    user_id: int | None
    token_id: int | None
    name: str
    role: Role
    areas: tuple[str, ...] = ()

    @property
    def actor(self) -> str:
        """How the log names it."""
        return f"user:{self.user_id}" if self.user_id is not None else f"token:{self.token_id}"


class Limits(NamedTuple):
    """How long a session lasts without a sign of a person, and in any case; None for no such limit."""

    idle: timedelta | None
    absolute: timedelta | None


async def begin_session(
    connection: Connection,
    principal: Principal,
    secret_hash: bytes,
    way: Way,
    source: str,
    limits: Limits,
    now: datetime,
    provider_session: str | None = None,
) -> Viewer:
    """Begin a session under a scope of its own; the secret itself is the browser's alone."""
    async with connection.transaction():
        scope = await open_scope(
            connection, principal.actor, principal.name, principal.role, principal.areas, now
        )
        session = await connection.fetchval(
            "insert into app_session (secret_hash, user_id, token_id, scope_id, way, source, provider_session, "
            "created_at, last_seen_at, idle_s, ends_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10) "
            "returning session_id",
            secret_hash, principal.user_id, principal.token_id, scope, way, source, provider_session, now,
            int(limits.idle.total_seconds()) if limits.idle else None,
            now + limits.absolute if limits.absolute else None,
        )  # fmt: skip
    return Viewer(principal.name, principal.role, principal.actor, principal.areas, scope, session)


async def end_sessions(
    connection: Connection, holder: Holder, value: UUID | int | str, why: Why, now: datetime
) -> int:
    """End one session by its number, or all of a user, a token or a session at the provider; how many they were."""
    async with connection.transaction():
        rows = await connection.fetch(
            f"update app_session set ended_at = $2, ended_why = $3 where {holder} = $1 and ended_at is null "
            "returning scope_id",
            value, now, why,
        )  # fmt: skip
        await end_scopes(connection, [row["scope_id"] for row in rows], now)
    return len(rows)


async def see_session(connection: Connection, session: UUID, now: datetime) -> None:
    """Note a sign of the person: the idle clock begins anew."""
    await connection.execute(
        "update app_session set last_seen_at = $2 where session_id = $1 and ended_at is null", session, now
    )


async def rescope_sessions(
    connection: Connection, user_id: int, name: str, role: str, areas: Sequence[str], now: datetime
) -> None:
    """Give the user's open sessions a scope with another role or other areas, and end the old ones."""
    async with connection.transaction():
        rows = await connection.fetch(
            "select session_id, scope_id from app_session where user_id = $1 and ended_at is null for update",
            user_id,
        )
        for row in rows:
            scope = await open_scope(connection, f"user:{user_id}", name, role, areas, now)
            await connection.execute(
                "update app_session set scope_id = $2 where session_id = $1", row["session_id"], scope
            )
        await end_scopes(connection, [row["scope_id"] for row in rows], now)
