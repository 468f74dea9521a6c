"""What a map cannot show: incidents with no position, told beside it so that its total is honest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries import rows
from app.queries.scope import Arguments, open_scope

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.window import Filters, Window


async def without_position(connection: Connection, window: Window, filters: Filters) -> dict[str, int]:
    """Incidents and offences of the window without a position, those with protected identity among them."""
    scope = await open_scope(connection, window, filters)
    arguments = Arguments()
    wanted = " and ".join([*rows.ledger_conditions(scope, arguments), "cx is null"])
    row = await connection.fetchrow(
        f"""
        select coalesce(sum(incidents), 0) as incidents, coalesce(sum(offences), 0) as offences
        from ledger where {wanted}
        """,
        *arguments,
    )
    return dict(row)
