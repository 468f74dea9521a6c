"""The same window in the weeks before, as known at the same delay: recounted by the counts themselves."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from app.config import ROOT
from app.domain.region import Region
from app.domain.window import KINDS, Filters, Window
from app.jobs.briefing_facts import Asked, _counted, moment, share, stretches
from app.queries import ledger
from app.queries.counts import counts
from app.queries.glance import week_before
from app.queries.measure_frames import Pin
from app.queries.offences import offences
from app.queries.usual import LONGEST_WEEKS, WEEKS, same_window
from tests.queries.picture import DAYS, START

if TYPE_CHECKING:
    import asyncpg

    from app.briefing.facts import Series, Stretch
    from tests.queries.picture import Naive

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
FILTERS = (
    Filters(),
    Filters(areas=("lpo-sodermalm",)),
    Filters(areas=("po-city", "0182"), offences=("9365",)),
    Filters(areas=("lpo-lidingo-kungsholmen",)),  # from 2025 on another district than before
    Filters("call"),
)


@pytest.mark.parametrize("seed", range(40))
async def test_each_week_is_what_the_counts_said_then(
    db: asyncpg.Connection, naive: Naive, seed: int
) -> None:
    pick = random.Random(seed)  # noqa: S311 - repeatable, not secret
    days = pick.choice((1, 2, 3, 7, 10))
    last = START.date() + timedelta(days=pick.randrange(30, DAYS + 10))
    hours = (pick.randrange(24), pick.randrange(24)) if days > 1 and pick.random() < 0.5 else (0, 23)
    known = datetime(last.year, last.month, last.day, pick.randrange(24), tzinfo=UTC)
    window = Window(last - timedelta(days=days - 1), last, known, first_hour=hours[0], last_hour=hours[1])
    filters = pick.choice(FILTERS)
    step = -(-days // 7)
    expected, shifted = [], window
    first_known = min((one["known_at"] for one in naive.versions if one["state"] == "active"), default=known)
    for back in range(1, (WEEKS if step == 1 else LONGEST_WEEKS) + 1):
        shifted = week_before(shifted, known, REGION)
        if back % step or filters.kind == "call":
            continue
        if shifted.known_at is not None and first_known <= shifted.known_at - timedelta(days=days):
            rows = await counts(db, shifted, filters, ())
            expected.insert(0, rows[0]["incidents"] if rows else 0)
    assert await same_window(db, window, filters, known, REGION) == expected


async def test_a_week_in_which_the_clocks_are_changed_is_the_same_time_of_day(db: asyncpg.Connection) -> None:
    """A window known at 02:30 on the day after the change asks at 02:30 of each week before."""
    window = Window(date(2025, 4, 6), date(2025, 4, 6), datetime(2025, 4, 6, 0, 30, tzinfo=UTC))
    assert await same_window(db, window, Filters(), datetime(2026, 1, 1, tzinfo=UTC), REGION) != []


@pytest.mark.parametrize("stretch", ["night", "day"])
@pytest.mark.parametrize("series", ["partner", "reports"])
async def test_the_briefing_counts_the_same_weeks_before(
    db: asyncpg.Connection, series: Series, stretch: Stretch
) -> None:
    """So the page Nu and the morning's edition say the same of the same hours."""
    day = START.date() + timedelta(days=DAYS)
    known = moment(REGION, day)
    begins, ends = stretches(REGION, day)[stretch]
    last = ends - timedelta(hours=1)
    window = Window(begins.date(), last.date(), known, first_hour=begins.hour, last_hour=last.hour)
    close = tuple(one["code"] for one in await offences(db, KINDS["report"]) if one["close_relationship"])
    named = ("misshandel-kvinna-parrelation",) if series == "partner" else close
    _, position = await ledger.moment(db)
    shared = await share(Asked(db, REGION, day, Pin(known, *position), known))
    nu = await same_window(db, window, Filters(offences=named), known, REGION)
    (ours,) = (one for one in _counted(shared, None) if (one.series, one.stretch) == (series, stretch))
    assert len(nu) >= 4
    assert sum(nu) > 0 or (series, stretch) == ("partner", "night")
    assert ours.past == tuple(nu)
