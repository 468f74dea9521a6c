-- What the measures said: a row for each question, area and day, as known at a moment. Made once by the daily run and
-- never changed; who runs a question anew for the same day adds an edition with a later known_at (docs/measures.md).

create table measure_result (
    result_id bigint generated always as identity primary key,
    question text not null,              -- of app/jobs/questions.py
    measure text not null,
    version smallint not null,           -- of the measure
    area_id integer references area,     -- null: of the whole region, with what it tells of places
    day date not null,                   -- a day of the region; what happened before it is looked at
    known_at timestamptz not null,       -- as known then,
    xid xid8 not null,                   -- up to this ledger row: a back-fill carries an old known_at
    ledger_id bigint not null,
    params jsonb not null,
    state text not null check (state in ('told', 'refused', 'failed')),
    words jsonb not null,                -- [{sv, en}]: what it says; of a refusal why, of a failure that it failed
    content jsonb,                       -- the measure's result; null where it failed
    rows integer not null check (rows >= 0), -- of the table that it was worked out from
    seconds real not null check (seconds >= 0),
    made_at timestamptz not null default clock_timestamp(),
    check ((content is null) = (state = 'failed')),
    -- Two runs at once, or one that was killed and begun again, cannot say the same thing twice.
    unique nulls not distinct (question, area_id, day, known_at)
);
create index measure_result_day on measure_result (day);

call guard_rows('measure_result');
create trigger append_only before update or delete on measure_result for each row execute function refuse_change();
create trigger append_only_truncate before truncate on measure_result for each statement
    execute function refuse_change();

-- The region's own results name places anywhere in it: for those who see the region. A chief's are those of areas that
-- lie in the scope on the day that the result is of; as the policies of the ledger.
create policy region on measure_result for select to lagesbild_figures, lagesbild_region
    using ((select coalesce(scope_role() in ('analyst', 'commander', 'wall'), false)));
create policy areas on measure_result for select to lagesbild_areas using (
    coalesce(area_id = any((select scope_areas())::integer[]), false)
    and (area_id <> all((select scope_passing_areas())::integer[]) or exists (
        select from scope_spans() as span
        where span.area_id = measure_result.area_id and day >= span.first and day < span.beyond)));

-- A feed administrator may ask and is told that there is nothing.
grant select on measure_result to lagesbild_figures, lagesbild_region, lagesbild_areas, lagesbild_feeds;
