"""Incidents themselves: pages of them as known at a moment, and one with its whole history."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from app.domain.errors import BadInput, NotFound
from app.domain.window import KIND_NAMES
from app.queries.believed import believed
from app.queries.rows import area_column, conditions
from app.queries.scope import Arguments, open_scope

if TYPE_CHECKING:
    from uuid import UUID

    from app.db import Connection
    from app.domain.window import Filters, Window

TOLD = """
    v.state, v.known_at, v.occurred_from, v.occurred_to, v.reported_at, v.day, v.hour, v.precision, v.protected,
    v.title, v.summary, v.place_text, v.url, v.priority
"""
VERSION = f"""{TOLD},
    a.code as area, a.name as area_name, a.kind as area_kind,
    o.code as offence, o.name_sv as offence_sv, o.name_en as offence_en, o.close_relationship,
    round(st_x(p.place)::numeric, 6)::float8 as lon, round(st_y(p.place)::numeric, 6)::float8 as lat
"""
JOINS = """
    join area as a on a.area_id = v.area_id join offence as o on o.offence_id = v.offence_id
    left join lateral (select st_transform(v.geom, 4326) as place) as p on true
"""

HISTORY = f"""
select v.version_id, v.repeats, v.attributes, d.feed, d.name as delivery, d.archive as backfilled, {VERSION}
from incident_version as v join delivery as d using (delivery_id) {JOINS}
where v.incident_id = $1 and ($2 or not v.repeats) order by v.known_at, v.version_id
"""

# Persons are not told here, not even by digits: those would link a person's incidents to each other.
OFFENCES = """
select c.version_id, c.number, o.code as offence, o.name_sv as offence_sv, o.name_en as offence_en, c.count
from incident_offence as c join offence as o using (offence_id)
join incident_version as v using (version_id) where v.incident_id = $1 order by c.version_id, c.number
"""


class Place(NamedTuple):
    """Where a page ends: the next one goes on after this incident."""

    day: date
    incident_id: int

    @classmethod
    def parse(cls, text: str) -> Place:
        """Read the ``next`` of an earlier page."""
        day, _, number = text.partition("_")
        try:
            return cls(date.fromisoformat(day), int(number))
        except ValueError:
            raise BadInput(
                f"after={text} is not the `next` of an earlier page; leave it out to begin.",
                sv="Fortsättningen av listan kunde inte läsas; läs listan från början.",
            ) from None

    def __str__(self) -> str:
        return f"{self.day}_{self.incident_id}"


async def page(
    connection: Connection, window: Window, filters: Filters, after: Place | None = None, limit: int = 100
) -> tuple[list[dict[str, Any]], Place | None]:
    """One page of incidents, the last day first, and where the next begins (None: this was the last).

    Each incident as it was known at the window's moment, if it was then active. ``lon`` and ``lat`` (WGS84) are None
    without a position. A ``until`` position does not bind here: a version that only changed words left no row in
    the ledger.
    """
    scope = await open_scope(connection, window, filters)
    arguments = Arguments()
    wanted = [*conditions(scope, arguments, area_column(scope)), believed(arguments, window.known_at)]
    if after is not None:
        wanted.append(
            f"(day, incident_id) < ({arguments.add(after.day)}, {arguments.add(after.incident_id)})"
        )
    found = await connection.fetch(
        f"""
        select v.incident_id, v.uid, v.feed, v.kind, {VERSION}
        from (
            select v.incident_id, v.area_id, v.offence_id, v.geom, i.uid, i.feed, i.kind, {TOLD}
            from incident_version as v join incident as i using (incident_id)
            where {" and ".join(wanted)}
            order by day desc, incident_id desc limit {arguments.add(limit + 1)}
        ) as v {JOINS}
        order by v.day desc, v.incident_id desc
        """,
        *arguments,
    )
    shown = found[:limit]
    rest = Place(shown[-1]["day"], shown[-1]["incident_id"]) if len(found) > limit else None
    return [_shape(row) for row in shown], rest


async def history(connection: Connection, uid: UUID, *, repeats: bool = False) -> dict[str, Any]:
    """One incident with every version that was ever known, oldest first, and the offences of each.

    Nothing of the persons: that is a read of its own, with a reason. With ``repeats`` also the versions that say the
    same as the one before. Versions that lay where the viewer may not look are left out.

    Raises:
        NotFound: No incident has this id.
    """
    found = await connection.fetchrow("select incident_id, uid, feed, kind from incident where uid = $1", uid)
    if found is None:
        raise NotFound(f"There is no incident {uid}.", sv="Det finns ingen sådan händelse.")
    incident_id = found["incident_id"]
    offences: dict[int, list[dict[str, Any]]] = {}
    for row in await connection.fetch(OFFENCES, incident_id):
        told = dict(row)
        offences.setdefault(told.pop("version_id"), []).append(told)
    versions = []
    for row in await connection.fetch(HISTORY, incident_id, repeats):
        version = dict(row)
        version["offences"] = offences.get(version.pop("version_id"), [])
        versions.append(version)
    if not versions:
        raise NotFound(f"There is no incident {uid}.", sv="Det finns ingen sådan händelse.")
    return {"uid": str(uid), "feed": found["feed"], "kind": KIND_NAMES[found["kind"]], "versions": versions}


def _shape(row: Any) -> dict[str, Any]:
    shaped = dict(row)
    del shaped["incident_id"]
    shaped["uid"] = str(shaped["uid"])
    shaped["kind"] = KIND_NAMES[shaped["kind"]]
    return shaped
