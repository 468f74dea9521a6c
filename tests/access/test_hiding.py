"""Who is protected by one report has no address on another, whoever reads about the pair."""

from __future__ import annotations

import asyncio

import pytest

from app.commands import pairs
from app.db import Pool, Reader, open_pool
from app.domain.pair_id import PairIds
from app.domain.viewer import Role
from app.logins import login_url
from etl.identify import Pseudonyms
from etl.keep import Keys
from tests.access.people import OWN, viewer
from tests.pairs_world import PAIRS, load

KEYS = Keys(bytes(range(32)))


@pytest.fixture(scope="module", autouse=True)
def world(dsn: str) -> None:
    async def fill() -> None:
        async with open_pool(dsn, size=2, name="world") as pool:
            await load(pool, KEYS)

    asyncio.run(fill())


@pytest.mark.parametrize("role", ["analyst", "area_chief"])
@pytest.mark.parametrize(("pair", "told"), [("hidden", False), ("beside", False), ("plain", True)])
async def test_an_address_is_told_only_of_who_is_protected_by_no_report(
    dsn: str, pool: Pool, role: Role, pair: str, told: bool
):
    names, ids = Pseudonyms(KEYS), PairIds(bytes(32))
    victim, suspect = (names.of(one, "") or b"" for one in PAIRS[pair])
    async with pool.acquire() as connection:
        who = await viewer(connection, role, *((OWN,) if role == "area_chief" else ()))
    async with open_pool(login_url(dsn, "web", "x"), size=2, name="tests web") as web:
        read = await pairs.read(Reader(web, who), ids, ids.of(victim, suspect), None, "follow_up")
    assert read.held[0].rungs
    assert {place.address is not None for place in read.places.values()} == {told}
