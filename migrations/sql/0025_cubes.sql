-- Published, disclosure-controlled cubes (docs/disclosure.md). An edition is what partners were given: made once, never
-- changed, never deleted. What was hidden is nowhere in these tables: counts are taken from the ledger at the pins.

-- The axes and cubes of a year as fixed at its first publication, so that a later region pack changes nothing of it.
create table cube_plan (
    plan text primary key,               -- the region and the year
    document jsonb not null,             -- app/disclosure/declared.py
    made_at timestamptz not null default now()
);

-- The picture that each version of a published month was counted from.
create table cube_pin (
    plan text not null references cube_plan,
    period text not null,                -- a month, YYYY-MM
    version smallint not null check (version between 1 and 9),
    as_of timestamptz not null,          -- as known then,
    xid xid8 not null,                   -- up to this ledger row: a back-fill carries an old known_at
    ledger_id bigint not null,
    primary key (plan, period, version)
);

create table cube_edition (
    edition_id bigint generated always as identity primary key,
    plan text not null references cube_plan,
    cube text not null,
    period text not null,                -- a month, a quarter (2026-Q3) or a year
    version smallint not null check (version between 1 and 9),
    as_of timestamptz not null,
    made_at timestamptz not null,
    roles text[] not null,               -- who may see it
    method text not null,
    parameters jsonb not null,           -- threshold, width, zeros, rounding
    cells integer not null,
    hidden integer not null,
    sha256 bytea not null check (sha256 = sha256(convert_to(content, 'UTF8'))),
    content text not null,               -- canonical JSON: axes, names, rows; a hidden figure is null
    unique (plan, cube, period, version)
);

call guard_rows('cube_plan', 'cube_pin', 'cube_edition');
do $$
declare
    target text;
begin
    foreach target in array array['cube_plan', 'cube_pin', 'cube_edition'] loop
        execute format('create trigger append_only before update or delete on %I for each row '
            'execute function refuse_change()', target);
        execute format('create trigger append_only_truncate before truncate on %I for each statement '
            'execute function refuse_change()', target);
    end loop;
end $$;

grant select on cube_edition to lagesbild_cubes, lagesbild_figures, lagesbild_region, lagesbild_areas;
create policy cubes on cube_edition for select
    to lagesbild_cubes, lagesbild_figures, lagesbild_region, lagesbild_areas
    using ((select coalesce(scope_sees('cubes'), false)) and (select scope_role()) = any(roles));
