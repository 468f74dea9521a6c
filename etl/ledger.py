"""The statement that keeps the ledger: what an incident's rows should be, minus what they are, is appended.

So a correction, a move, a withdrawal and an archive that fits in between are one case, and nothing that stands in
the ledger is ever changed. The daily rollup and the monthly cells are brought along in the same statement.
"""

from __future__ import annotations

from etl import match

LEDGER = f"""
with touched as (
    select incident_id from chain where says_new and origin <> {match.VERSION} or repeated = says_new
    union select unnest($4::bigint[]) -- what became protected by another report of the same person
), told as (
    select v.*, lag(v.version_id) over (
        partition by v.incident_id order by v.known_at, v.version_id) as before_id
    from incident_version as v join touched using (incident_id) where not v.repeats
), believed as (
    select told.version_id, told.incident_id, told.day, told.hour, told.area_id, told.rollup_area_id,
           o.offence_id, told.cx, told.cy, sum(o.count) as offences,
           case when o.offence_id = told.offence_id then 1 else 0 end as incidents
    from told join incident_offence as o using (version_id) where told.state = 'active'
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, told.offence_id
), should_be as (
    select told.version_id, told.known_at, b.incident_id, b.day, b.hour, b.area_id, b.rollup_area_id, b.offence_id,
           b.cx, b.cy, b.offences, b.incidents
    from told join believed as b on b.version_id = told.version_id
    union all
    select told.version_id, told.known_at, b.incident_id, b.day, b.hour, b.area_id, b.rollup_area_id, b.offence_id,
           b.cx, b.cy, -b.offences, -b.incidents
    from told join believed as b on b.version_id = told.before_id
    union all
    select l.version_id, l.known_at, l.incident_id, l.day, l.hour, l.area_id, l.rollup_area_id, l.offence_id,
           l.cx, l.cy, -l.offences, -l.incidents
    from ledger as l join touched using (incident_id)
), appended as (
    insert into ledger (known_at, day, hour, kind, area_id, rollup_area_id, offence_id, offences, incidents, cx, cy,
                        incident_id, version_id, backfilled)
    select known_at, day, hour, $1::smallint, area_id, rollup_area_id, offence_id, sum(offences), sum(incidents),
           cx, cy, incident_id, version_id, $2::boolean
    from should_be
    group by known_at, day, hour, area_id, rollup_area_id, offence_id, cx, cy, incident_id, version_id
    having sum(offences) <> 0 or sum(incidents) <> 0
    order by known_at, version_id, sum(offences)
    returning *
), daily as (
    insert into rollup_daily as r (day, rollup_area_id, kind, offence_id, known_day, offences, incidents)
    select day, rollup_area_id, kind, offence_id, (known_at at time zone $3)::date, sum(offences), sum(incidents)
    from appended group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    on conflict (kind, day, rollup_area_id, offence_id, known_day) do update
    set offences = r.offences + excluded.offences, incidents = r.incidents + excluded.incidents
), cells as (
    insert into cell_monthly as c (month, kind, offence_id, cx, cy, offences, incidents)
    select date_trunc('month', day)::date, kind, offence_id, cx, cy, sum(offences), sum(incidents)
    from appended where cx is not null group by 1, 2, 3, 4, 5 order by 1, 2, 4, 5, 3
    on conflict (kind, month, cx, cy, offence_id) do update
    set offences = c.offences + excluded.offences, incidents = c.incidents + excluded.incidents
)
select pg_current_xact_id()::text::bigint as xid, coalesce(max(ledger_id), 0) as ledger_id from appended
"""

# A marker of protection is news though it may change no sum: of an incident without a position it takes only words. So
# the ledger says of each that was shown before that it is taken back and believed again, and open screens hear of it.
TELL_PROTECTED = """
with told as (
    select distinct on (incident_id) * from incident_version
    where incident_id = any($1) and protected and not repeats order by incident_id, known_at desc, version_id desc
), appended as (
    insert into ledger (known_at, day, hour, kind, area_id, rollup_area_id, offence_id, offences, incidents,
                        incident_id, version_id, backfilled)
    select known_at, day, hour, $2::smallint, area_id, rollup_area_id, offence_id, sign, sign,
           incident_id, version_id, $3::boolean
    from told cross join (values (-1), (1)) as both_ways (sign) order by incident_id, sign
    returning ledger_id
)
select max(ledger_id) from appended
"""
