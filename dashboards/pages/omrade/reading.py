"""What the page Område reads, on behalf of whoever asks: a chief of the own district, others of any."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.permissions import allows
from app.jobs.effects import question_of
from app.queries import district as queries
from app.queries import log_book
from app.queries.areas import areas, geometry
from app.queries.measure_results import one
from dashboards.components.choices import swedish_order
from dashboards.components.results import names_of
from dashboards.services import viewer_now
from dashboards.view import question

if TYPE_CHECKING:
    from app.db import Connection
    from dashboards.services import Services

STORED = ("normal", "nowcast", "forecast", "deviation", "recurring", "hours", "similar")


@dataclass(frozen=True)
class Chosen:
    """The district that is shown, why it is this one (a key of the page's words), and which there are."""

    district: dict[str, Any] | None
    why: str
    choices: list[dict[str, Any]]

    @property
    def code(self) -> str | None:
        """Its code."""
        return None if self.district is None else str(self.district["code"])


async def chosen(services: Services, query: dict[str, Any]) -> Chosen:
    """The district of a view: the area's own, or the one it lies in; a chief's own where it is another's."""
    window, filters = question(query)
    viewer = viewer_now()
    on = services.region.day(window.known_at or datetime.now(UTC))
    area = filters.areas[0] if filters.areas else None
    async with services.reader().transaction() as connection:
        own = await queries.districts(connection, on, viewer.areas)
        code = await queries.holding(connection, area, on) if area else None
        within = await queries.districts(connection, on, (area,)) if area and code is None else []
    found = {one["code"]: one for one in own}
    choices = sorted(own, key=lambda one: swedish_order(one["name"]))
    if not choices:
        return Chosen(None, "omrade.none", [])
    if code in found:
        return Chosen(found[code], "omrade.own" if viewer.areas else "omrade.chosen", choices)
    if viewer.areas:
        return Chosen(choices[0], "omrade.not_yours" if area else "omrade.own", choices)
    larger = [one for one in choices if one["code"] in {part["code"] for part in within}]
    if larger:
        return Chosen(larger[0], "omrade.larger", choices)
    return Chosen(choices[0], "omrade.not_chosen", choices)


async def stored(services: Services, query: dict[str, Any], code: str) -> dict[str, Any]:
    """The stored results of a district as known at the view's moment, by question, and the names of areas."""
    window, _ = question(query)
    async with services.reader().transaction() as connection:
        rows = {name: await one(connection, name, code, known_at=window.known_at) for name in STORED}
        return {**rows, "names": await _names(connection)}


async def small(services: Services, query: dict[str, Any], code: str) -> dict[str, Any]:
    """The district's small areas with their counts and borders, and how many incidents lie in none."""
    window, filters = question(query)
    async with services.reader().transaction() as connection:
        rows, without = await queries.small_areas(connection, window, filters, code)
        borders = await geometry(connection, window.last, codes=[row["code"] for row in rows])
    return {"rows": rows, "without": without, "borders": borders, "window": window}


class Places(NamedTuple):
    """Squares with several; ``of_year``: of a year, where the chosen time has none."""

    rows: list[dict[str, Any]]
    of_year: bool


async def places(services: Services, query: dict[str, Any], code: str) -> Places | None:
    """Squares with several in the chosen time, or else in the year that ends with it.

    None for a role that sees figures only.
    """
    if not allows(viewer_now(), "incidents"):
        return None
    window, filters = question(query)
    year = replace(window, first=window.last - timedelta(days=364), first_hour=0)
    async with services.reader().transaction() as connection:
        rows = await queries.places(connection, window, filters, code)
        if rows or window.first <= year.first:
            return Places(rows, of_year=False)
        return Places(await queries.places(connection, year, filters, code), of_year=True)


async def done(services: Services, query: dict[str, Any], code: str) -> list[dict[str, Any]]:
    """What was done in the district, the last begun first, each with its stored ``effect`` and ``displacement``."""
    window, _ = question(query)
    at = window.known_at
    async with services.reader().transaction() as connection:
        if not allows(viewer_now(), "notes"):
            return []
        rows = [row for row in await log_book.interventions(connection, code, at) if row["area"] == code]
        return [
            {
                **row,
                **{
                    name: await one(connection, question_of(name, row["entry"]), code, known_at=at)
                    for name in ("effect", "displacement")
                },
            }
            for row in rows
        ]


async def _names(connection: Connection) -> dict[str, str]:
    return names_of(await areas(connection))
