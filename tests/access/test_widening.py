"""What a statement slipped into a read may try: no setting, no role and no session makes a scope wider."""

from __future__ import annotations

import asyncpg
import pytest

from app.db import Pool, Reader
from app.domain.viewer import Role, Viewer

SEEN = "select (select count(*) from ledger) + (select count(*) from incident_version) as seen"

ATTEMPTS = (
    "select set_config('role', 'lagesbild_region', true)",
    "select set_config('role', 'lagesbild_figures', true)",
    "select set_config('role', 'lagesbild_region_persons', true)",
    "set local role lagesbild_region",
    "reset role",
    "set role none",
    "select set_config('row_security', 'off', true)",
    "select set_config('lagesbild.areas', 'lpo-jarva', true)",
    "select set_config('lagesbild.scope', gen_random_uuid()::text, true)",
    "select set_config('lagesbild.scope', '', true)",
    "select set_config('search_path', 'pg_temp, public', true)",
)
REFUSED = (
    "set session authorization postgres",
    "set local role postgres",
    "set local role lagesbild_writer",
    "set local role lagesbild_door",
    "select * from access_scope",
    "select scope_id from app_session",
    "select hash from app_token",
    "select pg_read_file('/etc/passwd')",
    "update access_scope set areas = '{lpo-jarva}'",
    "alter table ledger disable row level security",
    "drop policy areas on ledger",
    "create function scope_role() returns text language sql as $$ select 'analyst' $$",
    "insert into area_within select area_id, ancestor_id + 1, valid_from, valid_to from area_within",
    "copy ledger to program 'cat'",
)


async def seen(connection: asyncpg.Connection) -> int:
    try:
        async with connection.transaction():
            return int(await connection.fetchval(SEEN))
    except asyncpg.InsufficientPrivilegeError:
        return 0


@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_no_setting_shows_a_chief_more(web: Pool, people: dict[Role, Viewer], attempt: str):
    async with Reader(web, people["area_chief"]).transaction() as connection:
        own = await seen(connection)
        await connection.execute(attempt)
        assert await seen(connection) <= own
    assert own > 0


@pytest.mark.parametrize("attempt", REFUSED)
async def test_what_would_widen_a_scope_is_refused(web: Pool, people: dict[Role, Viewer], attempt: str):
    with pytest.raises(asyncpg.PostgresError) as refused:
        async with Reader(web, people["area_chief"]).writing() as connection:
            await connection.execute(attempt)
    assert isinstance(refused.value, asyncpg.InsufficientPrivilegeError), refused.value


async def test_a_temporary_table_or_function_cannot_stand_in_for_ours(web: Pool, people: dict[Role, Viewer]):
    async with Reader(web, people["area_chief"]).writing() as connection:
        own = await seen(connection)
        for attempt in (
            "create temporary table access_scope as select gen_random_uuid() as scope_id, 'analyst'::text as role",
            "create temporary table area_within as select * from area_within",
            "create function pg_temp.scope_areas() returns integer[] language sql as 'select array[1, 2, 3]'",
        ):
            try:
                async with connection.transaction():
                    await connection.execute(attempt)
            except asyncpg.InsufficientPrivilegeError:
                continue
        assert await seen(connection) == own


async def test_no_function_with_rights_of_its_own_believes_a_temporary_table(db: asyncpg.Connection):
    rows = await db.fetch(
        """select proname, proconfig from pg_proc as p where prosecdef and pronamespace = 'public'::regnamespace
           and not exists (select from pg_depend as d where d.objid = p.oid and d.deptype = 'e')"""
    )
    assert {"scope_role", "scope_areas", "ledger_head"} <= {row["proname"] for row in rows}
    for row in rows:
        assert "search_path=pg_catalog, public, pg_temp" in (row["proconfig"] or ()), row["proname"]


@pytest.mark.parametrize(
    "dropped",
    [
        "drop policy areas on ledger",
        "drop policy areas on incident_version",
        "drop policy areas on daily_total",
    ],
)
async def test_a_policy_that_is_lost_hides_rows_and_shows_none(
    web: Pool, pool: Pool, people: dict[Role, Viewer], dropped: str
):
    table = dropped.rsplit(maxsplit=1)[1]
    async with pool.acquire() as owner:
        change = owner.transaction()
        await change.start()
        await owner.execute(dropped)
        await owner.execute("select set_config('role', 'lagesbild_areas', true)")
        await owner.execute("select set_config('lagesbild.scope', $1, true)", str(people["area_chief"].scope))
        assert await owner.fetchval(f"select count(*) from {table}") == 0
        await change.rollback()


@pytest.mark.parametrize(
    "mutation",
    [
        "alter table {} disable row level security",
        "create policy lax on {} for select to lagesbild_areas using (true)",
        "alter policy areas on {} using (true)",
        "alter policy areas on {} using (rollup_area_id = any((select scope_areas())::int[]) or day < '2025-01-01')",
    ],
)
@pytest.mark.parametrize("table", ["ledger", "rollup_daily", "daily_total", "incident_version"])
async def test_the_recount_notices_when_a_policy_is_loosened(
    pool: Pool, people: dict[Role, Viewer], mutation: str, table: str
):
    """Holds the tests of ``test_rows`` to account: with a mutation the chief's rows differ from the recount."""
    chief = people["area_chief"]
    async with pool.acquire() as owner:
        change = owner.transaction()
        await change.start()
        before = await _own_rows(owner, table, chief)
        await owner.execute(mutation.format(table))
        assert await _own_rows(owner, table, chief) > before
        await change.rollback()


async def _own_rows(owner: asyncpg.Connection, table: str, chief: Viewer) -> int:
    await owner.execute(
        "select set_config('role', 'lagesbild_areas', true), set_config('lagesbild.scope', $1, true)",
        str(chief.scope),
    )
    rows = int(await owner.fetchval(f"select count(*) from {table}"))
    await owner.execute("reset role")
    return rows
