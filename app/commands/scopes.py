"""Scopes: what a session or a token may see, opened once and never widened. A new role is a new scope."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.errors import BadInput
from app.domain.viewer import ROLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from app.db import Connection

KINDS = ["lokalpolisomrade", "polisomrade"]


async def require_scope(connection: Connection, role: str, areas: Sequence[str]) -> None:
    """Hold a role and its areas against what there is.

    Raises:
        BadInput: There is no such role or area, or the two do not go together.
    """
    if role not in ROLES:
        raise BadInput(f"There is no role {role!r}; choose one of {', '.join(ROLES)}.")
    if role == "area_chief" and not areas:
        raise BadInput("An area_chief needs areas: --areas lpo-sodermalm, several with commas between them.")
    if role != "area_chief" and areas:
        raise BadInput(f"The role {role} is not held to areas; leave them out, or choose area_chief.")
    known = await connection.fetch(
        "select code from area where code = any($1) and kind = any($2)", areas, KINDS
    )
    unknown = set(areas) - {row["code"] for row in known}
    if unknown:
        raise BadInput(f"There is no area {min(unknown)!r}; choose codes of {' or '.join(KINDS)}.")


async def open_scope(
    connection: Connection, actor: str, name: str, role: str, areas: Sequence[str], now: datetime
) -> UUID:
    """Open a scope and return its id, by which the database knows whom it reads for."""
    scope: UUID = await connection.fetchval(
        "insert into access_scope (actor, name, role, areas, created_at) values ($1, $2, $3, $4, $5) "
        "returning scope_id",
        actor, name, role, list(areas), now,
    )  # fmt: skip
    return scope


async def end_scopes(connection: Connection, scopes: Sequence[UUID], now: datetime) -> None:
    """End scopes: from the commit on they show nothing, and the streams open under them close."""
    await connection.execute(
        "update access_scope set ended_at = $2 where scope_id = any($1) and ended_at is null", scopes, now
    )
