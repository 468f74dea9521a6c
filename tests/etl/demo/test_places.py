"""The streets lie where people live, inside the district they are said to be in."""

from __future__ import annotations

import csv

import geopandas
import numpy as np
import shapely

from app.config import ROOT
from etl.feeds.demo.places import HOUSES, Places

PACK = ROOT / "geodata" / "regions" / "stockholm"


def test_every_house_lies_in_its_district() -> None:
    places = Places.read()
    regso = geopandas.read_file(PACK / "regso.fgb")
    with (PACK / "regso_delomrade.csv").open(encoding="utf-8", newline="") as file:
        pieces = {row["regso"]: row["delomrade"] for row in csv.DictReader(file)}
    district = np.array(
        [pieces.get(code, kommun) for code, kommun in zip(regso["code"], regso["kommun"], strict=True)]
    )
    tree = shapely.STRtree(regso.geometry.to_numpy())
    every = np.arange(len(places.streets))
    for house in (1, HOUSES // 2, HOUSES):
        latitude, longitude = places.positions(every, np.full(len(every), house))
        points = geopandas.GeoSeries.from_xy(longitude, latitude, crs=4326).to_crs(3006).to_numpy()
        at, found = tree.query(points, predicate="within")
        inside = np.zeros(len(every), bool)
        inside[at] = district[found] == np.array(places.districts)[places.district_of[at]]
        assert inside.mean() > 0.999


def test_an_address_is_the_same_spot_each_time() -> None:
    places = Places.read()
    street, house = np.array([7, 7, 7]), np.array([3, 4, 3])
    latitude, longitude = places.positions(street, house)
    assert (latitude[0], longitude[0]) == (latitude[2], longitude[2]) != (latitude[1], longitude[1])


def test_districts_weigh_as_many_as_live_there() -> None:
    places = Places.read()
    with (PACK / "kommuner.csv").open(encoding="utf-8", newline="") as file:
        people = {row["code"]: float(row["population"]) for row in csv.DictReader(file)}
    share = places.share_of_district(places.districts.index("0182"))
    assert abs(share - people["0182"] / sum(people.values())) < 0.003


def test_streets_are_named_once_in_a_kommun() -> None:
    places = Places.read()
    assert len(set(zip(places.streets, places.kommun_of.tolist(), strict=True))) == len(places.streets)
