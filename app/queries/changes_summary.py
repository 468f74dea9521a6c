"""How much changed between two moments of knowing: how many of each kind, for whoever may see figures.

Whose role sees incidents is counted for under its own row-level security. Whose role sees figures only, the region's,
cannot read a version; for those the database counts by itself (``changes_counted``, migrations/sql/0028_views.sql) and
hands out numbers, as many as there are kinds of change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from app.queries.changes import (
    CHANGE,
    DIFFERENT,
    EVER,
    KINDS_OF_CHANGE,
    PAIRED,
    TOUCHED,
    either_side,
    require_order,
)
from app.queries.scope import AreaFilter, Arguments, Scope, open_scope

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from app.db import Connection
    from app.domain.window import Filters, Window

COUNTED = (
    "select change, incidents from changes_counted($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
)


class Changed(NamedTuple):
    """Incidents by kind of change (all four kinds are there): those that happened in the window, and wherever."""

    inside: Mapping[str, int]
    anywhere: Mapping[str, int]


async def changes_summary(
    connection: Connection,
    since: datetime,
    until: datetime,
    filters: Filters,
    happened: Window | None = None,
    *,
    incidents: bool,
) -> Changed:
    """Count what ``app.queries.changes.changes`` tells between the same moments (aware), under the same filters.

    ``incidents`` says whether the viewer's role reads incidents. Without ``happened`` both counts are the same.

    Raises:
        BadInput: ``until`` is before ``since``, or an unknown code.
    """
    require_order(since, until)
    count = _under_own_rows if incidents else _by_the_database
    anywhere = await count(connection, since, until, await open_scope(connection, EVER, filters))
    if happened is None:
        return Changed(anywhere, anywhere)
    inside = await count(connection, since, until, await open_scope(connection, happened, filters))
    return Changed(inside, anywhere)


async def _under_own_rows(
    connection: Connection, since: datetime, until: datetime, scope: Scope
) -> dict[str, int]:
    arguments = Arguments([since, until])
    sides = either_side(scope, arguments)
    found = await connection.fetch(
        f"""
        with {TOUCHED}
        select {CHANGE} as change, count(*) as incidents from {PAIRED}
        where i.kind = {arguments.add(scope.kinds[0])} and ({sides}) and {DIFFERENT}
        group by 1
        """,
        *arguments,
    )
    return _filled(found)


async def _by_the_database(
    connection: Connection, since: datetime, until: datetime, scope: Scope
) -> dict[str, int]:
    areas = scope.areas
    window = scope.window
    found = await connection.fetch(
        COUNTED,
        since,
        until,
        scope.kinds[0],
        list(scope.offence_ids) if scope.offence_ids is not None else None,
        list(areas.always) if areas is not None else None,
        *_spans(areas),
        areas is not None and areas.fine,
        window.first,
        window.first_hour,
        window.last,
        window.last_hour,
    )
    return _filled(found)


def _spans(areas: AreaFilter | None) -> tuple[list[int], list[date], list[date]]:
    spans = areas.sometimes if areas is not None else ()
    return (
        [area for area, _, _ in spans],
        [first for _, first, _ in spans],
        [beyond for _, _, beyond in spans],
    )


def _filled(found: list[Any]) -> dict[str, int]:
    return dict.fromkeys(KINDS_OF_CHANGE, 0) | {row["change"]: row["incidents"] for row in found}
