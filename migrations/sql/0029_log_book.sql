-- The log book: decisions, notes, follow-ups, what was done in an area, reviews and handovers, each pinned to the picture
-- that its writer looked at. Append-only: a correction is an entry of its own beside the old one. It holds no person: a
-- case is named by its incident (docs/log-book.md).

create table log_entry (
    entry_id uuid primary key default gen_random_uuid(), -- opaque: the only id that leaves the house
    thread uuid not null,                -- the first of an entry and its corrections; set by the trigger below
    kind text not null check (kind in
        ('decision', 'note', 'follow_up', 'intervention', 'handover', 'review', 'done')),
    text text not null check (length(text) <= 4000 and (text <> '' or kind in ('done', 'handover'))),
    -- Where it is pinned.
    area_id integer references area,     -- null: the whole region
    for_all boolean not null default false, -- of the whole region, and for the chiefs too
    incident uuid references incident (uid),
    view text not null default '' check (length(view) <= 1000), -- the page and its address's search: /omrade?area=…
    known_at timestamptz not null,       -- the picture as known then,
    xid xid8 not null,                   -- up to this ledger row,
    ledger_id bigint not null,           -- and this one
    lon double precision check (lon between -180 and 180), -- WGS84
    lat double precision check (lat between -90 and 90),
    -- What the kinds have of their own.
    owner text not null default '' check (length(owner) <= 100), -- a follow-up's: who is to do it
    due timestamptz,                     -- and by when
    begins date,                         -- an intervention's first day in the region's calendar
    ends date,                           -- and its last; null: it goes on
    figures jsonb,                       -- a handover's, as they were shown when it was signed
    about uuid references log_entry,     -- what a done closes: a follow-up, or a handover that is acknowledged
    corrects uuid references log_entry,  -- an earlier entry that this one replaces; both stay
    -- Who and when: by default only, nobody may say it.
    noted_at timestamptz not null default clock_timestamp(),
    actor text not null default coalesce(scope_actor(), 'nobody'),
    name text not null default coalesce(scope_name(), ''),
    role text not null default coalesce(scope_role(), 'nobody'),
    check (not for_all or area_id is null),
    check ((lon is null) = (lat is null)),
    check ((kind = 'follow_up') = (due is not null) and (kind = 'follow_up') = (owner <> '')),
    check ((kind = 'intervention') = (begins is not null)),
    check (ends is null or (begins is not null and ends >= begins)),
    check (kind <> 'intervention' or area_id is not null),
    check (kind <> 'review' or incident is not null),
    check ((kind = 'done') = (about is not null)),
    check ((kind = 'handover') = (figures is not null))
);
create index log_entry_noted on log_entry (noted_at desc);
create index log_entry_thread on log_entry (thread);
create index log_entry_about on log_entry (about) where about is not null;
create index log_entry_incident on log_entry (incident) where incident is not null;
-- One correction of each: what comes later corrects the correction, so that the last of a thread holds.
create unique index log_entry_corrects on log_entry (corrects) where corrects is not null;

-- What corrects or closes another lies where the other lies, or somebody would see the one and not the other. It is
-- looked for with the writer's own rights: what may not be seen can neither be corrected nor closed.
create function place_log_entry() returns trigger set search_path = pg_catalog, public, pg_temp language plpgsql as $$
declare
    other log_entry;
begin
    new.thread := new.entry_id;
    if new.corrects is not null then
        select * into other from log_entry where entry_id = new.corrects and kind = new.kind;
        if not found then
            raise exception 'no such entry to correct' using errcode = 'no_data_found';
        end if;
        new.thread := other.thread;
        new.about := other.about;
    elsif new.about is not null then
        select * into other from log_entry where entry_id = new.about and kind in ('follow_up', 'handover');
        if not found then
            raise exception 'no such entry to close' using errcode = 'no_data_found';
        end if;
        new.about := other.thread;
    else
        return new;
    end if;
    new.area_id := other.area_id;
    new.for_all := other.for_all;
    new.incident := other.incident;
    return new;
end $$;
create trigger place_log_entry before insert on log_entry for each row execute function place_log_entry();

call guard_rows('log_entry');
create trigger append_only before update or delete on log_entry for each row execute function refuse_change();
create trigger append_only_truncate before truncate on log_entry for each statement execute function refuse_change();

-- A chief's are those of own areas on the day that they were noted, and what the region says to everybody.
create function scope_holds_entry(area integer, noted timestamptz) returns boolean
    stable parallel safe set search_path = pg_catalog, public, pg_temp language plpgsql as $$
begin
    return area is not null and scope_holds(
        (select a.rollup_area_id from area as a where a.area_id = scope_holds_entry.area),
        (noted at time zone 'UTC')::date);
end $$;

create policy region on log_entry for select to lagesbild_figures, lagesbild_region, lagesbild_region_persons
    using ((select coalesce(scope_role() in ('analyst', 'commander'), false)));
create policy areas on log_entry for select to lagesbild_areas, lagesbild_areas_persons
    using ((select coalesce(scope_sees('areas'), false)) and (for_all or scope_holds_entry(area_id, noted_at)));
create policy region_note on log_entry for insert to lagesbild_figures, lagesbild_region
    with check ((select coalesce(scope_role() in ('analyst', 'commander'), false)));
create policy areas_note on log_entry for insert to lagesbild_areas
    with check ((select coalesce(scope_sees('areas'), false))
        and (scope_holds_entry(area_id, noted_at) or (for_all and kind = 'done'))
        and (incident is null or about is not null or corrects is not null
            or exists (select from incident as i where i.uid = log_entry.incident)));
grant select on log_entry to lagesbild_figures, lagesbild_region, lagesbild_areas, lagesbild_region_persons,
    lagesbild_areas_persons;
grant insert (kind, text, area_id, for_all, incident, view, known_at, xid, ledger_id, lon, lat, owner, due, begins, ends,
    figures, about, corrects) on log_entry to lagesbild_figures, lagesbild_region, lagesbild_areas;
