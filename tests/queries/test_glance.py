"""A window at a glance: recounted by the counts, in both weeks, by the day and by the hour."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.config import ROOT
from app.domain.region import Region
from app.domain.window import Filters, Window
from app.queries.counts import counts
from app.queries.glance import glance, week_before
from tests.queries.picture import DAYS, START

if TYPE_CHECKING:
    import asyncpg

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
FILTERS = (Filters(), Filters(areas=("lpo-sodermalm",)), Filters(offences=("9365",)), Filters("call"))


@pytest.mark.parametrize("seed", range(40))
async def test_totals_and_spread_are_what_the_counts_say(db: asyncpg.Connection, seed: int) -> None:
    pick = random.Random(seed)  # noqa: S311 - repeatable, not secret
    days = pick.choice((1, 2, 3, 7, 10))
    last = START.date() + timedelta(days=pick.randrange(20, DAYS + 10))
    hours = (pick.randrange(24), pick.randrange(24)) if days > 1 and pick.random() < 0.5 else (0, 23)
    known = datetime(last.year, last.month, last.day, pick.randrange(24), 30, tzinfo=UTC)
    window = Window(last - timedelta(days=days - 1), last, known, first_hour=hours[0], last_hour=hours[1])
    filters = pick.choice(FILTERS)
    told = await glance(db, window, filters, known, REGION)
    for name, asked in (("now", window), ("before", week_before(window, known, REGION))):
        rows = await counts(db, asked, filters, ())
        total = rows[0] if rows else {"incidents": 0, "offences": 0, "harm": 0.0}
        assert told[name] == pytest.approx(dict(total))
        assert sum(value or 0 for value in told["series"][name]) == total["incidents"]
    hourly = days <= 2
    assert told["series"]["unit"] == ("hour" if hourly else "day")
    length = days * 24 - hours[0] - (23 - hours[1]) if hourly else days
    assert len(told["series"]["now"]) == len(told["series"]["before"]) == length
    assert told["weighted"] == (filters.kind == "report")


async def test_what_has_not_come_yet_is_no_zero(db: asyncpg.Connection) -> None:
    known = datetime(2025, 4, 5, 10, 30, tzinfo=UTC)  # half past twelve in Stockholm
    today = known.date()
    by_hour = await glance(db, Window(today, today, known), Filters(), known, REGION)
    assert [value is None for value in by_hour["series"]["now"]] == [hour > 12 for hour in range(24)]
    ahead = Window(today - timedelta(days=2), today + timedelta(days=1), known)
    by_day = await glance(db, ahead, Filters(), known, REGION)
    assert [value is None for value in by_day["series"]["now"]] == [False, False, False, True]
    assert None not in by_day["series"]["before"]
