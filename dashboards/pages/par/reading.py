"""What the page Par reads: by ``app.commands.pairs``, which writes the log first. As plain JSON, for the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import orjson

from app.commands import pairs, pairs_told
from app.domain.errors import BadInput, Unavailable
from app.queries.areas import areas
from dashboards.view import question

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.follow_up import Entry
    from app.domain.pair_id import PairIds
    from dashboards.services import Services

PAGE = 40
ROLES = ("victim", "suspect")
LEAST = ("1", "2", "3")
WITHIN_DAYS = 365
"""Twelve months, as in the rule of the third report."""


async def listed(
    services: Services, query: dict[str, Any], reason: str, choice: dict[str, str], after: str | None
) -> dict[str, Any]:
    """Pairs with a report in the view's window, from the mark ``after`` on.

    ``choice`` is of the address: ``least`` reports, only with ``flag``, only whose ``several`` (victim or suspect) is
    in more than one pair. With an area in the view the reports are those there.

    Raises:
        LagesbildError: No reason, nothing that can be understood, asked too often, or no database.
    """
    window, filters = question(query)
    several = choice.get("several")
    if several is not None and several not in ROLES:
        raise BadInput(f"Choose one of {', '.join(ROLES)}.", sv="Välj målsägande eller misstänkt.")
    found = await pairs.search(
        services.reader(),
        _ids(services),
        window,
        reason,
        at_least=least_of(choice),
        within_days=WITHIN_DAYS,
        flag=choice.get("flag"),
        area=filters.areas[0] if filters.areas else None,
        several=cast("pairs.Role | None", several),
        after=after,
        limit=PAGE,
    )
    today = services.region.day(found.known_at)
    rows = [pairs_told.row(held, found.places, _ids(services), today) for held in found.pairs]
    return _plain({"rows": rows, "rest": found.rest, "known": window.known_at})


def least_of(choice: dict[str, str]) -> int:
    """How many reports at least; two where nothing, or nothing that can be chosen, is said."""
    return int(choice["least"]) if choice.get("least") in LEAST else 2


async def area_name(services: Services, code: str) -> str:
    """The name of an area; its code where there is none of that code."""
    async with services.reader().transaction() as connection:
        found = await areas(connection)
    return next((area["name"] for area in reversed(found) if area["code"] == code), code)


async def of_person(
    services: Services, number: str, role: str, known_at: datetime | None, reason: str
) -> dict[str, Any]:
    """The pairs in which somebody is the victim or the suspect; the number is in nothing that is given back.

    Raises:
        LagesbildError: As for ``listed``; ``BadInput`` where the number is none, or there is no such role.
    """
    if role not in ROLES:
        raise BadInput(f"Choose one of {', '.join(ROLES)}.", sv="Välj målsägande eller misstänkt.")
    pseudonym = await services.names().pseudonym(number)
    found = await pairs.of_person(services.reader(), pseudonym, cast("pairs.Role", role), known_at, reason)
    today = services.region.day(found.known_at)
    rows = [pairs_told.row(held, found.places, _ids(services), today) for held in found.pairs]
    return _plain({"rows": rows, "rest": None, "known": known_at, "role": role})


async def pair(services: Services, pair_id: str, known_at: datetime | None, reason: str) -> dict[str, Any]:
    """One pair as known at ``known_at`` (None: now).

    Raises:
        LagesbildError: As for ``listed``; ``NotFound`` where there is no such pair.
    """
    told = await pairs.read(services.reader(), _ids(services), pair_id, known_at, reason)
    return _plain(
        {
            **pairs_told.pair(told, _ids(services), services.region.day(told.known_at)),
            "known": known_at,
        }
    )


async def note(services: Services, pair_id: str, entry: Entry, reason: str) -> None:
    """Note a follow-up after the pair's last report.

    Raises:
        LagesbildError: As for ``pair``, or nothing that can be noted.
    """
    await pairs.note(services.reader(), _ids(services), pair_id, entry, reason)


def uuid_of(text: str | None) -> UUID | None:
    """The id of an earlier entry; None for none."""
    return UUID(text) if text else None


def _ids(services: Services) -> PairIds:
    if services.pair_ids is None:
        raise Unavailable(
            "Pairs cannot be named yet; try again in a moment.",
            sv="Par kan inte visas än; försök igen om en stund.",
        )
    return services.pair_ids


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    return cast("dict[str, Any]", orjson.loads(orjson.dumps(told, default=str)))
