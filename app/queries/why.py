"""The policy as the database holds it: which rows a group gets of which table, and how far a viewer's areas reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.db import GROUPS, PERSONS_GROUPS
from app.domain.permissions import GRANTED
from app.domain.policy import Sentence, explain, subject

if TYPE_CHECKING:
    from datetime import date

    from app.db import Connection
    from app.domain.viewer import Viewer

# Policies are everybody's to read in PostgreSQL: they say which rows, never what is in them.
POLICIES = """
select p.tablename as table, p.policyname as policy, p.cmd as command, coalesce(p.qual, p.with_check) as using
from unnest($1::text[]) with ordinality as wanted (name, place)
join pg_policies as p on p.schemaname = 'public' and p.tablename = wanted.name
where $2::name = any(p.roles) or 'public' = any(p.roles)
order by wanted.place, p.policyname, p.cmd
"""

AREAS = """
select code, name, kind, valid_from, valid_to from area
where code = any($1) and valid_from <= $2 and (valid_to is null or $2 < valid_to) order by name
"""


async def policies(connection: Connection, tables: Sequence[str], group: str) -> list[dict[str, Any]]:
    """The row policies of these tables that hold for a database role, as their text stands in the database."""
    return [dict(row) for row in await connection.fetch(POLICIES, list(tables), group)]


async def areas(connection: Connection, codes: Sequence[str], on: date) -> list[dict[str, Any]]:
    """The areas by these codes that there are on a day, by name."""
    return [dict(row) for row in await connection.fetch(AREAS, list(codes), on)]


@dataclass(frozen=True)
class Why:
    """What is answered. ``group`` is the database role under which it is read; None where it is not."""

    allowed: bool
    group: str | None
    areas: list[dict[str, Any]]
    policies: list[dict[str, Any]]
    sentences: list[Sentence]


async def why(connection: Connection, viewer: Viewer, what: str, on: date) -> Why:
    """Why the viewer sees ``what``, or why not, as the areas are on the day ``on``.

    Raises:
        BadInput: There is nothing to ask about by that name.
    """
    asked = subject(what)
    groups = PERSONS_GROUPS if asked.persons else GROUPS
    group = groups.get(viewer.role) if asked.permission in GRANTED[viewer.role] else None
    held = await areas(connection, viewer.areas, on)
    return Why(
        group is not None,
        group,
        held,
        [] if group is None else await policies(connection, asked.tables, group),
        explain(viewer.role, what, [area["name"] for area in held], on, group),
    )
