"""Writes areas, offences and harm weights to the tables so that ids stay and an unchanged row is not touched."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import asyncpg
import shapely

from geodata.areas import RANK, Area, closure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geodata.pack import HarmWeight, Offence


@dataclass
class LoadReport:
    """What a load did: rows written by kind of change; all zero when nothing was new."""

    region: str
    checksum: str
    changed: bool
    inserted: int = 0
    updated: int = 0
    removed: int = 0
    within: int = 0
    """Rows of area_within written or taken away."""
    warnings: list[str] = field(default_factory=list)

    def add(self, other: LoadReport) -> None:
        """Count the other report's changes to this one."""
        self.inserted += other.inserted
        self.updated += other.updated
        self.removed += other.removed
        self.within += other.within
        self.warnings += other.warnings


async def only_one_at_a_time(conn: asyncpg.Connection) -> None:
    """Hold back any other load of areas until this transaction ends."""
    await conn.execute("select pg_advisory_xact_lock(hashtext('lagesbild geodata'))")


async def write_areas(conn: asyncpg.Connection, region: str, areas: Sequence[Area], srid: int) -> LoadReport:
    """Make the region's areas, and what lies within what, equal to ``areas``. Must run inside a transaction.

    Areas that are no longer there are removed. One that incidents are placed in is kept, within itself and
    the region, so that no count is lost; the report warns of it.
    """
    report = LoadReport(region, "", changed=True)
    await conn.execute(
        """
        create temp table new_area (
            rank int, kind text, code text, name text, valid_from date, valid_to date, provisional boolean,
            population int, source text, wkb bytea, parent_kind text, parent_code text, parent_from date,
            rollup_kind text, rollup_code text, rollup_from date, primary key (kind, code, valid_from)
        ) on commit drop;
        create temp table new_within (
            kind text, code text, of_from date, ancestor_kind text, ancestor_code text, ancestor_from date,
            valid_from date, valid_to date
        ) on commit drop
        """
    )
    await conn.copy_records_to_table("new_area", records=[_area_record(area) for area in areas])
    pairs = [
        (
            pair.area.kind,
            pair.area.code,
            pair.area.valid_from,
            pair.ancestor.kind,
            pair.ancestor.code,
            pair.ancestor.valid_from,
            pair.valid_from,
            pair.valid_to,
        )
        for pair in closure(areas)
    ]
    await conn.copy_records_to_table("new_within", records=pairs)
    await conn.execute("analyze new_area; analyze new_within")
    # The areas of this region as the tables know them before the change; another region's are left alone.
    await conn.execute(
        """
        create temp table old_area on commit drop as
        select distinct w.area_id from area_within w
        join area r on r.area_id = w.ancestor_id and r.kind = 'region' and r.code = $1
        """,
        region,
    )
    report.updated += _rows(
        await conn.execute(
            f"""
            update area a set name = n.name, valid_to = n.valid_to, provisional = n.provisional,
                population = n.population, source = n.source, geom = st_geomfromwkb(n.wkb, {srid:d})
            from new_area n
            where (a.kind, a.code, a.valid_from) = (n.kind, n.code, n.valid_from)
              and (a.name, a.valid_to, a.provisional, a.population, a.source, st_asbinary(a.geom, 'NDR'))
                  is distinct from (n.name, n.valid_to, n.provisional, n.population, n.source, n.wkb)
            """
        )
    )
    report.inserted += _rows(
        await conn.execute(
            f"""
            insert into area (kind, code, name, valid_from, valid_to, provisional, population, source, geom)
            select kind, code, name, valid_from, valid_to, provisional, population, source,
                   st_geomfromwkb(wkb, {srid:d})
            from new_area n
            where not exists (select from area a where (a.kind, a.code, a.valid_from) = (n.kind, n.code, n.valid_from))
            order by rank desc, code, valid_from
            """
        )
    )
    report.updated += _rows(
        await conn.execute(
            """
            update area a set parent_id = p.area_id, rollup_area_id = coalesce(r.area_id, a.area_id)
            from new_area n
            left join area p on (p.kind, p.code, p.valid_from) = (n.parent_kind, n.parent_code, n.parent_from)
            left join area r on (r.kind, r.code, r.valid_from) = (n.rollup_kind, n.rollup_code, n.rollup_from)
            where (a.kind, a.code, a.valid_from) = (n.kind, n.code, n.valid_from)
              and (a.parent_id, a.rollup_area_id) is distinct from (p.area_id, coalesce(r.area_id, a.area_id))
            """
        )
    )
    await _write_within(conn, region, report)
    await conn.execute("drop table new_area, new_within, old_area")
    return report


async def _write_within(conn: asyncpg.Connection, region: str, report: LoadReport) -> None:
    await conn.execute(
        """
        create temp table wanted on commit drop as
        select a.area_id, b.area_id as ancestor_id, n.valid_from, n.valid_to
        from new_within n
        join area a on (a.kind, a.code, a.valid_from) = (n.kind, n.code, n.of_from)
        join area b on (b.kind, b.code, b.valid_from) = (n.ancestor_kind, n.ancestor_code, n.ancestor_from)
        """
    )
    gone = await conn.fetch(
        """
        select a.area_id, a.kind, a.code, a.valid_from, a.valid_to
        from area a join old_area o using (area_id)
        where not exists (select from new_area n where (n.kind, n.code, n.valid_from) = (a.kind, a.code, a.valid_from))
        order by a.area_id
        """
    )
    ids = [row["area_id"] for row in gone]
    # Its own key may not stand in the way of the test whether anything else refers to a row that goes.
    await conn.execute(
        "update area set parent_id = null, rollup_area_id = area_id where area_id = any($1)", ids
    )
    await conn.execute("delete from area_within where area_id = any($1) or ancestor_id = any($1)", ids)
    for row in gone:
        try:
            async with conn.transaction():
                await conn.execute("delete from area where area_id = $1", row["area_id"])
            report.removed += 1
        except asyncpg.ForeignKeyViolationError:
            await conn.execute(
                """
                insert into wanted
                select a.area_id, b.area_id, a.valid_from, a.valid_to from area a, area b
                where a.area_id = $1 and (b.area_id = $1 or (b.kind = 'region' and b.code = $2))
                """,
                row["area_id"],
                region,
            )
            report.warnings.append(f"{row['kind']} {row['code']} is kept: incidents are placed in it.")
    report.within += _rows(
        await conn.execute(
            """
            delete from area_within w using old_area o
            where w.area_id = o.area_id and not exists (
                select from wanted n
                where (n.area_id, n.ancestor_id, n.valid_from) = (w.area_id, w.ancestor_id, w.valid_from)
                  and n.valid_to is not distinct from w.valid_to)
            """
        )
    )
    report.within += _rows(
        await conn.execute(
            """
            insert into area_within (area_id, ancestor_id, valid_from, valid_to)
            select area_id, ancestor_id, valid_from, valid_to from wanted
            on conflict (area_id, ancestor_id, valid_from) do nothing
            """
        )
    )
    await conn.execute("drop table wanted")


async def write_offences(conn: asyncpg.Connection, offences: Iterable[Offence]) -> LoadReport:
    """Add what is new and correct what changed, by code. Codes that a feed added are left alone."""
    columns = (
        "code", "kind", "name_sv", "name_en", "group_code", "group_sv", "group_en", "stage", "relation",
        "victim_sex", "victim_age", "place", "close_relationship", "valid_from", "valid_to", "severity",
    )  # fmt: skip
    await conn.execute("create temp table new_offence (like offence) on commit drop")
    await conn.execute("alter table new_offence alter column offence_id drop not null")
    records = [tuple(getattr(offence, column) for column in columns) for offence in offences]
    await conn.copy_records_to_table("new_offence", columns=columns, records=records)
    names = ", ".join(columns)
    report = LoadReport("", "", changed=True)
    report.updated = _rows(
        await conn.execute(
            f"""
            update offence o set ({names}) = ({", ".join(f"n.{column}" for column in columns)})
            from new_offence n
            where o.code = n.code and ({", ".join(f"o.{column}" for column in columns)})
                  is distinct from ({", ".join(f"n.{column}" for column in columns)})
            """
        )
    )
    report.inserted = _rows(
        await conn.execute(
            f"""
            insert into offence ({names})
            select {names} from new_offence n where not exists (select from offence o where o.code = n.code)
            order by kind, code
            """
        )
    )
    await conn.execute("drop table new_offence")
    return report


async def write_harm_weights(conn: asyncpg.Connection, weights: Iterable[HarmWeight]) -> LoadReport:
    """Add and correct weights; a version that the pack no longer holds stays, for what was reckoned with it."""
    await conn.execute(
        """
        create temp table new_weight (
            index_name text, version text, code text, weight float8, provisional boolean, source text
        ) on commit drop
        """
    )
    records = [(w.index_name, w.version, w.code, w.weight, w.provisional, w.source) for w in weights]
    await conn.copy_records_to_table("new_weight", records=records)
    report = LoadReport("", "", changed=True)
    rows = await conn.fetch(
        """
        insert into harm_weight (index_name, version, offence_id, weight, provisional, source)
        select n.index_name, n.version, o.offence_id, n.weight, n.provisional, n.source
        from new_weight n join offence o using (code)
        on conflict (index_name, version, offence_id) do update
        set weight = excluded.weight, provisional = excluded.provisional, source = excluded.source
        where (harm_weight.weight, harm_weight.provisional, harm_weight.source)
              is distinct from (excluded.weight, excluded.provisional, excluded.source)
        returning xmax = 0 as fresh
        """
    )
    report.inserted = sum(row["fresh"] for row in rows)
    report.updated = len(rows) - report.inserted
    await conn.execute("drop table new_weight")
    return report


def _area_record(area: Area) -> tuple[object, ...]:
    parent, rollup = area.parent, area.rollup
    return (
        RANK[area.kind], area.kind, area.code, area.name, area.valid_from, area.valid_to, area.provisional,
        area.population, area.source, shapely.to_wkb(area.geometry, byte_order=1),
        *((parent.kind, parent.code, parent.valid_from) if parent else (None, None, None)),
        *((rollup.kind, rollup.code, rollup.valid_from) if rollup else (None, None, None)),
    )  # fmt: skip


def _rows(tag: str) -> int:
    return int(tag.rsplit(" ", 1)[1])
