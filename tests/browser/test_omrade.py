"""The page Område as a chief and as others see it: the own district at once, and its pairs within three presses."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from app.commands.tokens import create_token
from app.config import ROOT, Settings
from app.db import open_pool
from app.domain.region import Region
from app.jobs import measuring
from app.jobs.questions import QUESTIONS
from etl.keep import Keys
from tests.browser.conftest import SLOW_S, looking, text, until
from tests.pairs_world import CANARIES, OWN, PAIRS, load, report

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.browser.conftest import Web

pytestmark = pytest.mark.browser

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
STORED = ("recurring", "similar", "hours", "normal", "nowcast", "forecast", "deviation")
CHIEF = "lpo-sodermalm"
THRICE = [
    report(101, 60, *PAIRS["plain"]),
    report(102, 61, *PAIRS["plain"]),
    *(report(200 + n, 3 + n, "", "", place=OWN) for n in range(4)),
]
"""A pair with four reports in Södermalm, and four reports at one place."""


@dataclass(frozen=True)
class World:
    """The web process with the world of pairs in it, and the morning's answers."""

    web: Web
    dsn: str
    tokens: dict[str, str]


@pytest.fixture(scope="module")
def world(web: Web, dsn: str) -> World:
    var: Path = web._log.parent
    keys = Keys.read(Settings(var=var).master_key_file)

    async def fill() -> dict[str, str]:
        async with open_pool(dsn, size=3, name="world") as pool:
            await load(pool, keys)
            await load(pool, keys, THRICE)
            now = datetime.now(UTC)
            wanted = [one for one in QUESTIONS if one.name in STORED]
            await measuring.run(pool, REGION, wanted, REGION.day(now), now)
            async with pool.acquire() as connection:
                await connection.execute(
                    """insert into log_entry (kind, text, area_id, known_at, xid, ledger_id, begins)
                       select 'intervention', 'Hembesök i ' || name, area_id, now(), '1', 1, $2 from area
                       where code = any($1)""",
                    [CHIEF, "lpo-jarva"], REGION.day(now) - timedelta(days=20),
                )  # fmt: skip
                return {
                    role: await create_token(
                        connection, role, f"en {role}", [CHIEF] if role == "area_chief" else []
                    )
                    for role in ("analyst", "commander", "area_chief", "wall")
                }

    return World(web, dsn, asyncio.run(fill()))


@asynccontextmanager
async def opened(
    browser: Browser, world: World, role: str, query: str = "?window=30d", size: tuple[int, int] = (1366, 768)
) -> AsyncIterator[Page]:
    """The page, when its figures are there."""
    async with looking(browser, world.web.base, size) as page:
        mark = "&" if "?" in query else "?"
        await page.goto(f"{world.web.base}/omrade{query}{mark}login={world.tokens[role]}")
        await page.wait_for_selector("#omrade-follow-body > *")
        await until(page, "document.querySelector('#omrade-hot').dataset.state !== 'waiting'")
        await until(page, "document.querySelector('#omrade-why').innerText")
        yield page


async def test_a_chief_is_led_to_the_own_area_and_sees_no_other(
    browser: Browser, world: World, shot: Callable[..., object]
):
    async with opened(browser, world, "area_chief") as page:
        assert await text(page, "#omrade-name") == "Södermalm"
        assert await text(page, "#omrade-why") == "Ditt område."
        await page.click("#omrade-district")
        assert await page.locator("[role=option]:visible").all_inner_texts() == ["Södermalm"]
        await page.keyboard.press("Escape")
        await page.wait_for_selector("#omrade-places[data-state=placed]")
        await shot(page, "omrade-chief")
        whole = await page.content()
        for canary in (*CANARIES, "Hembesök i Järva"):
            assert canary not in whole, canary
        assert "Hembesök i Södermalm" in whole


async def test_a_chief_who_asks_for_another_area_is_told_and_shown_the_own(browser: Browser, world: World):
    async with opened(browser, world, "area_chief", "?area=lpo-jarva") as page:
        assert await text(page, "#omrade-name") == "Södermalm"
        assert "bara dina egna områden" in await text(page, "#omrade-why")
        assert "Hembesök i Järva" not in await page.content()


async def test_the_pairs_reported_three_times_are_three_presses_away_with_the_reason(
    browser: Browser, world: World
):
    async with looking(browser, world.web.base) as page:
        await page.goto(f"{world.web.base}/?login={world.tokens['area_chief']}")
        await page.wait_for_selector("#total-incidents")
        begun = time.monotonic()
        await page.click("nav a[href*='/omrade']")
        await page.wait_for_selector("#omrade-pairs_3")
        assert (await text(page, "#omrade-pairs_3")).startswith("1")
        await page.click("#omrade-pairs_3")
        await page.wait_for_selector("#par-quick-row button")
        await page.click("#par-quick-row button >> nth=0")
        await page.wait_for_selector("#par-rows .pair-row")
        took = time.monotonic() - begun
        assert await page.locator("#par-rows .pair-row").count() == 1
        assert "Södermalm" in await text(page, "#par-only-said")
        asked = parse_qs(urlsplit(page.url).query)
        assert (asked["area"], asked["least"]) == ([CHIEF], ["3"])
        assert took < SLOW_S, took  # twenty seconds on a machine that does nothing else: docs/district.md
    connection = await asyncpg.connect(world.dsn)
    told = await connection.fetchrow(
        "select * from read_log where what = 'pairs/search' order by log_id desc limit 1"
    )
    await connection.close()
    assert told is not None
    assert told["reason"] == "follow_up"


async def test_without_a_choice_it_says_which_district_is_shown_and_a_choice_stands_in_the_address(
    browser: Browser, world: World
):
    async with opened(browser, world, "analyst") as page:
        await until(
            page,
            "document.querySelector('#omrade-why').innerText.startsWith('Inget distrikt är valt: här visas')",
        )
        await page.click("#omrade-district")
        await page.fill("#omrade-district", "Järva")
        await page.click("[role=option]:visible:has-text('Järva')")
        await until(page, "document.querySelector('#omrade-name').innerText === 'Järva'")
        await until(page, "new URLSearchParams(location.search).get('area') === 'lpo-jarva'")
        await until(
            page, "document.querySelector('#omrade-done-body').innerText.includes('Hembesök i Järva')"
        )


async def test_who_sees_figures_only_is_told_so_and_gets_no_links(browser: Browser, world: World):
    async with opened(browser, world, "wall", f"?area={CHIEF}&window=30d") as page:
        assert await page.locator("#omrade-follow-body a[href*='/par']").count() == 0
        assert "läser inte om par" in await text(page, "#omrade-follow-body")
        assert "platser finare än små områden visas inte" in await text(page, "#omrade-places")


async def test_the_table_behind_the_map_holds_its_counts(browser: Browser, world: World):
    async with opened(browser, world, "area_chief") as page:
        await page.click("#omrade-hot-as-table")
        rows = await page.locator("#omrade-hot-table tbody tr").all_inner_texts()
        assert sum(int(row.split("\t")[1]) for row in rows) == sum(
            world.web.get("counts", area=CHIEF, **{"from": first, "to": last})["rows"][0]["incidents"]
            for first, last in [(datetime.now(UTC).date() - timedelta(days=29), datetime.now(UTC).date())]
        ) - await without(page)


async def without(page: Page) -> int:
    """How many are told to lie nowhere closer than the district."""
    said = await text(page, "#omrade-hot-said")
    return int(said.split(";")[1].split()[0])


async def test_language_and_theme_change_nothing_of_what_is_shown(
    browser: Browser, world: World, shot: Callable[..., object]
):
    async with opened(browser, world, "area_chief", "?window=30d&lang=en&theme=light") as page:
        assert await text(page, "#omrade-why") == "Your own area."
        assert "pairs with three or more reports" in await text(page, "#omrade-follow-body")
        await shot(page, "omrade-chief-en-light")
