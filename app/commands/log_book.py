"""Write into the log book. Who and when the database says; nothing that stands there is ever changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import asyncpg

from app.domain.errors import BadInput, NotAllowed
from app.domain.log_book import HANDOVER, NewEntry, checked
from app.domain.window import Position
from app.queries import ledger, log_book, log_book_handover

if TYPE_CHECKING:
    from datetime import datetime

    from app.db import Connection, Reader
    from app.queries.log_book_handover import Feeds

INSERT = """
insert into log_entry (kind, text, area_id, for_all, incident, view, known_at, xid, ledger_id, lon, lat, owner, due,
    begins, ends, figures, about, corrects)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
returning entry_id
"""
AREA = "select area_id from area where code = $1"
OLD, AHEAD = timedelta(minutes=30), timedelta(minutes=1)
"""How old the figures of a handover may be when it is signed, and how far two clocks may differ."""


async def add_entry(reader: Reader, entry: NewEntry, position: Position | None = None) -> dict[str, Any]:
    """Enter something, and give it back as ``app.queries.log_book`` tells it.

    ``position``: up to which row of the ledger the picture was that the writer looked at; None for the last.

    Raises:
        BadInput: It cannot be entered as it is, what it names is not there, or it lies outside of a chief's own areas.
        NotAllowed: The viewer's role writes no log book.
    """
    wanted = checked(entry)
    async with _writing(reader) as connection:
        return await write(connection, wanted, position)


async def hand_over(
    reader: Reader,
    feeds: Feeds,
    text: str,
    now: datetime,
    *,
    until: datetime | None = None,
    since: datetime | None = None,
) -> dict[str, Any]:
    """Sign a handover: the figures of ``until`` (None: now) and what the outgoing officer adds, kept as an entry.

    ``until`` is the moment of the figures that were read; they are worked out from the ledger once more as known then,
    so that what is signed is what was shown, and nothing that a browser sent. ``since``: see ``handover.begins``.

    Raises:
        BadInput: The figures were read too long ago, or what was added cannot be entered.
        NotAllowed: The viewer's role hands no shift over.
    """
    at = until or now
    if not now - OLD <= at <= now + AHEAD:
        raise BadInput(
            "These figures are no longer of this moment; read them anew before you sign.",
            sv="Siffrorna gäller inte längre just nu; läs dem på nytt innan du signerar.",
        )
    async with _writing(reader) as connection:
        figures = await log_book_handover.figures(connection, reader.viewer, feeds, at, since)
        area = log_book_handover.area_of(reader.viewer)
        entry = NewEntry(HANDOVER, text, area, view="/loggbok", known_at=at, figures=figures)
        return await write(connection, checked(entry), Position.parse(figures["position"]))


@asynccontextmanager
async def _writing(reader: Reader) -> AsyncIterator[Connection]:
    """A transaction that can write, and says in words what the database refuses."""
    try:
        async with reader.writing() as connection:
            yield connection
    except asyncpg.InsufficientPrivilegeError as error:
        if reader.viewer.role == "area_chief":
            raise BadInput(
                "You write of your own areas: choose one of them, and an incident in it.",
                sv="Du skriver om dina egna områden: välj ett av dem, och en händelse som ligger där.",
            ) from error
        raise NotAllowed(
            "Your role writes nothing into the log book.", sv="Din roll skriver inget i loggboken."
        ) from error


async def write(connection: Connection, entry: NewEntry, position: Position | None = None) -> dict[str, Any]:
    """The same in a transaction that is open already, of an entry that was checked.

    Raises:
        BadInput: What it names is not there, or has been corrected by somebody else.
    """
    area_id = None
    if entry.area is not None:
        area_id = await connection.fetchval(AREA, entry.area)
        if area_id is None:
            raise BadInput(
                f"There is no area {entry.area!r}; /api/v1/areas lists the codes.",
                sv=f"Det finns inget område {entry.area!r}; välj ett i listan.",
            )
    now, last = await ledger.moment(connection)
    at = position or last
    try:
        written: UUID = await connection.fetchval(
            INSERT, entry.kind, entry.text, area_id, entry.for_all, entry.incident, entry.view, entry.known_at or now,
            at.xid, at.ledger_id, entry.lon, entry.lat, entry.owner, entry.due, entry.begins, entry.ends,
            entry.figures, entry.about, entry.corrects,
        )  # fmt: skip
    except asyncpg.NoDataFoundError as error:
        raise BadInput(
            "There is no such entry to correct or to close, or none that you may see.",
            sv="Det finns ingen sådan post att rätta eller avsluta, eller ingen som du får se.",
        ) from error
    except asyncpg.ForeignKeyViolationError as error:
        raise BadInput(
            "There is no such incident; leave it out, or copy its link again.",
            sv="Det finns ingen sådan händelse; utelämna den eller kopiera länken på nytt.",
        ) from error
    except asyncpg.UniqueViolationError as error:
        raise BadInput(
            "Somebody has corrected this entry already; correct that correction instead.",
            sv="Någon har redan rättat posten; rätta den rättelsen i stället.",
        ) from error
    except asyncpg.CheckViolationError as error:
        raise BadInput(
            "The entry lacks what its kind needs; see what the log book's kinds are made of.",
            sv="Posten saknar något som den behöver; se efter att alla fält för den är ifyllda.",
        ) from error
    return cast("dict[str, Any]", await log_book.one(connection, written))
