"""The region pack Stockholm: its areas cover it once, on every day, and its borders are shared."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import shapely

from geodata.areas import Area, closure, holding
from geodata.assemble import spread
from geodata.pack import REGIONS, RegionPack, read_pack
from geodata.tables import read_table

FOLDER = REGIONS / "stockholm"


@pytest.fixture(scope="module")
def pack() -> RegionPack:
    return read_pack("stockholm")


def of(pack: RegionPack, kind: str) -> list[Area]:
    return [area for area in pack.areas if area.kind == kind]


def test_the_region_has_its_kommuner_and_gotland(pack: RegionPack) -> None:
    codes = {area.code for area in of(pack, "kommun")}
    assert len(codes) == 27
    assert codes == set(pack.facts["kommun"])
    assert {"0114", "0180", "0192", "0980"} <= codes
    assert len(of(pack, "regso")) == 536
    assert {area.code for area in of(pack, "lan")} == {"01", "09"}
    assert {area.code for area in of(pack, "polisomrade")} == {"po-city", "po-nord", "po-syd", "po-gotland"}


def test_every_geometry_is_a_valid_multipolygon(pack: RegionPack) -> None:
    for area in pack.areas:
        assert area.geometry.geom_type == "MultiPolygon", area.code
        assert area.geometry.is_valid, area.code
        assert area.geometry.area > 0, area.code


def test_regso_lie_edge_to_edge_without_gap_or_overlap(pack: RegionPack) -> None:
    shapes = [area.geometry for area in of(pack, "regso")]
    assert shapely.coverage_is_valid([part for shape in shapes for part in shapely.get_parts(shape)])
    whole = of(pack, "region")[0].geometry
    assert sum(shape.area for shape in shapes) == pytest.approx(whole.area, rel=1e-9)


@pytest.mark.parametrize("kind", ["lan", "kommun", "polisomrade"])
def test_larger_areas_cover_the_region_exactly(pack: RegionPack, kind: str) -> None:
    areas = holding(pack.areas, kind, date(2024, 6, 1))
    assert sum(area.geometry.area for area in areas) == pytest.approx(
        of(pack, "region")[0].geometry.area, rel=1e-9
    )


def test_districts_cover_stockholms_kommun(pack: RegionPack) -> None:
    kommun = next(area for area in of(pack, "kommun") if area.code == "0180")
    districts = of(pack, "delomrade")
    assert frozenset().union(*(area.members for area in districts)) == kommun.members
    assert sum(len(area.members) for area in districts) == len(kommun.members) == 127


def test_every_regso_has_one_local_police_area_and_one_police_area_on_every_day(pack: RegionPack) -> None:
    every = {area.code for area in of(pack, "regso")}
    day = date(2015, 1, 1)
    while day < date(2030, 1, 1):
        for kind in ("lokalpolisomrade", "polisomrade"):
            held = [regso for area in holding(pack.areas, kind, day) for regso in area.members]
            assert len(held) == len(set(held))
            assert set(held) == every
        day += timedelta(days=1 if abs((day - date(2025, 1, 1)).days) < 4 else 29)


def test_the_city_was_re_split_on_new_years_day_2025(pack: RegionPack) -> None:
    def city(day: date) -> set[str]:
        return {
            area.code
            for area in holding(pack.areas, "lokalpolisomrade", day)
            if area.parent is not None and area.parent.code == "po-city"
        }

    assert city(date(2024, 12, 31)) == {"lpo-norrmalm", "lpo-sodermalm"}
    assert city(date(2025, 1, 1)) == {"lpo-norra-innerstaden", "lpo-lidingo-kungsholmen", "lpo-sodermalm"}
    assert len(holding(pack.areas, "lokalpolisomrade", date(2024, 12, 31))) == 18
    assert len(holding(pack.areas, "lokalpolisomrade", date(2025, 1, 1))) == 19


def test_no_local_police_area_of_any_day_cuts_a_district_or_an_undivided_kommun(pack: RegionPack) -> None:
    units = {area.rollup for area in of(pack, "regso")}
    for unit in (area for area in pack.areas if area.key in units):
        for local in of(pack, "lokalpolisomrade"):
            shared = unit.members & local.members
            assert shared in (frozenset(), unit.members), (unit.code, local.code)


def test_police_areas_and_districts_are_provisional_and_kommuner_are_not(pack: RegionPack) -> None:
    for area in pack.areas:
        assert area.provisional == (area.kind in {"delomrade", "lokalpolisomrade", "polisomrade"}), area.code


def test_every_row_of_the_police_table_says_how_sure_it_is() -> None:
    rows = read_table(FOLDER / "police_areas.csv")
    assert {row["status"] for row in rows} == {"sourced", "inferred", "contested", "unverified"}
    unverified = {row["part"] for row in rows if row["status"] == "unverified"}
    assert unverified == {"0128", "0980"}
    assert all(row["note"] for row in rows if row["status"] in {"unverified", "contested"})


def test_population_adds_up_at_every_level(pack: RegionPack) -> None:
    regso = sum(area.population or 0 for area in of(pack, "regso"))
    for kind in ("lan", "kommun", "region"):
        assert sum(area.population or 0 for area in of(pack, kind)) == regso
    assert 2_400_000 < regso < 2_600_000
    rows = read_table(FOLDER / "kommuner.csv") + read_table(FOLDER / "delomraden.csv")
    assert {row["population_status"] for row in rows} == {"approximate"}
    stockholm = next(row for row in rows if row["code"] == "0180")
    districts = sum(int(row["population"]) for row in rows if row["code"].startswith("del-"))
    assert int(stockholm["population"]) == districts


def test_sharing_people_equally_loses_nobody() -> None:
    assert spread(10, ["c", "a", "b"]) == {"a": 4, "b": 3, "c": 3}
    assert spread(0, ["a"]) == {"a": 0}


def test_closure_names_every_ancestor_once_a_day(pack: RegionPack) -> None:
    pairs = closure(pack.areas)
    kungsholm = [
        (pair.ancestor.kind, pair.ancestor.code, pair.valid_from.year)
        for pair in pairs
        if pair.area.code == "0180R049"
    ]
    assert sorted(kungsholm) == [
        ("delomrade", "del-kungsholmen", 1900),
        ("kommun", "0180", 1900),
        ("lan", "01", 1900),
        ("lokalpolisomrade", "lpo-lidingo-kungsholmen", 2025),
        ("lokalpolisomrade", "lpo-norrmalm", 1900),
        ("polisomrade", "po-city", 1900),
        ("region", "stockholm", 1900),
        ("regso", "0180R049", 1900),
    ]
    assert {pair.area for pair in pairs if pair.area == pair.ancestor} == {area.key for area in pack.areas}


def test_areas_of_the_same_regso_lie_within_each_other_one_way_only(pack: RegionPack) -> None:
    pairs = {(pair.area.code, pair.ancestor.code) for pair in closure(pack.areas)}
    assert ("0980", "lpo-gotland") in pairs
    assert ("lpo-gotland", "0980") not in pairs
    assert ("0180", "lpo-sodermalm") not in pairs
    assert ("lpo-sodermalm", "0180") in pairs
    assert not {(b, a) for a, b in pairs if a != b} & pairs


def test_region_facts_say_where_and_when(pack: RegionPack) -> None:
    assert pack.facts["time_zone"] == "Europe/Stockholm"
    middle = shapely.Point(pack.facts["map"]["lon"], pack.facts["map"]["lat"])
    box = shapely.box(*(pack.facts["map"][side] for side in ("west", "south", "east", "north")))
    assert box.contains(middle)
    assert len(pack.facts["polisen"]["kommun"]) == 27
    names = {area.name for area in of(pack, "kommun")}
    assert set(pack.facts["polisen"]["kommun"]) == names


@pytest.mark.parametrize(
    ("day", "name", "eve"),
    [
        ("2025-06-20", "Midsommarafton", "true"),
        ("2026-12-24", "Julafton", "true"),
        ("2026-12-31", "Nyårsafton", "true"),
        ("2026-04-05", "Påskdagen", "false"),
        ("2026-05-14", "Kristi himmelsfärdsdag", "false"),
        ("2026-06-06", "Nationaldagen", "false"),
    ],
)
def test_holidays_hold_the_eves_that_sweden_keeps(day: str, name: str, eve: str) -> None:
    rows = {row["date"]: row for row in read_table(FOLDER / "holidays.csv")}
    assert (rows[day]["name_sv"], rows[day]["eve"]) == (name, eve)
    assert all(row["name_en"] for row in rows.values())
