"""What the page reads: the series as they are counted now, and the measures' stored answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from app.domain.window import KINDS
from app.queries import measure_results as results
from app.queries.areas import areas
from app.queries.offences import offences
from app.queries.trends import all_close, series
from dashboards.components.results import names_of
from dashboards.components.results_reading import answered
from dashboards.pages.utveckling.choices import Choice, chosen, shown, year_before
from dashboards.view import question

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from app.db import Connection
    from app.domain.window import Filters, Window
    from dashboards.services import Services

Rows = list[dict[str, Any]]
STORED = ("nowcast", "deviation", "forecast", "harm")
FORTNIGHT = timedelta(days=14)
REGION_ONLY = {"deviation": "deviation_region", "forecast": "forecast_region"}
"""Questions that are asked of the whole region by themselves."""


@dataclass(frozen=True)
class Seen:
    """What was read, for the pictures. ``normal`` are stored results by what they are of; none if they do not fit."""

    window: Window
    before: Window
    filters: Filters
    choice: Choice
    whole: Rows
    whole_before: Rows
    split: Rows
    split_before: Rows
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    normal: Mapping[str, Any] = field(default_factory=dict)
    nowcast: Mapping[str, Any] | None = None
    today: date | None = None
    moved: frozenset[str] = frozenset()
    """Districts that were not there all the time: their counts are of another area than the year before."""


async def live(
    services: Services, query: dict[str, Any], choice: Mapping[str, str] | None, now: datetime
) -> Seen:
    """Count the series, the same a year before, and read what is normal where that is of the same reports.

    Raises:
        Unavailable: The database does not answer.
        BadInput: The query names an area, offence or day that does not exist.
    """
    asked, filters = question(query)
    made = chosen(choice, asked)
    window = shown(made, asked)
    before = year_before(made, window, now, services.region)
    async with services.reader().transaction() as connection:

        async def read(of: Window, split: Any) -> Rows:
            return await series(connection, of, filters, made.grain, split, weighed=made.weighed)

        whole, whole_before = await read(window, "none"), await read(before, "none")
        split, split_before = await read(window, made.split), await read(before, made.split)
        labels = await _labels(connection, made, filters)
        moved = (
            await _moved(connection, before.first, window.last) if made.split == "district" else frozenset()
        )
        normal, nowcast = await _normal(connection, made, filters, window)
    return Seen(
        window, before, filters, made, whole, whole_before, split, split_before, labels, normal, nowcast,
        services.region.day(window.known_at or now), moved,
    )  # fmt: skip


async def _labels(connection: Connection, choice: Choice, filters: Filters) -> dict[str, tuple[str, str]]:
    """Names by keys in Swedish and English, where the database knows them."""
    if choice.split == "district":
        names = names_of(await areas(connection, "lokalpolisomrade", None))
        return {code: (name, name) for code, name in names.items()}
    if choice.split == "group":
        rows = await offences(connection, KINDS[filters.kind])
        return {row["group"]: (row["group_sv"], row["group_en"]) for row in rows}
    return {}


async def _moved(connection: Connection, first: date, last: date) -> frozenset[str]:
    return frozenset(
        area["code"]
        for area in await areas(connection, "lokalpolisomrade", None)
        if area["valid_from"] > first or (area["valid_to"] is not None and area["valid_to"] <= last)
    )


async def _normal(
    connection: Connection, choice: Choice, filters: Filters, window: Window
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What is normal, week by week, and the nowcast: only where they are of the reports that are counted."""
    fits = filters.kind == "report" and not filters.offences and not choice.weighed and len(filters.areas) < 2
    if not fits or not await all_close(connection, window.last - FORTNIGHT):
        return {}, None
    area = filters.areas[0] if filters.areas else None
    nowcast = await _one(connection, "nowcast", area, window) if choice.grain == "day" else None
    if choice.grain != "week":
        return {}, nowcast
    found: dict[str, Any] = {}
    whole = await _one(connection, "normal" if area else "normal_region", area, window)
    if whole is not None:
        found["whole"] = whole
    if choice.split == "district":
        split = await _one(connection, "normal", area, window)
        if split is not None:
            found["split"] = split
    elif choice.split == "group" and area is None:
        split = await _one(connection, "normal_groups", None, window)
        if split is not None:
            found["split"] = split
    return found, nowcast


async def _one(
    connection: Connection, question: str, area: str | None, window: Window
) -> dict[str, Any] | None:
    row = await results.one(connection, question, area, known_at=window.known_at)
    return row if row is not None and row["state"] == "told" else None


@dataclass(frozen=True)
class Stored:
    """Ready answers by question, of which area they are, and names by areas' codes."""

    rows: Mapping[str, dict[str, Any] | None]
    area: str | None
    instead: bool
    names: Mapping[str, str]


async def stored(services: Services, query: dict[str, Any], now: datetime) -> Stored:
    """The measures' answers for the area that is looked at, as known then.

    There are answers of the region and of each local police district. Of any other area the region's are read
    (``instead``), and for who sees only own districts the first of those.
    """
    window, filters = question(query)
    async with services.reader().transaction() as connection:
        names = names_of(await areas(connection))
        wanted = filters.areas[0] if filters.areas else None
        area = await answered(
            connection, "nowcast", wanted, window.known_at, services.region.day(window.known_at or now)
        )
        rows = {}
        for name in STORED:
            asked = name if area is not None else REGION_ONLY.get(name, name)
            rows[name] = await results.one(connection, asked, area, known_at=window.known_at)
        if area is None:
            rows["deviation"] = await results.one(connection, "deviation", None, known_at=window.known_at)
            rows["whole"] = await results.one(connection, "deviation_region", None, known_at=window.known_at)
    return Stored(rows, area, area != wanted, names)
