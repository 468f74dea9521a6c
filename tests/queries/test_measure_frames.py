"""The measures' tables equal the plainest recount of the versions, as known at any moment."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.config import ROOT
from app.domain.region import Region
from app.domain.window import Filters, Window
from app.queries import measure_frames as frames
from app.queries import measure_points as points
from app.queries.ledger import moment
from app.queries.measure_frames import District, Pin, Span
from tests.queries.picture import DAYS, START

if TYPE_CHECKING:
    import asyncpg

    from tests.queries.picture import Naive

KIND = "lokalpolisomrade"
FIRST, BEYOND = START.date(), START.date() + timedelta(days=DAYS)
MOMENTS = [START + timedelta(hours=hours) for hours in (0, 300, 700, 1000, 2000)]
REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")


async def spanned(
    connection: asyncpg.Connection, at: Any, first: date = FIRST, beyond: date = BEYOND
) -> Span:
    _, position = await moment(connection)
    return Span(first, beyond, Pin(at, position.xid, position.ledger_id))


async def close(connection: asyncpg.Connection) -> set[str]:
    return {
        row["code"] for row in await connection.fetch("select code from offence where close_relationship")
    }


async def believed(connection: asyncpg.Connection, naive: Naive, at: Any) -> list[Any]:
    """The versions believed then whose gravest offence is one of a close relationship."""
    wanted = await close(connection)
    found = naive.believed(Window(FIRST, BEYOND - timedelta(days=1), at), Filters())
    return [version for version in found if version["code"] in wanted]


@pytest.mark.parametrize("at", MOMENTS)
async def test_counts_by_day_and_week_are_those_of_a_recount(db: asyncpg.Connection, naive: Naive, at: Any):
    span = await spanned(db, at)
    districts = await frames.districts(db, KIND, BEYOND)
    expected = Counter(
        (naive.area(version["area_id"], version["day"], KIND), version["day"])
        for version in await believed(db, naive, at)
    )
    daily = await frames.daily(db, span, KIND, districts)
    codes = {one.code for one in districts}
    assert [FIRST + timedelta(days=t - 1) for t in daily["t"]] == daily["day"]
    found = dict(zip(zip(daily["area"], daily["day"], strict=True), daily["count"], strict=True))
    assert {key: n for key, n in found.items() if n} == {
        key: n for key, n in expected.items() if key[0] in codes
    }
    assert len(found) == sum((BEYOND - max(one.since, FIRST)).days for one in districts), "no day is left out"
    assert min(day for code, day in found if code == "lpo-norra-innerstaden") == date(2025, 1, 1)

    weekly = await frames.weekly(db, span, KIND, districts)
    summed: Counter[tuple[str, date]] = Counter()
    for (code, day), n in found.items():
        summed[code, day - timedelta(days=day.weekday())] += n
    for code, week, n in zip(weekly["area"], weekly["week"], weekly["count"], strict=True):
        assert week.weekday() == 0
        assert FIRST <= week <= BEYOND - timedelta(days=7)
        assert n == summed[code, week]


@pytest.mark.parametrize("at", MOMENTS)
async def test_the_triangle_is_each_version_as_it_became_known_less_the_one_before(
    db: asyncpg.Connection, naive: Naive, at: Any
):
    wanted = await close(db)
    districts = await frames.districts(db, KIND, BEYOND)
    codes = {one.code for one in districts}
    expected: Counter[tuple[str | None, date, int]] = Counter()
    before: dict[int, Any] = {}

    def book(version: Any, known: Any, sign: int) -> None:
        if version["state"] == "active" and version["code"] in wanted and FIRST <= version["day"] < BEYOND:
            delay = max(0, (REGION.day(known) - version["day"]).days)
            expected[naive.area(version["area_id"], version["day"], KIND), version["day"], delay] += sign

    for version in naive.versions:  # in the order in which they became known
        if version["known_at"] <= at:
            if version["incident_id"] in before:
                book(before[version["incident_id"]], version["known_at"], -1)
            book(version, version["known_at"], 1)
            before[version["incident_id"]] = version
    told = await frames.triangle(db, await spanned(db, at), KIND, districts, REGION.zone.key)
    found = dict(zip(zip(told["area"], told["day"], told["delay"], strict=True), told["n"], strict=True))
    assert found == {key: n for key, n in expected.items() if key[0] in codes and n}


@pytest.mark.parametrize("at", MOMENTS)
async def test_intervals_and_points_are_those_of_the_believed_versions(
    db: asyncpg.Connection, naive: Naive, at: Any
):
    span = await spanned(db, at)
    districts = await frames.districts(db, KIND, BEYOND)
    codes = {one.code for one in districts}
    versions = await believed(db, naive, at)
    told = await frames.intervals(db, span, KIND, districts)
    expected = [
        (
            naive.area(version["area_id"], version["day"], KIND),
            version["occurred_from"],
            version["occurred_to"],
        )
        for version in versions
    ]
    assert sorted(zip(told["area"], told["occurred_from"], told["occurred_to"], strict=True)) == sorted(
        row for row in expected if row[0] in codes
    )
    ids = [version["version_id"] for version in versions if version["precision"] == "point"]
    places = await db.fetch(
        "select day - $2::date as t, st_x(geom) as x, st_y(geom) as y from incident_version "
        "where version_id = any($1) and geom is not null",
        ids, FIRST,
    )  # fmt: skip
    plain = await points.points(db, span, KIND)
    assert sorted(zip(plain["t"], plain["x"], plain["y"], strict=True)) == sorted(
        tuple(row) for row in places
    )
    moved = await points.points(db, span, KIND, squares=True)
    assert all(value % points.SQUARE_M == points.SQUARE_M / 2 for value in [*moved["x"], *moved["y"]])
    assert all(abs(a - b) <= points.SQUARE_M / 2 for a, b in zip(plain["x"], moved["x"], strict=True))


async def test_harm_is_of_each_offence_with_its_weight(db: asyncpg.Connection, naive: Naive):
    at = MOMENTS[-1]
    wanted = await close(db)
    districts = await frames.districts(db, KIND, BEYOND)
    told = await frames.harm(db, await spanned(db, at), KIND, districts)
    expected: Counter[tuple[str | None, date, str]] = Counter()
    for version in naive.believed(Window(FIRST, BEYOND - timedelta(days=1), at), Filters()):
        for code, count in naive.offences[version["version_id"]]:
            if code in wanted:
                expected[naive.area(version["area_id"], version["day"], KIND), version["day"], code] += count
    found = dict(zip(zip(told["area"], told["day"], told["offence"], strict=True), told["n"], strict=True))
    assert found == {key: n for key, n in expected.items() if key[0] in {one.code for one in districts}}
    assert dict(zip(told["offence"], told["weight"], strict=True)) == {
        code: naive.weights[code] for code in set(told["offence"])
    }


async def test_cases_of_statistical_areas_and_their_neighbours(db: asyncpg.Connection, naive: Naive):
    at = MOMENTS[-1]
    told = await points.statistical_areas(db, await spanned(db, at), "regso", BEYOND, KIND)
    cases = Counter(
        naive.areas[version["area_id"]]["code"]
        for version in await believed(db, naive, at)
        if naive.areas[version["area_id"]]["kind"] == "regso"
    )
    found = dict(zip(told["code"], told["cases"], strict=True))
    assert {code: n for code, n in found.items() if n} == dict(cases)
    assert len(found) == len(told["code"]) > 500
    borders = await points.bordering(db, "regso", BEYOND)
    assert all(i < j for i, j in borders)
    assert len(set(borders)) == len(borders) > len(found)
    assert {code for pair in borders for code in pair} <= set(found)


async def test_what_is_known_later_or_written_later_is_not_in_it(db: asyncpg.Connection, naive: Naive):
    districts = [District(0, "lpo-sodermalm", "Södermalm", "po-city", "City", date(1900, 1, 1))]
    at = MOMENTS[-1]
    span = await spanned(db, at)
    everything = sum((await frames.daily(db, span, KIND, districts))["count"])
    half = await db.fetchrow("select xid, ledger_id from ledger order by xid, ledger_id offset 60 limit 1")
    pinned = Span(FIRST, BEYOND, Pin(at, half["xid"], half["ledger_id"]))
    told = sum((await frames.daily(db, pinned, KIND, districts))["count"])
    rows = await db.fetchval(
        """select sum(l.incidents) from ledger as l join offence as o using (offence_id)
           where o.close_relationship and (l.xid, l.ledger_id) <= ($1, $2) and l.known_at <= $3
           and l.rollup_area_id in (select area_id from rollup_place where code = 'lpo-sodermalm')""",
        half["xid"], half["ledger_id"], at,
    )  # fmt: skip
    assert told == rows < everything


async def test_the_first_day_is_not_that_of_a_report_of_long_ago(db: asyncpg.Connection, naive: Naive):
    span = await spanned(db, MOMENTS[-1], first=date(2000, 1, 1))
    assert await frames.first_day(db, await spanned(db, START - timedelta(days=1))) is None
    told = sorted(version["day"] for version in await believed(db, naive, MOMENTS[-1]))
    assert (await frames.first_day(db, span) or date(1, 1, 1)) <= told[0]
    await db.execute(
        """insert into ledger (known_at, day, hour, kind, area_id, rollup_area_id, offence_id, offences, incidents,
               incident_id, version_id, backfilled)
           select known_at, date '2011-05-04', hour, l.kind, area_id, rollup_area_id, offence_id, 1, 1, -1, -1, true
           from ledger as l join offence as o using (offence_id) where o.close_relationship order by known_at limit 1"""
    )
    all_of_it = Span(
        date(2000, 1, 1), BEYOND, Pin(MOMENTS[-1], 2**62, 2**62)
    )  # our own row is not settled yet
    begun = await frames.first_day(db, all_of_it)
    assert begun is not None
    assert begun > date(2011, 5, 4)
