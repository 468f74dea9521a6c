"""Where it happened, for the measures: points in metres, statistical areas with their neighbours and population.

Only what is known to the point counts as a point, and nothing that is protected has one. Where a result names places
(clusters, hot spots), its points are first moved to the middle of a square of ``SQUARE_M``: so no result holds the
place of a single incident. Distances between incidents are worked out from the points themselves; those results hold
sums.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries.measure_frames import HELD, IN_DISTRICT, Columns, Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.db import Connection

SQUARE_M = 100

POINTS = f"""
with {HELD}
select held.day - $1::date as t, st_x(v.geom) as x, st_y(v.geom) as y, coalesce(place.code, '') as area
from held left join {IN_DISTRICT.format(row="held")}
join incident_version as v on v.incident_id = held.incident_id and not v.repeats and v.state = 'active'
    and v.known_at <= $3 and (v.superseded_at is null or v.superseded_at > $3)
where v.geom is not null and v.precision = 'point' and not v.protected
order by held.day, held.incident_id
"""
STATISTICAL = f"""
with {HELD}, cases as (
    select area_id, count(*)::integer as n from held group by 1
)
select a.code, a.name, st_x(c.middle) as x, st_y(c.middle) as y, a.population, coalesce(cases.n, 0) as cases,
    coalesce(d.code, '') as area
from area as a left join cases using (area_id) left join area_within as w on w.area_id = a.area_id
    and w.valid_from <= $7 and (w.valid_to is null or $7 < w.valid_to)
    and w.ancestor_id in (select area_id from area where kind = $8) left join area as d on d.area_id = w.ancestor_id,
    lateral (select st_pointonsurface(a.geom) as middle) as c
where a.kind = $6 and a.geom is not null and a.valid_from <= $7 and (a.valid_to is null or $7 < a.valid_to)
order by a.code
"""
# Borders were made simpler for the screen: they may miss each other by a little.
BORDERING = """
select one.code as i, other.code as j
from area as one join area as other on other.geom && st_expand(one.geom, $3) and st_dwithin(one.geom, other.geom, $3)
where one.kind = $1 and other.kind = $1 and one.code < other.code
    and one.valid_from <= $2 and (one.valid_to is null or $2 < one.valid_to)
    and other.valid_from <= $2 and (other.valid_to is null or $2 < other.valid_to)
order by 1, 2
"""
SLACK_M = 5.0


async def points(connection: Connection, span: Span, kind: str, *, squares: bool = False) -> Columns:
    """``x``, ``y`` (metres, EPSG:3006), ``t`` (whole days since the span's first), ``area`` of incidents with a point.

    ``area`` is the code of the area of ``kind`` in which it lay on that day, empty where that is not known. With
    ``squares`` each stands in the middle of its square.
    """
    rows = await connection.fetch(POINTS, *span.arguments, kind)
    return {
        "x": [_middle(row["x"]) if squares else row["x"] for row in rows],
        "y": [_middle(row["y"]) if squares else row["y"] for row in rows],
        "t": [row["t"] for row in rows],
        "area": [row["area"] for row in rows],
    }


def _middle(metres: float) -> float:
    return (metres // SQUARE_M + 0.5) * SQUARE_M


async def statistical_areas(connection: Connection, span: Span, kind: str, on: date, within: str) -> Columns:
    """``code``, ``name``, ``x``, ``y`` (a point inside, metres), ``population`` (None: unknown), ``cases``, ``area``.

    ``area`` is the code of the area of the kind ``within`` that it lies in on that day; empty: in none.

    Incidents count where the place is known as finely as that; the others are in no area here.
    """
    rows = await connection.fetch(STATISTICAL, *span.arguments, kind, on, within)
    names = ("code", "name", "x", "y", "population", "cases", "area")
    return {name: [row[name] for row in rows] for name in names}


async def bordering(connection: Connection, kind: str, on: date) -> Sequence[tuple[str, str]]:
    """The pairs of areas of a kind that share a border or a corner, by their codes, each once."""
    return [(row["i"], row["j"]) for row in await connection.fetch(BORDERING, kind, on, SLACK_M)]
