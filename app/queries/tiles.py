"""Vector tiles of the map (MVT, web mercator): density, points and areas.

All three honour the window's two clocks and the filters, and add up to what ``counts`` says: a cell's ``own`` is
true in the one tile that holds its middle, a point is in one tile only, an area's figure is the area's. Incidents
without a position are in no tile (``without_position`` tells how many), protected ones never have one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import BadInput
from app.queries.believed import believed
from app.queries.cells import Box, from_cells, in_box
from app.queries.counts import counts
from app.queries.rows import WEIGHTS
from app.queries.scope import Arguments, Scope, open_scope

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.window import Filters, Window

LAYERS = ("density", "points", "areas")
MAX_ZOOM = 20
NEAR_ZOOM = 13
"""From here a crowd of points is drawn on a fine grid; further out on the kilometre cells."""
POINT_LIMIT = 2000
"""Incidents a tile shows one by one; more are drawn as fewer points that each say how many (``n``)."""
CELL_KM = {0: 16, 1: 16, 2: 16, 3: 16, 4: 16, 5: 16, 6: 8, 7: 4, 8: 2}
"""Edge of a density square by zoom; 1 km from zoom 9."""

# Where EPSG:3006 is at home: beyond it a transformation means nothing, and nothing of ours lies there.
BOX = """
select floor(st_xmin(b) / 1000)::integer, floor(st_ymin(b) / 1000)::integer,
    floor(st_xmax(b) / 1000)::integer, floor(st_ymax(b) / 1000)::integer
from (
    select st_transform(st_segmentize(seen, greatest(st_xmax(seen) - st_xmin(seen), 1) / 16), 3006) as b
    from st_intersection(
        st_tileenvelope($1, $2, $3), st_transform(st_makeenvelope(10, 54, 25, 70, 4326), 3857)) as seen
    where not st_isempty(seen)
) as seen
"""

CELLS = """
with {weights}, cell as materialized (
    select cx / {size} as cx, cy / {size} as cy,
        sum(incidents)::integer as incidents, sum(offences)::integer as offences, sum(harm) / 1000000 as harm
    from ({held}) as held group by 1, 2 having sum(offences) <> 0 or sum(incidents) <> 0
), placed as materialized (
    select incidents, offences, harm, edge, middle,
        st_transform(st_makeenvelope(cx * side, cy * side, (cx + 1) * side, (cy + 1) * side, 3006), 3857) as square,
        st_x(middle) >= st_xmin(edge) and st_x(middle) < st_xmax(edge)
        and st_y(middle) > st_ymin(edge) and st_y(middle) <= st_ymax(edge) as own
    from cell, st_tileenvelope({z}, {x}, {y}) as edge, (values ({size} * 1000.0)) as s(side),
        lateral st_transform(st_setsrid(st_makepoint((cx + 0.5) * side, (cy + 0.5) * side), 3006), 3857) as middle
)
"""
"""Sums a cell first and places it once: the planner would else transform every row of the ledger."""

DENSITY = """
select st_asmvt(drawn, 'density', 4096, 'geom') from (
    select st_asmvtgeom(square, edge, 4096, 64) as geom, incidents as n, incidents, offences, harm, own
    from placed where square && edge
) as drawn where geom is not null
"""

DOTS = """
select st_asmvt(drawn, 'points', 4096, 'geom') from (
    select st_asmvtgeom(middle, edge, 4096, 0, false) as geom, incidents as n from placed where own and incidents > 0
) as drawn where geom is not null
"""

TOTAL = "select coalesce(sum(incidents), 0) from placed where square && edge"

LIVE = """
with tile as (select st_tileenvelope({z}, {x}, {y}) as edge), live as (
    select incident_id from ledger where {inside} group by incident_id having sum(incidents) > 0
), placed as materialized (
    select i.uid, i.kind, v.occurred_from, v.offence_id, spot, edge
    from live join incident as i using (incident_id)
    join incident_version as v on v.incident_id = live.incident_id and {held}
        and v.geom is not null and not v.protected,
    st_transform(v.geom, 3857) as spot, tile
    where st_x(spot) >= st_xmin(edge) and st_x(spot) < st_xmax(edge)
        and st_y(spot) > st_ymin(edge) and st_y(spot) <= st_ymax(edge)
)
"""

POINTS = """
select st_asmvt(drawn, 'points', 4096, 'geom') from (
    select st_asmvtgeom(spot, edge, 4096, 0, false) as geom, 1 as n, p.uid::text as uid, o.code as offence,
        o.name_sv as title_sv, o.name_en as title_en,
        to_char(p.occurred_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as occurred_from
    from placed as p join offence as o using (offence_id) order by p.occurred_from
) as drawn where geom is not null
"""

CROWD = """
select st_asmvt(drawn, 'points', 4096, 'geom') from (
    select st_asmvtgeom(st_setsrid(st_makepoint(avg(st_x(spot)), avg(st_y(spot))), 3857), edge, 4096, 0, false) as geom,
        count(*)::integer as n, case when count(*) = 1 then min(uid::text) end as uid
    from placed, lateral (select (st_xmax(edge) - st_xmin(edge)) / 128 as step) as grid
    group by edge, floor(st_x(spot) / step), floor(st_y(spot) / step)
) as drawn where geom is not null
"""

AREAS = """
with tile as (select st_tileenvelope($1, $2, $3) as edge)
select st_asmvt(drawn, 'areas', 4096, 'geom') from (
    select st_asmvtgeom(st_transform(a.geom, 3857), edge, 4096, 64) as geom, a.code, a.name, a.kind, a.provisional,
        a.population, coalesce(c.incidents, 0) as n, coalesce(c.incidents, 0) as incidents,
        coalesce(c.offences, 0) as offences, coalesce(c.harm, 0) as harm
    from tile, area as a left join unnest($4::text[], $5::integer[], $6::integer[], $7::float8[])
        as c(code, incidents, offences, harm) using (code)
    where a.kind = $8 and a.valid_from <= $9 and (a.valid_to is null or $9 < a.valid_to)
        and a.geom && st_makeenvelope($10 * 1000.0, $11 * 1000.0, ($12 + 1) * 1000.0, ($13 + 1) * 1000.0, 3006)
) as drawn where geom is not null
"""


async def tile(
    connection: Connection,
    layer: str,
    z: int,
    x: int,
    y: int,
    window: Window,
    filters: Filters,
    *,
    area_kind: str = "lokalpolisomrade",
    sums: bool = True,
) -> bytes:
    """One tile, as bytes of Mapbox Vector Tile 2.1; empty bytes where nothing lies.

    ``density``: squares of 1 km (2 to 16 km further out than zoom 9) with ``n``, ``incidents``, ``offences``,
    ``harm``, ``own``. ``points``: incidents with ``n`` = 1, ``uid``, ``offence``, ``title_sv``, ``title_en``,
    ``occurred_from``; where a tile holds more than 2,000, fewer points whose ``n`` says how many. ``areas``: borders
    of ``area_kind`` as on the window's last day, with the figures counted under those borders. Without ``sums``
    cells are counted from the ledger: the sums by square kilometre belong to no area, so a viewer who is held to areas
    may not read them.

    Raises:
        BadInput: No such layer or tile, or an unknown code.
    """
    if layer not in LAYERS:
        raise BadInput(f"There is no layer {layer!r}; choose one of {', '.join(LAYERS)}.")
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise BadInput(f"There is no tile {z}/{x}/{y}.")
    found = await connection.fetchrow(BOX, z, x, y)
    if found is None:
        return b""
    box = Box(*found)
    if layer == "areas":
        return await _areas(connection, (z, x, y), box, window, filters, area_kind)
    scope = await open_scope(connection, window, filters)
    if layer == "density":
        return await _cells(connection, (z, x, y), box, scope, DENSITY, sums=sums)
    many = await _many(connection, (z, x, y), box, scope, sums=sums)
    if many and z < NEAR_ZOOM:
        return await _cells(connection, (z, x, y), box, scope, DOTS, sums=sums)
    return await _live(connection, (z, x, y), box, scope, CROWD if many else POINTS)


def _cell_statement(
    arguments: Arguments, at: tuple[int, int, int], box: Box, scope: Scope, drawn: str, *, sums: bool
) -> str:
    z, x, y = (arguments.add(number) for number in at)
    return (
        CELLS.format(
            weights=WEIGHTS,
            z=z,
            x=x,
            y=y,
            size=CELL_KM.get(at[0], 1),
            held=from_cells(scope, arguments, box, sums=sums),
        )
        + drawn
    )


async def _cells(
    connection: Connection, at: tuple[int, int, int], box: Box, scope: Scope, drawn: str, *, sums: bool
) -> bytes:
    size = CELL_KM.get(at[0], 1)
    west, south, east, north = box
    whole = Box(  # a square that is cut by the box must still be summed whole
        west // size * size,
        south // size * size,
        east // size * size + size - 1,
        north // size * size + size - 1,
    )
    arguments = Arguments()
    statement = _cell_statement(arguments, at, whole, scope, drawn, sums=sums)
    return bytes(await connection.fetchval(statement, *arguments) or b"")


async def _many(
    connection: Connection, at: tuple[int, int, int], box: Box, scope: Scope, *, sums: bool
) -> bool:
    arguments = Arguments()
    statement = _cell_statement(arguments, at, box, scope, TOTAL, sums=sums)
    return int(await connection.fetchval(statement, *arguments)) > POINT_LIMIT


async def _live(
    connection: Connection, at: tuple[int, int, int], box: Box, scope: Scope, drawn: str
) -> bytes:
    arguments = Arguments()
    z, x, y = (arguments.add(number) for number in at)
    held = believed(arguments, scope.window.known_at)
    statement = LIVE.format(z=z, x=x, y=y, inside=in_box(scope, arguments, box), held=held) + drawn
    return bytes(await connection.fetchval(statement, *arguments) or b"")


async def _areas(
    connection: Connection,
    at: tuple[int, int, int],
    box: Box,
    window: Window,
    filters: Filters,
    area_kind: str,
) -> bytes:
    counted = await counts(connection, window, filters, ["area"], area_kind=area_kind, borders=window.last)
    placed = [row for row in counted if row["area"] is not None]
    columns = ([row[name] for row in placed] for name in ("area", "incidents", "offences", "harm"))
    return bytes(await connection.fetchval(AREAS, *at, *columns, area_kind, window.last, *box) or b"")
