"""The question that the browser's ``query`` store asks, as the domain's nouns. Written by ``assets/view.js``."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from app.domain.errors import BadInput
from app.domain.window import KINDS, LAST_HOUR, Filters, Kind, Window

if TYPE_CHECKING:
    from app.domain.region import Region

WEEK = timedelta(days=7)


def question(query: dict[str, Any]) -> tuple[Window, Filters]:
    """The window and the filters that are asked for.

    Raises:
        BadInput: A day, a moment or a kind that cannot be understood.
    """
    try:
        known = query["known"]
        window = Window(
            date.fromisoformat(query["first"]),
            date.fromisoformat(query["last"]),
            datetime.fromisoformat(known).astimezone(UTC) if known else None,
            first_hour=int(query.get("first_hour", 0)),
            last_hour=int(query.get("last_hour", LAST_HOUR)),
        )
        kind = query["kind"]
        areas = (query["area"],) if query["area"] else ()
        offences = tuple(str(code) for code in query["offence"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("The view's days or moment cannot be read; choose them again.") from error
    if kind not in KINDS:
        raise BadInput(f"There is no kind {kind!r}; choose report, call or notice.")
    return window, Filters(cast("Kind", kind), areas, offences)


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
