"""The page Larm as an analyst uses it: why it fired, taken care of by keys, and a rule written, tried and set live."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import expect

from app.alerts.rule import Threshold
from app.db import open_pool
from app.jobs.alerting import Engine
from app.jobs.alerting_trials import answer_trials
from tests.alerts.conftest import REGION, put
from tests.browser.conftest import SLOW_S, looking, report

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = pytest.mark.browser
expect.set_options(timeout=SLOW_S * 1000)


@pytest.fixture(scope="module")
def alerted(web: Any, dsn: str) -> str:
    """Five reports in Stockholm, and a rule that fires on them."""

    async def fire() -> None:
        async with open_pool(dsn, size=2) as pool:
            async with pool.acquire() as connection:
                made = datetime.now(UTC) - timedelta(days=2)
                await put(connection, Threshold(window_hours=240, at_least=3), made_at=made)
            assert await Engine(pool, REGION, {}).look() > 0

    web.post(*(report(9000 + number) for number in range(5)))
    asyncio.run(fire())
    return dsn


async def test_an_alert_says_why_and_is_taken_to_its_end_by_keys(
    web: Any, browser: Browser, alerted: str
) -> None:
    async with looking(browser, web.base) as page:
        await page.goto(f"{web.base}/larm?login={web.token}")
        await expect(page.locator("#larm-why")).to_contain_text("regeln löser ut vid 3")
        await expect(page.locator("#larm-rows .larm-row")).to_have_count(1)
        await page.locator("#larm-rows .larm-row").click()
        await page.wait_for_url(
            lambda url: "alert" in parse_qs(urlsplit(url).query)
        )  # a link shows the same alert
        await page.keyboard.press("q")
        await expect(page.locator("#larm-body .larm-life")).to_contain_text("Kvitterades")
        await page.keyboard.press("s")
        await expect(page.locator("#larm-body .larm-life")).to_contain_text("Lades att vila")
        await page.fill("#larm-note", "Samma händelse flera gånger.")
        await page.locator("#larm-title").click()
        await page.keyboard.press("c")
        await expect(page.locator("#larm-body .larm-life")).to_contain_text("Samma händelse flera gånger.")
        await expect(page.locator("#larm-none")).to_be_visible()
        await page.locator("#larm-closed").check()
        await expect(page.locator("#larm-rows .larm-row[data-state=closed]")).to_have_count(1)
        await page.locator("#language").get_by_text("EN").click()
        await expect(page.locator("#larm-body .larm-life")).to_contain_text("Acknowledged")


async def test_a_rule_is_said_in_words_tried_and_set_live(web: Any, browser: Browser, alerted: str) -> None:
    async with looking(browser, web.base) as page:
        await page.goto(f"{web.base}/larm?login={web.token}")
        await page.goto(f"{web.base}/larm?tab=rules&rule=new")
        words = page.locator("#larm-words")
        await expect(words).to_contain_text("Larmar när minst 5")
        await page.fill("#larm-f-at_least", "4")
        await expect(words).to_contain_text("Larmar när minst 4")
        await page.fill("#larm-f-title", "Fyra på ett dygn")
        await page.click("#larm-save-live")
        await expect(page.locator("#larm-rule-said")).to_contain_text("efter ett prov")
        await page.fill("#larm-f-allowed", "50")
        await page.click("#larm-try")
        async with open_pool(alerted, size=2) as pool:
            async with asyncio.timeout(60):
                while not await answer_trials(pool, REGION):  # noqa: ASYNC110 - the click is on its way
                    await asyncio.sleep(0.2)
        await expect(page.locator("#larm-trial-said")).to_contain_text("Regeln hade gett 1 larm")
        await page.click("#larm-trial-as-table")
        await expect(page.locator("#larm-trial-table tbody tr")).to_have_count(1)
        await page.click("#larm-save-live")
        await expect(page.locator("#larm-rule-said")).to_contain_text("Sparad som version 1")
        await expect(page.locator("#larm-rule-rows")).to_contain_text("Fyra på ett dygn")
        await expect(page.locator("#larm-versions")).to_contain_text("I drift")
