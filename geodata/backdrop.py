"""The backdrop of the web map: land, lakes, kommun borders and place names, small enough to be one static file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas
import orjson
import shapely

from geodata import gshhg
from geodata.tables import read_table

if TYPE_CHECKING:
    from pathlib import Path

    from geodata.areas import Area


def backdrop(
    coast: geopandas.GeoDataFrame,
    areas: list[Area],
    narrow: list[Any],
    how: dict[str, Any],
    facts: dict[str, Any],
) -> geopandas.GeoDataFrame:
    """Put the layers together.

    Args:
        coast: What ``gshhg.read_coast`` gives.
        areas: The region's areas.
        narrow: Waters that the coast data lack, polygons in the region's metres.
        how: The table ``backdrop`` of the region's build.toml.
        facts: The region's region.toml.

    Returns:
        EPSG:4326; ``layer`` is land, water (lakes, lying on land), kommun (polygons) or label (points). The
        latter two carry ``code`` and ``name``, a label also ``rank``: 1 kommun, 2 city district.
    """
    region = next(area for area in areas if area.kind == "region").geometry
    frame = shapely.box(*shapely.buffer(shapely.envelope(region), how["margin_m"]).bounds)
    metres = coast.to_crs(facts["srid"])
    land, lakes, islands = (
        shapely.union_all(metres.geometry[metres["level"] == level].to_numpy())
        for level in (gshhg.LAND, gshhg.LAKE, gshhg.ISLAND_IN_LAKE)
    )
    strip = [
        shapely.buffer(area.geometry, -how["island_strip_m"])
        for area in areas
        if area.kind == "regso" and area.code in how["islands"]
    ]
    waters = shapely.union_all([lakes, *narrow]).difference(shapely.union_all([islands, *strip]))
    ground = shapely.union_all([land, *strip]).difference(shapely.union_all(narrow))
    near = shapely.buffer(region, 5000.0)
    rows: list[dict[str, Any]] = [
        {"layer": layer, "geometry": shapely.union_all(_thinned(whole.intersection(frame), near, how))}
        for layer, whole in (("land", ground), ("water", waters.intersection(land)))
    ]
    rows += _kommun_rows(areas, how)
    middle = geopandas.GeoSeries([shapely.Point(facts["map"]["lon"], facts["map"]["lat"])], crs=4326)
    rows += _label_rows(areas, ground.difference(waters), middle.to_crs(facts["srid"]).iloc[0])
    made = geopandas.GeoDataFrame(rows, geometry="geometry", crs=facts["srid"]).to_crs(4326)
    made["geometry"] = shapely.make_valid(shapely.set_precision(made.geometry.to_numpy(), 0.00001))
    return made


def as_geojson(frame: geopandas.GeoDataFrame) -> bytes:
    """The frame as GeoJSON without blanks or empty properties; five decimals are about a metre."""
    features = []
    for row in frame.to_dict("records"):
        shape = orjson.loads(shapely.to_geojson(row.pop("geometry")))
        shape["coordinates"] = _rounded(shape["coordinates"])
        said = {name: value for name, value in row.items() if value == value and value is not None}  # noqa: PLR0124 - NaN
        features.append({"type": "Feature", "properties": said, "geometry": shape})
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _rounded(numbers: Any) -> Any:
    return [_rounded(part) for part in numbers] if isinstance(numbers, list) else round(numbers, 5)


def narrow_waters(path: Path, areas: list[Area]) -> list[Any]:
    """Strips of water along borders that run in the water; the table names the two sides and half the width.

    Raises:
        ValueError: Two sides of a row share no border, so the row says nothing.
    """
    shape = {area.code: area.geometry for area in areas if area.kind in {"regso", "delomrade", "kommun"}}
    strips = []
    for row in read_table(path):
        border = shapely.intersection(
            shapely.boundary(shape[row["one"]]), shapely.boundary(shape[row["other"]])
        )
        lines = [
            part for part in shapely.get_parts(border) if part.geom_type == "LineString" and part.length > 0
        ]
        if not lines:
            raise ValueError(f"{path.name}: {row['one']} and {row['other']} share no border ({row['name']}).")
        strips.append(shapely.buffer(shapely.MultiLineString(lines), float(row["half_width_m"])))
    return strips


def _thinned(whole: Any, near: Any, how: dict[str, Any]) -> list[Any]:
    """Polygons with fewer points: fine inside the region, coarse and without small islands outside it.

    Each is simplified for itself and so may come to overlap its neighbour a little: join them afterwards.
    """
    kept = []
    for part in shapely.get_parts(whole):
        if part.geom_type != "Polygon":
            continue
        place = "near" if part.intersects(near) else "far"
        if part.area < how[f"{place}_smallest_m2"]:
            continue
        if place == "near" and not part.within(near):
            kept += _two_grained(part, near, how)
        else:
            kept.append(shapely.simplify(part, how[f"{place}_tolerance_m"]))
    return [
        part
        for shape in kept
        for part in shapely.get_parts(shapely.make_valid(shape))
        if part.geom_type == "Polygon"
    ]


def _two_grained(part: Any, near: Any, how: dict[str, Any]) -> list[Any]:
    """The mainland: cut at the edge of the region, each side simplified in its own grain, then joined again."""
    sides = []
    for side, place in ((part.intersection(near), "near"), (part.difference(near), "far")):
        pieces = [piece for piece in shapely.get_parts(side) if piece.geom_type == "Polygon"]
        large = [_without_small_holes(piece, how[f"{place}_smallest_m2"]) for piece in pieces]
        sides += [shapely.buffer(shapely.simplify(piece, how[f"{place}_tolerance_m"]), 0) for piece in large]
    # The two grains meet along a line that each has simplified for itself: a narrow overlap closes the seam.
    seam = shapely.buffer(shapely.boundary(near), how["far_tolerance_m"] * 1.5).intersection(part)
    return list(
        shapely.get_parts(shapely.union_all([*sides, shapely.simplify(seam, how["near_tolerance_m"])]))
    )


def _without_small_holes(piece: Any, smallest_m2: float) -> Any:
    holes = [ring for ring in piece.interiors if shapely.Polygon(ring).area >= smallest_m2]
    return shapely.Polygon(piece.exterior, holes)


def _kommun_rows(areas: list[Area], how: dict[str, Any]) -> list[dict[str, Any]]:
    kommuner = [area for area in areas if area.kind == "kommun"]
    parts, owners = [], []
    for area in kommuner:
        for part in shapely.get_parts(area.geometry):
            parts.append(part)
            owners.append(area)
    thin = shapely.coverage_simplify(parts, how["kommun_tolerance_m"])
    return [
        {"layer": "kommun", "code": area.code, "name": area.name, "geometry": shape}
        for area, shape in zip(owners, thin, strict=True)
    ]


def _label_rows(areas: list[Area], dry: Any, middle: Any) -> list[dict[str, Any]]:
    """A point for each name, on the area's largest piece of land; the city's own at the middle of the map."""
    rows = []
    for area in areas:
        if area.kind not in {"kommun", "delomrade"}:
            continue
        pieces = [
            part for part in shapely.get_parts(area.geometry.intersection(dry)) if part.geom_type == "Polygon"
        ]
        circle = shapely.maximum_inscribed_circle(max(pieces, key=shapely.area), tolerance=200.0)
        is_city = area.kind == "kommun" and area.geometry.contains(middle)
        rows.append({
            "layer": "label", "code": area.code, "name": area.name, "rank": 1 if area.kind == "kommun" else 2,
            "geometry": middle if is_city else shapely.Point(circle.coords[0]),
        })  # fmt: skip
    return rows
