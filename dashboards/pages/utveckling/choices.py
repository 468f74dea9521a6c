"""What can be chosen on the page, and which times that gives: read from the store ``choice``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

from app.queries.trends import Grain, Split, times

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.domain.region import Region
    from app.domain.window import Window

Span = Literal["window", "quarter", "year", "three", "five"]
Weighed = Literal["count", "harm"]
SPANS: tuple[Span, ...] = get_args(Span)
MEASURES: tuple[Weighed, ...] = get_args(Weighed)
SPLITS: tuple[Split, ...] = ("district", "group", "relation", "place", "weekday")
DAYS: dict[Span, int] = {"quarter": 91, "year": 364, "three": 3 * 364, "five": 5 * 364}
NAMES = ("span", "grain", "measure", "split")
MOST_DAYS = 400
"""A longer time is not drawn by the day."""
YEAR = timedelta(days=364)
"""A year of whole weeks: the same weekdays are held against each other."""

One = TypeVar("One", bound=str)


@dataclass(frozen=True)
class Choice:
    """What is chosen. ``coarser``: days were asked for, of too long a time."""

    span: Span = "year"
    grain: Grain = "week"
    measure: Weighed = "count"
    split: Split = "district"
    coarser: bool = False

    @property
    def weighed(self) -> bool:
        """Whether harm is shown instead of counts."""
        return self.measure == "harm"


def chosen(given: Mapping[str, str] | None, window: Window) -> Choice:
    """The choice; what is not one of ours is as if nothing had been chosen."""
    held = given or {}
    choice = Choice(
        _one(held.get("span"), SPANS, "year"),
        _one(held.get("grain"), ("day", "week", "month"), "week"),
        _one(held.get("measure"), MEASURES, "count"),
        _one(held.get("split"), SPLITS, "district"),
    )
    if choice.grain == "day" and (window.last - first_day(choice, window)).days > MOST_DAYS:
        return replace(choice, grain="week", coarser=True)
    return choice


def _one(value: str | None, allowed: tuple[One, ...], otherwise: One) -> One:
    return next((one for one in allowed if one == value), otherwise)


def first_day(choice: Choice, window: Window) -> date:
    """The first day that the choice shows."""
    if choice.span == "window":
        return window.first
    return window.last - timedelta(days=DAYS[choice.span] - 1)


def shown(choice: Choice, window: Window) -> Window:
    """The window that is drawn: whole days, from the beginning of the first day's week or month."""
    first = times(first_day(choice, window), window.last, choice.grain)[0]
    return replace(window, first=first, first_hour=0, last_hour=23)


def year_before(choice: Choice, window: Window, now: datetime, region: Region) -> Window:
    """The same time a year before, as it was known a year before: both clocks go back together.

    By weeks and days it is 52 weeks, so that weekdays meet; by months the same dates.
    """
    known = (window.known_at or now).astimezone(region.zone)
    if choice.grain != "month":
        return replace(
            window,
            first=window.first - YEAR,
            last=window.last - YEAR,
            known_at=(known - YEAR).astimezone(UTC),
            until=None,
        )
    return replace(
        window,
        first=_same_date(window.first),
        last=_same_date(window.last),
        known_at=known.replace(
            year=known.year - 1, day=min(known.day, 28 if known.month == 2 else 31)
        ).astimezone(UTC),
        until=None,
    )


def _same_date(day: date) -> date:
    return (
        day.replace(year=day.year - 1, day=28)
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year - 1)
    )
