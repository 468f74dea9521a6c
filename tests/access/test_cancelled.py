"""Readers of all scopes on few connections, a fifth of them cut off midway: no scope stays behind on a connection."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from app.db import Pool, Reader, open_pool
from app.domain.viewer import Viewer
from app.domain.window import Filters, Window
from app.logins import login_url
from app.queries.counts import counts
from tests.access.people import FOREIGN, OWN, SPLIT, viewer
from tests.access.pooler import SERVER_CONNECTIONS, pooler

WINDOW = Window(date(2024, 12, 1), date(2025, 2, 28))
AT_ONCE = 24
CANCELLED = 0.2
WEIGHTS = {"counts": 1, "sums": 4, "incidents": 4}
"""What is asked for, and how often."""


SUMS = "select sum(offences), count(*) from daily_total"
INCIDENTS = "select count(*), max(version_id) from incident_version"


async def ask(pool: Pool, who: Viewer, what: str) -> tuple[Any, ...]:
    """What a viewer is told: counts by area as the pages show them, sums, or which incidents there are."""
    async with Reader(pool, who).transaction() as connection:
        if what == "counts":
            rows = await counts(connection, WINDOW, Filters(), ["area"])
            return tuple(sorted((str(row["area"]), row["offences"]) for row in rows))
        if what == "incidents" and who.role != "commander":
            return tuple(await connection.fetchrow(INCIDENTS))
        return tuple(await connection.fetchrow(SUMS))


async def ask_many(pool: Pool, people: Sequence[Viewer], requests: int, seed: int) -> Counter[str]:
    """Ask ``requests`` times on behalf of people taken at random, and hold each answer against the one told alone."""
    alone = {(who.actor, what): await ask(pool, who, what) for who in people for what in WEIGHTS}
    # The two who see the region's sums are told the same; every chief is told something else.
    assert len({alone[who.actor, "counts"] for who in people}) == len(people) - 1
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    wanted = dice.choices(list(WEIGHTS), list(WEIGHTS.values()), k=requests)
    turns = iter([(dice.choice(people), what, dice.random(), dice.random()) for what in wanted])
    became: Counter[str] = Counter()

    async def work() -> None:
        for who, what, chance, moment in turns:
            task = asyncio.create_task(ask(pool, who, what))
            if chance < CANCELLED:
                await asyncio.sleep(moment * 0.01)
                task.cancel()
            try:
                told = await task
            except asyncio.CancelledError:
                became["cancelled"] += 1
                continue
            became["right" if told == alone[who.actor, what] else "wrong"] += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(work())
    return became


async def scopes(pool: Pool) -> list[Viewer]:
    async with pool.acquire() as connection:
        people = [
            await viewer(connection, "analyst"),
            await viewer(connection, "commander"),
            *[await viewer(connection, "area_chief", code) for code in (OWN, FOREIGN, SPLIT)],
        ]
    people = [
        Viewer(who.name, who.role, f"{who.actor}:{n}", who.areas, who.scope) for n, who in enumerate(people)
    ]
    return [*people, Viewer("nobody", "area_chief", "user:nobody", (OWN,), None)]


async def through(way: str, loaded: str, people: Sequence[Viewer], requests: int) -> Counter[str]:
    if way == "pool":
        async with open_pool(login_url(loaded, "web", "x"), size=SERVER_CONNECTIONS) as pool:
            return await ask_many(pool, people, requests, seed=3)
    with pooler(loaded) as url:
        async with open_pool(url, size=2 * SERVER_CONNECTIONS, pooler=True) as pool:
            return await ask_many(pool, people, requests, seed=4)


@pytest.mark.parametrize("way", ["pool", "pgbouncer"])
async def test_a_request_cut_off_leaves_no_scope_behind(way: str, loaded: str, pool: Pool):
    became = await through(way, loaded, await scopes(pool), 2_000)
    assert became["wrong"] == 0
    assert became["cancelled"] > 100
    assert became["right"] > 1_000


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("way", ["pool", "pgbouncer"])
async def test_a_hundred_thousand_requests_leak_no_row(way: str, loaded: str, pool: Pool):
    became = await through(way, loaded, await scopes(pool), 100_000)
    assert became["wrong"] == 0
    assert became["right"] + became["cancelled"] == 100_000
