"""The loader: ids stay, a second run changes nothing, an authority's own areas replace the provisional ones."""

from __future__ import annotations

import time
from datetime import date
from typing import TYPE_CHECKING

import geopandas
import numpy as np
import pytest
import shapely

from app.domain.errors import BadInput, NotFound, UnreadableFile
from geodata.load import load_area_file, load_region
from geodata.pack import pack_checksum, pack_folder, read_pack

if TYPE_CHECKING:
    from pathlib import Path

    import asyncpg

REGION = "stockholm"


async def everything(db: asyncpg.Connection) -> list[list[asyncpg.Record]]:
    return [
        await db.fetch("select a.*, st_asbinary(geom) from area a order by area_id"),
        await db.fetch("select * from area_within order by area_id, ancestor_id, valid_from"),
        await db.fetch("select * from offence order by offence_id"),
        await db.fetch("select * from harm_weight order by index_name, version, offence_id"),
    ]


async def forget_checksum(db: asyncpg.Connection) -> None:
    await db.execute("update region_pack set checksum = 'old' where region = $1", REGION)


async def test_second_load_changes_nothing_and_is_quick(db: asyncpg.Connection) -> None:
    before = await everything(db)
    started = time.perf_counter()
    report = await load_region(db, REGION)
    assert time.perf_counter() - started < 1
    assert not report.changed
    assert report.checksum == pack_checksum(pack_folder(REGION))
    assert await everything(db) == before


async def test_a_pack_with_another_checksum_writes_only_what_differs(db: asyncpg.Connection) -> None:
    before = await everything(db)
    await forget_checksum(db)
    await db.execute("update area set name = 'Fel namn' where kind = 'kommun' and code = '0180'")
    await db.execute("update offence set severity = 1 where code = '0412'")
    report = await load_region(db, REGION)
    assert (report.changed, report.inserted, report.updated, report.removed, report.within) == (
        True,
        0,
        2,
        0,
        0,
    )
    assert await everything(db) == before


async def test_codes_that_a_feed_added_survive_a_load(db: asyncpg.Connection) -> None:
    await db.execute(
        "insert into offence (code, kind, name_sv, name_en, group_code, group_sv, group_en, severity) "
        "values ('polisen:ny-typ', 3, 'Ny typ', 'New type', 'polisen:ovrigt', 'Övrigt', 'Other', 0)"
    )
    await forget_checksum(db)
    await load_region(db, REGION)
    assert await db.fetchval("select count(*) from offence where code = 'polisen:ny-typ'") == 1


async def test_tables_hold_what_the_pack_says(db: asyncpg.Connection) -> None:
    pack = read_pack(REGION)
    assert await db.fetchval("select count(*) from area") == len(pack.areas)
    assert await db.fetchval("select count(*) from offence where kind = 1") == 300
    assert await db.fetchval("select count(*) from harm_weight") == len(pack.harm_weights)
    assert await db.fetchval("select bool_and(st_isvalid(geom) and st_srid(geom) = 3006) from area")
    assert await db.fetchval("select sum(population) from area where kind = 'regso'") == await db.fetchval(
        "select population from area where kind = 'region'"
    )


async def test_rollup_area_is_the_district_in_stockholm_and_the_kommun_elsewhere(
    db: asyncpg.Connection,
) -> None:
    rows = await db.fetch(
        "select a.code, r.kind, r.code as rollup from area a join area r on r.area_id = a.rollup_area_id "
        "where a.kind = 'regso'"
    )
    for row in rows:
        assert row["kind"] == ("delomrade" if row["code"].startswith("0180") else "kommun")
        assert row["kind"] == "delomrade" or row["code"].startswith(row["rollup"])
    assert await db.fetchval("select bool_and(rollup_area_id = area_id) from area where kind <> 'regso'")


@pytest.mark.parametrize(
    "day", [date(2009, 5, 5), date(2015, 1, 1), date(2024, 12, 31), date(2025, 1, 1), date(2030, 1, 1)]
)
async def test_every_rollup_area_has_one_local_police_area_on_any_day(
    db: asyncpg.Connection, day: date
) -> None:
    rows = await db.fetch(
        """
        select u.code, count(l.area_id) as n
        from (select distinct rollup_area_id as area_id from area where kind = 'regso') r
        join area u using (area_id)
        left join area_within w on w.area_id = u.area_id and w.valid_from <= $1
            and (w.valid_to is null or $1 < w.valid_to)
        left join area l on l.area_id = w.ancestor_id and l.kind = 'lokalpolisomrade'
        group by u.code
        """,
        day,
    )
    assert len(rows) == 13 + 26
    assert {row["n"] for row in rows} == {1}


async def test_a_regso_of_the_re_split_city_has_two_local_police_areas_over_time(
    db: asyncpg.Connection,
) -> None:
    rows = await db.fetch(
        """
        select l.code, w.valid_from, w.valid_to from area_within w
        join area a on a.area_id = w.area_id and a.code = '0180R049'
        join area l on l.area_id = w.ancestor_id and l.kind = 'lokalpolisomrade' order by w.valid_from
        """
    )
    assert [tuple(row) for row in rows] == [
        ("lpo-norrmalm", date(1900, 1, 1), date(2025, 1, 1)),
        ("lpo-lidingo-kungsholmen", date(2025, 1, 1), None),
    ]


def own_file(folder: Path, *, shift_m: float = 0.0) -> Path:
    """Two areas that divide the region at a meridian, as an authority might send them."""
    pack = read_pack(REGION)
    lidingo = next(area for area in pack.areas if area.kind == "kommun" and area.code == "0186")
    region = next(area for area in pack.areas if area.kind == "region")
    west, south, east, north = shapely.buffer(region.geometry, 1000).bounds
    inside = shapely.transform(lidingo.geometry, lambda corners: corners + np.array([shift_m, 0.0]))
    outside = shapely.box(west, south, east, north).difference(inside)
    path = folder / "egna.geojson"
    frame = geopandas.GeoDataFrame(
        {"KOD": ["Lidingö", "Övriga"], "Namn": ["LPO Lidingö", "LPO Övriga"]},
        geometry=[inside, outside],
        crs=3006,
    )
    frame.to_file(path, driver="GeoJSON")
    return path


async def test_own_areas_replace_the_provisional_ones(db: asyncpg.Connection, tmp_path: Path) -> None:
    report = await load_area_file(db, own_file(tmp_path), "lokalpolisomrade", region=REGION)
    assert report.warnings == []
    rows = await db.fetch(
        "select code, name, provisional, valid_to from area where kind = 'lokalpolisomrade' order by code"
    )
    assert [tuple(row) for row in rows] == [
        ("lpo-lidingo", "LPO Lidingö", False, None),
        ("lpo-ovriga", "LPO Övriga", False, None),
    ]
    within = await db.fetch(
        "select a.code from area_within w join area a using (area_id) join area l on l.area_id = w.ancestor_id "
        "where l.code = 'lpo-lidingo' and a.kind = 'kommun'"
    )
    assert [row["code"] for row in within] == ["0186"]


async def test_own_areas_from_a_day_on_leave_the_days_before_alone(
    db: asyncpg.Connection, tmp_path: Path
) -> None:
    day = date(2027, 1, 1)
    await load_area_file(db, own_file(tmp_path), "lokalpolisomrade", region=REGION, valid_from=day)
    rows = await db.fetch(
        "select code from area where kind = 'lokalpolisomrade' and valid_from <= $1 "
        "and (valid_to is null or $1 < valid_to)",
        day,
    )
    assert len(rows) == 2
    assert await db.fetchval("select valid_to from area where code = 'lpo-sodermalm'") == day
    assert await db.fetchval("select valid_to from area where code = 'lpo-norrmalm'") == date(2025, 1, 1)


async def test_a_new_pack_does_not_take_own_areas_away(db: asyncpg.Connection, tmp_path: Path) -> None:
    await load_area_file(db, own_file(tmp_path), "lokalpolisomrade", region=REGION)
    await forget_checksum(db)
    before = await everything(db)
    report = await load_region(db, REGION)
    assert (report.inserted, report.updated, report.removed, report.within) == (0, 0, 0, 0)
    assert await everything(db) == before


async def test_own_local_areas_hang_under_the_own_police_areas(
    db: asyncpg.Connection, tmp_path: Path
) -> None:
    path = own_file(tmp_path)
    await load_area_file(db, path, "polisomrade", region=REGION, code_column="Namn")
    parents = """
        select a.code, p.code as parent from area a join area p on p.area_id = a.parent_id where a.code = any($1)
    """
    found = {
        row["code"]: row["parent"]
        for row in await db.fetch(parents, ["lpo-lidingo-kungsholmen", "lpo-nacka"])
    }
    # Lidingö-Kungsholmen lies in both new police areas, so in neither.
    assert found == {"lpo-lidingo-kungsholmen": "stockholm", "lpo-nacka": "po-lpo-ovriga"}
    await load_area_file(db, path, "lokalpolisomrade", region=REGION)
    await forget_checksum(db)
    report = await load_region(db, REGION)
    assert (report.inserted, report.updated, report.removed, report.within) == (0, 0, 0, 0)
    found = {row["code"]: row["parent"] for row in await db.fetch(parents, ["lpo-lidingo", "lpo-ovriga"])}
    assert found == {"lpo-lidingo": "po-lpo-lidingo", "lpo-ovriga": "po-lpo-ovriga"}


async def test_a_border_that_cuts_a_kommun_is_remarked_on(db: asyncpg.Connection, tmp_path: Path) -> None:
    report = await load_area_file(db, own_file(tmp_path, shift_m=1500.0), "lokalpolisomrade", region=REGION)
    assert any("Lidingö is cut by a border" in warning for warning in report.warnings)


async def test_an_area_that_something_refers_to_is_kept_and_stays_within_the_region(
    db: asyncpg.Connection, tmp_path: Path
) -> None:
    old = await db.fetchval("select area_id from area where code = 'lpo-sodermalm'")
    await db.execute("create table placed (area_id integer references area)")
    await db.execute("insert into placed values ($1)", old)
    report = await load_area_file(db, own_file(tmp_path), "lokalpolisomrade", region=REGION)
    assert "lokalpolisomrade lpo-sodermalm is kept: incidents are placed in it." in report.warnings
    assert report.removed == 19
    within = await db.fetch(
        "select a.code from area_within w join area a on a.area_id = w.ancestor_id where w.area_id = $1 order by code",
        old,
    )
    assert [row["code"] for row in within] == ["lpo-sodermalm", "stockholm"]


async def test_what_cannot_be_loaded_is_said_in_one_sentence(db: asyncpg.Connection, tmp_path: Path) -> None:
    path = own_file(tmp_path)
    text = tmp_path / "text.geojson"
    text.write_text("no geography", encoding="utf-8")
    before = await everything(db)
    with pytest.raises(UnreadableFile, match=r"text\.geojson cannot be read as areas"):
        await load_area_file(db, text, "lokalpolisomrade", region=REGION)
    with pytest.raises(UnreadableFile, match="There is no file"):
        await load_area_file(db, tmp_path / "none.gpkg", "lokalpolisomrade", region=REGION)
    with pytest.raises(BadInput, match=r"no column 'X'; egna\.geojson has the columns KOD, Namn"):
        await load_area_file(db, path, "lokalpolisomrade", region=REGION, name_column="X")
    with pytest.raises(BadInput, match="come from the region pack"):
        await load_area_file(db, path, "kommun", region=REGION)
    half = geopandas.read_file(path).iloc[:1]
    half.to_file(tmp_path / "half.gpkg")
    with pytest.raises(BadInput, match=r"in none of the areas: .*Botkyrka"):
        await load_area_file(db, tmp_path / "half.gpkg", "lokalpolisomrade", region=REGION)
    with pytest.raises(NotFound, match="these exist: stockholm"):
        await load_region(db, "atlantis")
    assert await everything(db) == before
