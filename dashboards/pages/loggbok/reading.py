"""What the page Loggbok reads and writes, on behalf of whoever looks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from app.commands import log_book as commands
from app.domain.address import kept_address
from app.domain.errors import BadInput
from app.queries import log_book
from app.queries.log_book_handover import Feeds, figures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.log_book import NewEntry
    from dashboards.services import Services

MOST = 200
HOURS = ("8", "12", "24")
"""How far back a handover may be asked to look, in hours, instead of to the last one."""


class Told(NamedTuple):
    """The entries, what is open (whatever the filters), and for which moment both are true."""

    rows: list[dict[str, Any]]
    items: list[dict[str, Any]]
    at: datetime
    live: bool


async def book(services: Services, query: Mapping[str, Any], choice: Mapping[str, Any]) -> Told:
    """The log book as the view asks for it.

    Raises:
        LagesbildError: The view cannot be read, or no database.
    """
    known = moment_of(query)
    kind = choice.get("of")
    async with services.reader().transaction() as connection:
        rows = await log_book.entries(
            connection,
            kinds=(kind,) if kind else (),
            area=query.get("area"),
            open_only=bool(choice.get("open")),
            at=known,
            limit=MOST,
        )
        items = await log_book.open_items(connection, known)
    return Told(rows, items, known or datetime.now(UTC), known is None)


async def handover(services: Services, query: Mapping[str, Any], since: str | None) -> dict[str, Any]:
    """The figures of a handover at the view's moment, since the last one or so many hours back.

    Raises:
        LagesbildError: As for ``book``.
    """
    until = moment_of(query) or datetime.now(UTC)
    reader = services.reader()
    async with reader.transaction() as connection:
        return await figures(connection, reader.viewer, feeds_of(services), until, begin(since, until))


async def sign(services: Services, text: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Sign the figures that were shown: as known at their moment, since theirs.

    Raises:
        LagesbildError: The figures are too old, the text cannot be entered, or no database.
    """
    since, until = (datetime.fromisoformat(str(shown[name])) for name in ("since", "until"))
    return await commands.hand_over(
        services.reader(), feeds_of(services), text, datetime.now(UTC), until=until, since=since
    )


async def add(services: Services, entry: NewEntry) -> dict[str, Any]:
    """Enter something.

    Raises:
        LagesbildError: It cannot be entered, or no database.
    """
    return await commands.add_entry(services.reader(), entry)


async def area_name(services: Services, code: str | None) -> str | None:
    """What an area is called; None for none."""
    if not code:
        return None
    async with services.reader().transaction() as connection:
        return await log_book.area_name(connection, code)


def feeds_of(services: Services) -> Feeds:
    """What tells which feeds are late."""
    return Feeds(services.feeds, services.rhythms, services.region)


def begin(since: str | None, until: datetime) -> datetime | None:
    """From when a handover tells; None: since the last one."""
    return until - timedelta(hours=int(since)) if since in HOURS else None


def moment_of(query: Mapping[str, Any]) -> datetime | None:
    """The view's moment; None for now.

    Raises:
        BadInput: It cannot be read.
    """
    known = query.get("known")
    try:
        return datetime.fromisoformat(str(known)).astimezone(UTC) if known else None
    except ValueError:
        raise BadInput(
            "The view's moment cannot be read; choose it again.",
            sv="Vyns tidpunkt kunde inte läsas; välj den på nytt.",
        ) from None


def pinned_view(pin: Mapping[str, Any] | None) -> str:
    """The view that is pinned, if it is one of ours."""
    try:
        return kept_address(str((pin or {}).get("view") or ""))
    except BadInput:
        return ""
