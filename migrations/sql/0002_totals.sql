-- What every counter reads: offences, incidents and harm of a day and a rollup area, as believed now; and what the
-- map reads: the same of a month and a square kilometre.
-- Few rows whatever the volume: the daily rollup holds ten times as many rows for a window at ten million offences
-- as at one million, this table the same. Kept by a trigger on the ledger, so no writer can forget it.
-- Harm is n x weight of the newest version of the index, in millionths of a month, so that sums of signed rows are
-- exact. It is worked out again when the weights change.

create table daily_total (
    kind smallint not null,
    day date not null,
    rollup_area_id integer not null,
    offences integer not null,
    incidents integer not null,
    harm_micro bigint not null,
    primary key (kind, day, rollup_area_id)
) with (fillfactor = 70);

create table cell_total (
    kind smallint not null,
    month date not null,
    cx integer not null,
    cy integer not null,
    offences integer not null,
    incidents integer not null,
    harm_micro bigint not null,
    primary key (kind, month, cx, cy)
) with (fillfactor = 70);

create view harm_now as
select o.offence_id, coalesce(round(w.weight * 1000000), 0)::bigint as micro
from offence as o left join harm_weight as w on w.offence_id = o.offence_id and w.index_name = 'bsi'
    and w.version = (select max(version) from harm_weight where index_name = 'bsi');

create function add_to_totals() returns trigger language plpgsql as $$
begin
    insert into daily_total as t (kind, day, rollup_area_id, offences, incidents, harm_micro)
    select kind, day, rollup_area_id, sum(offences), sum(incidents), sum(offences * coalesce(micro, 0))
    from appended left join harm_now using (offence_id)
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (kind, day, rollup_area_id) do update
    set offences = t.offences + excluded.offences, incidents = t.incidents + excluded.incidents,
        harm_micro = t.harm_micro + excluded.harm_micro;
    insert into cell_total as t (kind, month, cx, cy, offences, incidents, harm_micro)
    select kind, date_trunc('month', day)::date, cx, cy, sum(offences), sum(incidents),
        sum(offences * coalesce(micro, 0))
    from appended left join harm_now using (offence_id)
    where cx is not null
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (kind, month, cx, cy) do update
    set offences = t.offences + excluded.offences, incidents = t.incidents + excluded.incidents,
        harm_micro = t.harm_micro + excluded.harm_micro;
    return null;
end $$;

create trigger totals after insert on ledger
    referencing new table as appended for each statement execute function add_to_totals();

create function weigh_totals() returns trigger language plpgsql as $$
begin
    update daily_total as t set harm_micro = w.harm_micro
    from (
        select kind, day, rollup_area_id, sum(offences * micro) as harm_micro
        from rollup_daily join harm_now using (offence_id) group by 1, 2, 3
    ) as w
    where (t.kind, t.day, t.rollup_area_id) = (w.kind, w.day, w.rollup_area_id) and t.harm_micro <> w.harm_micro;
    update cell_total as t set harm_micro = w.harm_micro
    from (
        select kind, month, cx, cy, sum(offences * micro) as harm_micro
        from cell_monthly join harm_now using (offence_id) group by 1, 2, 3, 4
    ) as w
    where (t.kind, t.month, t.cx, t.cy) = (w.kind, w.month, w.cx, w.cy) and t.harm_micro <> w.harm_micro;
    return null;
end $$;

create trigger weigh_totals after insert or update or delete on harm_weight
    for each statement execute function weigh_totals();

-- Rows that stand in the ledger already: a database that ran on the first migration.
insert into daily_total (kind, day, rollup_area_id, offences, incidents, harm_micro)
select kind, day, rollup_area_id, sum(offences), sum(incidents), sum(offences * micro)
from ledger join harm_now using (offence_id) group by 1, 2, 3;
insert into cell_total (kind, month, cx, cy, offences, incidents, harm_micro)
select kind, date_trunc('month', day)::date, cx, cy, sum(offences), sum(incidents), sum(offences * micro)
from ledger join harm_now using (offence_id) where cx is not null group by 1, 2, 3, 4;

-- The map's near zoom levels, and "what changed since".
create index ledger_cell on ledger (kind, cx, cy, day) where cx is not null;
create index incident_version_known on incident_version (known_at);

-- Which area of each kind a rollup area lies in, when: what counts by area joins, 250 rows instead of area_within's
-- thousands. Made anew by a trigger, so that no loader of areas can forget it.
create table rollup_place (
    area_id integer not null,
    kind text not null,
    code text not null,
    valid_from date not null,
    valid_to date,
    primary key (kind, area_id, valid_from)
);

create function place_rollup_areas() returns trigger language plpgsql as $$
begin
    delete from rollup_place;
    insert into rollup_place (area_id, kind, code, valid_from, valid_to)
    select w.area_id, target.kind, target.code, w.valid_from, w.valid_to
    from area_within as w join area as target on target.area_id = w.ancestor_id
    where exists (select from area as counted where counted.rollup_area_id = w.area_id);
    return null;
end $$;

create trigger place_rollup_areas after insert or update or delete on area_within
    for each statement execute function place_rollup_areas();
create trigger place_rollup_areas after update on area
    for each statement execute function place_rollup_areas();

insert into rollup_place (area_id, kind, code, valid_from, valid_to)
select w.area_id, target.kind, target.code, w.valid_from, w.valid_to
from area_within as w join area as target on target.area_id = w.ancestor_id
where exists (select from area as counted where counted.rollup_area_id = w.area_id);
