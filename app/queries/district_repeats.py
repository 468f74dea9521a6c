"""What came again in each district, as counts: of pairs, of people in several pairs, of addresses, and how soon.

For the daily run, on a login that sees the whole picture; no pseudonym leaves this module. A pair in a district is what
the district's chief would see of it: its reports there, and what was noted of those (``app.domain.flags`` of the rule
``no-follow-up-7-days``). Which versions, links and endings count is as in ``app.queries.dyads``: nobody who is
protected is in a count of what the page of pairs lists; among the reports that are repeats they are counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries.believed import believed, not_ended
from app.queries.follow_ups import OPEN
from app.queries.scope import Arguments

if TYPE_CHECKING:
    from app.db import Connection
    from app.queries.measure_frames import Columns, Span

YEAR_DAYS = 365
IN_DISTRICT = """rollup_place as place on place.kind = {kind} and place.area_id = v.rollup_area_id
    and place.valid_from <= v.day and (v.day < place.valid_to or place.valid_to is null)"""

LINKED = "linked as materialized (select person, canonical from link_persons({known}::timestamptz))"
NAMED = f"""
{LINKED}, named as materialized (
    select distinct coalesce(lv.canonical, o.victim) as victim, coalesce(ls.canonical, o.suspect) as suspect,
        v.incident_id, v.day, v.area_id, place.code as area, coalesce(v.reported_at, (
            select min(f.known_at) from incident_version as f where f.incident_id = v.incident_id)) as told_at
    from incident_version as v join incident as i on i.incident_id = v.incident_id and i.kind = 1
    join incident_offence as o using (version_id) left join {IN_DISTRICT}
    left join linked as lv on lv.person = o.victim left join linked as ls on ls.person = o.suspect
    where o.victim is not null and o.suspect is not null and v.day < {{beyond}} and {{believed}} and {{open_o}}
)"""

# Who is protected, by what is judged now, and whoever is linked to them.
HIDDEN = """hidden as materialized (
    select coalesce(same.person, o.victim) as person
    from incident_offence as o join incident_version as v using (version_id)
    left join link_persons(null) as me on me.person = o.victim
    left join link_persons(null) as same on same.canonical = me.canonical
    where v.protected and not v.repeats and v.superseded_at is null and o.victim is not null
)"""

# Of each pair in a district: its reports of the year, and whether anything was noted within seven days of the last.
RECURRING = f"""
with {NAMED}, {HIDDEN}, told as (
    select * from named where area is not null and victim not in (select person from hidden)
), pair as (
    select area, victim, suspect, count(distinct incident_id) filter (where day >= {{first}}) as reports,
        max(told_at) as last_told
    from told group by area, victim, suspect
), noted as (
    select pair.area, pair.victim, pair.suspect
    from pair join follow_up as f on f.noted_at between pair.last_told and pair.last_told + interval '7 days'
        and f.noted_at <= {{known}} and f.corrects is null and {OPEN}
    left join linked as lv on lv.person = f.victim left join linked as ls on ls.person = f.suspect
    where coalesce(lv.canonical, f.victim) = pair.victim and coalesce(ls.canonical, f.suspect) = pair.suspect
        and exists (select from incident_version as v join {IN_DISTRICT}
            where v.incident_id = f.incident_id and place.code = pair.area)
), counted as (
    select area, 'pair' as of, reports as times, case when last_told + interval '7 days' <= {{known}}
        and (area, victim, suspect) not in (select * from noted) then 1 else 0 end as open
    from pair where reports > 0
    union all
    select area, 'victim', count(*), 0 from pair where reports > 0 group by area, victim
    union all
    select area, 'suspect', count(*), 0 from pair where reports > 0 group by area, suspect
    union all
    select place.code, 'address', count(*), 0
    from incident_version as v join incident as i on i.incident_id = v.incident_id and i.kind = 1
    join offence as x on x.offence_id = v.offence_id and x.close_relationship join {IN_DISTRICT}
    where v.day >= {{first}} and v.day < {{beyond}} and {{believed}} and v.geom is not null and v.precision = 'point'
        and not v.protected
    group by place.code, round(st_x(v.geom)), round(st_y(v.geom))
)
select area, of, times::integer, open, count(*)::integer as units from counted group by 1, 2, 3, 4 order by 1, 2, 3, 4
"""

# Of each report that names a pair: how many days since the one before, wherever that lay.
HOW_SOON = f"""
with {NAMED}, report as (
    select area, day, day - lag(day) over (partition by victim, suspect order by day, incident_id) as gap from named
)
select area, count(*)::integer as named, count(*) filter (where gap <= {YEAR_DAYS})::integer as repeats,
    percentile_cont(0.5) within group (order by gap) filter (where gap <= {YEAR_DAYS}) as gap_days
from report where area is not null and day >= {{first}} group by area order by area
"""


async def recurring(connection: Connection, span: Span, kind: str) -> Columns:
    """``area`` (code), ``of`` (pair, victim, suspect, address), ``times``, ``open`` (0 or 1) and ``units``.

    ``times`` are reports of a pair or an address in the span, pairs of a victim or a suspect; ``units`` how many
    there are.
    """
    return await _columns(connection, RECURRING, span, kind, ("area", "of", "times", "open", "units"))


async def how_soon(connection: Connection, span: Span, kind: str) -> Columns:
    """``area``, ``named`` reports of a pair, ``repeats`` within a year of an earlier one, ``gap_days`` (median)."""
    return await _columns(connection, HOW_SOON, span, kind, ("area", "named", "repeats", "gap_days"))


async def _columns(
    connection: Connection, statement: str, span: Span, kind: str, names: tuple[str, ...]
) -> Columns:
    arguments = Arguments()
    filled = statement.format(
        known=arguments.add(span.pin.known_at),
        first=arguments.add(span.first),
        beyond=arguments.add(span.beyond),
        kind=arguments.add(kind),
        believed=believed(arguments, span.pin.known_at),
        open_o=not_ended("o"),
    )
    rows = await connection.fetch(filled, *arguments)
    return {name: [row[name] for row in rows] for name in names}
