"""One viewer of each role, with a scope in the database; and the areas that a chief's rows may lie in."""

from __future__ import annotations

from datetime import UTC, datetime

import asyncpg

from app.commands.scopes import open_scope
from app.domain.viewer import ROLES, Role, Viewer

OWN, FOREIGN = "lpo-sodermalm", "lpo-jarva"
SPLIT = "lpo-norra-innerstaden"  # there since 2025-01-01 only
BEGAN = datetime(2026, 11, 24, 8, tzinfo=UTC)


async def viewer(connection: asyncpg.Connection, role: Role, *areas: str) -> Viewer:
    """Somebody in this role, with a scope that holds."""
    actor = f"user:{role}"
    scope = await open_scope(connection, actor, role, role, areas, BEGAN)
    return Viewer(role, role, actor, areas, scope)


async def one_of_each(connection: asyncpg.Connection) -> dict[Role, Viewer]:
    """A viewer of each role; the chief is Södermalm's."""
    return {role: await viewer(connection, role, *((OWN,) if role == "area_chief" else ())) for role in ROLES}


async def days_in(connection: asyncpg.Connection, *codes: str) -> set[tuple[int, datetime, datetime]]:
    """The rollup areas within these areas, and from when until when, told independently of the policies."""
    rows = await connection.fetch(
        """select w.area_id, w.valid_from, coalesce(w.valid_to, 'infinity'::date) as valid_to
           from area as a join area_within as w on w.ancestor_id = a.area_id where a.code = any($1)""",
        list(codes),
    )
    return {(row["area_id"], row["valid_from"], row["valid_to"]) for row in rows}
