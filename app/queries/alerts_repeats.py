"""Who or what is reported again: pairs and addresses as numbers that mean nothing outside of one reading.

No pseudonym and no point leaves this module. What a report said is as known at each moment; who was judged to be one
person is so by one moment that the asker tells; a suspicion that has ended, and whoever is protected, does not come up
(``app.queries.believed``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.alerts.evaluate import OUTSIDE
from app.alerts.facts import Facts
from app.domain.window import KINDS
from app.queries.alerts_facts import DAY, DISTRICTS, ON_DAY, offence_condition, signed_of
from app.queries.believed import not_ended, not_protected
from app.queries.scope import Arguments

if TYPE_CHECKING:
    from datetime import datetime

    from app.alerts.rule import Repeat
    from app.queries.alerts_facts import Read

NEWS = "v.known_at > {since} and v.known_at <= {until} and v.state = 'active' and not v.repeats and not v.protected"
# Each version is believed from when it was known until it was superseded.
TURNS = f"""
select told.number as key, {{inside}} as place, extract(epoch from turn.at)::float8 as known,
    extract(epoch from v.occurred_from)::float8 as happened, {DAY.format(row="v")} as day, turn.n,
    v.incident_id as incident
from told join incident_version as v using (version_id)
left join rollup_place as place on place.kind = '{DISTRICTS}' and place.area_id = v.rollup_area_id
    and {ON_DAY.format(row="v")}
cross join lateral (values (v.known_at, 1), (v.superseded_at, -1)) as turn (at, n)
where turn.at <= {{until}}
"""
PAIRS = f"""
with linked as materialized (
    select person, canonical from link_persons({{linked_at}}::timestamptz)
), touched as materialized (
    select distinct coalesce(lv.canonical, o.victim) as victim, coalesce(ls.canonical, o.suspect) as suspect
    from incident_version as v join incident as i using (incident_id) join incident_offence as o using (version_id)
    left join linked as lv on lv.person = o.victim left join linked as ls on ls.person = o.suspect
    where {NEWS} and i.kind = {{kind}} and o.victim is not null and o.suspect is not null
), pair as materialized (
    select *, row_number() over (order by victim, suspect) as number from touched where {not_protected("touched")}
), told as materialized (
    select distinct pair.number, o.version_id
    from pair left join linked as lv on lv.canonical = pair.victim left join linked as ls on ls.canonical = pair.suspect
    join incident_offence as o
        on o.victim = coalesce(lv.person, pair.victim) and o.suspect = coalesce(ls.person, pair.suspect)
    join incident_version as v using (version_id) join incident as i using (incident_id)
    where i.kind = {{kind}} and v.day >= {{first}} and v.known_at <= {{until}} and v.state = 'active'
        and not v.repeats and not v.protected and {not_ended("o")} {{wanted}}
)
{TURNS}
"""
# An address is a point that is known as one, to the metre; the kilometre squares find those that lie there too.
POINT = "round(st_x(v.geom))::integer as x, round(st_y(v.geom))::integer as y"
ADDRESSES = f"""
with touched as materialized (
    select *, row_number() over (order by x, y) as number from (
        select distinct {POINT}, v.cx, v.cy
        from incident_version as v join incident as i using (incident_id)
        where {NEWS} and i.kind = {{kind}} and v.precision = 'point' and v.geom is not null
    ) as points
), near as materialized (
    select distinct l.incident_id from (select distinct cx, cy from touched) as square
    join ledger as l on l.kind = {{kind}} and l.cx = square.cx and l.cy = square.cy and l.day >= {{first}}
    where l.known_at <= {{until}}
), told as materialized (
    select touched.number, v.version_id
    from near join incident_version as v using (incident_id)
    join touched on touched.x = round(st_x(v.geom))::integer and touched.y = round(st_y(v.geom))::integer
    where v.day >= {{first}} and v.known_at <= {{until}} and v.state = 'active' and not v.repeats and not v.protected
        and v.precision = 'point' {{wanted}}
)
{TURNS}
"""
INSIDE = """case when exists (select from rollup_place as own where own.code = any({codes})
    and own.area_id = v.rollup_area_id and own.valid_from <= v.day and (v.day < own.valid_to or own.valid_to is null))
    then coalesce(place.code, '') else '{outside}' end"""


async def repeated(read: Read, rule: Repeat, linked_at: datetime) -> Facts:
    """The reports of every pair or address of which anything became known between the two moments."""
    arguments = Arguments()
    row = "o" if rule.of == "pair" else "v"
    statement = (PAIRS if rule.of == "pair" else ADDRESSES).format(
        since=arguments.add(read.since),
        until=arguments.add(read.until),
        kind=arguments.add(KINDS[rule.incidents]),
        # A report may be told of long after; its neighbours lie as far before it as the rule looks.
        first=arguments.add(read.day(read.since, 2 * rule.within_days + 1)),
        linked_at=arguments.add(linked_at) if rule.of == "pair" else "",
        wanted=await offence_condition(read.connection, rule, arguments, row),
        inside=(
            INSIDE.format(codes=arguments.add(sorted(set(rule.areas))), outside=OUTSIDE)
            if rule.areas
            else "coalesce(place.code, '')"
        ),
    )
    rows: list[Any] = await read.connection.fetch(statement, *arguments)
    keys = sorted({one["key"] for one in rows})
    places = tuple(sorted({one["place"] for one in rows} | {OUTSIDE}))
    return Facts(read.region.zone, tuple(str(key) for key in keys), places, signed_of(rows, keys, places))
