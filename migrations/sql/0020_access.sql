-- Need-to-know in the database itself: who reads works under a role for the kind of scope, and row-level security asks
-- which rows that scope holds. The scope is an opaque id, told in each transaction and looked up in a table that no
-- reader can read: neither a setting nor a change of role can widen it (docs/security.md).

-- 1. Roles. They belong to the whole server: several databases on it share them.
do $$
declare
    name text;
begin
    foreach name in array array[
        'figures', 'feeds', 'region', 'areas', 'region_persons', 'areas_persons', 'log', 'cubes', 'writer'] loop
        begin
            execute format('create role lagesbild_%s nologin', name);
        exception when duplicate_object or unique_violation then null;
        end;
    end loop;
    foreach name in array array['web', 'door'] loop
        begin
            execute format('create role lagesbild_%s login noinherit', name);
        exception when duplicate_object or unique_violation then null;
        end;
    end loop;
end $$;

grant lagesbild_figures, lagesbild_feeds, lagesbild_region, lagesbild_areas, lagesbild_region_persons,
    lagesbild_areas_persons, lagesbild_log, lagesbild_cubes to lagesbild_web;
grant lagesbild_writer to current_user;

-- What a connection is to work under, kept with the role: a pooler in between passes no settings on.
alter role lagesbild_web set jit = off;
alter role lagesbild_web set plan_cache_mode = force_custom_plan; -- the rollup's months are left out by the window
alter role lagesbild_web set timezone = 'UTC';
alter role lagesbild_web set idle_in_transaction_session_timeout = '60s';
alter role lagesbild_door set timezone = 'UTC';
alter role lagesbild_door set idle_in_transaction_session_timeout = '60s';

-- 2. The scope.
create table access_scope (
    scope_id uuid primary key default gen_random_uuid(),
    actor text not null,                 -- user:12, token:3: for the log
    name text not null,                  -- for people
    role text not null,
    areas text[] not null default '{}',  -- codes that an area chief is held to
    created_at timestamptz not null default now(),
    ended_at timestamptz
);
grant select, insert, update on access_scope to lagesbild_door;

-- These run once or twice in every statement: in plpgsql, and with a plan that is kept, so that they are not planned
-- anew each time; their cost is said to be small because they do not run for each row, or the planner takes the wrong
-- index to spare them (a tile: 6,100 pages instead of 570). Temporary tables come last in their path: else a reader's
-- own access_scope would be believed.
create function scope_id() returns uuid
    stable parallel safe set search_path = pg_catalog, public, pg_temp language plpgsql
    as $$ begin return nullif(current_setting('lagesbild.scope', true), '')::uuid; end $$;

do $$
declare
    told text;
begin
    foreach told in array array['role', 'actor', 'name'] loop
        execute format('create function scope_%1$s() returns text stable parallel safe security definer '
            'set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_generic_plan language plpgsql as '
            '$f$ begin return (select s.%1$I from access_scope as s where s.scope_id = scope_id() and s.ended_at is null); '
            'end $f$', told);
    end loop;
end $$;

-- What the policy of app/domain/permissions.py says, as far as rows go. Null, and so nothing, without a scope.
create function scope_sees(what text) returns boolean
    stable parallel safe cost 1 set search_path = pg_catalog, public, pg_temp language plpgsql as $$
declare
    role text := scope_role();
begin
    return case what
        when 'figures' then role in ('analyst', 'commander', 'feed_admin', 'wall')
        when 'region' then role = 'analyst'
        when 'region_persons' then role in ('analyst', 'commander')
        when 'areas' then role = 'area_chief'
        when 'feeds' then role = 'feed_admin'
        when 'log' then role = 'auditor'
        when 'cubes' then role in ('analyst', 'commander', 'area_chief', 'partner')
    end;
end $$;

-- The rollup areas that lay in the scope on some day; and of those that did not always, on which days. Rollup areas
-- only (six where sixty areas lie in a district): each row is held against all of them.
create function scope_areas() returns integer[]
    stable parallel safe security definer cost 1
    set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_generic_plan language plpgsql as $$
begin
    return (select array_agg(distinct p.area_id) from access_scope as s join rollup_place as p on p.code = any(s.areas)
        where s.scope_id = scope_id() and s.ended_at is null and s.role = 'area_chief');
end $$;

create function scope_spans() returns table (area_id integer, first date, beyond date)
    stable parallel safe security definer cost 1 rows 1
    set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_generic_plan language plpgsql as $$
begin
    return query select p.area_id, p.valid_from, coalesce(p.valid_to, 'infinity')
        from access_scope as s join rollup_place as p on p.code = any(s.areas)
        where s.scope_id = scope_id() and s.ended_at is null and s.role = 'area_chief'
            and not (p.valid_from <= date '1900-01-01' and p.valid_to is null);
end $$;

create function scope_passing_areas() returns integer[]
    stable parallel safe cost 1 set search_path = pg_catalog, public, pg_temp language plpgsql
    as $$ begin return (select coalesce(array_agg(s.area_id), '{}') from scope_spans() as s); end $$;

-- Whether a rollup area lay in the scope on a day: for functions; the policies say the same in a way that plans well.
create function scope_holds(rollup_area integer, on_day date) returns boolean
    stable parallel safe set search_path = pg_catalog, public, pg_temp language plpgsql as $$
begin
    return coalesce(rollup_area = any(scope_areas()), false)
        and (rollup_area <> all(scope_passing_areas()) or exists (
            select from scope_spans() as span
            where span.area_id = rollup_area and on_day >= span.first and on_day < span.beyond));
end $$;

-- 3. The known clock as an interval: a version is believed from known_at until superseded_at. Who may not see the next
-- version must still not take the last one seen for the truth.
alter table incident_version add column superseded_at timestamptz;
update incident_version as v set superseded_at = n.next
from (
    select version_id, lead(known_at) over (partition by incident_id order by known_at, version_id) as next
    from incident_version where not repeats
) as n
where n.version_id = v.version_id and n.next is not null;

-- 4. What tells nothing of a case: open to every reader.
grant select on region_pack, area, area_within, rollup_place, offence, harm_weight, harm_now to
    lagesbild_figures, lagesbild_feeds, lagesbild_region, lagesbild_areas, lagesbild_region_persons,
    lagesbild_areas_persons, lagesbild_log, lagesbild_cubes;
grant select (feed, last_fetch_at, last_success_at, last_news_at, message, cursor) on feed_state to
    lagesbild_figures, lagesbild_feeds, lagesbild_region, lagesbild_areas, lagesbild_region_persons,
    lagesbild_areas_persons, lagesbild_log;
grant select (delivery_id, feed, received_at, fetched_at, archive, part, read, loaded, unchanged, quarantined, outside)
    on delivery to lagesbild_figures, lagesbild_feeds, lagesbild_region, lagesbild_areas, lagesbild_region_persons,
    lagesbild_areas_persons;
grant select (name) on delivery to lagesbild_feeds, lagesbild_region, lagesbild_areas, lagesbild_region_persons,
    lagesbild_areas_persons;
grant select (quarantine_id, feed, created_at, resolved_at) on quarantine to
    lagesbild_figures, lagesbild_region, lagesbild_areas, lagesbild_region_persons, lagesbild_areas_persons;
grant select on quarantine to lagesbild_feeds;

-- Where the ledger stands is nobody's secret; it tells that something happened somewhere, and not what or where.
create function ledger_head(out xid xid8, out ledger_id bigint)
    stable parallel safe security definer set search_path = pg_catalog, public, pg_temp language sql as $$
    select xid, ledger_id from ledger where xid < pg_snapshot_xmin(pg_current_snapshot())
    order by xid desc, ledger_id desc limit 1
$$;
create function ledger_newest(out xid xid8, out ledger_id bigint)
    stable parallel safe security definer set search_path = pg_catalog, public, pg_temp language sql
    as $$ select xid, ledger_id from ledger order by xid desc, ledger_id desc limit 1 $$;
create function ledger_held_back(after_xid xid8, after_id bigint) returns boolean
    stable parallel safe security definer set search_path = pg_catalog, public, pg_temp language sql as $$
    select exists (select from ledger where (xid, ledger_id) > (after_xid, after_id)
        and xid >= pg_snapshot_xmin(pg_current_snapshot()))
$$;

-- How late each feed tells, of what was first known in the last seven days (hours: median, 95th percentile).
create function feed_delays() returns table (feed text, hours float8[])
    stable security definer set search_path = pg_catalog, public, pg_temp language sql as $$
    select i.feed, percentile_cont(array[0.5, 0.95]) within group (
        order by extract(epoch from v.known_at - v.occurred_from) / 3600)
    from incident_version as v join incident as i using (incident_id)
    where v.known_at > now() - interval '7 days'
        and not exists (select from incident_version as e where e.incident_id = v.incident_id
            and (e.known_at, e.version_id) < (v.known_at, v.version_id))
    group by i.feed
$$;

-- How many incidents and versions are known of each feed: a count of whole tables, made only when asked for.
create function feed_known() returns table (feed text, incidents bigint, versions bigint)
    stable security definer set search_path = pg_catalog, public, pg_temp language sql as $$
    with told as (
        select d.feed, sum(v.versions) as versions
        from (select delivery_id, count(*) as versions from incident_version where not repeats group by delivery_id) as v
        join delivery as d using (delivery_id) group by d.feed
    )
    select i.feed, i.incidents, coalesce(t.versions, 0)::bigint
    from (select feed, count(*) as incidents from incident group by feed) as i left join told as t using (feed)
$$;

-- Whether two versions say the same, without telling what either says.
create function same_content(one bigint, other bigint) returns boolean
    stable parallel safe security definer set search_path = pg_catalog, public, pg_temp language sql as $$
    select count(*) = 2 and count(distinct content_hash) = 1 from incident_version where version_id in (one, other)
$$;

-- 5. Rows. Nobody reads a row unless a policy says so, but for whoever writes.
create procedure guard_rows(variadic targets text[]) language plpgsql as $$
declare
    target text;
begin
    foreach target in array targets loop
        execute format('alter table %I enable row level security', target);
        execute format('alter table %I force row level security', target);
        execute format('create policy writes on %I to lagesbild_writer using (true) with check (true)', target);
    end loop;
end $$;
revoke execute on procedure guard_rows from public;

call guard_rows('ledger', 'rollup_daily', 'daily_total', 'cell_monthly', 'cell_total', 'incident', 'incident_version',
    'incident_offence', 'sighting', 'raw_record', 'record_key', 'suspicion_statement');
do $$
declare
    target text;
begin
    foreach target in array array['ledger', 'rollup_daily', 'daily_total', 'cell_monthly', 'cell_total'] loop
        execute format('create policy figures on %I for select to lagesbild_figures, lagesbild_feeds, lagesbild_region, '
            'lagesbild_region_persons using ((select coalesce(scope_sees(''figures''), false)))', target);
    end loop;
    -- An area chief's rows: by rollup area and day. The kilometre sums have no area, so nobody reads them under areas.
    -- The coalesce keeps the areas out of the index condition: after a range of days, PostgreSQL 15 would walk the whole
    -- range once for each of them (3,900 pages instead of 65).
    foreach target in array array['ledger', 'rollup_daily', 'daily_total', 'incident_version'] loop
        execute format('create policy areas on %I for select to lagesbild_areas, lagesbild_areas_persons using ('
            'coalesce(rollup_area_id = any((select scope_areas())::integer[]), false)'
            ' and (rollup_area_id <> all((select scope_passing_areas())::integer[]) or exists ('
            'select from scope_spans() as span'
            ' where span.area_id = rollup_area_id and day >= span.first and day < span.beyond)))', target);
    end loop;
end $$;

grant select (xid, ledger_id, known_at, day, hour, kind, area_id, rollup_area_id, offence_id, offences, incidents, cx, cy,
    backfilled) on ledger to lagesbild_figures, lagesbild_feeds;
grant select on ledger to lagesbild_region, lagesbild_areas, lagesbild_region_persons, lagesbild_areas_persons;
grant select on rollup_daily, daily_total to lagesbild_figures, lagesbild_feeds, lagesbild_region, lagesbild_areas,
    lagesbild_region_persons, lagesbild_areas_persons;
grant select on cell_monthly, cell_total to
    lagesbild_figures, lagesbild_feeds, lagesbild_region, lagesbild_region_persons;

-- Incidents. The source's own number and the fingerprint of the content are told to no reader: by the second an
-- address could be guessed at.
grant select (incident_id, uid, feed, kind) on incident to
    lagesbild_region, lagesbild_areas, lagesbild_region_persons, lagesbild_areas_persons;
grant select (version_id, incident_id, known_at, superseded_at, state, repeats, occurred_from, occurred_to, reported_at,
    day, hour, area_id, rollup_area_id, precision, geom, cx, cy, offence_id, protected, title, summary, place_text, url,
    priority, attributes, delivery_id) on incident_version to
    lagesbild_region, lagesbild_areas, lagesbild_region_persons, lagesbild_areas_persons;
grant select (version_id, number, offence_id, count) on incident_offence to lagesbild_region, lagesbild_areas;
grant select on incident_offence, suspicion_statement to lagesbild_region_persons, lagesbild_areas_persons;

create policy region on incident for select to lagesbild_region using ((select coalesce(scope_sees('region'), false)));
create policy region on incident_version for select to lagesbild_region
    using ((select coalesce(scope_sees('region'), false)));
create policy region on incident_offence for select to lagesbild_region
    using ((select coalesce(scope_sees('region'), false)));
create policy region_persons on incident for select to lagesbild_region_persons
    using ((select coalesce(scope_sees('region_persons'), false)));
create policy region_persons on incident_version for select to lagesbild_region_persons
    using ((select coalesce(scope_sees('region_persons'), false)));

-- Under areas an incident is there when a version of it is (which has a policy of its own).
create policy areas on incident for select to lagesbild_areas, lagesbild_areas_persons using (
    exists (select from incident_version as v where v.incident_id = incident.incident_id));
create policy areas on incident_offence for select to lagesbild_areas using (
    exists (select from incident_version as v where v.version_id = incident_offence.version_id));
