"""How many incidents an export of a window gives out, and how many it leaves out because they are protected."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from app.queries.believed import believed
from app.queries.rows import area_column, conditions
from app.queries.scope import Arguments, open_scope

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.window import Filters, Window


class Exported(NamedTuple):
    """Incidents of the window, as known at its moment."""

    given: int
    protected: int
    """In no export: what is protected leaves the house as a number only."""


async def exported(connection: Connection, window: Window, filters: Filters) -> Exported:
    """Count what ``app.queries.incidents.page`` goes through: active incidents, protected ones apart."""
    scope = await open_scope(connection, window, filters)
    arguments = Arguments()
    wanted = [*conditions(scope, arguments, area_column(scope)), believed(arguments, window.known_at)]
    row = await connection.fetchrow(
        f"""
        select count(*) filter (where not v.protected) as given, count(*) filter (where v.protected) as protected
        from incident_version as v join incident as i using (incident_id) where {" and ".join(wanted)}
        """,
        *arguments,
    )
    return Exported(row["given"], row["protected"])
