"""The reports on each pair that was reported again, for a briefing: by running numbers, no pseudonym and no case.

As known at a moment and up to a position, ended suspicions and judged links too: it counts and brings nobody up, so
unlike a search for persons (``app.queries.believed``) it must give the same figures when it is counted again.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from app.queries.believed import ENDED
from app.queries.briefing import DISTRICT, Part

if TYPE_CHECKING:
    from app.db import Connection

KNOWN_ENDED = ENDED.replace("s.reason <> 'reopened'", "s.reason <> 'reopened' and s.known_at <= $1").replace(
    "where r.incident_id", "where r.known_at <= $1 and r.incident_id"
)
"""That a suspicion ended, as known then."""

# $1 known_at, $2 xid, $3 ledger_id, $4 the district's code or null; $5 first day, $6 last day, $7 the first of the last
# days: a pair is told of that has a report then, and one before.
REPORTS = f"""
with held as materialized (
    select l.incident_id, l.day, l.rollup_area_id
    from ledger as l join offence as o using (offence_id)
    where l.kind = 1 and l.day between $5 and $6 and l.incidents <> 0
        and l.known_at <= $1 and (l.xid, l.ledger_id) <= ($2::xid8, $3)
    group by 1, 2, 3 having sum(l.incidents) > 0
), linked as materialized (
    select person, canonical from link_persons($1::timestamptz)
), named as (
    select coalesce(lv.canonical, o.victim) as victim, coalesce(ls.canonical, o.suspect) as suspect, held.incident_id,
        held.day, place.code as district, max(f.severity) as severity, min(v.occurred_from) as occurred_from
    from held join incident_version as v on v.incident_id = held.incident_id and not v.repeats and v.state = 'active'
        and v.known_at <= $1 and (v.superseded_at is null or v.superseded_at > $1)
    join incident_offence as o using (version_id) join offence as f on f.offence_id = o.offence_id
    left join linked as lv on lv.person = o.victim left join linked as ls on ls.person = o.suspect
    {DISTRICT.format(name="place", row="held")}
    where o.victim is not null and o.suspect is not null and not {KNOWN_ENDED.format(row="o")}
        and ($4::text is null or place.code = $4)
    group by 1, 2, 3, 4, 5
), again as (
    select victim, suspect from named group by 1, 2
    having count(*) > 1 and max(day) >= $7
), numbered as (
    select dense_rank() over (order by first, first_incident, victim, suspect) as number, told.*
    from (
        select named.*, min(day) over pair as first, min(incident_id) over pair as first_incident
        from named join again using (victim, suspect) window pair as (partition by victim, suspect)
    ) as told
)
select number, day, district, severity from numbered
order by number, day, occurred_from, incident_id
"""


async def reports(
    connection: Connection, part: Part, first: date, last: date, lately: date
) -> list[dict[str, Any]]:
    """The reports of the pairs that have one on ``lately`` or after and one before it, in order of pair and time.

    Each with ``number`` (of the pair, and meaning nothing else), ``day``, ``district`` (code or None) and ``severity``
    (the place of the gravest offence in the catalogue's fixed order). Of a district only the reports that lay in it:
    its chief is told nothing of what lies elsewhere.

    Args:
        connection: On a login that sees the whole picture.
        part: Of which area, from which picture.
        first: Reports on this day and later.
        last: And on this day and earlier.
        lately: The first of the last days.
    """
    return [dict(row) for row in await connection.fetch(REPORTS, *part.arguments, first, last, lately)]
