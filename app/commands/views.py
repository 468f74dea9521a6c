"""Keep, rename, share and drop views. What a view shows is asked anew by whoever opens it; it is only an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import asyncpg

from app.domain.address import kept_address, kept_name
from app.domain.errors import BadInput, NotAllowed, NotFound
from app.queries.views import MINE, TOLD, shaped

if TYPE_CHECKING:
    from uuid import UUID

    from app.db import Connection

MOST = 100
"""Views that one person keeps."""
INSERT = f"insert into saved_view (name, address, shared) values ($1, $2, $3) returning {TOLD}"
CHANGE = f"""
update saved_view set name = coalesce($2, name), shared = coalesce($3, shared) where view_id = $1 and {MINE}
returning {TOLD}
"""
DROP = f"delete from saved_view where view_id = $1 and {MINE} returning view_id"
TAKEN = "You have a view of that name already; choose another name, or delete the old one."
NONE = "There is no such view of yours."
TAKEN_SV = "Du har redan en vy med det namnet; välj ett annat namn eller ta bort den gamla."
NONE_SV = "Du har ingen sådan vy."


async def keep_view(
    connection: Connection, name: str, address: str, *, shared: bool = False
) -> dict[str, Any]:
    """Keep an address under a name; whose it is the database says.

    Raises:
        BadInput: No name, no address of a page here, a name that is taken, or too many views.
        NotAllowed: The viewer's role keeps none (a wall).
    """
    called, where = kept_name(name), kept_address(address)
    if await connection.fetchval(f"select count(*) from saved_view where {MINE}") >= MOST:
        raise BadInput(
            f"You keep {MOST} views already; delete one first.",
            sv=f"Du har redan sparat {MOST} vyer; ta bort en först.",
        )
    try:
        return shaped(await connection.fetchrow(INSERT, called, where, shared))
    except asyncpg.UniqueViolationError:
        raise BadInput(TAKEN, sv=TAKEN_SV) from None
    except asyncpg.InsufficientPrivilegeError:
        raise NotAllowed(
            "This screen keeps no views; sign in as yourself to keep one.",
            sv="Den här skärmen sparar inga vyer; logga in som dig själv för att spara en.",
        ) from None


async def change_view(
    connection: Connection, view: UUID, *, name: str | None = None, shared: bool | None = None
) -> dict[str, Any]:
    """Give one of the viewer's own views another name, or share it or no longer.

    Raises:
        BadInput: Nothing to change, or a name that cannot be or is taken.
        NotFound: There is no such view, or it is another's.
    """
    if name is None and shared is None:
        raise BadInput(
            "Say what is to change: name, shared, or both.",
            sv="Ange vad som ska ändras: namnet, delningen eller båda.",
        )
    try:
        row = await connection.fetchrow(CHANGE, view, None if name is None else kept_name(name), shared)
    except asyncpg.UniqueViolationError:
        raise BadInput(TAKEN, sv=TAKEN_SV) from None
    if row is None:
        raise NotFound(NONE, sv=NONE_SV)
    return shaped(row)


async def drop_view(connection: Connection, view: UUID) -> None:
    """Drop one of the viewer's own views.

    Raises:
        NotFound: There is no such view, or it is another's.
    """
    if await connection.fetchval(DROP, view) is None:
        raise NotFound(NONE, sv=NONE_SV)
