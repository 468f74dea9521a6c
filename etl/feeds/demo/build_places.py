"""Makes ``places.csv``: ``python -m etl.feeds.demo.build_places``. For maintainers only; the result is committed.

Some 5,000 streets are laid on dry land inside the region's RegSO, as many in each as its share of the population says:
a district's inhabitants are spread evenly over its RegSO, which SCB draws to be of similar size. Street names are made
up of two plant or weather words and an ending and are meant to exist nowhere. Reads the region pack's files
(``regso.fgb``, ``backdrop.geojson``, populations), writes beside itself.
"""

from __future__ import annotations

import csv
import math
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely

from app.config import ROOT

PACK = ROOT / "geodata" / "regions" / "stockholm"
OUT = Path(__file__).with_name("places.csv")
STREETS = 5_000
SEED = 1
SHORE_M = 12.0
LONGEST_HALF_M, SHORTEST_HALF_M = 170.0, 15.0
FIRST = (
    "Gran", "Tall", "Björk", "Lind", "Alm", "Ask", "Rönn", "Sälg", "Hassel", "Lärk", "Moss", "Ljung", "Tistel",
    "Klöver", "Timjan", "Malört", "Vallmo", "Blåklint", "Syren", "Nypon", "Hagtorn", "Kaprifol", "Murgröna",
    "Vass", "Starr", "Kaveldun",
)  # fmt: skip
SECOND = (
    "harv", "lykt", "kvarn", "segel", "spole", "vind", "dimm", "frost", "regn", "sol", "mån", "stjärn", "kopp",
    "fat", "tunn", "hjul", "tråg", "slev", "kvast", "borst", "nål", "tråd", "väv", "lod", "våg",
)  # fmt: skip
ENDING = ("gatan", "vägen", "stigen", "gränd")
CENTRES = {
    "del-norra-innerstaden": 4.5,
    "del-sodermalm": 2.4,
    "del-kungsholmen": 1.5,
    "0184": 1.3,
    "0183": 1.2,
}
"""How much livelier than their inhabitants the inner districts are: what happens in public happens there."""


def main() -> None:
    """Write the streets."""
    rng = np.random.default_rng(SEED)
    regso = geopandas.read_file(PACK / "regso.fgb").sort_values("code").reset_index(drop=True)
    regso["dry"] = regso.geometry.intersection(_dry_land(regso.crs)).buffer(-SHORE_M)
    regso["district"] = _districts(regso)
    people = _populations()
    in_district = Counter(regso["district"])
    regso["people"] = [people[district] / in_district[district] for district in regso["district"]]
    kommuner = {row["code"]: row["name"] for row in _rows("kommuner.csv")}
    names = {kommun: _street_names(np.random.default_rng([SEED, int(kommun)])) for kommun in kommuner}
    with OUT.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(
            ("street", "kommun", "district", "latitude", "longitude", "dlat", "dlon", "home", "public")
        )
        for row in regso.itertuples():
            if row.dry.is_empty:
                continue
            count = max(3, round(STREETS * row.people / regso["people"].sum()))
            shares = rng.gamma(4.0, size=count)
            homes = row.people * shares / shares.sum()
            public = homes * CENTRES.get(row.district, 1.0) * rng.lognormal(0.0, 1.0, count)
            for place, home, lively in zip(_streets(rng, row.dry, count), homes, public, strict=True):
                street = next(names[row.kommun])
                spot = [f"{number:.5f}" for number in place]
                out.writerow(
                    (street, kommuner[row.kommun], row.district, *spot, f"{home:.1f}", f"{lively:.1f}")
                )
    sys.stdout.write(f"{OUT}: {OUT.stat().st_size / 1e3:.0f} kB\n")


def _dry_land(crs: Any) -> Any:
    drawn = geopandas.read_file(PACK / "backdrop.geojson").to_crs(crs)
    land, water = (
        shapely.make_valid(drawn[drawn["layer"] == layer].union_all()) for layer in ("land", "water")
    )
    return land.difference(water)


def _rows(name: str) -> list[dict[str, str]]:
    with (PACK / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _districts(regso: geopandas.GeoDataFrame) -> list[str]:
    pieces = {row["regso"]: row["delomrade"] for row in _rows("regso_delomrade.csv")}
    return [pieces.get(code, kommun) for code, kommun in zip(regso["code"], regso["kommun"], strict=True)]


def _populations() -> dict[str, float]:
    return {
        row["code"]: float(row["population"])
        for name in ("kommuner.csv", "delomraden.csv")
        for row in _rows(name)
    }


def _street_names(rng: np.random.Generator) -> Any:
    every = [first + second + ending for first in FIRST for second in SECOND for ending in ENDING]
    return iter(rng.permutation(every).tolist())


def _streets(rng: np.random.Generator, dry: Any, count: int) -> list[tuple[float, float, float, float]]:
    """Centre and half a street's length, both in degrees: latitude, longitude, dlat, dlon."""
    points = _spots(rng, dry, count)
    edge = shapely.boundary(dry)
    room = np.clip(shapely.distance(points, edge) * 0.9, SHORTEST_HALF_M, LONGEST_HALF_M)
    bearing = rng.uniform(0, 2 * math.pi, count)
    whole = geopandas.GeoSeries(points, crs=3006).to_crs(4326)
    lat, lon = whole.y.to_numpy(), whole.x.to_numpy()
    dlat = room * np.sin(bearing) / 111_320
    dlon = room * np.cos(bearing) / (111_320 * np.cos(np.radians(lat)))
    return list(zip(lat.tolist(), lon.tolist(), dlat.tolist(), dlon.tolist(), strict=True))


def _spots(rng: np.random.Generator, dry: Any, count: int) -> Any:
    """Points on dry land; in a large, rural RegSO gathered around a few villages."""
    west, south, east, north = dry.bounds
    villages, spread_m = max(1, count // 6), max(150.0, math.sqrt(dry.area) / 14)
    rural = dry.area > 8e6
    found: list[Any] = []
    centres: list[Any] = []
    while len(found) < count:
        if rural and len(centres) >= villages:
            centre = centres[int(rng.integers(len(centres)))]
            spot = shapely.Point(rng.normal(centre.x, spread_m), rng.normal(centre.y, spread_m))
        else:
            spot = shapely.Point(rng.uniform(west, east), rng.uniform(south, north))
        if dry.contains(spot):
            (found if not rural or len(centres) >= villages else centres).append(spot)
    return np.array(found)


if __name__ == "__main__":
    main()
