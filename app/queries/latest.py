"""The latest known: what a ticker shows, newest first, as known at the window's moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.window import KIND_NAMES
from app.queries.ledger import SEEN
from app.queries.rows import ledger_conditions
from app.queries.scope import Arguments, open_scope, spelled_out

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.window import Filters, Window

NEWS = f"""
select i.uid, l.kind, l.known_at, l.day, l.added, l.taken, l.backfilled, v.occurred_from, v.occurred_to, v.title,
    v.state, v.protected, o.code as offence, o.name_sv as offence_sv, o.name_en as offence_en,
    a.code as area, a.name as area_name,
    round(st_x(p.place)::numeric, 6)::float8 as lon, round(st_y(p.place)::numeric, 6)::float8 as lat
from (
    select version_id, incident_id, kind, known_at, max(day) as day, bool_or(offences > 0) as added,
        bool_or(offences < 0) as taken, bool_or(backfilled) as backfilled
    from (
        select * from ledger where {{wanted}} order by known_at desc, xid desc, ledger_id desc limit {{rows}}
    ) as recent
    group by version_id, incident_id, kind, known_at
) as l
join incident as i using (incident_id)
join lateral ({SEEN.format(row="l")}) as v on true
join offence as o on o.offence_id = v.offence_id
join area as a on a.area_id = v.area_id
left join lateral (select st_transform(v.geom, 4326) as place where v.state = 'active') as p on true
order by l.known_at desc, l.version_id desc limit {{limit}}
"""


async def latest(
    connection: Connection, window: Window, filters: Filters, limit: int = 60
) -> list[dict[str, Any]]:
    """The ``limit`` versions that last changed the picture of the window, newest first.

    ``change`` is ``new`` (counted from now on), ``withdrawn`` (no longer counted anywhere) or ``corrected`` (counted
    otherwise, or elsewhere: what the filters let through may be only the row that was taken back). ``lon`` and
    ``lat`` (WGS84) are None without a position.
    """
    scope = await open_scope(connection, window, filters)
    arguments = Arguments()
    wanted = " and ".join(ledger_conditions(scope, arguments))
    statement = NEWS.format(wanted=wanted, rows=arguments.add(limit * 8), limit=arguments.add(limit))
    return [_shape(row) for row in await connection.fetch(statement, *arguments)]


def _shape(row: Any) -> dict[str, Any]:
    shaped = dict(row)
    added, taken = shaped.pop("added"), shaped.pop("taken")
    withdrawn = not added and shaped["state"] != "active"
    shaped["change"] = "withdrawn" if withdrawn else "corrected" if taken else "new"
    shaped["kind"] = KIND_NAMES[shaped["kind"]]
    shaped["uid"] = str(shaped["uid"])
    return shaped


AREAS_WITHIN = """
select distinct inner_area.code from area as asked
join area_within as w on w.ancestor_id = asked.area_id
    and w.valid_from <= $3 and (w.valid_to is null or $2 < w.valid_to)
join area as inner_area on inner_area.area_id = w.area_id
where asked.code = any($1)
"""
OFFENCES_OF = "select code from offence where code = any($1) or group_code = any($1)"


async def codes_meant(
    connection: Connection, window: Window, filters: Filters
) -> tuple[list[str] | None, list[str] | None]:
    """The area and the offence codes that the filters let through (None: all), for a reader of the stream."""
    areas = offences = None
    if filters.areas:
        found = await connection.fetch(AREAS_WITHIN, list(filters.areas), window.first, window.last)
        areas = [row["code"] for row in found]
    if filters.offences:
        asked = await spelled_out(connection, filters.offences)
        offences = [row["code"] for row in await connection.fetch(OFFENCES_OF, asked)]
    return areas, offences
