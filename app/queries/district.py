"""A district (lokalpolisområde): which there are for a viewer, its small areas with their counts, its repeated places.

Figures as everywhere: a small area counts what is known as finely as that, the rest is a number without a place.
Nothing that is protected has a place finer than the district. Places are squares of ``SQUARE_M`` with ``LEAST`` reports
or more, read from the versions themselves: only roles that see incidents see any (design section 9).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.queries.believed import believed
from app.queries.counts import counts
from app.queries.scope import Arguments, open_scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from app.db import Connection
    from app.domain.window import Filters, Window

KIND = "lokalpolisomrade"
SQUARE_M = 100
LEAST = 3
MOST = 50

DISTRICTS = """
select d.code, d.name, p.code as within, p.name as within_name, d.population
from area as d left join area as p on p.area_id = d.parent_id
where d.kind = $1 and d.valid_from <= $2 and (d.valid_to is null or $2 < d.valid_to)
    and (cardinality($3::text[]) = 0 or exists (
        select from area_within as w join area as own on own.area_id = w.ancestor_id
        where w.area_id = d.area_id and own.code = any($3)
            and w.valid_from <= $2 and (w.valid_to is null or $2 < w.valid_to)))
order by d.code
"""
HOLDING = """
select d.code
from area as a join area_within as w on w.area_id = a.area_id join area as d on d.area_id = w.ancestor_id
where a.code = $1 and d.kind = $2 and w.valid_from <= $3 and (w.valid_to is null or $3 < w.valid_to) limit 1
"""
SMALL = """
select a.code, a.name, a.population
from area as d join area_within as w on w.ancestor_id = d.area_id join area as a on a.area_id = w.area_id
where d.code = $1 and a.kind = 'regso' and w.valid_from <= $2 and (w.valid_to is null or $2 < w.valid_to)
order by a.code
"""
PLACES = """
select square.x, square.y, st_x(middle.point) as lon, st_y(middle.point) as lat, square.name, square.n, square.last
from (
    select floor(st_x(v.geom) / {square}::integer)::integer as x, floor(st_y(v.geom) / {square}::integer)::integer as y,
        min(a.name) as name, count(*)::integer as n, max(v.day) as last
    from incident_version as v join incident as i using (incident_id) join area as a on a.area_id = v.area_id
    where i.kind = {kind} and (v.day, v.hour) between ({first}, {first_hour}) and ({last}, {last_hour}) and {believed}
        and v.geom is not null and v.precision = 'point' and not v.protected and {inside} and {wanted}
    group by 1, 2 having count(*) >= {least}
) as square, lateral (select st_transform(st_setsrid(st_makepoint(
    (square.x + 0.5) * {square}::integer, (square.y + 0.5) * {square}::integer), 3006), 4326) as point) as middle
order by square.n desc, square.last desc, square.x, square.y limit {most}
"""


async def districts(connection: Connection, on: date, held_to: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The districts of a day: ``code``, ``name``, ``within``, ``within_name``, ``population``.

    ``held_to`` are the areas that the viewer is held to (codes): those in them; empty for all.
    """
    return [dict(row) for row in await connection.fetch(DISTRICTS, KIND, on, list(held_to))]


async def holding(connection: Connection, area: str, on: date) -> str | None:
    """The district that an area (its code) is or lies in on a day; None for one that is larger, or for none."""
    found: str | None = await connection.fetchval(HOLDING, area, KIND, on)
    return found


async def small_areas(
    connection: Connection, window: Window, filters: Filters, district: str
) -> tuple[list[dict[str, Any]], int]:
    """The district's statistical areas (``code``, ``name``, ``population``, ``n`` incidents), and how many lie in none.

    The borders are those of the window's last day, whenever it happened. Most first, then by name.
    """
    asked = replace(filters, areas=(district,))
    named = await connection.fetch(SMALL, district, window.last)
    told = await counts(connection, window, asked, ["area"], area_kind="regso", borders=window.last)
    held = {row["area"]: row["incidents"] for row in told}
    rows = [{**dict(row), "n": held.get(row["code"], 0)} for row in named]
    without = sum(held.values()) - sum(row["n"] for row in rows)
    return sorted(rows, key=lambda row: (-row["n"], row["name"])), without


async def places(
    connection: Connection, window: Window, filters: Filters, district: str
) -> list[dict[str, Any]]:
    """Squares with reports again: ``lon``, ``lat`` of the middle, ``name`` of the area, ``n``, ``last`` (day).

    At most ``MOST``, those with most first. Under a role that sees no incidents there are none.
    """
    scope = await open_scope(connection, window, replace(filters, areas=(district,)))
    arguments = Arguments()
    if scope.areas is None:
        return []
    statement = PLACES.format(
        kind=arguments.add(scope.kinds[0]),
        first=arguments.add(window.first),
        last=arguments.add(window.last),
        first_hour=arguments.add(window.first_hour),
        last_hour=arguments.add(window.last_hour),
        believed=believed(arguments, window.known_at),
        inside=scope.areas.condition(arguments, "v.rollup_area_id", "v.day"),
        wanted="true"
        if scope.offence_ids is None
        else f"v.offence_id = any({arguments.add(scope.offence_ids)})",
        square=arguments.add(SQUARE_M),
        least=arguments.add(LEAST),
        most=arguments.add(MOST),
    )
    return [
        {name: row[name] for name in ("lon", "lat", "name", "n", "last")}
        for row in await connection.fetch(statement, *arguments)
    ]
