"""Millions of offences made in the database: 26 areas, 20 offences, ten years, known after a delay, some corrected.

They stand in ``plain_offence``, a table as anybody would make it, and in the ledger with everything that is kept beside
it: the totals by the ledger's own trigger, the rollup and the cells in one go, their indexes built afterwards. All are
held against each other by sums. The incidents' own tables stay empty: no count reads them.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg

FIRST, LAST = date(2016, 10, 1), date(2026, 9, 30)
DAYS = (LAST - FIRST).days + 1
AREAS, OFFENCES = 26, 20
CHUNK = 1_000_000

PLAIN = """
create unlogged table plain_offence (
    number bigint not null, day date not null, hour smallint not null, area_id integer not null,
    offence_id integer not null, gravest boolean not null, micro integer not null, known_at timestamptz not null,
    was_area_id integer
)
"""
# In the order of their days, as they would be in a table that grew. Hashes instead of random(): the same every time.
FILL_PLAIN = """
with known as (
    select (select array_agg(area_id order by area_id) from (
                select distinct rollup_area_id as area_id from area where kind = 'regso'
                order by 1 limit $3) as a) as areas,
           array_agg(offence_id order by offence_id) as offences,
           array_agg(micro::integer order by offence_id) as micros
    from (select offence_id, micro from offence join harm_now using (offence_id)
          where kind = 1 and close_relationship order by 1 limit $4) as o
), made as (
    select i, $5::date + (i * $6::bigint / $7::bigint)::integer as day,
           (hashint8extended(i, 1) & 2147483647) as a, (hashint8extended(i, 2) & 2147483647) as b,
           (hashint8extended(i, 3) & 2147483647)::float8 / 2147483648 as u
    from generate_series($1::bigint, $2::bigint) as i
)
insert into plain_offence
select i, day, b % 24, areas[1 + a % $3], offences[1 + b / 64 % $4], b % 5 > 0, micros[1 + b / 64 % $4],
       day + interval '22 hours' + make_interval(secs => least(400, -6 * ln(1 - u)) * 86400),
       case when a % 33 = 0 then areas[1 + (a / 64) % $3] end
from made, known
"""
# An offence in thirty-three was first believed to be elsewhere and moved two days later.
LEDGER = """
insert into ledger (known_at, day, hour, kind, area_id, rollup_area_id, offence_id, offences, incidents, cx, cy,
                    incident_id, version_id, backfilled)
select p.known_at + later, day, hour, 1, place, place, offence_id, sign, sign * gravest::integer,
       600 + place % 97 + (number % 4)::integer, 6500 + place % 89 + (number / 4 % 4)::integer, number, 2 * number, true
from plain_offence as p, lateral (
    select area_id as place, 1 as sign, interval '2 days' * (was_area_id is not null)::integer as later
    union all
    select was_area_id, 1, interval '0' where was_area_id is not null
    union all
    select was_area_id, -1, interval '2 days' where was_area_id is not null
) as signed
where number between $1 and $2
"""
ROLLUP = """
insert into rollup_daily (day, rollup_area_id, kind, offence_id, known_day, offences, incidents)
select day, rollup_area_id, kind, offence_id, (known_at at time zone 'Europe/Stockholm')::date, sum(offences),
       sum(incidents)
from ledger where day between $1 and $2 group by 1, 2, 3, 4, 5
"""
CELLS = """
insert into cell_monthly (month, kind, offence_id, cx, cy, offences, incidents)
select date_trunc('month', day)::date, kind, offence_id, cx, cy, sum(offences), sum(incidents)
from ledger group by 1, 2, 3, 4, 5
"""
# The incidents themselves, for what reads them; one version each, the moved ones two.
INCIDENTS = """
insert into delivery (delivery_id, feed, name, sha256, fetched_at, archive, read, loaded, unchanged, quarantined,
    outside)
values (1, 'anmalan', 'made', '', now(), true, 0, 0, 0, 0, 0);
insert into incident (incident_id, feed, source_key, kind)
select number, 'anmalan', 'K' || number, 1 from plain_offence;
insert into incident_version (version_id, incident_id, known_at, superseded_at, state, occurred_from, occurred_to, day,
    hour, area_id, rollup_area_id, precision, geom, cx, cy, offence_id, title, content_hash, delivery_id)
select case when moved then 2 * number + later else 2 * number end, number, known_at + later * interval '2 days',
    case when moved and later = 0 then known_at + interval '2 days' end, 'active',
    day + make_interval(hours => hour), day + make_interval(hours => hour), day, hour, place, place, 'point',
    st_setsrid(st_makepoint(1000 * (600 + place % 97 + number % 4) + number % 991,
        1000 * (6500 + place % 89 + number / 4 % 4) + number % 983), 3006),
    600 + place % 97 + number % 4, 6500 + place % 89 + number / 4 % 4, offence_id, 'Misshandel', '', 1
from plain_offence, lateral (select was_area_id is not null as moved) as m,
    lateral (select area_id as place, moved::integer as later union all
             select was_area_id, 0 where was_area_id is not null) as told;
"""
COVERING = """
create index plain_offence_covering on plain_offence (day, area_id) include (gravest, micro)
"""
GROUP_BY = """
select day, area_id, count(*) as offences, count(*) filter (where gravest) as incidents, sum(micro) as harm
from plain_offence where day between $1 and $2 group by 1, 2 order by 1, 2
"""
# The same sums from four places; a row is a difference.
DIFFERENCES = """
with plain as (
    select day, area_id, count(*) as n, count(*) filter (where gravest) as m from plain_offence group by 1, 2
), booked as (
    select day, rollup_area_id as area_id, sum(offences) as n, sum(incidents) as m from ledger group by 1, 2
), daily as (
    select day, rollup_area_id as area_id, sum(offences) as n, sum(incidents) as m from rollup_daily group by 1, 2
), total as (
    select day, rollup_area_id as area_id, offences as n, incidents as m from daily_total
)
select day, area_id from plain full join booked using (day, area_id) full join daily using (day, area_id)
full join total using (day, area_id)
where (coalesce(plain.n, 0), coalesce(plain.m, 0)) <> (coalesce(booked.n, 0), coalesce(booked.m, 0))
   or (coalesce(daily.n, 0), coalesce(daily.m, 0)) <> (coalesce(booked.n, 0), coalesce(booked.m, 0))
   or (coalesce(total.n, 0), coalesce(total.m, 0)) <> (coalesce(booked.n, 0), coalesce(booked.m, 0))
limit 5
"""
INDEXES = """
select indexdef, indexrelid::regclass::text as name, conname
from pg_index join pg_indexes on indexname = indexrelid::regclass::text and schemaname = 'public'
left join pg_constraint on conindid = indexrelid
where indrelid = any (array['ledger', 'rollup_daily']::regclass[])
"""


async def fill(connection: asyncpg.Connection, offences: int) -> None:
    """Make that many offences, in both forms, indexed and vacuumed."""
    await connection.execute("set work_mem = '256MB'; set maintenance_work_mem = '1GB'")
    await connection.execute(PLAIN)
    rebuild = await _drop_indexes(connection)
    for begin in range(0, offences, CHUNK):
        end = min(begin + CHUNK, offences) - 1
        await connection.execute(FILL_PLAIN, begin, end, AREAS, OFFENCES, FIRST, DAYS, offences)
        await connection.execute(LEDGER, begin, end)
    await connection.execute("create index by_day on ledger using brin (day)")
    for year in range(FIRST.year, LAST.year + 1):
        await connection.execute(ROLLUP, date(year, 1, 1), date(year, 12, 31))
    await connection.execute(CELLS)
    await connection.execute("drop index by_day")
    for statement in rebuild:
        await connection.execute(statement)
    await connection.execute(COVERING)
    await connection.execute("vacuum (analyze)")


async def add_incidents(connection: asyncpg.Connection) -> None:
    """The incidents that the ledger's rows are of, with their versions."""
    await connection.execute(INCIDENTS)
    await connection.execute("vacuum (analyze)")


async def _drop_indexes(connection: asyncpg.Connection) -> list[str]:
    """Take the indexes of ledger and rollup away for the bulk, and say how they come back just as they were."""
    rebuild = []
    for row in await connection.fetch(INDEXES):
        if row["conname"]:
            definition = await connection.fetchval(
                "select pg_get_constraintdef(oid) from pg_constraint where conname = $1", row["conname"]
            )
            await connection.execute(f"alter table ledger drop constraint {row['conname']}")
            rebuild.append(f"alter table ledger add constraint {row['conname']} {definition}")
        else:
            await connection.execute(f"drop index {row['name']}")
            rebuild.append(
                row["indexdef"].replace(" ON ONLY ", " ON ")
            )  # of a partitioned table: all its parts
    return rebuild


async def export(connection: asyncpg.Connection, folder: Path) -> Path:
    """The plain offences as Parquet, sorted by day and area, written by DuckDB."""
    import duckdb

    rows, parquet = folder / "offences.csv", folder / "offences.parquet"
    await connection.copy_from_query(
        "select day, area_id, gravest, micro from plain_offence",
        output=rows,
        format="csv",
        header=True,
    )
    with duckdb.connect() as duck:
        duck.execute(
            f"copy (select * from read_csv('{rows}', header = true, columns = "
            f"{{'day': 'DATE', 'area_id': 'INTEGER', 'gravest': 'BOOLEAN', 'micro': 'BIGINT'}}) order by day, area_id) "
            f"to '{parquet}' (format parquet)"
        )
    rows.unlink()
    return parquet


DUCK = """
select day, area_id, count(*) as offences, count(*) filter (where gravest) as incidents, sum(micro) as harm
from read_parquet(?) where day between ? and ? group by 1, 2 order by 1, 2
"""


def spans(number: int, days: int) -> list[tuple[date, date]]:
    """Windows of so many days, spread over all ten years, none at the very ends."""
    step = (DAYS - 2 * days) // number
    begins = [FIRST + timedelta(days=days + place * step) for place in range(number)]
    return [(begin, begin + timedelta(days=days - 1)) for begin in begins]


def plain_rows(rows: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in rows]
