"""The backdrop of the map: the right layers, small, and central Stockholm's waters in their places."""

from __future__ import annotations

import json

import geopandas
import pytest
import shapely

from geodata.pack import REGIONS
from geodata.tables import read_table

PATH = REGIONS / "stockholm" / "backdrop.geojson"

DRY = {"Stadshuset": (18.0535, 59.3277), "Sergels torg": (18.0640, 59.3325), "Medborgarplatsen": (18.0730, 59.3145),
       "Stortorget": (18.0705, 59.3251), "Fridhemsplan": (18.0290, 59.3330), "Visby": (18.3000, 57.6350),
       "Skansen": (18.1035, 59.3265), "Uppsala": (17.64, 59.86), "Stora Essingen": (17.9930, 59.3215)}  # fmt: skip
WET = {"Riddarfjärden": (18.0480, 59.3235), "Årstaviken": (18.0560, 59.3060), "Strömmen": (18.0850, 59.3215),
       "Östersjön": (19.0, 58.5), "Mälaren": (17.80, 59.30)}  # fmt: skip


@pytest.fixture(scope="module")
def drawn() -> geopandas.GeoDataFrame:
    return geopandas.read_file(PATH)


def test_it_is_small_and_has_the_layers(drawn: geopandas.GeoDataFrame) -> None:
    assert PATH.stat().st_size < 1_000_000
    assert set(drawn["layer"]) == {"land", "water", "kommun", "label"}
    assert drawn.geometry.is_valid.all()
    kommuner = {row["code"]: row["name"] for row in read_table(PATH.with_name("kommuner.csv"))}
    shown = drawn[drawn["layer"] == "kommun"]
    assert dict(zip(shown["code"], shown["name"], strict=True)) == kommuner
    assert len(drawn[drawn["layer"] == "label"]) == 27 + 13


def test_features_carry_no_empty_properties() -> None:
    for feature in json.loads(PATH.read_bytes())["features"]:
        assert None not in feature["properties"].values()


def test_places_on_land_are_dry_and_waters_are_wet(drawn: geopandas.GeoDataFrame) -> None:
    land = drawn.geometry[drawn["layer"] == "land"].union_all()
    water = drawn.geometry[drawn["layer"] == "water"].union_all()
    ground = land.difference(water)
    for name, place in DRY.items():
        assert ground.contains(shapely.Point(place)), name
    for name, place in WET.items():
        assert not ground.contains(shapely.Point(place)), name
