"""The page Statistik för partner, as a partner sees it: chart, table and file say what the API says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from app.commands.tokens import create_token
from app.db import open_pool
from tests.api.test_cubes import publish_everything
from tests.browser.conftest import SLOW_S, Seen, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Browser, Page

    from tests.browser.conftest import Web

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def partner(dsn: str) -> str:
    """A partner's token, on a database with published cubes."""

    async def prepare() -> str:
        await publish_everything(dsn)
        async with open_pool(dsn, size=1) as pool, pool.acquire() as connection:
            return await create_token(connection, "partner", "Solna kommun")

    return asyncio.run(prepare())


async def opened(page: Page, web: Web, token: str, theme: str = "dark") -> None:
    page.set_default_timeout(SLOW_S * 1000)
    await page.goto(f"{web.base}/partner?theme={theme}&login={token}")
    await page.wait_for_selector("#partner-grid .ag-row", state="attached")
    await page.locator("#partner-grid").scroll_into_view_if_needed()  # it is drawn when it is seen
    await page.wait_for_selector("#partner-grid .ag-row")
    await page.wait_for_selector("#partner-chart .bars .point")


async def test_chart_table_and_api_say_the_same(browser: Browser, web: Web, partner: str) -> None:
    context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="sv-SE")
    page = await context.new_page()
    seen = Seen(page, web.base)
    await opened(page, web, partner)
    href = await page.get_attribute("#partner-json", "href")
    document = await (await context.request.get(f"{web.base}{href}")).json()
    names = document["names"]["area"]
    told: dict[str, Any] = {
        names[row["area"]]["sv"]: row["figure"]
        for row in document["rows"]
        if names[row["area"]]["kind"] == "lokalpolisomrade" and row["offence"] == row["hour"] == "total"
    }
    drawn = await page.evaluate(
        """() => document.querySelector('#partner-chart .js-plotly-plot').data.map(
            trace => [...trace.y].map((name, place) => [name, trace.mode === 'text' ? null : trace.x[place]]))"""
    )
    assert dict(pair for trace in drawn for pair in trace) == told
    first = await text(page, "#partner-grid .ag-row[row-index='0']")
    assert first.split("\n")[0] == min(told)
    hidden = sum(row["figure"] is None for row in document["rows"])
    assert f"{hidden} av {len(document['rows'])}" in await text(page, "#partner-facts")
    assert hidden
    assert "1 till 4" in await text(page, "#partner-help")
    # A partner has this page and no other.
    assert await page.evaluate("[...document.querySelectorAll('#menu a')].map((a) => a.pathname)") == [
        "/partner"
    ]
    await context.close()
    assert seen.errors == []
    assert seen.outside == []


@pytest.mark.parametrize("size", [(390, 844), (1366, 768), (1920, 1080)], ids=lambda size: str(size[0]))
async def test_it_fits_every_screen_in_both_themes(
    browser: Browser, web: Web, partner: str, size: tuple[int, int], shot: Callable[..., Any]
) -> None:
    for theme in ("dark", "light"):
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="sv-SE", reduced_motion="reduce"
        )
        page = await context.new_page()
        await opened(page, web, partner, theme)
        assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        await shot(page, f"partner_{size[0]}_{theme}")
        if size[0] == 390:
            await page.locator("#partner-right").scroll_into_view_if_needed()
            await shot(page, f"partner_{size[0]}_{theme}_table")
        await context.close()
