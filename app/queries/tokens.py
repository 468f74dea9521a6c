"""Tokens that hold: whom a hash belongs to, and whether a token has been taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from app.domain.viewer import Role, Viewer

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.db import Reader


class Holder(NamedTuple):
    """A token that holds, and on whose behalf."""

    token_id: int
    viewer: Viewer


HOLDER = "select token_id, name, role from app_token where revoked_at is null and {}"


class TokenBook:
    """Looks tokens up, each time in the database."""

    def __init__(self, reader: Callable[[], Reader]) -> None:
        self._reader = reader

    async def by_hash(self, digest: bytes) -> Holder | None:
        """The holder of the token with this hash; None when there is none or it was taken back."""
        return await self._one(HOLDER.format("hash = $1"), digest)

    async def by_id(self, token_id: int) -> Holder | None:
        """The holder of the token with this number; None when there is none or it was taken back."""
        return await self._one(HOLDER.format("token_id = $1"), token_id)

    async def _one(self, statement: str, value: bytes | int) -> Holder | None:
        async with self._reader().transaction() as connection:
            row = await connection.fetchrow(statement, value)
        return Holder(row["token_id"], Viewer(row["name"], cast("Role", row["role"]))) if row else None
