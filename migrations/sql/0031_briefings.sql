-- The morning's editions: what the briefing said, for the region and for each district, as it was made. Append-only: who
-- makes one anew for the same day adds an edition with the next number (docs/briefing.md).

create table briefing (
    edition_id bigint generated always as identity primary key,
    area_id integer references area,     -- null: of the whole region, with what it tells of places
    day date not null,                   -- a day of the region; what happened before its morning is looked at
    number smallint not null check (number between 1 and 999), -- of that day and area
    known_at timestamptz not null,       -- as known then,
    xid xid8 not null,                   -- up to this ledger row: a back-fill carries an old known_at
    ledger_id bigint not null,
    form smallint not null,              -- of the content: app/briefing/edition.py
    sha256 bytea not null check (sha256 = sha256(convert_to(content, 'UTF8'))),
    content text not null,               -- canonical JSON: sections, sentences with their figures, queries and scopes
    made_at timestamptz not null default clock_timestamp(),
    -- Two runs at once cannot make the same edition twice.
    unique nulls not distinct (area_id, day, number)
);
create index briefing_known on briefing (known_at);

call guard_rows('briefing');
create trigger append_only before update or delete on briefing for each row execute function refuse_change();
create trigger append_only_truncate before truncate on briefing for each statement execute function refuse_change();

-- It quotes the log book, so it is for those who have a shift's duty: the region's and every district's for those who see
-- the region, and for a chief those of areas that lie in the scope on the day. A wall screen is passed by everybody.
create policy region on briefing for select to lagesbild_figures, lagesbild_region
    using ((select coalesce(scope_role() in ('analyst', 'commander'), false)));
create policy areas on briefing for select to lagesbild_areas using (
    coalesce(area_id = any((select scope_areas())::integer[]), false)
    and (area_id <> all((select scope_passing_areas())::integer[]) or exists (
        select from scope_spans() as span
        where span.area_id = briefing.area_id and day >= span.first and day < span.beyond)));

-- A feed administrator and a wall may ask and are told that there is nothing.
grant select on briefing to lagesbild_figures, lagesbild_region, lagesbild_areas, lagesbild_feeds;
