"""The door's own login knows who may come in, and nothing of what is inside; the pages' login knows neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from app.commands.users import create_user, set_colleague
from app.domain.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PASSWORD = "fyra rimliga ord här"


@pytest.fixture
async def user(db: asyncpg.Connection) -> int:
    return await create_user(db, "anna", "Anna", "analyst", (), PASSWORD, must_change=False)


@pytest.fixture(params=["lagesbild_door", "lagesbild_web"])
async def login(db: asyncpg.Connection, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    yield request.param
    await db.execute("reset session authorization")


async def refused(db: asyncpg.Connection, login: str, statement: str) -> bool:
    try:
        async with db.transaction():
            await db.execute(f"set local session authorization {login}")
            await db.execute(statement)
    except asyncpg.InsufficientPrivilegeError:
        return True
    return False


@pytest.mark.parametrize("column", ["person", "home_area", "created_at"])
async def test_neither_reads_who_a_user_is(db: asyncpg.Connection, user: int, login: str, column: str):
    await set_colleague(db, user, bytes(16), "0180")
    assert await refused(db, login, f"select {column} from app_user")


@pytest.mark.parametrize(
    "table", ["incident", "incident_version", "ledger", "person_mention", "read_log", "raw_record"]
)
async def test_the_door_reads_nothing_of_what_is_inside(db: asyncpg.Connection, table: str):
    assert await refused(db, "lagesbild_door", f"select from {table}")


@pytest.mark.parametrize("table", ["app_user", "app_token", "app_session", "sign_in", "access_scope"])
async def test_the_pages_login_reads_nothing_about_who_may_come_in(db: asyncpg.Connection, table: str):
    for kind in ("", "_region", "_areas_persons", "_log", "_feeds"):
        role = f"lagesbild{kind}" if kind else "lagesbild_web"
        assert await refused(db, role, f"select from {table}"), role


@pytest.mark.parametrize(
    "statement",
    [
        "update app_user set user_id = 1", "update app_user set disabled_at = null", "delete from app_user",
        "update app_token set role = 'analyst'", "insert into app_token (name) values ('x')",
        "update app_session set ends_at = null", "update app_session set secret_hash = ''", "delete from app_session",
    ],
)  # fmt: skip
async def test_the_door_opens_no_shut_account_and_prolongs_no_session(db: asyncpg.Connection, statement: str):
    assert await refused(db, "lagesbild_door", statement)


async def test_a_home_area_that_is_none_is_refused(db: asyncpg.Connection, user: int):
    with pytest.raises(BadInput, match="no area 'atlantis'"):
        await set_colleague(db, user, None, "atlantis")
