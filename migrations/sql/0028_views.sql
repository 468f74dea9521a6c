-- Views that somebody keeps by name, what has changed as numbers, and when somebody's last shift ended.

-- 1. A view is an address on this server and nothing else: what it shows is asked for anew by whoever opens it, and is
-- what that person may see. So a shared one widens nothing; it is told to those whose role sees as much or more.
create function scope_area_codes() returns text[]
    stable parallel safe security definer set search_path = pg_catalog, public, pg_temp
    set plan_cache_mode = force_generic_plan language plpgsql as $$
begin
    return (select s.areas from access_scope as s where s.scope_id = scope_id() and s.ended_at is null);
end $$;

create table saved_view (
    view_id uuid primary key default gen_random_uuid(),
    name text not null check (length(name) between 1 and 80 and name !~ '[[:cntrl:]]'),
    address text not null check (length(address) <= 2000 and address ~ '^/[a-z]*(\?[^[:space:][:cntrl:]#\\"<>]*)?$'
        and address !~ '//'),
    shared boolean not null default false,
    kept_at timestamptz not null default clock_timestamp(),
    -- Whose, and how far that person saw: by default only, nobody may say it.
    actor text not null default coalesce(scope_actor(), 'nobody'),
    owner text not null default coalesce(scope_name(), ''),
    role text not null default coalesce(scope_role(), 'nobody'),
    areas text[] not null default coalesce(scope_area_codes(), '{}'),
    unique (actor, name)
);
create index saved_view_shared on saved_view (role) where shared;

-- Whether the scope sees at least as much as somebody in this role with these areas: by permissions and by rows
-- (tests/access holds it against app/domain/permissions.py).
create function scope_covers(of_role text, of_areas text[]) returns boolean
    stable parallel safe set search_path = pg_catalog, public, pg_temp language plpgsql as $$
declare
    mine text := scope_role();
begin
    return coalesce(case
        when mine = 'area_chief' then of_role = mine and not exists (
            select from rollup_place as p where p.code = any(of_areas) and p.area_id <> all(scope_areas()))
        when mine = 'analyst' then of_role in ('analyst', 'commander', 'area_chief')
        else mine = of_role end, false);
end $$;

call guard_rows('saved_view');
do $$
declare
    readers text := 'lagesbild_figures, lagesbild_feeds, lagesbild_region, lagesbild_areas';
begin
    execute format('create policy own_and_shared on saved_view for select to %s using ('
        'actor = (select scope_actor()) or (shared and scope_covers(role, areas)))', readers);
    -- A wall is a screen that everybody passes: it keeps nothing.
    execute format('create policy keeps on saved_view for insert to %s with check ('
        'actor = (select scope_actor()) and (select scope_role()) <> ''wall'')', readers);
    execute format('create policy renames on saved_view for update to %s using (actor = (select scope_actor()))'
        ' with check (actor = (select scope_actor()))', readers);
    execute format('create policy drops on saved_view for delete to %s using (actor = (select scope_actor()))', readers);
    execute format('grant select, delete, insert (name, address, shared), update (name, shared) on saved_view to %s',
        readers);
end $$;

-- 2. What changed between two moments of knowing, as numbers: for those who see the region's figures and no incident
-- (app/queries/changes_summary.py). The same sides, kinds of change and comparison as app/queries/changes.py; a test
-- holds the two against each other. Nobody else gets anything.
create function changes_counted(
    since timestamptz, upto timestamptz, of_kind smallint, offences integer[], always integer[], span_areas integer[],
    span_first date[], span_beyond date[], fine boolean, first date, first_hour smallint, last date, last_hour smallint
) returns table (change text, incidents bigint)
    stable security definer set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan
    language plpgsql as $$
begin
    if not coalesce(scope_sees('figures'), false) then
        return;
    end if;
    return query
    with touched as (
        select v.incident_id from incident_version as v where v.known_at > since and v.known_at <= upto and not v.repeats
        union select l.incident_id from ledger as l where l.known_at > since and l.known_at <= upto
    ), sides as (
        select t.incident_id, side.later, v.version_id, v.state, v.area_id, v.content_hash,
            v.state = 'active' and (v.day, v.hour) between (first, first_hour) and (last, last_hour)
            and (offences is null or v.offence_id = any(offences))
            and (always is null or place = any(always) or exists (
                select from unnest(span_areas, span_first, span_beyond) as span (id, begins, beyond)
                where span.id = place and v.day >= span.begins and v.day < span.beyond)) as meant
        from touched as t join incident as i on i.incident_id = t.incident_id and i.kind = of_kind
        cross join (values (false, since), (true, upto)) as side (later, at)
        join incident_version as v on v.incident_id = t.incident_id and not v.repeats and v.known_at <= side.at
            and (v.superseded_at is null or v.superseded_at > side.at)
        cross join lateral (select case when fine then v.area_id else v.rollup_area_id end as place) as p
    )
    select case when b.state is distinct from 'active' then 'added' when n.state <> 'active' then 'withdrawn'
            when b.area_id <> n.area_id then 'moved' else 'corrected' end, count(*)
    from (select * from sides where later) as n left join (select * from sides where not later) as b using (incident_id)
    where (n.meant or coalesce(b.meant, false)) and b.content_hash is distinct from n.content_hash
    group by 1;
end $$;
revoke execute on function changes_counted from public;
grant execute on function changes_counted to lagesbild_figures, lagesbild_feeds;

-- 3. When the last shift of whoever asks ended: the last sign of that person before a break of four hours or more. A
-- session that was signed out of ended then; of another, the last sign is what is known. Null: no earlier shift is.
create index app_session_shifts on app_session (user_id, created_at);
create index app_session_token_shifts on app_session (token_id, created_at);
create function last_shift_ended() returns timestamptz
    stable security definer set search_path = pg_catalog, public, pg_temp language plpgsql as $$
declare
    own record;
begin
    select s.user_id, s.token_id into own from app_session as s where s.scope_id = scope_id();
    if not found then
        return null;
    end if;
    return (
        select max(t.gone) from (
            select max(greatest(s.created_at, case when s.ended_why = 'signed_out' then s.ended_at else s.last_seen_at end))
                    over (order by s.created_at) as gone,
                lead(s.created_at) over (order by s.created_at) as next
            from app_session as s where s.user_id = own.user_id or s.token_id = own.token_id
        ) as t where t.next - t.gone >= interval '4 hours');
end $$;
revoke execute on function last_shift_ended from public;
grant execute on function last_shift_ended to lagesbild_figures, lagesbild_feeds, lagesbild_region, lagesbild_areas;
