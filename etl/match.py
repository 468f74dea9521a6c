"""Match: does a record say something new of its incident? Decided per incident, in the order of what was known when.

A record is compared with the version *before* it (A, B, A is three versions), and so an archive that is loaded later
finds its place between versions that are there. The answer is the temporary table ``chain``; ``load`` acts on it.
"""

from __future__ import annotations

# Where a link of the chain comes from. Versions and sightings are there already; arrivals come after them in a tie.
VERSION, SIGHTING, ARRIVAL = 0, 1, 2

ARRIVING = """
create temporary table if not exists arriving (
    number integer not null, source_key text not null, known_at timestamptz not null, state text not null,
    occurred_from timestamptz not null, occurred_to timestamptz not null, reported_at timestamptz,
    day date not null, hour smallint not null, area_id integer not null, rollup_area_id integer not null,
    precision text not null, easting_m float8, northing_m float8, cx integer, cy integer,
    offence_id integer not null, protected boolean not null, title text, summary text, place_text text, url text,
    priority smallint, attributes jsonb, content_hash bytea not null,
    body bytea not null, key_id uuid
) on commit delete rows;
create temporary table if not exists arriving_offence (
    number integer not null, place_in_record smallint not null, offence_id integer not null, count smallint not null,
    victim bytea, suspect bytea, relation text
) on commit delete rows;
create temporary table if not exists arriving_mention (
    number integer not null, role text not null, place smallint not null, person bytea not null, sealed bytea,
    key_id uuid
) on commit delete rows;
create temporary table if not exists chain (
    incident_id bigint not null, known_at timestamptz not null, origin smallint not null, ref bigint not null,
    content_hash bytea not null, says_new boolean not null, repeated boolean, version_id bigint, raw_id bigint,
    superseded_at timestamptz
) on commit delete rows;
"""

# An incident comes into being with its first record inside the region; one that is only ever outside is not kept.
NEW_INCIDENTS = """
insert into incident (feed, source_key, kind)
select distinct $1::text, source_key, $2::smallint from arriving
where state <> 'outside' order by source_key
on conflict (feed, source_key) do nothing
"""

CHAIN = f"""
with arrival as (
    select incident.incident_id, arriving.known_at, arriving.number, arriving.content_hash
    from arriving join incident on incident.feed = $1 and incident.source_key = arriving.source_key
), touched as (
    select distinct incident_id from arrival
), link as (
    select incident_id, known_at, {VERSION} as origin, version_id as ref, content_hash, repeats as repeated
    from incident_version join touched using (incident_id)
    union all
    select incident_id, known_at, {SIGHTING}, version_id, content_hash, null
    from sighting join touched using (incident_id)
    union all
    select incident_id, known_at, {ARRIVAL}, number, content_hash, null from arrival
), judged as (
    select *, lag(content_hash) over (
        partition by incident_id order by known_at, origin = {ARRIVAL}, ref
    ) is distinct from content_hash as says_new
    from link
), ended as (
    select *, min(known_at) filter (where says_new) over (
        partition by incident_id order by known_at, origin = {ARRIVAL}, ref
        rows between 1 following and unbounded following
    ) as superseded_at
    from judged
)
insert into chain (
    incident_id, known_at, origin, ref, content_hash, says_new, repeated, version_id, raw_id, superseded_at)
select incident_id, known_at, origin, ref, content_hash, says_new, repeated,
       case when origin = {ARRIVAL} then nextval('incident_version_version_id_seq') else ref end,
       case when origin = {ARRIVAL} and says_new then nextval('raw_record_raw_id_seq') end, superseded_at
from (select * from ended order by known_at, ref) as in_order
"""

COUNTS = f"""
select count(*) filter (where chain.says_new) as loaded,
       count(*) filter (where not chain.says_new) as unchanged,
       count(*) filter (where chain.incident_id is null) as outside,
       exists (select from chain where origin = {VERSION}) as has_history
from arriving left join chain on chain.origin = {ARRIVAL} and chain.ref = arriving.number
"""
