"""What the page Nu reads: everything in one transaction, so that the header, the map and the table agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.window import LAST_HOUR
from app.domain.words import TOO_FEW, against_usual
from app.queries.counts import counts
from app.queries.feeds import filling
from app.queries.usual import same_window
from app.queries.without_position import without_position
from app.statistics.usual import expected
from dashboards.view import question, week_before

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from app.db import Connection
    from app.domain.region import Region
    from app.domain.window import Filters, Window
    from dashboards.services import Services

HOURLY = 2
"""Windows of so many days or fewer are drawn by the hour."""


async def read(services: Services, query: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Count the window, the same window one week before, and what has no position.

    Raises:
        Unavailable: The database does not answer.
        BadInput: The query names an area, offence or day that does not exist.
    """
    window, filters = question(query)
    before = week_before(window, now, services.region)
    async with services.reader().transaction() as connection:
        series = await _series(connection, window, before, filters, services.region, window.known_at or now)
        unknown = await filling(connection)
        if unknown:
            series["before"] = [None] * len(series["before"])
        return {
            "now": await _total(connection, window, filters),
            "before": await _total(connection, before, filters),
            "without": (await without_position(connection, window, filters))["incidents"],
            "series": series,
            "weighted": filters.kind == "report",
            "filling": unknown,
        }


async def usual(services: Services, query: dict[str, Any], observed: int, now: datetime) -> dict[str, str]:
    """Whether so many in the window are more or fewer than usual, as a sentence in each language.

    Raises:
        Unavailable: The database does not answer.
        BadInput: The query names an area, offence or day that does not exist.
    """
    window, filters = question(query)
    async with services.reader().transaction() as connection:
        past = await same_window(connection, window, filters, now, services.region)
    found = expected(past)
    if found is None:
        return {"verdict": "none", "sv": TOO_FEW.sv, "en": TOO_FEW.en}
    said = against_usual(observed, found.low, found.high, by_chance=found.by_chance(observed))
    return {"verdict": found.verdict(observed), "sv": said.sv, "en": said.en}


async def _total(connection: Connection, window: Window, filters: Filters) -> dict[str, float]:
    rows = await counts(connection, window, filters, ())
    return dict(rows[0]) if rows else {"incidents": 0, "offences": 0, "harm": 0.0}


async def _series(
    connection: Connection, window: Window, before: Window, filters: Filters, region: Region, at: datetime
) -> dict[str, Any]:
    length = (window.last - window.first).days + 1
    hourly = length <= HOURLY
    local = at.astimezone(region.zone)
    skipped = window.first_hour if hourly else 0
    come = (
        (local.date() - window.first).days * (24 if hourly else 1) + (local.hour if hourly else 0) - skipped
    )
    by = ("day", "hour") if hourly else ("day",)
    size = length * 24 - skipped - (LAST_HOUR - window.last_hour) if hourly else length
    return {
        "unit": "hour" if hourly else "day",
        "first": window.first.isoformat(),
        "first_hour": skipped,
        "now": [
            value if n <= come else None
            for n, value in enumerate(await _spread(connection, window, filters, by, size))
        ],
        "before": await _spread(connection, before, filters, by, size),
    }


async def _spread(
    connection: Connection, window: Window, filters: Filters, by: tuple[str, ...], size: int
) -> list[int]:
    values = [0] * size
    for row in await counts(connection, window, filters, by):
        values[_place(row["day"] - window.first, row.get("hour"), window.first_hour)] += row["incidents"]
    return values


def _place(since: timedelta, hour: int | None, first_hour: int) -> int:
    return since.days if hour is None else since.days * 24 + hour - first_hour
