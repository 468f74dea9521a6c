"""Kept views: whose they are, who finds a shared one, and that an address is all they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg
import pytest

from app.commands.sessions import Limits, Principal, begin_session, end_sessions
from app.commands.views import MOST, change_view, drop_view, keep_view
from app.db import GROUPS, Reader
from app.domain.errors import BadInput, NotAllowed, NotFound
from app.domain.permissions import GRANTED, allows
from app.domain.viewer import ROLES, Role, Viewer
from app.queries.views import last_shift_ended, saved_views
from tests.access.people import BEGAN, FOREIGN, OWN, viewer

if TYPE_CHECKING:
    from app.db import Pool

KEEPING: tuple[Role, ...] = ("analyst", "commander", "area_chief", "feed_admin")
REGION: tuple[Role, ...] = ("analyst", "commander", "feed_admin", "wall")
ADDRESS = "/?area=lpo-sodermalm&window=night"


async def names_for(web: Pool, somebody: Viewer) -> set[str]:
    async with Reader(web, somebody).transaction() as connection:
        return {row["name"] for row in await saved_views(connection)}


async def keep(web: Pool, somebody: Viewer, *, shared: bool) -> str:
    name = f"{somebody.role} {uuid4().hex[:8]}"
    async with Reader(web, somebody).writing() as connection:
        told = await keep_view(connection, name, ADDRESS, shared=shared)
    assert told["own"]
    assert told["owner"] == somebody.name
    return name


@pytest.mark.parametrize("owner", KEEPING)
async def test_an_own_view_is_found_by_its_owner_alone(
    web: Pool, people: dict[Role, Viewer], owner: Role
) -> None:
    name = await keep(web, people[owner], shared=False)
    found = {
        role for role, one in people.items() if allows(one, "figures") and name in await names_for(web, one)
    }
    assert found == {owner}


@pytest.mark.parametrize("owner", KEEPING)
async def test_a_shared_view_is_found_by_those_who_see_as_much_and_by_no_other(
    web: Pool, people: dict[Role, Viewer], owner: Role
) -> None:
    name = await keep(web, people[owner], shared=True)
    for role, one in people.items():
        if not allows(one, "figures"):
            continue
        found = name in await names_for(web, one)
        if found:
            assert GRANTED[role] >= GRANTED[owner]
            assert role in REGION or role == owner
        assert found == (role == owner or (role == "analyst" and owner in {"commander", "area_chief"})), role


async def test_a_chief_finds_what_chiefs_of_no_further_areas_share(web: Pool, pool: Pool) -> None:
    async with pool.acquire() as connection:
        south, city, away = [
            await viewer(connection, "area_chief", *codes) for codes in ((OWN,), ("po-city",), (FOREIGN, OWN))
        ]
    south, city, away = (
        Viewer(one.name, one.role, one.actor, one.areas, one.scope) for one in (south, city, away)
    )
    async with pool.acquire() as connection:
        for number, one in enumerate((south, city, away)):
            await connection.execute(
                "update access_scope set actor = $2 where scope_id = $1", one.scope, f"user:chief{number}"
            )
    kept = [await keep(web, one, shared=True) for one in (south, city, away)]
    seen = [await names_for(web, one) & set(kept) for one in (south, city, away)]
    wider = await city_holds_south(pool)
    assert seen[0] == {kept[0]}
    assert seen[1] == ({kept[0], kept[1]} if wider else {kept[1]})
    assert seen[2] == {kept[0], kept[2]}


async def city_holds_south(pool: Pool) -> bool:
    async with pool.acquire() as connection:
        return bool(
            await connection.fetchval(
                """select not exists (select from rollup_place as p where p.code = $1 and not exists (
                       select from rollup_place as q where q.code = 'po-city' and q.area_id = p.area_id))""",
                OWN,
            )
        )


@pytest.mark.parametrize("role", ROLES)
async def test_nobody_changes_or_drops_anothers_view(
    web: Pool, people: dict[Role, Viewer], role: Role, pool: Pool
) -> None:
    name = await keep(web, people["commander"], shared=True)
    async with pool.acquire() as connection:
        view = await connection.fetchval("select view_id from saved_view where name = $1", name)
    if role == "commander" or not allows(people[role], "figures"):
        return
    for change in (change_view, drop_view):
        with pytest.raises(NotFound):
            async with Reader(web, people[role]).writing() as connection:
                await change(connection, view, **({"name": "mitt"} if change is change_view else {}))
    async with Reader(web, people[role]).writing() as connection:
        assert (
            await connection.fetch("update saved_view set shared = false where name = $1 returning 1", name)
            == []
        )
        assert await connection.fetch("delete from saved_view where name = $1 returning 1", name) == []
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("update saved_view set actor = 'user:x'")


@pytest.mark.parametrize("column", ["actor", "owner", "role", "areas", "kept_at"])
async def test_nobody_says_whose_a_view_is(web: Pool, people: dict[Role, Viewer], column: str) -> None:
    value = {"areas": "'{}'", "kept_at": "now()"}.get(column, "'user:commander'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with Reader(web, people["analyst"]).writing() as connection:
            await connection.execute(
                f"insert into saved_view (name, address, {column}) values ('x', '/', {value})"
            )


async def test_a_wall_keeps_nothing(web: Pool, people: dict[Role, Viewer]) -> None:
    with pytest.raises(NotAllowed):
        async with Reader(web, people["wall"]).writing() as connection:
            await keep_view(connection, "vägg", "/")


@pytest.mark.parametrize("role", ["auditor", "partner"])
async def test_who_sees_no_figures_reaches_no_view(web: Pool, people: dict[Role, Viewer], role: Role) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with Reader(web, people[role]).transaction() as connection:
            await saved_views(connection)


async def test_a_view_is_renamed_shared_and_dropped_by_its_owner(
    web: Pool, people: dict[Role, Viewer]
) -> None:
    analyst = people["analyst"]
    name = await keep(web, analyst, shared=False)
    async with Reader(web, analyst).writing() as connection:
        view = next(row for row in await saved_views(connection) if row["name"] == name)
        told = await change_view(connection, view["view"], name="  Natten \n söderut ", shared=True)
        assert (told["name"], told["shared"], told["address"]) == ("Natten söderut", True, ADDRESS)
        with pytest.raises(BadInput, match="what is to change"):
            await change_view(connection, view["view"])
    with pytest.raises(BadInput, match="of that name"):
        async with Reader(web, analyst).writing() as connection:
            await keep_view(connection, "Natten söderut", "/")
    async with Reader(web, analyst).writing() as connection:
        await drop_view(connection, view["view"])
    assert "Natten söderut" not in await names_for(web, analyst)
    with pytest.raises(NotFound):
        async with Reader(web, analyst).writing() as connection:
            await drop_view(connection, view["view"])


async def test_one_person_keeps_no_more_than_can_be_looked_through(web: Pool, pool: Pool) -> None:
    async with pool.acquire() as connection:
        somebody = await viewer(connection, "analyst")
        await connection.execute(
            "update access_scope set actor = 'user:many' where scope_id = $1", somebody.scope
        )
        await connection.executemany(
            "insert into saved_view (name, address, actor, role) values ($1, '/', 'user:many', 'analyst')",
            [(f"vy {number}",) for number in range(MOST)],
        )
    with pytest.raises(BadInput, match="delete one first"):
        async with Reader(web, somebody).writing() as connection:
            await keep_view(connection, "en till", "/")
    assert len(await names_for(web, somebody)) >= MOST


@pytest.mark.parametrize(
    "address",
    ["//evil.example/", "https://evil.example/", "/?a=//b", "javascript:x", "/x#y", "/../x", "/X", ""],
)
async def test_the_database_itself_takes_no_foreign_address(pool: Pool, address: str) -> None:
    async with pool.acquire() as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("insert into saved_view (name, address) values ('x', $1)", address)


# When the last shift ended.

NEVER = Limits(None, None)


async def sit(
    connection: asyncpg.Connection,
    token: int,
    begun: datetime,
    seen: datetime,
    *,
    out: datetime | None = None,
) -> Viewer:
    """A session of somebody, last seen then; signed out of at ``out``, or left to run out."""
    who = Principal(None, token, "Alva", "analyst")
    sitting = await begin_session(
        connection, who, uuid4().bytes + uuid4().bytes, "token", "here", NEVER, begun
    )
    await connection.execute(
        "update app_session set last_seen_at = $2 where session_id = $1", sitting.session, seen
    )
    if out is not None and sitting.session is not None:
        await end_sessions(connection, "session_id", sitting.session, "signed_out", out)
    return sitting


async def shift_of(web: Pool, somebody: Viewer) -> datetime | None:
    async with Reader(web, somebody).transaction() as connection:
        return await last_shift_ended(connection)


async def test_the_last_shift_ends_with_the_last_sign_before_a_long_break(web: Pool, pool: Pool) -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    async with pool.acquire() as connection:
        scope = (await viewer(connection, "analyst")).scope
        one, other = [
            await connection.fetchval(
                "insert into app_token (name, role, hash, scope_id) values ($1, 'analyst', $2, $3) returning token_id",
                f"t{number}", uuid4().bytes, scope,
            )
            for number in range(2)
        ]  # fmt: skip
        first = await sit(connection, one, BEGAN - 2 * day, BEGAN - 2 * day + 8 * hour)
        assert await shift_of(web, first) is None  # the first there is: nothing is made up
        out = BEGAN - day + 9 * hour
        await sit(connection, one, BEGAN - day, BEGAN - day + 4 * hour)
        await sit(connection, one, BEGAN - day + 5 * hour, BEGAN - day + 8 * hour, out=out)
        await sit(connection, one, BEGAN, BEGAN + 3 * hour)
        now = await sit(connection, one, BEGAN + 4 * hour, BEGAN + 5 * hour)  # after lunch: the same shift
        stranger = await sit(connection, other, BEGAN - hour, BEGAN)
    assert await shift_of(web, now) == out
    assert await shift_of(web, stranger) is None


async def test_without_a_session_there_is_no_shift(web: Pool, people: dict[Role, Viewer]) -> None:
    for role in ("analyst", "commander", "area_chief", "feed_admin", "wall"):
        assert await shift_of(web, people[role]) is None
        assert role in GROUPS
