"""Tokens: made once, shown once, kept as a hash, taken back by date."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

from app.commands.scopes import end_scopes, open_scope, require_scope
from app.commands.sessions import end_sessions
from app.domain.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.db import Connection


def token_hash(token: str) -> bytes:
    """What is kept of a token. It has 256 random bits, so a plain fast hash cannot be turned round."""
    return blake2b(token.encode("utf-8", "replace"), digest_size=32, person=b"app token").digest()


async def create_token(
    connection: Connection, role: str, name: str, areas: Sequence[str] = (), now: datetime | None = None
) -> str:
    """Make a token with a role for ``name`` (a person or a system) and return it; it cannot be read again.

    Raises:
        BadInput: There is no such role or area, or the two do not go together.
    """
    await require_scope(connection, role, areas)
    token = secrets.token_urlsafe(32)
    async with connection.transaction():
        number = await connection.fetchval("select nextval(pg_get_serial_sequence('app_token', 'token_id'))")
        scope = await open_scope(connection, f"token:{number}", name, role, areas, now or datetime.now(UTC))
        await connection.execute(
            "insert into app_token (token_id, name, role, areas, hash, scope_id) values ($1, $2, $3, $4, $5, $6)",
            number, name, role, list(areas), token_hash(token), scope,
        )  # fmt: skip
    return token


async def revoke_token(connection: Connection, token_id: int, now: datetime | None = None) -> None:
    """Take a token back: it and every session begun with it end, open streams too.

    Raises:
        NotFound: There is no such token, or it was taken back before.
    """
    at = now or datetime.now(UTC)
    async with connection.transaction():
        scope = await connection.fetchval(
            "update app_token set revoked_at = $2 where token_id = $1 and revoked_at is null returning scope_id",
            token_id, at,
        )  # fmt: skip
        if scope is None:
            raise NotFound(f"No token {token_id} holds; `lagesbild token list` shows those that do.")
        await end_scopes(connection, [scope], at)
        await end_sessions(connection, "token_id", token_id, "revoked", at)
