-- The log of who read what, and why; the chain that seals it; what the auditor noted about it (docs/audit.md).
-- Rows are written inside the transaction that reads, so nothing is read without one; sealed within a second after it.

-- What the log keeps of the scope: enough to tell two apart, nothing to use one with.
create function scope_reference() returns text stable parallel safe language sql as $$
    select left(encode(sha256(convert_to(nullif(current_setting('lagesbild.scope', true), ''), 'UTF8')), 'hex'), 16)
$$;

create table read_log (
    log_id bigint generated always as identity primary key,
    xid xid8 not null default pg_current_xact_id(),
    at timestamptz not null default clock_timestamp(),
    -- Who: by default only, nobody may say it.
    actor text not null default coalesce(scope_actor(), 'nobody'),
    name text not null default coalesce(scope_name(), ''),
    role text not null default coalesce(scope_role(), 'nobody'),
    scope_ref text default scope_reference(),
    session_ref text,
    action text not null check (action in ('read', 'search', 'export', 'denied', 'change')),
    what text not null,                  -- the route or the query
    reason text not null default '',     -- of app/domain/reasons.toml, or 'other'
    reason_text text not null default '',
    filter jsonb,                        -- codes, days and opaque ids: never content
    persons bytea[] not null default '{}', -- the pseudonyms that were read about
    areas text[] not null default '{}',  -- codes of the areas that it concerned
    found integer                        -- rows that were given out
) with (fillfactor = 60);                -- `found` is set in the same transaction: the new row goes beside the old
create index read_log_xid on read_log (xid);
create index read_log_at on read_log using brin (at) with (pages_per_range = 16, autosummarize = on);

-- One seal a row, in the order in which the sealer saw them committed (app/domain/chain.py).
create table read_seal (
    seal_no bigint primary key,
    log_id bigint not null unique,
    hash bytea not null check (length(hash) = 32),
    sealed_at timestamptz not null
);

-- What the sealer's own check of the whole log found: for the page; `lagesbild audit verify` asks anew.
create table audit_check (
    check_id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    rows bigint not null,
    sealed_to timestamptz,               -- the last seal that was checked
    findings jsonb not null              -- [{kind, where, sentence}]; empty: the log is whole
);

-- What the auditor found out about unusual readings.
create table review_note (
    note_id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    actor text not null default coalesce(scope_actor(), 'nobody'),
    name text not null default coalesce(scope_name(), ''),
    rule text not null,                  -- of app/domain/unusual.toml
    about text not null,                 -- whose readings
    log_ids bigint[] not null check (cardinality(log_ids) > 0),
    outcome text not null check (outcome in ('justified', 'asked', 'reported')),
    note text not null check (length(note) between 1 and 2000)
);

-- Nothing of it is changed or taken away, by nobody. What a reader found is set before the reading's transaction ends.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;

create trigger append_only_update before update on read_log for each row when (
    old.xid <> pg_current_xact_id()
    or (old.log_id, old.xid, old.at, old.actor, old.name, old.role, old.scope_ref, old.session_ref, old.action, old.what,
        old.reason, old.reason_text, old.filter)
    is distinct from
    (new.log_id, new.xid, new.at, new.actor, new.name, new.role, new.scope_ref, new.session_ref, new.action, new.what,
        new.reason, new.reason_text, new.filter)
) execute function refuse_change();
create trigger append_only_delete before delete on read_log for each row execute function refuse_change();
create trigger append_only_truncate before truncate on read_log for each statement execute function refuse_change();
call guard_rows('read_log', 'read_seal', 'audit_check', 'review_note');
do $$
declare
    target text;
begin
    foreach target in array array['read_seal', 'audit_check', 'review_note'] loop
        execute format('create trigger append_only before update or delete on %I for each row '
            'execute function refuse_change()', target);
        execute format('create trigger append_only_truncate before truncate on %I for each statement '
            'execute function refuse_change()', target);
    end loop;
    foreach target in array array['read_log', 'read_seal', 'audit_check', 'review_note'] loop
        execute format('create policy log on %I for select to lagesbild_log '
            'using ((select coalesce(scope_sees(''log''), false)))', target);
        execute format('grant select on %I to lagesbild_log', target);
    end loop;
end $$;

-- Whoever reads writes its own row, and sees and fills in that of its own transaction.
create policy own_insert on read_log for insert to lagesbild_figures, lagesbild_feeds, lagesbild_region, lagesbild_areas,
    lagesbild_region_persons, lagesbild_areas_persons, lagesbild_log, lagesbild_cubes
    with check (xid = pg_current_xact_id());
create policy own_select on read_log for select to lagesbild_figures, lagesbild_feeds, lagesbild_region, lagesbild_areas,
    lagesbild_region_persons, lagesbild_areas_persons, lagesbild_log, lagesbild_cubes
    using (xid = pg_current_xact_id_if_assigned());
create policy own_update on read_log for update to lagesbild_figures, lagesbild_feeds, lagesbild_region, lagesbild_areas,
    lagesbild_region_persons, lagesbild_areas_persons, lagesbild_log, lagesbild_cubes
    using (xid = pg_current_xact_id_if_assigned());
grant insert (session_ref, action, what, reason, reason_text, filter, persons, areas, found), select (log_id, xid, action),
    update (persons, areas, found) on read_log to lagesbild_figures, lagesbild_feeds, lagesbild_region, lagesbild_areas,
    lagesbild_region_persons, lagesbild_areas_persons, lagesbild_log, lagesbild_cubes;
create policy notes on review_note for insert to lagesbild_log with check ((select coalesce(scope_sees('log'), false)));
grant insert (rule, about, log_ids, outcome, note) on review_note to lagesbild_log;

-- No audit, no data: whether this transaction has a row that says what it reads. (What is changed about persons is read.)
-- With the reader's own rights, which are enough for rows of the own transaction: a third of the cost of a function
-- with rights of its own, and it is asked in every statement about persons.
create function audited() returns boolean stable parallel restricted language plpgsql as $$
begin
    return exists (
        select from public.read_log
        where xid = pg_catalog.pg_current_xact_id_if_assigned() and action in ('read', 'search', 'export', 'change'));
end $$;

-- Victim, suspect and relation, and what became of a suspicion.
create policy region_persons on incident_offence for select to lagesbild_region_persons
    using ((select audited()) and (select coalesce(scope_sees('region_persons'), false)));
create policy areas_persons on incident_offence for select to lagesbild_areas_persons using ((select audited())
    and exists (select from incident_version as v where v.version_id = incident_offence.version_id));
create policy region_persons on suspicion_statement for select to lagesbild_region_persons
    using ((select audited()) and (select coalesce(scope_sees('region_persons'), false)));
create policy areas_persons on suspicion_statement for select to lagesbild_areas_persons using ((select audited())
    and exists (select from incident as i where i.incident_id = suspicion_statement.incident_id));

-- For the auditor's rules: whose login it is, as pseudonym, and where they live. Nobody else is told.
create function log_colleagues() returns table (actor text, person bytea, home_areas text[])
    stable security definer set search_path = pg_catalog, public, pg_temp language plpgsql as $$
begin
    if not coalesce(scope_sees('log'), false) then
        return;
    end if;
    return query
        select 'user:' || u.user_id, u.person, coalesce(array_agg(distinct within.code)
            filter (where within.code is not null), '{}')
        from app_user as u
        left join area as home on home.code = u.home_area
        left join area_within as w on w.ancestor_id = home.area_id
        left join area as within on within.area_id = w.area_id
        where u.person is not null or u.home_area is not null
        group by u.user_id, u.person;
end $$;
