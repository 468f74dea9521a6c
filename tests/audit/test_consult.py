"""No audit, no data: whoever reads about persons stands in the log, whatever happens on the way."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from app.commands.consult import Consultation, Flood, consult, logged, masked, note_denied
from app.db import Pool, Reader
from app.domain.errors import BadInput, NotAllowed, NotFound
from app.domain.viewer import NOBODY, Role, Viewer
from tests.access.people import OWN, viewer

PEOPLE = "select victim, suspect, relation from incident_offence"
READ = Consultation("read", "dyad", "follow_up: andra kvartalet", {"incident": "0b6e", "page": 2})


async def rows(pool: Pool, since: int = 0) -> list[asyncpg.Record]:
    async with pool.acquire() as connection:
        return list(await connection.fetch("select * from read_log where log_id > $1 order by log_id", since))


async def count(pool: Pool) -> int:
    return len(await rows(pool))


async def test_a_reading_and_its_row_are_one_transaction(web: Pool, pool: Pool, people: dict[Role, Viewer]):
    before = await rows(pool)
    async with consult(Reader(web, people["analyst"]), READ) as read:
        found = await read.connection.fetch(PEOPLE)
        assert len(found) > 60
        read.found(len(found))
        read.concerns([found[0]["victim"], found[0]["victim"], None], ["0180"])
        assert await count(pool) == len(before), "not committed yet"
    row = (await rows(pool))[-1]
    assert (row["actor"], row["name"], row["role"]) == ("user:analyst", "analyst", "analyst")
    assert (row["action"], row["what"], row["reason"]) == ("read", "dyad", "follow_up")
    assert (row["reason_text"], row["filter"]) == ("andra kvartalet", {"incident": "0b6e", "page": 2})
    assert (row["found"], row["persons"], row["areas"]) == (len(found), [found[0]["victim"]], ["0180"])
    assert len(row["scope_ref"]) == 16
    assert str(people["analyst"].scope)[:8] not in row["scope_ref"]


@pytest.mark.parametrize("role", ["analyst", "commander", "area_chief"])
async def test_without_a_row_in_the_log_no_person_is_shown(web: Pool, people: dict[Role, Viewer], role: Role):
    async with Reader(web, people[role]).persons() as connection:
        assert await connection.fetch(PEOPLE) == []
        await connection.execute("insert into read_log (action, what) values ('denied', 'x')")
        assert await connection.fetch(PEOPLE) == [], "what was denied is not a reading"
    async with consult(Reader(web, people[role]), READ) as read:
        assert await read.connection.fetch(PEOPLE) != []
    async with Reader(web, people[role]).persons() as connection:
        assert await connection.fetch(PEOPLE) == [], "a row of an earlier transaction does not count"


async def test_a_row_counts_only_in_the_scope_that_it_was_written_in(web: Pool, people: dict[Role, Viewer]):
    async with consult(Reader(web, people["analyst"]), READ) as read:
        for other in (people["commander"].scope, people["area_chief"].scope, uuid4(), ""):
            await read.connection.execute("select set_config('lagesbild.scope', $1, true)", str(other))
            assert await read.connection.fetch(PEOPLE) == []
        await read.connection.execute(
            "select set_config('lagesbild.scope', $1, true)", str(people["analyst"].scope)
        )
        assert await read.connection.fetch(PEOPLE) != []


async def test_the_row_is_found_by_its_index_however_short_the_log_was_when_the_plan_was_made(
    web: Pool, pool: Pool, people: dict[Role, Viewer]
):
    scans = "select seq_scan, idx_scan from pg_stat_xact_user_tables where relname = 'read_log'"
    async with pool.acquire() as connection:
        await connection.execute("vacuum analyze read_log")
    for role in ("analyst", "area_chief"):
        async with consult(Reader(web, people[role]), READ) as read:
            before = await read.connection.fetchrow(scans)
            await read.connection.fetch(PEOPLE)
            after = await read.connection.fetchrow(scans)
        assert after["seq_scan"] == before["seq_scan"], role
        assert after["idx_scan"] > before["idx_scan"], role


async def test_a_chief_sees_people_of_the_own_areas_only(web: Pool, pool: Pool, people: dict[Role, Viewer]):
    async with consult(Reader(web, people["area_chief"]), READ) as read:
        seen = {row["victim"] for row in await read.connection.fetch(PEOPLE)}
    async with pool.acquire() as connection:
        inside = await connection.fetch(
            """select o.victim from incident_offence as o join incident_version as v using (version_id)
               join area_within as w on w.area_id = v.rollup_area_id and v.day >= w.valid_from
                   and v.day < coalesce(w.valid_to, 'infinity')
               join area as a on a.area_id = w.ancestor_id and a.code = $1""",
            OWN,
        )
    assert seen == {row["victim"] for row in inside} != set()


@pytest.mark.parametrize("role", ["feed_admin", "auditor", "partner", "wall"])
async def test_other_roles_read_nothing_about_persons(web: Pool, people: dict[Role, Viewer], role: Role):
    with pytest.raises(NotAllowed):
        async with consult(Reader(web, people[role]), READ):
            pass

    async def look() -> None:
        async with logged(Reader(web, people[role]), READ) as read:
            await read.connection.fetch(PEOPLE)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await look()


async def test_a_scope_that_has_ended_reads_nothing_and_is_nobody(web: Pool, pool: Pool):
    async with pool.acquire() as connection:
        gone = await viewer(connection, "analyst")
        await connection.execute("update access_scope set ended_at = now() where scope_id = $1", gone.scope)
    async with consult(Reader(web, gone), READ) as read:
        assert await read.connection.fetch(PEOPLE) == []
    assert (await rows(pool))[-1]["actor"] == "nobody"


async def test_what_fails_inside_gives_nothing_out_and_leaves_no_row(
    web: Pool, pool: Pool, people: dict[Role, Viewer]
):
    before = await count(pool)
    with pytest.raises(NotFound):  # noqa: PT012 - the block is what is tried
        async with consult(Reader(web, people["analyst"]), READ) as read:
            await read.connection.fetch(PEOPLE)
            raise NotFound("There is no such pair.")
    assert await count(pool) == before


async def test_a_reading_that_is_cancelled_leaves_the_pool_clean(web: Pool, people: dict[Role, Viewer]):
    async def read_long() -> None:
        async with consult(Reader(web, people["analyst"]), READ) as read:
            await read.connection.fetch("select pg_sleep(30)")

    for _ in range(8):
        task = asyncio.create_task(read_long())
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with web.acquire() as connection:
        assert await connection.fetchval("select current_user") == "lagesbild_web"
        assert (
            await connection.fetchval("select coalesce(current_setting('lagesbild.scope', true), '')") == ""
        )


async def test_no_reason_no_data(web: Pool, pool: Pool, people: dict[Role, Viewer]):
    before = await count(pool)
    for reason in ("", "x", "........."):
        with pytest.raises(BadInput, match="Say why"):
            async with consult(Reader(web, people["analyst"]), Consultation("read", "dyad", reason)):
                pass
    assert await count(pool) == before


async def test_searches_and_exports_without_persons_are_rows_too(
    web: Pool, pool: Pool, people: dict[Role, Viewer]
):
    for role, action in (("analyst", "export"), ("auditor", "search"), ("partner", "export")):
        async with logged(Reader(web, people[role]), Consultation(action, "some list")) as read:
            read.found(7)
        row = (await rows(pool))[-1]
        assert (row["actor"], row["action"], row["found"]) == (f"user:{role}", action, 7)


async def test_a_denied_attempt_is_written_for_everybody(web: Pool, pool: Pool, people: dict[Role, Viewer]):
    for who in (*people.values(), NOBODY, Viewer("x", "analyst", "user:forged")):
        await note_denied(Reader(web, who), "GET /api/v1/pairs/1", "The role may not do this.", {"id": "1"})
        row = (await rows(pool))[-1]
        assert row["actor"] == (who.actor if who.scope else "nobody")
        assert (row["action"], row["found"], row["filter"]) == ("denied", 1, {"id": "1"})


FORGERIES = (
    "insert into read_log (action, what, actor) values ('read', 'x', 'user:other')",
    "insert into read_log (action, what, name, role) values ('read', 'x', 'B', 'auditor')",
    "insert into read_log (action, what, at) values ('read', 'x', now() - interval '1 day')",
    "insert into read_log (action, what, xid) values ('read', 'x', '1')",
    "insert into read_log (log_id, action, what) overriding system value values (1, 'read', 'x')",
    "insert into read_seal values (1, 1, decode(repeat('00', 32), 'hex'), now())",
    "insert into audit_check (rows, findings) values (1, '[]')",
    "update read_log set reason = 'ongoing'",
    "update read_log set what = 'other'",
    "delete from read_log",
    "truncate read_log",
    "delete from read_seal",
    "alter table read_log disable trigger all",
    "alter table read_log disable row level security",
    "drop policy own_select on read_log",
)


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_nobody_who_reads_can_forge_or_change_the_log(
    web: Pool, pool: Pool, people: dict[Role, Viewer], forgery: str
):
    before = await rows(pool)
    for role in ("analyst", "area_chief", "auditor"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with Reader(web, people[role]).writing() as connection:
                await connection.execute(forgery)
    assert await rows(pool) == before


async def test_readers_cannot_fill_in_the_rows_of_others(web: Pool, pool: Pool, people: dict[Role, Viewer]):
    async with consult(Reader(web, people["analyst"]), READ) as read:
        read.found(3)
    before = await rows(pool)
    async with Reader(web, people["analyst"]).persons() as connection:
        assert await connection.execute("update read_log set found = 0, persons = '{}'") == "UPDATE 0"
        assert await connection.fetch("select log_id from read_log") == []
    assert await rows(pool) == before


@pytest.mark.parametrize(
    "statement",
    [
        "update read_log set found = 1 where log_id = (select min(log_id) from read_log)",
        "delete from read_log where log_id = (select min(log_id) from read_log)",
        "truncate read_log",
        """insert into review_note (rule, about, log_ids, outcome, note) values ('bulk', 'x', '{1}', 'asked', 'x');
           update review_note set note = 'other'""",
        "insert into audit_check (rows, findings) values (1, '[]'); delete from audit_check",
        "insert into read_seal values (1, 1, decode(repeat('00', 32), 'hex'), now()); delete from read_seal",
    ],
)
async def test_not_even_the_owner_changes_the_log(
    web: Pool, db: asyncpg.Connection, people: dict[Role, Viewer], statement: str
):
    await note_denied(Reader(web, people["analyst"]), "x", "y")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await db.execute(statement)


async def test_only_the_auditor_reads_the_log(web: Pool, people: dict[Role, Viewer]):
    await note_denied(Reader(web, people["analyst"]), "x", "y")
    for role, who in people.items():
        async with Reader(web, who).transaction() as connection:
            seen = await connection.fetchval("select count(log_id) from read_log")
        assert (seen > 0) == (role == "auditor"), role
    async with Reader(web, people["auditor"]).transaction() as connection:
        for table in ("read_seal", "audit_check", "review_note"):
            await connection.fetch(f"select * from {table}")
        for table in ("incident_version", "incident_offence", "ledger", "access_scope", "app_user"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with connection.transaction():
                    await connection.fetch(f"select * from {table}")


async def test_a_personal_number_never_enters_the_log(web: Pool, pool: Pool, people: dict[Role, Viewer]):
    number = "19811218-9876"
    asked = Consultation(
        "search", "people", f"Samtal om {number}", {"text": ["a", {"b": number}], number: uuid4()}
    )
    async with consult(Reader(web, people["analyst"]), asked):
        pass
    await note_denied(Reader(web, people["analyst"]), "x", f"no {number}", {"q": "8112189876"})
    for row in (await rows(pool))[-2:]:
        assert "9876" not in repr(dict(row))
    assert masked({"day": "2026-11-24", "from": "2026-11-24T10:00:00+01:00", "n": 5, "uid": "a1-0000"}) == {
        "day": "2026-11-24", "from": "2026-11-24T10:00:00+01:00", "n": 5, "uid": "a1-0000",
    }  # fmt: skip


def test_a_flood_of_unknown_attempts_becomes_a_number():
    flood = Flood(most=3)
    assert [flood.times(now) for now in (0, 1, 2, 3, 4, 59)] == [1, 1, 1, 0, 0, 0]
    assert [flood.times(now) for now in (60, 61)] == [4, 1]
