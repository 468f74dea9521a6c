"""What a briefing counts: of the region or a district, as known at a moment, up to a position of the ledger.

Everything comes from the ledger itself, so that the same moment and position give the same figures at any later time.
A district's rows are those that lay in it on the day that they are of.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

from app.queries.measure_frames import Pin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.db import Connection

Series = Literal["reports", "partner", "calls"]

WANTED: dict[Series, str] = {
    "reports": "l.kind = 1 and o.close_relationship",
    "partner": "l.kind = 1 and o.relation = 'parrelation' and o.victim_sex = 'kvinna'"
    " and o.group_code in ('misshandel', 'grov_misshandel')",
    "calls": "l.kind = 2 and o.close_relationship",
}
KINDS: dict[Series, int] = {"reports": 1, "partner": 1, "calls": 2}

# $1 known_at, $2 xid, $3 ledger_id, $4 the district's code or null.
HELD = "l.known_at <= $1 and (l.xid, l.ledger_id) <= ($2::xid8, $3)"
INSIDE = """($4::text is null or exists (
    select from rollup_place as p where p.code = $4 and p.area_id = l.rollup_area_id
        and p.valid_from <= l.day and (l.day < p.valid_to or p.valid_to is null)))"""
DISTRICT = """left join rollup_place as {name}
    on {name}.kind = 'lokalpolisomrade' and {name}.area_id = {row}.rollup_area_id
    and {name}.valid_from <= {row}.day and ({row}.day < {name}.valid_to or {name}.valid_to is null)"""

STRETCHES = f"""
select s.number, place.code as district, sum(x.n)::integer as n
from unnest($4::date[], $5::smallint[], $6::date[], $7::smallint[], $8::timestamptz[])
    with ordinality as s (first_day, first_hour, last_day, last_hour, known_at, number)
cross join lateral (
    select l.day, l.rollup_area_id, sum(l.incidents) as n from ledger as l join offence as o using (offence_id)
    where {{wanted}} and l.kind = $9 and l.incidents <> 0 and l.day between s.first_day and s.last_day
        and (l.day, l.hour) >= (s.first_day, s.first_hour) and (l.day, l.hour) < (s.last_day, s.last_hour)
        and l.known_at <= s.known_at and {HELD}
    group by 1, 2 having sum(l.incidents) <> 0
) as x
{DISTRICT.format(name="place", row="x")}
group by 1, 2
"""
DAILY = f"""
select x.day, place.code as district, sum(x.n)::integer as n
from (
    select l.day, l.rollup_area_id, sum(l.incidents) as n from ledger as l join offence as o using (offence_id)
    where {WANTED["reports"]} and l.incidents <> 0 and l.day between $4 and $5 and {HELD}
    group by 1, 2 having sum(l.incidents) <> 0
) as x
{DISTRICT.format(name="place", row="x")}
group by 1, 2
"""
UNPLACED = f"""
select coalesce(sum(l.incidents), 0)::integer from ledger as l join offence as o using (offence_id)
where {WANTED["reports"]} and l.incidents <> 0 and l.day between $5 and $6 and l.cx is null and {HELD} and {INSIDE}
"""
# Each incident as it was believed at the morning before and is now; a row that was taken back leaves none.
CHANGES = f"""
with touched as materialized (
    select distinct l.incident_id from ledger as l
    where l.kind = 1 and l.known_at > $5 and {HELD}
), rows_ as materialized (
    select l.*, l.known_at <= $5 as before from ledger as l join touched using (incident_id)
    join offence as o using (offence_id)
    where {WANTED["reports"]} and l.incidents <> 0 and {HELD}
), was as (
    select incident_id, day, hour, area_id, rollup_area_id, offence_id from rows_ where before
    group by 1, 2, 3, 4, 5, 6 having sum(incidents) > 0
), is_ as (
    select incident_id, day, hour, area_id, rollup_area_id, offence_id, max(known_at) as known_at from rows_
    group by 1, 2, 3, 4, 5, 6 having sum(incidents) > 0
), told as (
    select coalesce(w.incident_id, i.incident_id) as incident_id, w.incident_id is not null as was,
        i.incident_id is not null as is_, wp.code as district, ip.code as to_district,
        w.offence_id as offence_before, i.offence_id as offence_after, w.day as day_before, i.day as day_after,
        (select max(r.known_at) from rows_ as r
            where r.incident_id = coalesce(w.incident_id, i.incident_id)) as known_at
    from was as w full join is_ as i using (incident_id)
    {DISTRICT.format(name="wp", row="w")} {DISTRICT.format(name="ip", row="i")}
    where (w.day, w.hour, w.area_id, w.offence_id) is distinct from (i.day, i.hour, i.area_id, i.offence_id)
        and ($4::text is null or wp.code = $4 or ip.code = $4)
)
select case when not was then 'added' when not is_ then 'withdrawn' when district is distinct from to_district
        then 'moved' else 'corrected' end as change,
    district, to_district, b.name_sv as before_sv, b.name_en as before_en, a.name_sv as after_sv, a.name_en as after_en,
    day_before, case when day_after is distinct from day_before then day_after end as day_after, count(*)::integer as n,
    max(known_at) as known_at
from told left join offence as b on b.offence_id = offence_before left join offence as a on a.offence_id = offence_after
group by 1, 2, 3, 4, 5, 6, 7, 8, 9
order by known_at desc, 1, 2, 3, 4, 6, 8
"""
OUTCOMES = f"""
select i.uid, told.day, place.code as district, o.group_code = 'mord_drap' as fatal, o.close_relationship as close,
    told.known_at
from (
    select l.incident_id, l.day, l.rollup_area_id, l.offence_id, max(l.known_at) as known_at
    from ledger as l join offence as o using (offence_id)
    where l.kind = 1 and l.incidents <> 0 and o.group_code in ('mord_drap', 'mord_drap_forsok')
        and o.close_relationship is not false and l.day between $5 and $6 and {HELD} and {INSIDE}
    group by 1, 2, 3, 4 having sum(l.incidents) > 0
) as told join incident as i using (incident_id) join offence as o using (offence_id)
{DISTRICT.format(name="place", row="told")}
order by told.day, i.uid
"""
PLACE = """
select a.area_id, a.code, a.name from area as a
where a.kind = 'lokalpolisomrade' and a.valid_from <= $1 and (a.valid_to is null or $1 < a.valid_to) order by a.code
"""


@dataclass(frozen=True)
class Part:
    """Of which area (its code; None: the region), from which picture."""

    area: str | None
    pin: Pin

    @property
    def arguments(self) -> tuple[Any, ...]:
        """$1 to $4."""
        return (*self.pin, self.area)


class Hours(NamedTuple):
    """Hours of the region's clock from ``first`` up to ``beyond``, both whole hours, as known at a moment."""

    first: datetime
    beyond: datetime
    known_at: datetime


class District(NamedTuple):
    """A local police district that is there on a day."""

    area_id: int
    code: str
    name: str


async def districts(connection: Connection, on: date) -> list[District]:
    """The local police districts of a day, by code."""
    return [District(*row) for row in await connection.fetch(PLACE, on)]


async def counted(
    connection: Connection, pin: Pin, series: Series, hours: Sequence[Hours], zone: str
) -> dict[str | None, list[int]]:
    """How many incidents of a series happened in each stretch, as known at its moment, in the order given.

    By district (its code); under None those of the whole region, with what is known more coarsely than by district.
    """
    local = ZoneInfo(zone)
    firsts = [one.first.astimezone(local) for one in hours]
    beyonds = [one.beyond.astimezone(local) for one in hours]
    rows = await connection.fetch(
        STRETCHES.format(wanted=WANTED[series]),
        *pin,
        [one.date() for one in firsts],
        [one.hour for one in firsts],
        [one.date() for one in beyonds],
        [one.hour for one in beyonds],
        [one.known_at for one in hours],
        KINDS[series],
    )
    found: dict[str | None, list[int]] = defaultdict(lambda: [0] * len(hours))
    for row in rows:
        for area in {None, row["district"]}:
            found[area][row["number"] - 1] += row["n"]
    return found


async def daily(
    connection: Connection, pin: Pin, first: date, last: date
) -> dict[str | None, dict[date, int]]:
    """Reports of violence in close relationships by the day they happened, by district, and of the region (None)."""
    found: dict[str | None, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for row in await connection.fetch(DAILY, *pin, first, last):
        for area in {None, row["district"]}:
            found[area][row["day"]] += row["n"]
    return found


async def unplaced(connection: Connection, part: Part, first: date, last: date) -> int:
    """How many of these reports have no place on the map."""
    found: int = await connection.fetchval(UNPLACED, *part.arguments, first, last)
    return found


async def changes(connection: Connection, part: Part, since: datetime) -> list[dict[str, Any]]:
    """What is believed differently than at ``since``, summed by kind of change, place, offence and day; last first.

    ``change`` is added, withdrawn, moved (to another district) or corrected. Only what the ledger's figures tell: day,
    hour, area and gravest offence; a corrected text is none. One that came and went in between is not told.
    """
    return [dict(row) for row in await connection.fetch(CHANGES, *part.arguments, since)]


async def outcomes(connection: Connection, part: Part, first: date, last: date) -> list[dict[str, Any]]:
    """Fatal and near-fatal outcomes that are, or by their code may be, in close relationships; ``uid`` is the case."""
    return [dict(row) for row in await connection.fetch(OUTCOMES, *part.arguments, first, last)]
