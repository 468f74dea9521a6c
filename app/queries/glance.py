"""A window at a glance: its totals, those of the week before, its days or hours, and what of it has no position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.domain.window import LAST_HOUR
from app.queries.counts import counts
from app.queries.feeds import filling
from app.queries.without_position import without_position

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.region import Region
    from app.domain.window import Filters, Window

Rows = Sequence[Mapping[str, Any]]

WEEK = timedelta(days=7)
HOURLY = 2
"""Windows of so many days or fewer are told by the hour."""


def week_before(window: Window, now: datetime, region: Region) -> Window:
    """The same window one week earlier, as it was known one week earlier: both clocks go back together.

    Seven days of the region's calendar, to the same time of day: a week in which the clocks are changed has 167 or
    169 hours. An hour that spring skips is held against the hour after it. So the last hours, whose reports are
    still to come, are held against hours of which as little was known.
    """
    return replace(
        window,
        first=window.first - WEEK,
        last=window.last - WEEK,
        known_at=((window.known_at or now).astimezone(region.zone) - WEEK).astimezone(UTC),
        until=None,
    )


async def glance(
    connection: Connection, window: Window, filters: Filters, now: datetime, region: Region
) -> dict[str, Any]:
    """Count the window, the same window one week before, and what has no position, in one transaction.

    ``now`` and ``before`` hold incidents, offences and harm (n × months of average sentence); ``without`` incidents
    without a position; ``series`` the incidents of each ``unit`` (day or hour of the region) from ``first`` and
    ``first_hour`` on, of both weeks, None where the time has not come yet. While an archive still fills there is
    nothing to compare with: ``filling``, and ``before`` is None.

    Raises:
        BadInput: An area or offence that the region pack does not know.
    """
    earlier = week_before(window, now, region)
    by = ("day", "hour") if _hourly(window) else ("day",)
    rows = await counts(connection, window, filters, by)
    rows_before = await counts(connection, earlier, filters, by)
    unready = await filling(connection)
    without = await without_position(connection, window, filters)
    local = (window.known_at or now).astimezone(region.zone)
    return {
        "now": _total(rows),
        "before": None if unready else _total(rows_before),
        "without": without["incidents"],
        "series": _series((window, rows), (earlier, None if unready else rows_before), local),
        "weighted": filters.kind == "report",
        "filling": unready,
    }


def _days(window: Window) -> int:
    return (window.last - window.first).days + 1


def _hourly(window: Window) -> bool:
    return _days(window) <= HOURLY


def _total(rows: Rows) -> dict[str, float]:
    return {name: sum(row[name] for row in rows) for name in ("incidents", "offences", "harm")}


def _series(now: tuple[Window, Rows], before: tuple[Window, Rows | None], local: datetime) -> dict[str, Any]:
    window = now[0]
    hourly = _hourly(window)
    skipped = window.first_hour if hourly else 0
    days = (local.date() - window.first).days
    come = days * 24 + local.hour - skipped if hourly else days
    size = _days(window) * 24 - skipped - (LAST_HOUR - window.last_hour) if hourly else _days(window)
    earlier, rows_before = before
    return {
        "unit": "hour" if hourly else "day",
        "first": window.first,
        "first_hour": skipped,
        "now": [value if n <= come else None for n, value in enumerate(_spread(*now, size))],
        "before": [None] * size if rows_before is None else _spread(earlier, rows_before, size),
    }


def _spread(window: Window, rows: Rows, size: int) -> list[int]:
    values = [0] * size
    for row in rows:
        days, hour = (row["day"] - window.first).days, row.get("hour")
        values[days if hour is None else days * 24 + hour - window.first_hour] += row["incidents"]
    return values
