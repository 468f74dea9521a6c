"""Who was reported again, for the measures: pairs, victims and addresses as numbers, with the days of their reports.

The numbers are drawn in the order of the first report and mean nothing outside of one table; no pseudonym leaves this
module, and no result of a measure holds a row of these tables. What a report said is as known at the moment; who was
judged to be one person is so too; a suspicion that has ended since does not come up, whatever the moment
(``app.queries.believed``). What is protected is counted and has no address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from app.queries.believed import not_ended
from app.queries.measure_frames import HELD, IN_DISTRICT, Columns, Span

if TYPE_CHECKING:
    from app.db import Connection

Of = Literal["dyad", "victim", "address"]

VERSION = """held join incident_version as v on v.incident_id = held.incident_id and not v.repeats
    and v.state = 'active' and v.known_at <= $3 and (v.superseded_at is null or v.superseded_at > $3)"""
PLACE = f"left join {IN_DISTRICT.format(row='held')}"
PERSONS = f"""
with {HELD}, linked as materialized (
    select person, canonical from link_persons($3::timestamptz)
), named as (
    select coalesce(lv.canonical, o.victim) as victim, coalesce(ls.canonical, o.suspect) as suspect, held.day,
        held.incident_id, coalesce(place.code, '') as area, max(f.severity) as severity, max(w.weight) as weight
    from {VERSION} {PLACE} join incident_offence as o using (version_id)
    join offence as f on f.offence_id = o.offence_id
    left join harm_weight as w on w.offence_id = o.offence_id and w.index_name = 'bsi'
        and w.version = (select max(version) from harm_weight where index_name = 'bsi')
    left join linked as lv on lv.person = o.victim left join linked as ls on ls.person = o.suspect
    where {{wanted}}
    group by 1, 2, 3, 4, 5
)
"""
DYAD = f"""{PERSONS.format(wanted=f"o.victim is not null and o.suspect is not null and {not_ended('o')}")}
select dense_rank() over (order by first, victim, suspect) as number, day, severity, weight, area
from (select *, min(day) over (partition by victim, suspect) as first from named) as told
order by 1, 2, severity, incident_id
"""
VICTIM = f"""{PERSONS.format(wanted="o.victim is not null")}
select dense_rank() over (order by first, victim) as number, day, severity, weight, area
from (
    select victim, day, incident_id, min(area) as area, max(severity) as severity, max(weight) as weight,
        min(min(day)) over (partition by victim) as first
    from named group by victim, day, incident_id
) as told
order by 1, 2, severity, incident_id
"""
# An address is a point that is known as one, to the metre.
ADDRESS = f"""
with {HELD}, named as (
    select round(st_x(v.geom))::integer as x, round(st_y(v.geom))::integer as y, held.day, held.incident_id,
        coalesce(place.code, '') as area, f.severity, w.weight
    from {VERSION} {PLACE} join offence as f on f.offence_id = v.offence_id
    left join harm_weight as w on w.offence_id = v.offence_id and w.index_name = 'bsi'
        and w.version = (select max(version) from harm_weight where index_name = 'bsi')
    where v.geom is not null and v.precision = 'point' and not v.protected
)
select dense_rank() over (order by first, x, y) as number, day, severity, weight, area
from (select *, min(day) over (partition by x, y) as first from named) as told
order by 1, 2, severity, incident_id
"""
STATEMENTS: dict[Of, str] = {"dyad": DYAD, "victim": VICTIM, "address": ADDRESS}


async def reports(connection: Connection, span: Span, of: Of, kind: str) -> Columns:
    """``id`` (a running number), ``day``, ``severity`` (the catalogue's), ``weight`` (months), ``area``.

    A higher severity is graver. ``area`` is the code of the area of ``kind`` in which it lay on that day, empty where
    that is not known.

    One row for each report that names the pair, the victim or the address; ordered by number and day.

    Args:
        connection: On a login that sees the whole picture.
        span: The days in which it happened.
        of: Of what.
        kind: Of the areas.
    """
    rows = await connection.fetch(STATEMENTS[of], *span.arguments, kind)
    return {
        "id": [row["number"] for row in rows],
        "day": [row["day"] for row in rows],
        "severity": [row["severity"] for row in rows],
        "weight": [row["weight"] for row in rows],
        "area": [row["area"] for row in rows],
    }
