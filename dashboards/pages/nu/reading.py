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
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from app.domain.window import Window
    from dashboards.services import Services

    Rows = Sequence[Mapping[str, Any]]

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
        by = ("day", "hour") if _days(window) <= HOURLY else ("day",)
        now_rows = await counts(connection, window, filters, by)
        before_rows = await counts(connection, before, filters, by)
        unknown = await filling(connection)
        without = (await without_position(connection, window, filters))["incidents"]
    local = (window.known_at or now).astimezone(services.region.zone)
    series = _series((window, now_rows), (before, before_rows), local)
    if unknown:
        series["before"] = [None] * len(series["before"])
    return {
        "now": _total(now_rows),
        "before": _total(before_rows),
        "without": without,
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


def _total(rows: Rows) -> dict[str, float]:
    return {name: sum(row[name] for row in rows) for name in ("incidents", "offences", "harm")}


def _days(window: Window) -> int:
    return (window.last - window.first).days + 1


def _series(now: tuple[Window, Rows], before: tuple[Window, Rows], local: datetime) -> dict[str, Any]:
    window = now[0]
    hourly = _days(window) <= HOURLY
    skipped = window.first_hour if hourly else 0
    days = (local.date() - window.first).days
    come = days * 24 + local.hour - skipped if hourly else days
    size = _days(window) * 24 - skipped - (LAST_HOUR - window.last_hour) if hourly else _days(window)
    return {
        "unit": "hour" if hourly else "day",
        "first": window.first.isoformat(),
        "first_hour": skipped,
        "now": [value if n <= come else None for n, value in enumerate(_spread(*now, size))],
        "before": _spread(*before, size),
    }


def _spread(window: Window, rows: Rows, size: int) -> list[int]:
    values = [0] * size
    for row in rows:
        values[_place(row["day"] - window.first, row.get("hour"), window.first_hour)] += row["incidents"]
    return values


def _place(since: timedelta, hour: int | None, first_hour: int) -> int:
    return since.days if hour is None else since.days * 24 + hour - first_hour
