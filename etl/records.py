"""The statements that keep what is new: raw records, versions, their offences, and what an archive repeats.

They act on the temporary tables that ``match`` has filled: ``arriving``, ``arriving_offence`` and ``chain``.
"""

from __future__ import annotations

from etl import match

# The records that say something new: theirs are the keys that are needed.
NEWS = f"select ref from chain where origin = {match.ARRIVAL} and says_new"

RAW_RECORDS = f"""
insert into raw_record (raw_id, delivery_id, number, body, key_id)
select chain.raw_id, $1::bigint, arriving.number, arriving.body, arriving.key_id
from chain join arriving on arriving.number = chain.ref
where chain.origin = {match.ARRIVAL} and chain.says_new
order by arriving.number
"""

VERSIONS = f"""
insert into incident_version (
    version_id, incident_id, known_at, superseded_at, state, occurred_from, occurred_to, reported_at, day, hour,
    area_id, rollup_area_id, precision, geom, cx, cy, offence_id, protected, title, summary, place_text, url, priority,
    attributes, content_hash, delivery_id, raw_id)
select chain.version_id, chain.incident_id, a.known_at, chain.superseded_at, a.state, a.occurred_from, a.occurred_to,
       a.reported_at, a.day, a.hour, a.area_id, a.rollup_area_id, a.precision,
       st_setsrid(st_makepoint(a.easting_m, a.northing_m), 3006), a.cx, a.cy, a.offence_id, a.protected,
       a.title, a.summary, a.place_text, a.url, a.priority, a.attributes, a.content_hash, $1::bigint, chain.raw_id
from chain join arriving as a on a.number = chain.ref
where chain.origin = {match.ARRIVAL} and chain.says_new
order by chain.version_id
"""

OFFENCES = f"""
insert into incident_offence (version_id, number, offence_id, count, victim, suspect, relation)
select chain.version_id, o.place_in_record, o.offence_id, o.count, o.victim, o.suspect, o.relation
from chain join arriving_offence as o on o.number = chain.ref
where chain.origin = {match.ARRIVAL} and chain.says_new
order by chain.version_id, o.place_in_record
"""

MENTIONS = f"""
insert into person_mention (version_id, role, number, person, sealed, key_id)
select chain.version_id, m.role, m.place, m.person, m.sealed, m.key_id
from chain join arriving_mention as m on m.number = chain.ref
where chain.origin = {match.ARRIVAL} and chain.says_new
order by chain.version_id, m.role, m.place
"""

# A record that says nothing new is remembered: a file loaded later may come to stand before it.
SIGHTINGS = f"""
insert into sighting (version_id, incident_id, known_at, content_hash, live)
select version_id, incident_id, known_at, content_hash, $1::boolean
from chain where origin = {match.ARRIVAL} and not says_new
"""

# Of those that come live only the last of each version is kept: a source that is polled repeats itself for days.
OLDER_SIGHTINGS = f"""
delete from sighting as s using chain
where chain.origin = {match.ARRIVAL} and not chain.says_new and s.live and s.incident_id = chain.incident_id
  and s.known_at <= chain.known_at and not exists (
    select from incident_version as v
    where v.incident_id = s.incident_id and not v.repeats and v.known_at > s.known_at and v.known_at <= chain.known_at)
"""

# Who is protected now was so all along, for whoever reads: what earlier versions said of the place is taken away, and
# the ledger, which follows the versions, moves their counts from the place to the area. The one thing overwritten.
PROTECT = """
update incident_version as v set
    protected = true, geom = null, cx = null, cy = null, precision = 'none', area_id = v.rollup_area_id, title = null,
    summary = null, place_text = null, url = null, attributes = null
from (
    select incident_id, max(known_at) as known_at
    from (
        select incident_id, p.known_at
        from incident_version as p join (select distinct incident_id from chain) as touched using (incident_id)
        where p.protected
        union all select unnest($1::bigint[]), 'infinity'
    ) as marker
    group by incident_id
) as marked
where v.incident_id = marked.incident_id and v.known_at <= marked.known_at and not v.protected
returning v.incident_id
"""

# A marker is of a person, not of a report: it holds for all reports of this feed that name the same victim, those that
# came before it and those that come after it without one.
PROTECTED_PERSONS = """
insert into protected_person (person)
select distinct o.victim
from (select distinct incident_id from chain) as touched join incident_version as v using (incident_id)
join incident_offence as o using (version_id)
where v.protected and o.victim is not null
on conflict do nothing returning person
"""

NAMING_PROTECTED = """
select distinct i.incident_id
from incident_offence as o join incident_version as v using (version_id) join incident as i using (incident_id)
where o.victim = any($1) and not v.protected and i.feed = $2
"""

ARRIVED_PROTECTED = f"""
select distinct chain.incident_id
from arriving_offence as o join protected_person as p on p.person = o.victim
join arriving as a on a.number = o.number and not a.protected
join chain on chain.origin = {match.ARRIVAL} and chain.ref = o.number and chain.says_new
"""

# Nor is anything of who they are kept; the keys go when this is committed.
PROTECT_PEOPLE = """
with sealed as (
    select m.mention_id, m.key_id
    from person_mention as m join incident_version as v using (version_id)
    join (select incident_id from chain union select unnest($1::bigint[])) as touched using (incident_id)
    where v.protected and m.sealed is not null
)
update person_mention as m set sealed = null, key_id = null from sealed where m.mention_id = sealed.mention_id
returning sealed.key_id
"""

# A sighting that has become news, because something else now stands before it, becomes a version.
PROMOTE = f"""
with promoted as (
    select chain.*, (
        select twin.version_id from incident_version as twin
        where twin.incident_id = chain.incident_id and twin.content_hash = chain.content_hash
        order by twin.version_id limit 1) as twin_id
    from chain where origin = {match.SIGHTING} and says_new
), versions as (
    insert into incident_version (
        version_id, incident_id, known_at, superseded_at, state, occurred_from, occurred_to, reported_at, day, hour,
        area_id, rollup_area_id, precision, geom, cx, cy, offence_id, protected, title, summary, place_text, url,
        priority, attributes, content_hash, delivery_id, raw_id)
    select p.version_id, p.incident_id, p.known_at, p.superseded_at, t.state, t.occurred_from, t.occurred_to,
           t.reported_at, t.day, t.hour, t.area_id, t.rollup_area_id, t.precision, t.geom, t.cx, t.cy, t.offence_id,
           t.protected, t.title, t.summary, t.place_text, t.url, t.priority, t.attributes, t.content_hash,
           t.delivery_id, t.raw_id
    from promoted as p join incident_version as t on t.version_id = p.twin_id
), moved as (
    delete from sighting using promoted where sighting.version_id = promoted.version_id
), people as (
    insert into person_mention (version_id, role, number, person, sealed, key_id)
    select p.version_id, m.role, m.number, m.person, m.sealed, m.key_id
    from promoted as p join person_mention as m on m.version_id = p.twin_id
)
insert into incident_offence (version_id, number, offence_id, count, victim, suspect, relation)
select p.version_id, o.number, o.offence_id, o.count, o.victim, o.suspect, o.relation
from promoted as p join incident_offence as o on o.version_id = p.twin_id
"""

# What was there already: whether it still says something new, and until when it was believed.
STANDING = f"""
update incident_version set repeats = not chain.says_new, superseded_at = chain.superseded_at
from chain
where chain.origin = {match.VERSION} and incident_version.version_id = chain.ref
  and (chain.repeated = chain.says_new or incident_version.superseded_at is distinct from chain.superseded_at)
"""
