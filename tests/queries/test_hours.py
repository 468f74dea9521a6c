"""A window that begins or ends within a day: the same everywhere, and equal to the plainest recount of the versions."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import ROOT
from app.db import set_codecs
from app.domain.errors import BadInput
from app.domain.region import Region
from app.domain.window import Filters, Window
from app.queries.changes import changes
from app.queries.counts import DIMENSIONS, counts
from app.queries.exported import exported
from app.queries.incidents import page
from app.queries.latest import latest
from app.queries.ledger import latest_position
from app.queries.tiles import tile
from app.queries.without_position import without_position
from etl.keep import Keys
from etl.run import Intake
from tests.ledger.plain_feed import lines, plain_feed
from tests.queries.mvt import features
from tests.queries.picture import DAYS, START, OneConnection
from tests.queries.test_counts import FILTERS, FIRST, MOMENTS, counted

if TYPE_CHECKING:
    from tests.queries.picture import Naive

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
SPRING, AUTUMN = date(2025, 3, 30), date(2025, 10, 26)
hours = st.integers(0, 23)
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))


def some(pick: random.Random, **more: Any) -> Window:
    first = FIRST + timedelta(days=pick.randrange(DAYS))
    last = first + timedelta(days=pick.choice([1, 1, 1, 2, 8, DAYS]))
    hours: dict[str, Any] = {"first_hour": pick.randrange(24), "last_hour": pick.randrange(24)}
    return Window(first, last, pick.choice(MOMENTS), **hours, **more)


@pytest.mark.parametrize("seed", range(80))
async def test_counts_by_the_hour_equal_a_naive_recount(
    db: asyncpg.Connection, naive: Naive, seed: int
) -> None:
    pick = random.Random(seed)  # noqa: S311 - repeatable, not secret
    by = pick.sample(DIMENSIONS, pick.randint(0, 2))
    window, filters = some(pick), pick.choice(FILTERS)
    expected = naive.counts(window, filters, by)
    assert await counted(db, window, filters, by, "lokalpolisomrade") == (
        expected or ({} if by else {(): (0, 0, 0)})
    )


@pytest.mark.parametrize("seed", range(12))
async def test_every_read_means_the_same_hours(db: asyncpg.Connection, naive: Naive, seed: int) -> None:
    pick = random.Random(seed)  # noqa: S311
    window, filters = some(pick), pick.choice(FILTERS)
    meant = [
        version
        for version in naive.believed(window, filters)
        if not filters.offences or version["code"] in filters.offences
    ]
    rows, rest = await page(db, window, filters, limit=1000)
    assert rest is None
    assert {row["uid"] for row in rows} == {str(version["uid"]) for version in meant}
    assert sum(await exported(db, window, filters)) == len(meant)
    unplaced = (await without_position(db, window, filters))["incidents"]
    assert unplaced == sum(version["geom"] is None for version in meant)
    cells = features(await tile(db, "density", 0, 0, 0, window, filters))
    drawn = sum(cell["incidents"] for cell in cells if cell["own"])
    assert drawn + unplaced == len(meant)
    news = {row["uid"] for row in await latest(db, window, filters, 1000)}
    assert {str(version["uid"]) for version in meant} <= news


async def test_a_window_of_whole_days_asks_what_it_asked_before(db: asyncpg.Connection, naive: Naive) -> None:
    days = Window(FIRST, FIRST + timedelta(days=20))
    split = replace(days, last=days.last - timedelta(days=1))
    night = Window(days.last - timedelta(days=1), days.last, first_hour=18, last_hour=5)
    whole = await counts(db, days, Filters(), ["day", "area"])
    parts = [
        await counts(db, window, Filters(), ["day", "hour", "area"])
        for window in (replace(split, last_hour=17), night, Window(days.last, days.last, first_hour=6))
    ]
    assert sum(row["incidents"] for rows in parts for row in rows) == sum(row["incidents"] for row in whole)
    assert sum(row["harm"] for rows in parts for row in rows) == pytest.approx(
        sum(row["harm"] for row in whole)
    )


async def test_a_position_pins_hours_too(db: asyncpg.Connection, naive: Naive) -> None:
    position = await latest_position(db)
    for seed in range(8):
        pick = random.Random(seed)  # noqa: S311
        window = some(pick)
        for by in (["day"], ["offence"], []):
            pinned = await counts(db, replace(window, until=position), Filters(), by)
            assert pinned == await counts(db, window, Filters(), by)


@pytest.mark.parametrize("seed", range(20))
async def test_changes_within_a_window_are_those_of_either_side(
    db: asyncpg.Connection, naive: Naive, seed: int
) -> None:
    pick = random.Random(seed)  # noqa: S311
    happened, filters = replace(some(pick), known_at=None), pick.choice(FILTERS)
    since, until = sorted(START + timedelta(hours=pick.randrange(1500)) for _ in range(2))
    meant = {
        str(version["uid"])
        for moment in (since, until)
        for version in naive.believed(replace(happened, known_at=moment), filters)
        if not filters.offences or version["code"] in filters.offences
    }
    everything, _ = await changes(db, since, until, Filters(), limit=10_000)
    found, _ = await changes(db, since, until, filters, happened=happened, limit=10_000)
    assert {row["uid"] for row in found} == {row["uid"] for row in everything if row["uid"] in meant}


@given(days, days, hours, hours, days, hours)
def test_what_a_window_holds_is_what_lies_in_its_whole_days_or_its_edges(
    one: date, other: date, first_hour: int, last_hour: int, day: date, hour: int
) -> None:
    first, last = sorted((one, other))
    if first == last and last_hour < first_hour:
        with pytest.raises(BadInput, match="before it begins"):
            Window(first, last, first_hour=first_hour, last_hour=last_hour)
        return
    window = Window(first, last, first_hour=first_hour, last_hour=last_hour)
    inside = window.whole_days()
    if inside is not None and inside[0] <= day <= inside[1]:
        assert window.holds(day, hour)
    elif window.holds(day, hour):
        assert day in {first, last}
    if window.by_day:
        assert inside == (first, last)


@pytest.mark.parametrize("hour", [-1, 24, 100])
def test_no_other_hour_is_taken(hour: int) -> None:
    for name in ("first_hour", "last_hour"):
        with pytest.raises(BadInput, match="0 to 23"):
            Window(FIRST, FIRST + timedelta(days=1), **cast("dict[str, Any]", {name: hour}))


def happened_each_hour(day: date) -> list[datetime]:
    """A moment in the middle of each hour of a day, as many as the day has."""
    begins, ends = REGION.midnight(day), REGION.midnight(day + timedelta(days=1))
    return [
        begins + timedelta(hours=n, minutes=30) for n in range(round((ends - begins).total_seconds() / 3600))
    ]


@pytest.mark.parametrize(("day", "length"), [(SPRING, 23), (AUTUMN, 25), (date(2025, 5, 1), 24)])
def test_days_on_which_the_clocks_change_are_counted_by_the_clock(
    fresh_dsn: str, day: date, length: int
) -> None:
    moments = happened_each_hour(day)
    assert len(moments) == length
    told = [
        {
            "source_key": f"K{n}",
            "occurred_from": moment.isoformat(),
            "offences": [{"code": "9365"}],
            "areas": ["Nacka"],
        }
        for n, moment in enumerate(moments)
    ]

    async def ask() -> None:
        connection = await asyncpg.connect(fresh_dsn)
        await set_codecs(connection)
        intake = Intake(OneConnection(connection), Keys(bytes(range(32))))
        await intake.ingest(
            plain_feed(),
            lines(*told),
            name="clocks",
            fetched_at=datetime(2025, 12, 1, tzinfo=UTC),
            archive=True,
        )

        async def within(first_hour: int, last_hour: int, first: date = day) -> int:
            window = Window(first, day, first_hour=first_hour, last_hour=last_hour)
            return int((await counts(connection, window, Filters(), []))[0]["incidents"])

        assert await within(0, 23) == length
        assert await within(2, 2) == {23: 0, 24: 1, 25: 2}[length]  # skipped, once, twice by the clock
        assert (
            await within(18, 5, day - timedelta(days=1)) == {23: 5, 24: 6, 25: 7}[length]
        )  # the night to it
        assert await within(0, 1) + await within(2, 23) == length
        await connection.close()

    asyncio.run(ask())
