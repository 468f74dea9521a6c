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
    from playwright.async_api import Browser, Page

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


async def new_fence(page: Page, web: Any) -> None:
    """The form of a new rule, of the kind that has a fence."""
    await page.goto(f"{web.base}/larm?login={web.token}")
    await page.goto(f"{web.base}/larm?tab=rules&rule=new")
    await expect(page.locator("#larm-words")).to_contain_text("Larmar när minst 5")
    await page.click("#larm-f-kind")
    await page.get_by_role("option", name="Gräns").click()


async def drawn(page: Page) -> dict[str, float]:
    """Where the map is, when it has drawn."""
    await expect(page.locator("#larm-fence[data-state=drawn]")).to_be_visible()
    await page.locator("#larm-fence").scroll_into_view_if_needed()
    box = await page.locator("#larm-fence").bounding_box()
    assert box is not None
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}


async def test_a_fence_is_drawn_on_the_map_and_stands_in_the_fields(
    web: Any, browser: Browser, alerted: str, shot: Any
) -> None:
    async with looking(browser, web.base) as page:
        await new_fence(page, web)
        words, corners = page.locator("#larm-words"), page.locator("#larm-f-polygon")
        await expect(words).to_contain_text("inom 300 m från en punkt")
        middle = await drawn(page)
        before = await page.input_value("#larm-f-lon")
        await page.mouse.click(middle["x"] + 60, middle["y"] + 30)
        await expect(page.locator("#larm-f-lon")).not_to_have_value(before)
        rim = await page.locator(".fence-handle.rim").bounding_box()
        assert rim is not None
        await page.mouse.move(rim["x"] + rim["width"] / 2, rim["y"] + rim["height"] / 2)
        await page.mouse.down()
        await page.mouse.move(rim["x"] + 40, rim["y"] + rim["height"] / 2, steps=4)
        await page.mouse.up()
        await expect(words).not_to_contain_text("inom 300 m")
        assert float((await page.input_value("#larm-f-radius_m")).replace(" ", "")) > 300
        await shot(page, "larm_fence_circle")

        await page.get_by_text("Med hörn", exact=True).click()
        await expect(words).to_have_text("Rita gränsen på kartan: minst tre hörn.")
        await expect(page.locator("#larm-f-lon")).to_be_hidden()
        middle = await drawn(page)
        for x, y in ((-90, -60), (90, -60), (90, 60), (-90, 60)):
            await page.mouse.click(middle["x"] + x, middle["y"] + y)
            await page.wait_for_timeout(350)  # two presses at once are a double one, which zooms
        await expect(words).to_contain_text("inom en ritad gräns")
        four = (await corners.input_value()).splitlines()
        assert len(four) == 4
        await page.mouse.click(middle["x"], middle["y"] - 60)  # on a side
        await expect(page.locator(".fence-handle.corner")).to_have_count(5)
        five = (await corners.input_value()).splitlines()
        assert [five[0], *five[2:]] == four
        await shot(page, "larm_fence_corners")
        await page.locator(".fence-handle.corner").nth(1).click()
        await expect(page.locator(".fence-handle.corner")).to_have_count(4)
        await page.click("#larm-fence-undo")
        await expect(page.locator(".fence-handle.corner")).to_have_count(3)
        await page.fill("#larm-f-title", "Runt kvarteret")
        await page.click("#larm-save-probation")
        await expect(page.locator("#larm-rule-said")).to_contain_text("Sparad som version 1")
        await page.reload()
        await expect(page.locator("#larm-rule-rows")).to_contain_text("Runt kvarteret")
        await page.locator(".larm-row", has_text="Runt kvarteret").click()
        await expect(page.locator(".fence-handle.corner")).to_have_count(3)
        assert (await corners.input_value()).splitlines() == four[:3]


async def test_a_fence_can_be_written_by_whoever_cannot_point(
    web: Any, browser: Browser, alerted: str
) -> None:
    async with looking(browser, web.base) as page:
        await new_fence(page, web)
        await page.get_by_text("Med hörn", exact=True).click()
        await page.fill("#larm-f-polygon", "18,06 59.32\n18.09 59.32\n18.09 59.34")
        await expect(page.locator("#larm-words")).to_contain_text("inom en ritad gräns")
        await expect(page.locator(".fence-handle.corner")).to_have_count(3)
        await page.fill("#larm-f-polygon", "18.06 59.32\n18.09 59.34\n18.09 59.32\n18.06 59.34")
        await expect(page.locator("#larm-words")).to_contain_text("får inte korsa varandra")
        assert await page.get_attribute("#larm-fence canvas", "aria-label") == "Karta att rita gränsen på"
