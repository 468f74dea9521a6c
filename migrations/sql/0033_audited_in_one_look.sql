-- No audit, no data, and who it is, in one look. The row of the log says in which role it was written, and nobody can
-- say that but the scope itself (its column is not to be written): so where a policy asked for both, the row answers for
-- both, provided that it was written in the scope that the transaction is still in.

create function role_sees(role text, what text) returns boolean immutable parallel safe language sql as $$
    select case what
        when 'figures' then role in ('analyst', 'commander', 'feed_admin', 'wall')
        when 'region' then role = 'analyst'
        when 'region_persons' then role in ('analyst', 'commander')
        when 'areas' then role = 'area_chief'
        when 'feeds' then role = 'feed_admin'
        when 'log' then role = 'auditor'
        when 'cubes' then role in ('analyst', 'commander', 'area_chief', 'partner')
    end
$$;
comment on function role_sees is 'What the policy of app/domain/permissions.py says, as far as rows go.';

create or replace function scope_sees(what text) returns boolean
    stable parallel safe cost 1 set search_path = pg_catalog, public, pg_temp language plpgsql as $$
declare
    role text := public.scope_role();
begin
    return public.role_sees(role, what);
end $$;

-- Its plan is kept, and one made while the log was short would read all of it when it is long: by the index, always.
create function audited(sees text) returns boolean
    stable parallel restricted set enable_seqscan = off set plan_cache_mode = force_generic_plan language plpgsql as $$
begin
    return exists (
        select from public.read_log
        where xid = pg_catalog.pg_current_xact_id_if_assigned() and action in ('read', 'search', 'export', 'change')
            and scope_ref = public.scope_reference() and public.role_sees(role, sees));
end $$;
create or replace function audited() returns boolean
    stable parallel restricted set enable_seqscan = off language plpgsql as $$
begin
    return exists (
        select from public.read_log
        where xid = pg_catalog.pg_current_xact_id_if_assigned() and action in ('read', 'search', 'export', 'change')
            and scope_ref = public.scope_reference());
end $$;
grant select (role, scope_ref) on read_log to lagesbild_region_persons, lagesbild_areas_persons;

alter policy region_persons on incident_offence using ((select audited('region_persons')));
alter policy region_persons on suspicion_statement using ((select audited('region_persons')));
alter policy region_persons_state on suspicion_statement
    with check ((select audited('region_persons')) and recorded_by = (select scope_actor()));
alter policy region_persons on link_proposal using ((select audited('region_persons')));
alter policy region_persons on link_judgement using ((select audited('region_persons')));
alter policy areas_persons on link_judgement using ((select audited('areas')));
alter policy region_persons_decide on link_judgement with check ((select audited('region')));
alter policy region_persons on follow_up using ((select audited('region_persons')));
alter policy region_persons_note on follow_up with check ((select audited('region_persons')));

-- A reading begins: take the role, tell the scope, and write the row of the log as that role, in one statement. And what
-- it found is filled in. Both by plans that are kept (a session here makes its plans anew for each call, app/db.py), and
-- with the rights of the role that is taken, no others.
create function begin_reading(
    as_role text, of_scope text, of_session text, does text, asks text, because text, in_words text, filtered jsonb,
    about bytea[], within text[]
) returns bigint set plan_cache_mode = force_generic_plan language plpgsql as $$
declare
    reading bigint;
begin
    perform pg_catalog.set_config('role', as_role, true), pg_catalog.set_config('lagesbild.scope', of_scope, true);
    insert into public.read_log (session_ref, action, what, reason, reason_text, filter, persons, areas)
    values (of_session, does, asks, because, in_words, filtered, about, within) returning log_id into reading;
    return reading;
end $$;

create function reading_found(reading bigint, n integer, about bytea[], within text[]) returns void
    set plan_cache_mode = force_generic_plan set enable_seqscan = off language plpgsql as $$
begin
    update public.read_log set found = n, persons = about, areas = within where log_id = reading;
end $$;
