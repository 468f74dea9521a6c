"""Which results each role sees: those of the region, or of the own areas on the days on which they were so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from app.db import Pool, Reader, open_pool
from app.logins import login_url
from tests.access.people import FOREIGN, OWN, SPLIT, one_of_each, viewer

if TYPE_CHECKING:
    from app.domain.viewer import Role


CANARY = {"n": [271828]}


@pytest.fixture
async def marked(loaded: str, pool: Pool) -> date:
    """A result of the region, of the own district, of a foreign one and of one that is there since 2025."""
    async with pool.acquire() as connection:
        await connection.execute(
            """insert into measure_result (question, measure, version, area_id, day, known_at, xid, ledger_id, params,
                   state, words, content, rows, seconds)
               select 'canary', 'm', 1, area_id, day, day + time '05:00', '1', 1, '{}', 'told', '[]', $1, 1, 1
               from (select area_id from area where code = any($2) union all select null) as a,
                   unnest(array[date '2024-06-01', date '2025-06-01']) as day
               on conflict do nothing""",
            CANARY, [OWN, FOREIGN, SPLIT],
        )  # fmt: skip
    return date(2025, 6, 1)


async def seen(dsn: str, who: Any) -> set[tuple[str | None, date]]:
    async with (
        open_pool(login_url(dsn, "web", "x"), size=1) as web,
        Reader(web, who).transaction() as connection,
    ):
        rows = await connection.fetch(
            "select a.code, r.day from measure_result as r left join area as a using (area_id) "
            "where question = 'canary'"
        )
    return {(row["code"], row["day"]) for row in rows}


async def test_each_role_sees_the_results_that_concern_it(loaded: str, pool: Pool, marked: date) -> None:
    before = date(2024, 6, 1)
    async with pool.acquire() as connection:
        people: dict[Role, Any] = await one_of_each(connection)
        split = await viewer(connection, "area_chief", SPLIT)
        city = await viewer(connection, "area_chief", "po-city")
    everything = {(code, day) for code in (OWN, FOREIGN, SPLIT, None) for day in (before, marked)}
    for role in ("analyst", "commander", "wall"):
        assert await seen(loaded, people[role]) == everything, role
    assert await seen(loaded, people["feed_admin"]) == set()
    for role in ("analyst", "commander", "area_chief", "wall", "feed_admin"):
        assert await seen(loaded, replace(people[role], scope=None)) == set(), "a role without a scope"
    for role in ("auditor", "partner"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await seen(loaded, people[role])
    assert await seen(loaded, people["area_chief"]) == {(OWN, before), (OWN, marked)}
    assert await seen(loaded, split) == {(SPLIT, marked)}, "it was not there before 2025"
    assert await seen(loaded, city) == {(OWN, before), (OWN, marked), (SPLIT, marked)}
