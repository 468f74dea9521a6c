"""What the page reads: of which areas there are editions, which there are of one, and the one that is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.briefing.edition import Edition
from app.briefing.edition import read as read_edition
from app.briefing.html import Head
from app.queries import briefings

if TYPE_CHECKING:
    from dashboards.services import Services

REGION = "region"
"""How the region is chosen; a district is by its code."""
MOST = 60


@dataclass(frozen=True)
class Shown:
    """Of which areas there are editions (code or None, and name), those of the chosen one, and the one looked at."""

    areas: list[tuple[str | None, str | None]]
    chosen: str | None
    heads: list[dict[str, Any]]
    head: Head | None
    edition: Edition | None


async def read(
    services: Services, known: str | None, area: str | None, of: str | None, edition: str | None
) -> Shown:
    """The edition that is asked for or the newest that there was.

    Args:
        services: The house.
        known: The moment that is looked at (ISO 8601); None for now.
        area: The view's area, whose editions are shown where none are asked for.
        of: Whose editions are asked for: ``region`` or a code.
        edition: Which of them, by its id.

    Raises:
        Unavailable: The database does not answer.
    """
    at = None if known is None else datetime.fromisoformat(known)
    async with services.reader().transaction() as connection:
        areas = [(row["code"], row["name"]) for row in await briefings.areas(connection)]
        chosen = _chosen([code for code, _ in areas], area, of)
        heads = await briefings.listed(connection, chosen, known_at=at, limit=MOST) if areas else []
        head = next((one for one in heads if str(one["edition_id"]) == edition), heads[0] if heads else None)
        row = None if head is None else await briefings.one(connection, head["edition_id"])
    if row is None:
        return Shown(areas, chosen, heads, None, None)
    told = Head(row["edition_id"], row["number"], row["made_at"], row["sha256"])
    return Shown(areas, chosen, heads, told, read_edition(row["content"]))


def _chosen(codes: list[str | None], area: str | None, of: str | None) -> str | None:
    """Whose editions are shown: those asked for, else the view's area, else the region, else the first there is."""
    for wanted in (None if of == REGION else of, *([] if of else [area])):
        if wanted in codes:
            return wanted
    return None if None in codes or not codes else codes[0]
