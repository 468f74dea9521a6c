"""The page Morgongenomgång as it is read: the newest edition, earlier ones, the one that there was, both languages."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.commands.tokens import create_token
from app.config import ROOT
from app.db import open_pool
from app.domain.region import Region
from app.jobs import briefing
from tests.browser.conftest import looking, text
from tests.queries.picture import load

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.browser.conftest import Web

pytestmark = pytest.mark.browser
REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
DAY = datetime(2025, 1, 20, 12, tzinfo=UTC)
NOW = datetime.now(UTC)


async def fill(dsn: str) -> dict[str, str]:
    """Two mornings' editions, and a token for each role that looks."""
    await load(dsn, 7, keys=range(150), files=40)
    async with open_pool(dsn, size=3) as pool:
        for at in (DAY - timedelta(days=1), DAY):
            day = at.date()
            await briefing.make(pool, REGION, day, briefing.moment(REGION, day), now=NOW)
        async with pool.acquire() as connection:
            return {
                "analyst": await create_token(connection, "analyst", "browser"),
                "chief": await create_token(connection, "area_chief", "browser", ("lpo-sodermalm",)),
                "wall": await create_token(connection, "wall", "browser"),
            }


@pytest.fixture(scope="module")
def tokens(dsn: str) -> dict[str, str]:
    return asyncio.run(fill(dsn))


async def read(page: Any, web: Web, token: str, query: str = "") -> None:
    await page.goto(f"{web.base}/morgon?{query}&login={token}")
    await page.wait_for_selector(".briefing, #morgon-nothing")


async def test_the_newest_edition_says_first_what_is_missing(
    browser: Browser, web: Web, tokens: dict[str, str], shot: Any
) -> None:
    async with looking(browser, web.base, quiet=False) as page:
        await read(page, web, tokens["analyst"])
        assert await page.locator(".briefing h1").count() == 1
        first = await text(page, "[data-name=first]")
        assert first.startswith("Det här saknas i underlaget: ")
        headings = await page.locator(".briefing h2").all_inner_texts()
        assert headings[0] == "Vad lägesbilden inte vet"
        assert headings[-1] == "Vad varje mening vilar på"
        assert "måndag 20 januari 2025 06:30" in await text(page, ".briefing .mb-head")
        href = await page.locator("#morgon-pdf").get_attribute("href")
        assert href is not None
        assert href.endswith(".pdf?lang=sv")
        await shot(page, "morgon")


async def test_the_language_follows_and_nothing_is_left_in_the_other(
    browser: Browser, web: Web, tokens: dict[str, str]
) -> None:
    async with looking(browser, web.base, quiet=False) as page:
        await read(page, web, tokens["analyst"], "lang=en")
        assert (await text(page, "[data-name=first]")).startswith("This is missing")
        words = await page.locator(".briefing").inner_text()
        assert "Vad " not in words
        assert "lang=en" in (await page.locator("#morgon-html").get_attribute("href") or "")


async def test_an_earlier_edition_is_chosen_and_stands_in_the_address(
    browser: Browser, web: Web, tokens: dict[str, str]
) -> None:
    async with looking(browser, web.base, quiet=False) as page:
        await read(page, web, tokens["analyst"])
        await page.locator("#morgon-edition").click()
        await page.get_by_role("option").nth(1).click()
        await page.wait_for_function(
            "() => document.querySelector('.mb-head').innerText.includes('19 januari')"
        )
        await page.wait_for_url("**edition=**")
        await page.reload()
        await page.wait_for_selector(".briefing")
        assert "19 januari" in await text(page, ".briefing .mb-head")
        assert await page.locator("#morgon-older").is_visible()


async def test_at_an_earlier_moment_it_is_the_edition_that_there_was(
    browser: Browser, web: Web, tokens: dict[str, str]
) -> None:
    async with looking(browser, web.base, quiet=False) as page:
        await read(page, web, tokens["analyst"], "known_at=2025-01-19T12:00:00%2B01:00")
        assert "19 januari" in await text(page, ".briefing .mb-head")
        await read(page, web, tokens["analyst"], "known_at=2025-01-02T12:00:00%2B01:00")
        assert "fanns ingen morgongenomgång" in await text(page, "#morgon-nothing")


async def test_a_chief_reads_the_own_district_s_and_a_wall_none(
    browser: Browser, web: Web, tokens: dict[str, str]
) -> None:
    async with looking(browser, web.base, quiet=False) as page:
        await read(page, web, tokens["chief"])
        assert await text(page, ".briefing h1") == "Södermalm"
    async with looking(browser, web.base, quiet=False) as page:
        await read(page, web, tokens["wall"])
        assert "citerar loggboken" in await text(page, "#morgon-nothing")


async def test_the_source_of_a_sentence_is_one_press_away_and_print_leaves_the_frame_out(
    browser: Browser, web: Web, tokens: dict[str, str], shot: Any
) -> None:
    async with looking(browser, web.base, (390, 844), quiet=False) as page:
        await read(page, web, tokens["analyst"])
        await page.locator("[data-name=night_reports] .mb-mark").click()
        row = page.locator("tr:target")
        assert "briefing.counted" in await row.inner_text()
        await page.emulate_media(media="print")
        assert not await page.locator(".header").is_visible()
        assert await page.locator(".briefing h1").is_visible()
        await shot(page, "morgon-print")
