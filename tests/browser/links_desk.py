"""The page Länkar with proposals in it, and what a hand does there by the keyboard."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from app.commands.tokens import create_token
from app.config import Settings
from app.db import open_pool
from app.domain.viewer import ROLES
from etl.identify import Pseudonyms
from etl.keep import Keys
from tests.browser.conftest import looking, until
from tests.pairs_world import PAIRS, load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.browser.conftest import Web

WHY = "genomgång av länkar med utredaren"
EVIDENCE = {
    "given": {"level": "slip", "bits": 7.26},
    "family": {"level": "other", "bits": -3.9},
    "born": {"level": "same", "bits": 12.8},
    "where": {"level": "missing", "bits": 0.0},
    "sex": {"level": "same", "bits": 1.0},
}
PROPOSALS = 13
INSERT = """
insert into link_proposal (a, b, probability, evidence, model_version, proposed_at)
values ($1, $2, $3, $4, '2', now() - make_interval(hours => $5)) returning proposal_id::text
"""


class World:
    """The web process with proposals in it: ``ids`` from the latest proposed on."""

    def __init__(
        self, web: Web, dsn: str, tokens: dict[str, str], ids: list[str], people: list[bytes]
    ) -> None:
        self.web, self.dsn, self.tokens, self.ids, self.people = web, dsn, tokens, ids, people

    async def fetch(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.dsn)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(statement, *values)
        finally:
            await connection.close()
        return rows

    async def logged(self) -> list[tuple[str, str]]:
        rows = await self.fetch("select action, what from read_log order by log_id")
        return [(row["action"], row["what"]) for row in rows]

    async def decided(self, proposal: str) -> list[tuple[str, str]]:
        """What was decided about a proposal's two, in its order, with the reasons."""
        rows = await self.fetch(
            "select j.decision, j.reason from link_judgement as j join link_proposal as p using (a, b)"
            " where p.proposal_id = $1::text::uuid order by j.known_at",
            proposal,
        )
        return [(row["decision"], row["reason"]) for row in rows]


@pytest.fixture(scope="module")
def world(web: Web, dsn: str) -> World:
    var: Path = web._log.parent
    keys = Keys.read(Settings(var=var).master_key_file)
    names = Pseudonyms(keys)
    people = [names.of(PAIRS[name][1], "") for name in ("plain", "court", "moving", "foreign", "everywhere")]
    others = [names.of(PAIRS[name][0], "") for name in ("plain", "court", "moving", "foreign", "everywhere")]
    two = [(one, other) for one in people for other in others][:PROPOSALS]

    async def fill() -> tuple[dict[str, str], list[str]]:
        async with open_pool(dsn, size=2, name="world") as pool:
            await load(pool, keys)
            async with pool.acquire() as connection:
                ids = [
                    await connection.fetchval(INSERT, *pair, 0.97 if n else 0.72, EVIDENCE, n)
                    for n, pair in enumerate(two)
                ]
                tokens = {
                    role: await create_token(
                        connection, role, f"en {role}", ["lpo-sodermalm"] if role == "area_chief" else []
                    )
                    for role in ROLES
                }
        return tokens, ids

    tokens, ids = asyncio.run(fill())
    return World(web, dsn, tokens, ids, [person for pair in two for person in pair if person])


@asynccontextmanager
async def opened(
    browser: Browser, world: World, query: str = "", *, size: tuple[int, int] = (1366, 768)
) -> AsyncIterator[Page]:
    """The analyst's page, before any reason is given; any error in its console fails the test."""
    async with looking(browser, world.web.base, size) as page:
        await page.goto(f"{world.web.base}/lankar?{query}&login={world.tokens['analyst']}")
        await page.wait_for_selector("#link-begin")
        await until(
            page, "document.documentElement.lang && document.querySelector('#link-begin').textContent"
        )
        yield page


async def give_reason(page: Page) -> None:
    """By the keyboard alone."""
    await page.focus("#link-reason-words")
    await page.keyboard.type(WHY)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#link-columns:not([hidden])")
    await page.wait_for_selector("#link-title")


async def listed(page: Page, rows: str = "#link-rows") -> list[str]:
    """The proposals of a list, in its order."""
    ids: list[str] = await page.evaluate(
        "rows => [...document.querySelectorAll(rows + ' .pair-row')].map(row => JSON.parse(row.id).proposal)",
        rows,
    )
    return ids


async def open_now(page: Page) -> str:
    return str(await page.locator("#link-title").get_attribute("title"))


async def press(page: Page, key: str, times: int = 1) -> str:
    for _ in range(times):
        await page.keyboard.press(key)
    return str(await page.evaluate("document.activeElement.id"))


async def tab_to(page: Page, identity: str) -> None:
    for _ in range(60):
        if await press(page, "Tab") == identity:
            return
    raise AssertionError(f"{identity} is not reached by the tabulator")
