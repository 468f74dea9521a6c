"""The build for maintainers: it reads the coast's format, keeps borders shared and refuses unreviewed layers."""

from __future__ import annotations

import struct
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import geopandas
import pytest
import shapely

from app.domain.errors import SetupError
from geodata.areas import Area
from geodata.backdrop import as_geojson, narrow_waters
from geodata.build import cut_regso, member
from geodata.gshhg import read_coast

if TYPE_CHECKING:
    from pathlib import Path


def square(west: float, south: float, side: float) -> shapely.Polygon:
    return shapely.box(west, south, west + side, south + side)


def test_coast_is_read_level_by_level_and_cut_to_the_box() -> None:
    rings = [(1, square(0, 0, 10)), (2, square(2, 2, 4)), (1, square(40, 40, 5)), (4, square(3, 3, 1))]
    index, points = [], b""
    for level, ring in rings:
        corners = list(ring.exterior.coords)
        _, south, _, north = ring.bounds
        index.append(f"{level} 1.0 {len(corners)} {south} {north} {len(points)} {len(corners) * 8} 0")
        points += b"".join(struct.pack("<2f", *corner) for corner in corners)
    found = read_coast("\n".join(index).encode(), points, (1, 1, 5, 5))
    assert sorted(found["level"]) == [1, 2]
    assert found.geometry[found["level"] == 1].iloc[0].equals(square(1, 1, 4))


def test_regso_of_other_regions_are_cut_away_and_borders_stay_shared(tmp_path: Path) -> None:
    wavy = shapely.LineString([(500.0, step * 10.0) for step in range(101)])
    wavy = shapely.transform(wavy, lambda xy: xy + [[(i % 2) * 1.5, 0] for i in range(len(xy))])
    left, right = sorted(
        shapely.get_parts(
            shapely.polygonize([shapely.node(shapely.union_all([wavy, square(0, 0, 1000).exterior]))])
        ),
        key=lambda part: part.centroid.x,
    )
    frame = geopandas.GeoDataFrame(
        {"regsokod": ["0180R002", "0180R001", "0380R001"], "regsonamn": ["B", "A", "C"],
         "kommunkod": ["0180", "0180", "0380"], "lanskod": ["01", "01", "03"]},
        geometry=[right, left, square(1000, 0, 50)], crs=3006,
    )  # fmt: skip
    frame.to_file(tmp_path / "all.gpkg")
    cut = cut_regso((tmp_path / "all.gpkg").read_bytes(), {"lan": ["01"], "srid": 3006}, 8.0)
    assert list(cut["code"]) == ["0180R001", "0180R002"]
    assert shapely.coverage_is_valid(cut.geometry.to_numpy())
    assert sum(len(shape.exterior.coords) for shape in cut.geometry) < len(left.exterior.coords)
    assert cut.geometry.area.sum() == pytest.approx(1_000_000)


def test_a_layer_that_nobody_reviewed_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "layer.whl", "w") as wheel:
        wheel.writestr("layer.dat", b"other than reviewed")
    source = {"wheel": "layer.whl", "member": "layer.dat", "sha256": "0" * 64}
    with pytest.raises(SetupError, match="is not the reviewed file"):
        member(tmp_path, source)


def test_narrow_waters_follow_the_border_and_a_row_without_border_is_an_error(tmp_path: Path) -> None:
    def regso(code: str, shape: shapely.Polygon) -> Area:
        whole = shapely.MultiPolygon([shape])
        return Area("regso", code, code, date(1900, 1, 1), None, False, 0, "", frozenset({code}), whole)

    areas = [
        regso("A", square(0, 0, 1000)),
        regso("B", square(1000, 0, 1000)),
        regso("C", square(5000, 0, 10)),
    ]
    path = tmp_path / "narrow.csv"
    path.write_text("name,one,other,half_width_m\nSund,A,B,50\n", encoding="utf-8")
    [strip] = narrow_waters(path, areas)
    assert strip.bounds == pytest.approx((950, -50, 1050, 1050))
    path.write_text("name,one,other,half_width_m\nSund,A,C,50\n", encoding="utf-8")
    with pytest.raises(ValueError, match="A and C share no border"):
        narrow_waters(path, areas)


def test_geojson_leaves_out_what_is_empty() -> None:
    frame = geopandas.GeoDataFrame(
        {"layer": ["land", "label"], "name": [None, "Ort"], "rank": [float("nan"), 1]},
        geometry=[square(0, 0, 1), shapely.Point(0.123456789, 1)],
        crs=4326,
    )
    text = as_geojson(frame).decode()
    assert '"properties":{"layer":"land"}' in text
    assert "0.12346" in text
    assert "null" not in text
