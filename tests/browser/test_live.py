"""What becomes known is on the screen at once, and nothing of it is missed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import opened, report, text, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Browser, Page

    from tests.browser.conftest import Web

pytestmark = pytest.mark.browser

SHOWN = "ticks => ticks.map(tick => tick.dataset.uid + tick.querySelector('time').dateTime)"
TOTAL_IS = "Number(document.querySelector('#total-incidents').textContent) === asked.n"


async def test_a_posted_report_is_on_the_map_and_in_the_ticker_without_a_reload(
    browser: Browser, web: Web, shot: Callable[..., object]
) -> None:
    web.post(report(1))
    async with opened(browser, web) as page:
        await page.evaluate("window.sameDocument = true")
        before = int(await text(page, "#total-incidents"))
        await asyncio.to_thread(web.post, report(2, code="9440"))
        await until(page, "document.querySelectorAll('.tick.arrived').length === 1")
        await page.wait_for_selector(".pulse")
        await shot(page, "nu-new-incident")
        assert "Olaga hot" in await text(page, "#ticker-list > li:first-child .what")
        await until(page, TOTAL_IS, n=before + 1)
        await page.wait_for_function("() => lagesbild.map.instance.isSourceLoaded('density')")
        assert await page.evaluate("window.sameDocument")


async def test_a_report_outside_the_filters_does_not_show(browser: Browser, web: Web) -> None:
    async with opened(browser, web, "?area=0182") as page:  # Nacka
        await asyncio.to_thread(web.post, report(3), report(4, kommun="Nacka", place=(59.3099, 18.1637)))
        await page.wait_for_selector(".tick.arrived")
        assert await page.locator(".tick.arrived").count() == 1
        assert await page.locator(".pulse").count() == 1


async def test_a_correction_and_a_withdrawal_are_told_as_such(browser: Browser, web: Web) -> None:
    async with opened(browser, web) as page:
        await asyncio.to_thread(web.post, report(10))
        await page.wait_for_selector(".pulse")
        await asyncio.to_thread(web.post, report(10, code="9367"))
        await page.wait_for_selector(".tick[data-change=corrected]")
        total = web.total()
        await asyncio.to_thread(web.post, report(10, code="9367", status="Makulerad"))
        await page.wait_for_selector(".tick[data-change=withdrawn]")
        assert await page.locator(".pulse").count() == 0
        assert web.total() == total - 1
        await until(page, TOTAL_IS, n=total - 1)


async def test_the_tab_survives_a_killed_server_and_misses_nothing(
    browser: Browser, web: Web, shot: Callable[..., object]
) -> None:
    async with opened(browser, web, quiet=False) as page:
        await page.evaluate("window.sameDocument = true")
        start = await shown(page)
        web.kill()
        await page.wait_for_selector("#connection[data-state=lost]")
        await shot(page, "nu-server-gone")
        await asyncio.to_thread(web.start)
        await asyncio.to_thread(
            web.post, *(report(number) for number in range(100, 120))
        )  # before the tab is back
        await page.wait_for_selector("#connection[data-state=live]")
        await asyncio.to_thread(web.post, report(120))
        await until(page, "document.querySelectorAll('.tick').length >= asked.n", n=len(start) + 21)
        now = await shown(page)
        assert len(now) == len(set(now)) == len(start) + 21
        assert set(start) < set(now)
        await until(page, TOTAL_IS, n=web.total())
        assert await page.evaluate("window.sameDocument"), "the page came back without a reload"


async def shown(page: Page) -> list[str]:
    """The versions in the ticker."""
    rows: list[str] = await page.locator(".tick").evaluate_all(SHOWN)
    return rows
