"""Every state the page can be in is designed: a picture of each is kept for people to look at."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from etl.feed import get_feed
from tests.browser.conftest import ZONE, door, extract, opened, report, text, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Browser

    from app.db import Pool
    from tests.browser.conftest import Server, Web

pytestmark = pytest.mark.browser

GONE = "Databasen svarar inte just nu. Bilden hämtas igen av sig själv så fort den gör det."
SIZES = {"laptop": (1366, 768), "desk": (1920, 1080), "wall": (3840, 2160), "phone": (390, 844)}


async def test_an_empty_picture_says_so(browser: Browser, web: Web, shot: Callable[..., object]) -> None:
    async with opened(browser, web) as page:
        assert await text(page, "#total-incidents") == "0"
        assert "Inga händelser i urvalet." in await text(page, "#map-totals")
        assert await page.locator("#ticker-empty").is_visible()
        await shot(page, "state-empty")


async def test_while_it_loads_it_shows_that_it_does(
    browser: Browser, web: Web, shot: Callable[..., object]
) -> None:
    context = await browser.new_context()
    page = await context.new_page()
    let_go = asyncio.Event()

    async def hold(route: object) -> None:
        await let_go.wait()
        await route.continue_()  # type: ignore[attr-defined]

    await page.route("**/_dash-layout", hold)
    await page.goto(f"{web.base}/?login={web.token}")
    await page.wait_for_selector("._dash-loading")
    await shot(page, "state-loading")
    let_go.set()
    await page.wait_for_selector("#total-incidents")
    await context.close()


async def test_a_database_that_is_gone_is_one_sentence_and_heals(
    browser: Browser, web: Web, own_server: Server, shot: Callable[..., object]
) -> None:
    async with opened(browser, web, quiet=False) as page:
        await asyncio.to_thread(own_server.cluster.stop)
        try:
            await page.locator("#kind").get_by_text("Uppdrag").click()
            await page.wait_for_selector("#fault-bar:not([hidden])")
            await until(page, "document.querySelector('#fault-bar').textContent === asked.said", said=GONE)
            await shot(page, "state-database-gone")
        finally:
            own_server.cluster.start()  # from the main thread: the server dies with the thread that started it
        await page.wait_for_selector("#fault-bar", state="hidden")
        await page.wait_for_selector("#connection[data-state=live]")


async def test_a_feed_that_is_late_is_told_in_words(
    browser: Browser, web: Web, pool: Pool, shot: Callable[..., object]
) -> None:
    now = datetime.now(UTC)  # of a feed of which nothing is learned yet a silence of a day is usual
    for feed, heard in (("anmalan", now - timedelta(hours=30)), ("uppdrag", now - timedelta(days=3))):
        local = heard.astimezone(ZONE)
        told = {"HAENDELSE_ID": "S-1", "DATUM": f"{local:%Y-%m-%d}", "TID": f"{local:%H:%M}", "KOMMUN": "Nacka",
                "HAENDELSETYP": "Bråk i relation", "STATUS": "Aktiv", "REGISTRERAD": heard.isoformat()}  # fmt: skip
        body = (
            extract(report(900, occurred=heard, registered=heard))
            if feed == "anmalan"
            else json.dumps(told).encode()
        )
        await door(web, pool).ingest(get_feed(feed), body, name="before", fetched_at=heard)
    async with opened(browser, web) as page:
        await until(page, "document.querySelectorAll('.feed').length === 2")
        assert "sen" in await text(page, ".feed[data-state=late]")
        assert "tyst" in await text(page, ".feed[data-state=silent]")
        await shot(page, "state-late-feed")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_nothing_is_cut_or_scrolls_away_at_any_size(
    browser: Browser, web: Web, size: str, theme: str, shot: Callable[..., object]
) -> None:
    web.post(
        *(
            report(
                n,
                place=(59.2 + (n * 37 % 23) / 100, 17.8 + (n * 53 % 41) / 100),
                occurred=datetime.now(UTC) - timedelta(hours=3 * n),
            )
            for n in range(1, 50)
        )
    )
    async with opened(browser, web, f"?theme={theme}", size=SIZES[size]) as page:
        await shot(page, f"nu-{size}-{theme}")
        sideways = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert sideways <= 0
        if size != "phone":
            down = await page.evaluate("document.documentElement.scrollHeight - window.innerHeight")
            assert down <= 0, "a wall has no mouse wheel"
        cut = await page.evaluate(
            "[...document.querySelectorAll('h1, h2, .figure, .compared, .feed, .sum b, [class*=Control-label]')]"
            ".filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1).map(e => e.outerHTML.slice(0, 100))"
        )
        assert cut == []
