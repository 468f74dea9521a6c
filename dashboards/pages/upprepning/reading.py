"""What the page reads: the measures' stored answers of what comes again, as known then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from app.queries import measure_results as results
from app.queries.areas import areas
from dashboards.components.results import names_of
from dashboards.components.results_reading import answered
from dashboards.view import question

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from dashboards.services import Services

Of = Literal["pairs", "victims", "addresses"]
OF: tuple[Of, ...] = get_args(Of)
PLACES = ("clusters", "hot_areas", "concentration_areas", "near_repeat", "near_repeat_reach")


@dataclass(frozen=True)
class Answers:
    """Ready answers by question, of which area they are, whether another was asked for, and areas' names by code."""

    rows: Mapping[str, dict[str, Any] | None]
    area: str | None
    instead: bool
    names: Mapping[str, str]


def of_whom(choice: Mapping[str, str] | None) -> Of:
    """Of what it is: pairs where nothing else of ours is chosen."""
    asked = (choice or {}).get("of")
    return next((one for one in OF if one == asked), "pairs")


async def of_units(services: Services, query: dict[str, Any], of: Of, now: datetime) -> Answers:
    """What comes again for pairs, victims or addresses."""
    return await _read(services, query, (f"repeats_{of}",), now)


async def of_places(services: Services, query: dict[str, Any], now: datetime) -> Answers:
    """Clusters, hot areas, how it gathers on small areas, and what comes near and soon."""
    return await _read(services, query, PLACES, now)


async def _read(
    services: Services, query: dict[str, Any], questions: tuple[str, ...], now: datetime
) -> Answers:
    window, filters = question(query)
    wanted = filters.areas[0] if filters.areas else None
    async with services.reader().transaction() as connection:
        names = names_of(await areas(connection))
        day = services.region.day(window.known_at or now)
        area = await answered(connection, questions[0], wanted, window.known_at, day)
        rows = {
            name: await results.one(connection, name, area, known_at=window.known_at) for name in questions
        }
    return Answers(rows, area, area != wanted, names)
