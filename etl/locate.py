"""Locate: a position or a name becomes an area of the region, and we say how precisely we know it.

A position is decided by polygon (SWEREF 99 TM, EPSG:3006); a name by the areas that were valid on the day. What
cannot be placed inside the region is never placed at a guess: a report without a place counts in the region as a
whole, "without position".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from pyproj import Transformer

from etl.feed import Problem

if TYPE_CHECKING:
    from app.db import Connection

SHORE_M = 500.0
"""A position this near a RegSO area, in metres, belongs to it: jetties, boats at the quay, coarse shore lines."""

NAMED_KINDS = ("delomrade", "kommun", "lokalpolisomrade", "polisomrade", "lan", "region")
"""The kinds that a name may mean, the likeliest first: "Solna" is the municipality before the police district."""


@dataclass(frozen=True, slots=True)
class Area:
    """An area as the pipeline needs it."""

    area_id: int
    kind: str
    code: str
    name: str
    rollup_area_id: int
    valid_from: date
    valid_to: date | None

    def valid_on(self, day: date) -> bool:
        """Whether the area existed on ``day`` of the region's calendar."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an incident is: the finest area known, and a position in metres when there is one."""

    area: Area
    precision: str
    easting_m: float | None = None
    northing_m: float | None = None

    @property
    def cell(self) -> tuple[int | None, int | None]:
        """The kilometre cell of the position."""
        if self.easting_m is None or self.northing_m is None:
            return None, None
        return int(self.easting_m // 1000), int(self.northing_m // 1000)


@dataclass(frozen=True, slots=True)
class Hint:
    """What an observation says of its place."""

    latitude: float | None
    longitude: float | None
    names: tuple[str, ...]
    day: date


class Map:
    """The region's areas in memory, for one process."""

    def __init__(self, areas: Sequence[Area], polygons: Sequence[tuple[Area, Any]]) -> None:
        self._polygon_areas = [area for area, _ in polygons]
        self._polygons = np.array([polygon for _, polygon in polygons], dtype=object)
        shapely.prepare(self._polygons)
        self._tree = shapely.STRtree(self._polygons)
        self._to_metres = Transformer.from_crs(4326, 3006, always_xy=True)
        self._named: dict[str, list[Area]] = {}
        for area in sorted(areas, key=lambda area: (NAMED_KINDS.index(area.kind), area.valid_from)):
            for word in (area.name, area.code):
                self._named.setdefault(fold(word), []).append(area)
        self._region = next((area for area in areas if area.kind == "region"), None)

    @classmethod
    async def read(cls, connection: Connection) -> Map:
        """Read every area; RegSO with its polygons."""
        rows = await connection.fetch(
            """select area_id, kind, code, name, coalesce(rollup_area_id, area_id), valid_from, valid_to,
                      case when kind = 'regso' then st_asbinary(geom) end
               from area order by area_id"""
        )
        areas = [(Area(*row[:7]), row[7]) for row in rows]
        return cls(
            [area for area, _ in areas if area.kind in NAMED_KINDS],
            [(area, shapely.from_wkb(wkb)) for area, wkb in areas if wkb is not None],
        )

    def places(self, hints: Sequence[Hint]) -> list[Place | Problem]:
        """The place of each hint, or what is wrong with it; positions are looked up all at once."""
        eastings, northings = self._metres(hints)
        found = self._polygons_at(eastings, northings)
        return [
            self._place(hint, index, x, y)
            for hint, index, x, y in zip(hints, found, eastings.tolist(), northings.tolist(), strict=True)
        ]

    def _metres(self, hints: Sequence[Hint]) -> tuple[Any, Any]:
        longitudes = np.array([np.nan if hint.longitude is None else hint.longitude for hint in hints])
        latitudes = np.array([np.nan if hint.latitude is None else hint.latitude for hint in hints])
        eastings, northings = self._to_metres.transform(longitudes, latitudes)
        return np.asarray(eastings), np.asarray(northings)

    def _polygons_at(self, eastings: Any, northings: Any) -> list[int | None]:
        """The index of the polygon at each position, else of one within ``SHORE_M`` of it."""
        found: list[int | None] = [None] * len(eastings)
        known = np.flatnonzero(np.isfinite(eastings) & np.isfinite(northings))
        if not known.size:
            return found
        points = shapely.points(eastings[known], northings[known])
        boxed, polygons = self._tree.query(points)
        inside = shapely.intersects_xy(
            self._polygons[polygons], eastings[known][boxed], northings[known][boxed]
        )
        for point, polygon in zip(known[boxed[inside]].tolist(), polygons[inside].tolist(), strict=True):
            found[point] = polygon
        ashore = [point for point in known.tolist() if found[point] is None]
        if ashore:
            points = shapely.points(eastings[ashore], northings[ashore])
            near, polygons = self._tree.query_nearest(points, max_distance=SHORE_M, all_matches=False)
            for place, polygon in zip(near.tolist(), polygons.tolist(), strict=True):
                found[ashore[place]] = polygon
        return found

    def _place(self, hint: Hint, polygon: int | None, easting_m: float, northing_m: float) -> Place | Problem:
        if polygon is not None:
            return Place(self._polygon_areas[polygon], "point", easting_m, northing_m)
        for name in hint.names:
            area = self._find(name, hint.day)
            if area is not None:
                return Place(area, "none" if area.kind == "region" else area.kind)
        if hint.latitude is not None:
            where = f"{hint.latitude}, {hint.longitude}"
            return Problem("locate", "position", where, "The position lies outside the region.")
        if hint.names:
            return Problem("locate", "areas", ", ".join(hint.names), "The region has no area of this name.")
        if self._region is None:
            return Problem("locate", "areas", "", "No region is loaded; run `lagesbild migrate`.")
        return Place(self._region, "none")

    def _find(self, name: str, day: date) -> Area | None:
        return next((area for area in self._named.get(fold(name), ()) if area.valid_on(day)), None)


def fold(name: str) -> str:
    """A name without case, padding and the words that a source may add: "Stockholms kommun " is "stockholm"."""
    text = " ".join(name.casefold().split())
    stem = text.removesuffix(" kommun")
    return stem.removesuffix("s") if stem != text and stem.endswith("s") else stem
