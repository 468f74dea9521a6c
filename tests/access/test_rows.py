"""Which rows each role gets: every table, whoever asks, held against a recount that knows nothing of policies."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app.db import GROUPS, PERSONS_GROUPS, Pool, Reader
from app.domain.viewer import ROLES, Role, Viewer
from tests.access.people import OWN, SPLIT, days_in, viewer

BY_AREA = ("ledger", "rollup_daily", "daily_total", "incident_version")
OPEN = {
    "area", "area_within", "delivery", "feed_state", "harm_weight", "offence", "quarantine", "region_pack",
    "rollup_place",
}  # fmt: skip
"""Tables of which every reader may see every row: they tell nothing of a case. Columns are another matter."""
UNREAD = {"access_scope", "app_session", "app_token", "app_user", "sign_in"}
"""Tables of the gate's login alone."""


async def readable(connection: asyncpg.Connection, table: str) -> set[str]:
    rows = await connection.fetch(
        """select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped
           and has_column_privilege(attrelid, attnum, 'select')""",
        table,
    )
    return {row["attname"] for row in rows}


async def tables(connection: asyncpg.Connection) -> list[str]:
    rows = await connection.fetch(
        """select relname from pg_class where relkind in ('r', 'p') and not relispartition
           and relnamespace = 'public'::regnamespace and relname not in ('spatial_ref_sys', 'alembic_version')"""
    )
    return [row["relname"] for row in rows]


async def test_every_table_is_open_by_intent_or_asks_who_reads(db: asyncpg.Connection):
    asking = await db.fetch(
        "select relname from pg_class where relrowsecurity and relforcerowsecurity and relkind in ('r', 'p')"
    )
    assert set(await tables(db)) - OPEN - UNREAD <= {row["relname"] for row in asking}


async def test_no_view_and_no_partition_goes_around_the_policies(db: asyncpg.Connection):
    rows = await db.fetch(
        """select c.relname, c.relkind from pg_class as c join pg_roles as r on r.rolname like 'lagesbild%'
           where c.relnamespace = 'public'::regnamespace and (c.relkind in ('v', 'm') or c.relispartition)
           and c.relkind not in ('i', 'I') and c.relname not like all('{geo%,raster%}')
           and has_any_column_privilege(r.oid, c.oid, 'select') and r.rolname not in ('lagesbild_writer')"""
    )
    assert {row["relname"] for row in rows} <= {"harm_now"}


@pytest.mark.parametrize("role", ROLES)
async def test_a_role_reads_nothing_without_its_scope(
    web: Pool, people: dict[Role, Viewer], role: Role, db: Any
):
    bare = Viewer(role, role, "user:x", people[role].areas)
    for name in sorted(set(await tables(db)) - OPEN - UNREAD):
        async with Reader(web, bare).transaction() as connection:
            if await readable(connection, name):
                columns = ", ".join(sorted(await readable(connection, name)))
                assert await connection.fetch(f"select {columns} from {name} limit 1") == [], name


@pytest.mark.parametrize("code", [OWN, SPLIT, "po-city"])
async def test_a_chief_gets_the_rows_of_the_own_areas_on_their_days_and_no_other(
    web: Pool, pool: Pool, db: asyncpg.Connection, code: str
):
    async with pool.acquire() as connection:
        chief = await viewer(connection, "area_chief", code)
    spans = await days_in(db, code)

    def inside(row: Any) -> bool:
        return any(area == row["rollup_area_id"] and a <= row["day"] < b for area, a, b in spans)

    for name in BY_AREA:
        async with Reader(web, chief).transaction() as connection:
            columns = ", ".join(sorted(await readable(connection, name)))
            seen = await connection.fetch(f"select {columns} from {name}")
        everything = await db.fetch(f"select {columns} from {name}")
        assert sorted(map(repr, seen)) == sorted(repr(row) for row in everything if inside(row)), name
        assert len(seen) < len(everything)
    async with Reader(web, chief).transaction() as connection:
        incidents = {row["incident_id"] for row in await connection.fetch("select incident_id from incident")}
        offences = await connection.fetch("select distinct version_id from incident_offence")
    versions = [row for row in await db.fetch("select * from incident_version") if inside(row)]
    assert incidents == {row["incident_id"] for row in versions} != set()
    assert {row["version_id"] for row in offences} == {row["version_id"] for row in versions}


@pytest.mark.parametrize("role", ["commander", "wall", "feed_admin"])
async def test_who_sees_figures_gets_sums_and_no_incident(
    web: Pool, people: dict[Role, Viewer], db: asyncpg.Connection, role: Role
):
    async with Reader(web, people[role]).transaction() as connection:
        total = await connection.fetchval("select sum(offences) from daily_total")
        assert not await readable(connection, "incident_version") | await readable(connection, "incident")
        assert not {"incident_id", "version_id"} & await readable(connection, "ledger")
    assert total == await db.fetchval("select sum(offences) from daily_total") > 0


async def test_an_analyst_gets_every_incident_and_no_person(
    web: Pool, people: dict[Role, Viewer], db: asyncpg.Connection
):
    async with Reader(web, people["analyst"]).transaction() as connection:
        assert await connection.fetchval("select count(*) from incident_version") == await db.fetchval(
            "select count(*) from incident_version"
        )
        told = await readable(connection, "incident_offence")
        assert {"offence_id", "count"} <= told
        assert not told & {"victim", "suspect", "relation"}
        assert "source_key" not in await readable(connection, "incident")
        assert not {"content_hash", "raw_id"} & await readable(connection, "incident_version")


@pytest.mark.parametrize("role", ["auditor", "partner"])
async def test_who_needs_no_case_gets_no_row_of_any(
    web: Pool, people: dict[Role, Viewer], db: asyncpg.Connection, role: Role
):
    async with Reader(web, people[role]).transaction() as connection:
        told = {name for name in await tables(db) if await readable(connection, name)}
    picture = {*BY_AREA, "incident", "incident_offence", "cell_total", "cell_monthly", "suspicion_statement"}
    assert not told & (picture | {"sighting", "raw_record", "record_key", "quarantine", "delivery"})


async def test_no_reader_reaches_raw_records_keys_sessions_or_scopes(
    web: Pool, people: dict[Role, Viewer], db: Any
):
    hidden = UNREAD | {"sighting", "raw_record"}
    for group in {*GROUPS.values(), *PERSONS_GROUPS.values()}:
        async with web.acquire() as connection, connection.transaction():
            await connection.execute("select set_config('role', $1, true)", group)
            assert {name for name in hidden if await readable(connection, name)} == set(), group


async def test_an_ended_scope_shows_nothing_from_the_next_statement_on(
    web: Pool, pool: Pool, people: dict[Role, Viewer]
):
    analyst = people["analyst"]
    async with Reader(web, analyst).transaction() as connection:
        assert await connection.fetchval("select count(*) from ledger") > 0
    async with pool.acquire() as connection:
        await connection.execute(
            "update access_scope set ended_at = now() where scope_id = $1", analyst.scope
        )
    async with Reader(web, analyst).transaction() as connection:
        assert await connection.fetchval("select count(*) from ledger") == 0
