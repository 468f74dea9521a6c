"""A district's small areas and places: equal to a recount, a chief's own only, and nothing that is protected."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import asyncpg
import pytest

from app.db import Pool, Reader, open_pool
from app.domain.window import Filters, Window
from app.logins import login_url
from app.queries import district
from tests.access.people import FOREIGN, OWN, one_of_each, viewer
from tests.queries.picture import START, Naive

if TYPE_CHECKING:
    from app.domain.viewer import Role

FIRST, LAST = date(2024, 12, 1), date(2025, 1, 31)
MOMENTS = (None, START + timedelta(days=9, hours=7), START + timedelta(days=30))
REPORTS = Filters("report")


@pytest.mark.parametrize("known_at", MOMENTS)
@pytest.mark.parametrize("code", [OWN, FOREIGN, "lpo-nacka"])
async def test_small_areas_and_what_lies_in_none_add_up_to_the_recount(
    naive: Naive, db: asyncpg.Connection, code: str, known_at: datetime | None
):
    window = Window(FIRST, LAST, known_at)
    rows, without = await district.small_areas(db, window, REPORTS, code)
    believed = naive.believed(window, Filters("report", (code,)))
    counted = Counter(naive.area(one["area_id"], LAST, "regso") for one in believed)
    assert {row["code"]: row["n"] for row in rows if row["n"]} == {
        area: n for area, n in counted.items() if area is not None
    }
    assert without == counted[None]
    assert sum(row["n"] for row in rows) + without == len(believed)
    assert [row["n"] for row in rows] == sorted((row["n"] for row in rows), reverse=True)
    assert known_at is not None or code == "lpo-nacka" or believed, "there is something to count"


@pytest.mark.parametrize("known_at", MOMENTS)
async def test_places_are_the_squares_of_a_recount_and_hold_nothing_protected(
    naive: Naive, db: asyncpg.Connection, known_at: datetime | None
):
    window = Window(FIRST, LAST, known_at)
    points = {
        row["version_id"]: (int(row["x"] // 100), int(row["y"] // 100))
        for row in await db.fetch(
            "select version_id, st_x(geom) as x, st_y(geom) as y from incident_version where geom is not null"
        )
    }
    squares = Counter(
        points[one["version_id"]]
        for one in naive.believed(window, Filters("report", (OWN,)))
        if one["version_id"] in points and one["precision"] == "point" and not one["protected"]
    )
    found = await district.places(db, window, REPORTS, OWN)
    expected = sorted((n for n in squares.values() if n >= district.LEAST), reverse=True)[: district.MOST]
    assert [row["n"] for row in found] == expected


async def test_a_square_with_several_is_told_and_one_with_two_is_not(loaded: str, db: asyncpg.Connection):
    await db.execute(
        """update incident_version set geom = st_setsrid(st_makepoint(674050, 6579050), 3006)
           where precision = 'point' and not protected and geom is not null and state = 'active'
             and rollup_area_id in (select area_id from rollup_place where code = $1)""",
        OWN,
    )
    window = Window(FIRST, LAST)
    found = await district.places(db, window, REPORTS, OWN)
    assert len(found) == 1
    assert found[0]["n"] >= district.LEAST
    assert found[0]["lon"] == pytest.approx(18.07, abs=0.05)
    with pytest.raises(asyncpg.CheckViolationError):  # what is protected cannot have a point at all
        await db.execute("update incident_version set protected = true where geom is not null")


async def test_a_chief_sees_the_own_district_only_and_whoever_sees_figures_no_place(loaded: str, pool: Pool):
    window = Window(FIRST, LAST)
    async with pool.acquire() as connection:
        people: dict[Role, object] = await one_of_each(connection)
        city = await viewer(connection, "area_chief", "po-city")
    async with open_pool(login_url(loaded, "web", "x"), size=1) as web:
        async with Reader(web, people["analyst"]).transaction() as connection:  # type: ignore[arg-type]
            whole, _ = await district.small_areas(connection, window, REPORTS, OWN)
            foreign, _ = await district.small_areas(connection, window, REPORTS, FOREIGN)
            every = await district.districts(connection, LAST)
        assert sum(row["n"] for row in foreign) > 0
        async with Reader(web, people["area_chief"]).transaction() as connection:  # type: ignore[arg-type]
            own, _ = await district.small_areas(connection, window, REPORTS, OWN)
            others, without = await district.small_areas(connection, window, REPORTS, FOREIGN)
            held = await district.districts(connection, LAST, ("lpo-sodermalm",))
            assert await district.places(connection, window, REPORTS, FOREIGN) == []
        assert own == whole
        assert sum(row["n"] for row in others) + without == 0
        assert [row["code"] for row in held] == [OWN]
        async with Reader(web, city).transaction() as connection:
            several = {row["code"] for row in await district.districts(connection, LAST, city.areas)}
        assert OWN in several
        assert several < {row["code"] for row in every}
        async with Reader(web, people["commander"]).transaction() as connection:  # type: ignore[arg-type]
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await district.places(connection, window, REPORTS, OWN)


async def test_the_district_of_an_area_is_itself_or_what_it_lies_in(db: asyncpg.Connection, loaded: str):
    on = datetime.now(UTC).date()
    assert await district.holding(db, OWN, on) == OWN
    small = await db.fetchval(
        """select a.code
           from area as a join area_within as w using (area_id) join area as d on d.area_id = w.ancestor_id
           where d.code = $1 and a.kind = 'regso' limit 1""",
        OWN,
    )
    assert await district.holding(db, small, on) == OWN
    assert await district.holding(db, "po-city", on) is None
    assert await district.holding(db, "lpo-atlantis", on) is None
