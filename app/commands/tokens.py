"""Tokens: made once, shown once, kept as a hash, taken back by date."""

from __future__ import annotations

import secrets
from hashlib import blake2b
from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.domain.viewer import ROLES

if TYPE_CHECKING:
    from app.db import Connection


def token_hash(token: str) -> bytes:
    """What is kept of a token. It has 256 random bits, so a plain fast hash cannot be turned round."""
    return blake2b(token.encode(), digest_size=32, person=b"app token").digest()


async def create_token(connection: Connection, role: str, name: str) -> str:
    """Make a token with a role for ``name`` (a person or a system) and return it; it cannot be read again.

    Raises:
        BadInput: There is no such role.
    """
    if role not in ROLES:
        raise BadInput(f"There is no role {role!r}; choose one of {', '.join(ROLES)}.")
    token = secrets.token_urlsafe(32)
    await connection.execute(
        "insert into app_token (name, role, hash) values ($1, $2, $3)", name, role, token_hash(token)
    )
    return token


async def revoke_token(connection: Connection, token_id: int) -> None:
    """Take a token back: it and every session begun with it end."""
    await connection.execute(
        "update app_token set revoked_at = now() where token_id = $1 and revoked_at is null", token_id
    )
