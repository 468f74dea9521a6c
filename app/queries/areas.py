"""Areas: the list, and their borders as GeoJSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.db import Connection

AREAS = """
select a.code, a.kind, a.name, a.valid_from, a.valid_to, a.provisional, a.population, a.source,
    parent.code as parent,
    case when a.geom is null then null else array[
        round(st_xmin(box)::numeric, 5)::float8, round(st_ymin(box)::numeric, 5)::float8,
        round(st_xmax(box)::numeric, 5)::float8, round(st_ymax(box)::numeric, 5)::float8] end as bbox
from area as a left join area as parent on parent.area_id = a.parent_id,
    lateral (select st_transform(st_envelope(a.geom), 4326) as box) as b
where ($1::text is null or a.kind = $1)
    and ($2::date is null or (a.valid_from <= $2 and (a.valid_to is null or $2 < a.valid_to)))
order by a.kind, a.name, a.valid_from
"""

GEOMETRY = """
select code, kind, name, valid_from, valid_to, provisional, st_asgeojson(st_transform(geom, 4326), 5) as geometry
from area
where ($1::text is null or kind = $1) and ($2::text[] is null or code = any($2)) and geom is not null
    and valid_from <= $3 and (valid_to is null or $3 < valid_to)
order by kind, name
"""


async def areas(
    connection: Connection, kind: str | None = None, on: date | None = None
) -> list[dict[str, Any]]:
    """Areas of a kind (or all), valid on a day (or ever); ``bbox`` is west, south, east, north in degrees."""
    return [dict(row) for row in await connection.fetch(AREAS, kind, on)]


async def geometry(
    connection: Connection, on: date, *, kind: str | None = None, codes: Sequence[str] | None = None
) -> dict[str, Any]:
    """The borders as they were on a day: a GeoJSON FeatureCollection in WGS84."""
    found = await connection.fetch(GEOMETRY, kind, list(codes) if codes is not None else None, on)
    features = [
        {
            "type": "Feature",
            "id": row["code"],
            "properties": {
                name: row[name] for name in ("code", "kind", "name", "valid_from", "valid_to", "provisional")
            },
            "geometry": orjson.loads(row["geometry"]),
        }
        for row in found
    ]
    return {"type": "FeatureCollection", "features": features}
