"""Who may read that somebody is mentioned: with a row in the log, in the own areas, never of a protected report."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from app.commands.consult import Consultation, consult
from app.db import Pool, Reader, open_pool
from app.domain.viewer import Role, Viewer
from app.logins import login_url
from etl.run import Intake
from tests.access.people import one_of_each
from tests.etl.people.world import OTHER, WITNESS, tell

READ = Consultation("read", "dyad", "follow_up: andra kvartalet", {})
MENTIONS = "select mention_id, version_id, role, number, person from person_mention"
INSIDE = {"LATITUDE": "59,3142", "LONGITUDE": "18,0735", "KOMMUN": "Stockholm"}  # Södermalm
OUTSIDE = {"LATITUDE": "59,31", "LONGITUDE": "18,16", "KOMMUN": "Nacka"}


@pytest.fixture
async def people(pool: Pool, intake: Intake) -> dict[Role, Viewer]:
    for key, place in (("inside", INSIDE), ("outside", OUTSIDE)):
        await tell(intake, {"ID": key, **place, "VITTNE": WITNESS, "VITTNE_NAMN": "Kanariko"})
        await tell(intake, {"ID": f"hidden {key}", **place, "VITTNE": OTHER, "SKYDDAD": "J"})
    async with pool.acquire() as connection:
        return await one_of_each(connection)


@pytest.fixture
async def web(dsn: str) -> AsyncIterator[Pool]:
    async with open_pool(login_url(dsn, "web", "x"), size=3, name="tests web") as pool:
        yield pool


async def _reports(connection: asyncpg.Connection) -> int:
    found = await connection.fetch(MENTIONS)
    assert {row["role"] for row in found} <= {"witness"}
    return len(found)


@pytest.mark.parametrize(("role", "seen"), [("analyst", 2), ("commander", 2), ("area_chief", 1)])
async def test_mentions_are_seen_with_a_row_in_the_log_and_not_of_protected_reports(
    web: Pool, people: dict[Role, Viewer], role: Role, seen: int
) -> None:
    async with Reader(web, people[role]).persons() as connection:
        assert await _reports(connection) == 0
    async with consult(Reader(web, people[role]), READ) as read:
        assert await _reports(read.connection) == seen


@pytest.mark.parametrize("column", ["sealed", "key_id"])
async def test_what_is_sealed_is_given_to_nobody(web: Pool, people: dict[Role, Viewer], column: str) -> None:
    async def look() -> None:
        async with consult(Reader(web, people["analyst"]), READ) as read:
            await read.connection.fetch(f"select {column} from person_mention")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await look()


@pytest.mark.parametrize("table", ["identity_key", "raw_record", "record_key"])
async def test_keys_and_raw_records_are_no_reader_s(
    web: Pool, people: dict[Role, Viewer], table: str
) -> None:
    async def look() -> None:
        async with consult(Reader(web, people["analyst"]), READ) as read:
            await read.connection.fetch(f"select * from {table}")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await look()
