"""What the map shows adds up to what the counters say."""

from __future__ import annotations

import math
import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import BadInput
from app.domain.window import Filters, Window
from app.queries import tiles
from app.queries.areas import areas
from app.queries.cells import whole_months
from app.queries.counts import counts
from app.queries.without_position import without_position
from tests.queries.mvt import features
from tests.queries.picture import DAYS, START

if TYPE_CHECKING:
    import asyncpg

    from tests.queries.picture import Naive

FIRST, LAST = START.date(), START.date() + timedelta(days=DAYS)
SODERMALM = (18.0745, 59.3137)
DECEMBER = Window(FIRST.replace(day=1), FIRST.replace(day=31))
WINDOWS = (
    Window(FIRST, LAST),
    Window(FIRST, LAST, START + timedelta(hours=800)),
    DECEMBER,
    Window(DECEMBER.first, LAST, START + timedelta(hours=600)),
    Window(FIRST.replace(day=20), FIRST.replace(day=28)),
)
FILTERS = (
    Filters(),
    Filters(areas=("po-city",)),
    Filters(offences=("9365", "9440")),
    Filters(areas=("0980",)),
)


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    """The tile in which a place lies."""
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * 2**z), int(row * 2**z)


async def all_tiles(
    db: asyncpg.Connection, layer: str, z: int, window: Window, filters: Filters, **more: Any
) -> list[dict[str, Any]]:
    """Every feature of a zoom level, tile by tile, over the whole region."""
    (west, north), (east, south) = tile_of(17.6, 59.6, z), tile_of(18.5, 57.4, z)
    found = []
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            found += features(await tiles.tile(db, layer, z, x, y, window, filters, **more))
    return found


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("z", [0, 5, 8, 9])
async def test_density_and_what_has_no_position_add_up_to_the_count(
    db: asyncpg.Connection, loaded: str, z: int, window: Window, filters: Filters
):
    own = [feature for feature in await all_tiles(db, "density", z, window, filters) if feature["own"]]
    total = (await counts(db, window, filters, []))[0]
    nowhere = await without_position(db, window, filters)
    for name in ("incidents", "offences"):
        assert sum(feature[name] for feature in own) + nowhere[name] == total[name]
    assert all(feature["n"] == feature["incidents"] and feature["type"] == 3 for feature in own)


@pytest.mark.parametrize("filters", FILTERS)
@pytest.mark.parametrize("window", WINDOWS)
async def test_points_are_the_incidents_themselves(
    db: asyncpg.Connection, naive: Naive, window: Window, filters: Filters
):
    points = await all_tiles(db, "points", 9, window, filters)
    expected = {
        str(version["uid"])
        for version in naive.believed(window, filters)
        if version["geom"] is not None and (not filters.offences or version["code"] in filters.offences)
    }
    assert {point["uid"] for point in points} == expected
    assert len(points) == len(expected)


async def test_a_protected_incident_is_in_no_tile(db: asyncpg.Connection, naive: Naive):
    window = Window(FIRST, LAST)
    protected = {str(v["uid"]) for v in naive.believed(window, Filters()) if v["protected"]}
    assert protected
    for z in (0, 9, 14):
        assert protected.isdisjoint(point.get("uid") for point in await all_tiles_near(db, z, window))


async def all_tiles_near(db: asyncpg.Connection, z: int, window: Window) -> list[dict[str, Any]]:
    if z < 10:
        return await all_tiles(db, "points", z, window, Filters())
    return features(await tiles.tile(db, "points", z, *tile_of(*SODERMALM, z), window, Filters()))


@pytest.mark.parametrize("z", [8, 13])
async def test_a_crowd_is_fewer_points_that_say_how_many(
    db: asyncpg.Connection, loaded: str, z: int, monkeypatch: pytest.MonkeyPatch
):
    window = Window(FIRST, LAST)
    monkeypatch.setattr(tiles, "POINT_LIMIT", 2)
    x, y = tile_of(*SODERMALM, z)
    crowd = features(await tiles.tile(db, "points", z, x, y, window, Filters()))
    monkeypatch.undo()
    single = features(await tiles.tile(db, "points", z, x, y, window, Filters()))
    assert len(single) > 2
    assert {point["n"] for point in single} == {1}
    assert len(crowd) <= len(single)
    if z == 13:
        assert sum(point["n"] for point in crowd) == len(single)


@pytest.mark.parametrize("area_kind", ["lokalpolisomrade", "kommun", "polisomrade", "delomrade", "regso"])
async def test_areas_carry_the_figures_of_their_borders(db: asyncpg.Connection, loaded: str, area_kind: str):
    window = Window(FIRST, LAST, START + timedelta(hours=900))
    told = {f["code"]: f for f in await all_tiles(db, "areas", 6, window, Filters(), area_kind=area_kind)}
    rows = await counts(db, window, Filters(), ["area"], area_kind=area_kind, borders=window.last)
    for row in rows:
        if row["area"] is not None:
            area = told[row["area"]]
            assert (area["n"], area["offences"]) == (row["incidents"], row["offences"])
            assert area["harm"] == pytest.approx(row["harm"])
    valid = {area["code"] for area in await areas(db, area_kind, window.last)}
    assert set(told) <= valid
    if area_kind == "lokalpolisomrade":
        assert "lpo-norrmalm" not in told
        assert "lpo-norra-innerstaden" in told


@pytest.mark.parametrize(
    ("layer", "z", "x", "y"),
    [("heat", 0, 0, 0), ("density", 1, 2, 0), ("density", -1, 0, 0), ("points", 99, 0, 0)],
)
async def test_a_tile_that_is_none_is_refused(db: asyncpg.Connection, layer: str, z: int, x: int, y: int):
    with pytest.raises(BadInput):
        await tiles.tile(db, layer, z, x, y, WINDOWS[0], Filters())


async def test_a_tile_on_the_other_side_of_the_earth_is_empty(db: asyncpg.Connection, loaded: str):
    assert await tiles.tile(db, "density", 5, 3, 20, WINDOWS[0], Filters()) == b""


def test_whole_months_are_those_within():
    pick = random.Random(3)  # noqa: S311 - repeatable, not secret
    for _ in range(300):
        first = FIRST + timedelta(days=pick.randrange(900))
        last = first + timedelta(days=pick.randrange(200))
        months = whole_months(first, last)
        days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
        starts = {day for day in days if day.day == 1}
        whole = {s for s in starts if {s + timedelta(days=n) for n in range(31)} - days <= _next(s, days)}
        inside = {day for day in days if day.replace(day=1) in whole}
        assert months == ((min(inside), max(inside)) if inside else None)


def _next(start: Any, days: set[Any]) -> set[Any]:
    """Days of the following month, which need not be within."""
    return {start + timedelta(days=n) for n in range(31) if (start + timedelta(days=n)).month != start.month}
