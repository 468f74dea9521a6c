-- Follow-ups on pairs: what somebody noted, did or decided after a report. Append-only; a correction is a new entry.
-- Beside it, the two things that an area chief is told of what lies elsewhere, and nothing more (docs/pairs.md).

create table follow_up (
    follow_up_id uuid primary key default gen_random_uuid(), -- opaque: the only id that leaves the house
    victim bytea not null check (length(victim) = 16),   -- keyed pseudonyms, as in incident_offence
    suspect bytea not null check (length(suspect) = 16),
    incident_id bigint not null references incident,     -- the report that it follows up: a chief sees those of own ones
    kind text not null,                  -- of app/domain/follow_up.toml
    text text not null check (length(text) between 1 and 2000),
    decided text not null default '' check (length(decided) <= 500),
    due date,                            -- by when the decided is to be done; a day of the region
    corrects uuid references follow_up,  -- an earlier entry that this one replaces; both stay
    -- Who and when: by default only, nobody may say it.
    noted_at timestamptz not null default clock_timestamp(),
    actor text not null default coalesce(scope_actor(), 'nobody'),
    name text not null default coalesce(scope_name(), ''),
    role text not null default coalesce(scope_role(), 'nobody')
);
create index follow_up_pair on follow_up (victim, suspect, noted_at);
create index follow_up_suspect on follow_up (suspect);

call guard_rows('follow_up');

-- No audit, no data: as incident_offence.
create policy region_persons on follow_up for select to lagesbild_region_persons
    using ((select audited()) and (select coalesce(scope_sees('region_persons'), false)));
create policy areas_persons on follow_up for select to lagesbild_areas_persons using ((select audited())
    and exists (select from incident as i where i.incident_id = follow_up.incident_id));
create policy region_persons_note on follow_up for insert to lagesbild_region_persons
    with check ((select audited()) and (select coalesce(scope_sees('region_persons'), false)));
create policy areas_persons_note on follow_up for insert to lagesbild_areas_persons with check ((select audited())
    and exists (select from incident as i where i.incident_id = follow_up.incident_id));
grant select on follow_up to lagesbild_region_persons, lagesbild_areas_persons;
grant insert (victim, suspect, incident_id, kind, text, decided, due, corrects) on follow_up to
    lagesbild_region_persons, lagesbild_areas_persons;

-- What became of a suspicion may be noted by those who see the report, in a transaction that the log has a row of.
create policy region_persons_state on suspicion_statement for insert to lagesbild_region_persons
    with check ((select audited()) and (select coalesce(scope_sees('region_persons'), false))
        and recorded_by = (select scope_actor()));
create policy areas_persons_state on suspicion_statement for insert to lagesbild_areas_persons
    with check ((select audited()) and recorded_by = (select scope_actor())
        and exists (select from incident as i where i.incident_id = suspicion_statement.incident_id));
grant insert (incident_id, suspect, offence_id, reason, final_on, source, recorded_by) on suspicion_statement to
    lagesbild_region_persons, lagesbild_areas_persons;

-- Whether a pair that the log's row of this transaction names, and that has a report in the chief's own areas, has one
-- anywhere else, by what was known at a moment (null: now). Not how many, not where, not when. Null: nobody may know.
create function pair_elsewhere(of_victim bytea, of_suspect bytea, as_of timestamptz) returns boolean
    stable parallel restricted security definer set search_path = pg_catalog, public, pg_temp language plpgsql as $$
declare
    own boolean;
    foreign_too boolean;
begin
    if coalesce(scope_role(), '') <> 'area_chief' or not exists (
        select from read_log where xid = pg_current_xact_id_if_assigned()
            and action in ('read', 'search', 'export', 'change') and persons @> array[of_victim, of_suspect]) then
        return null;
    end if;
    select bool_or(r.inside), bool_or(not r.inside) into own, foreign_too
    from (
        select scope_holds(v.rollup_area_id, v.day) as inside
        from incident_offence as o join incident_version as v using (version_id) join incident as i using (incident_id)
        where o.victim = any(array(select member from link_persons_of(array[of_victim], as_of)))
            and o.suspect = any(array(select member from link_persons_of(array[of_suspect], as_of)))
            and i.kind = 1 and v.state = 'active' and not v.repeats
            and (v.superseded_at is null or v.superseded_at > as_of) and (as_of is null or v.known_at <= as_of)
            -- A suspicion that ended comes up nowhere, here neither (app/queries/believed.py).
            and not exists (
                select from suspicion_statement as s
                where s.incident_id = v.incident_id and s.suspect = o.suspect and s.reason <> 'reopened'
                    and (s.offence_id is null or s.offence_id = o.offence_id or not exists (
                        select from incident_offence as same where same.version_id = v.version_id
                            and same.suspect = s.suspect and same.offence_id = s.offence_id))
                    and not exists (
                        select from suspicion_statement as r
                        where r.incident_id = s.incident_id and r.suspect = s.suspect
                            and (r.offence_id is null or r.offence_id = s.offence_id)
                            and (r.final_on, r.statement_id) > (s.final_on, s.statement_id)))
    ) as r;
    return coalesce(own and foreign_too, false);
end $$;

-- Whether somebody is the victim of a protected report that a chief may not see: they are in no list and no search of
-- the chief's either. Whoever sees the region sees the report itself, and for them this says no.
create function protected_elsewhere(of_victim bytea) returns boolean
    stable parallel restricted security definer set search_path = pg_catalog, public, pg_temp language plpgsql as $$
begin
    if coalesce(scope_role(), '') <> 'area_chief' then
        return false;
    end if;
    return not audited() or exists (
        select from incident_offence as o join incident_version as v using (version_id)
        where o.victim = of_victim and v.protected and not v.repeats and v.superseded_at is null);
end $$;
