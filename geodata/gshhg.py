"""Reads the coast and the lakes of GSHHG as the basemap data packages ship it: an index of text, a file of floats."""

from __future__ import annotations

from typing import Any

import geopandas
import numpy as np
import shapely

LAND, LAKE, ISLAND_IN_LAKE = 1, 2, 3


def read_coast(index: bytes, points: bytes, box: tuple[float, float, float, float]) -> geopandas.GeoDataFrame:
    """The polygons that touch ``box`` (west, south, east, north in degrees), cut to it.

    Each line of the index holds level, area (km2), number of points, south, north, offset and length in the
    file of points, and an id; the file holds little-endian 32-bit longitude and latitude.

    Returns:
        Columns ``level`` (1 land, 2 lake, 3 island in a lake) and ``geometry`` in EPSG:4326.
    """
    west, south, east, north = box
    window = shapely.box(*box)
    levels: list[int] = []
    shapes: list[Any] = []
    for line in index.decode("ascii").splitlines():
        level, _, _, lowest, highest, offset, length, *_ = line.split()
        if float(highest) < south or float(lowest) > north or int(level) > ISLAND_IN_LAKE:
            continue
        flat = np.frombuffer(points, "<f4", count=int(length) // 4, offset=int(offset))
        corners = flat.reshape(-1, 2).astype(np.float64)
        if corners[:, 0].max() < west or corners[:, 0].min() > east:
            continue
        shape = shapely.make_valid(shapely.Polygon(corners)).intersection(window)
        if not shape.is_empty:
            levels.append(int(level))
            shapes.append(shape)
    return geopandas.GeoDataFrame({"level": levels}, geometry=shapes, crs=4326)
