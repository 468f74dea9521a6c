"""Everything by the keyboard: the palette, the single keys, the wall that turns its pages, the tour."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import TimeoutError as PlaywrightTimeout

from tests.browser.conftest import opened, report, text, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Browser, Page

    from tests.browser.conftest import Web

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", autouse=True)
def reports(web: Web) -> None:
    web.post(*(report(number) for number in range(1, 6)))


async def choose(page: Page, typed: str) -> None:
    await page.keyboard.press("Control+k")
    await page.wait_for_selector("#palette-input:focus")
    await page.keyboard.type(typed)


async def test_an_area_is_found_without_its_dots_and_chosen_by_enter(
    browser: Browser, web: Web, shot: Callable[..., Any]
) -> None:
    async with opened(browser, web) as page:
        await choose(page, "sodermalm")
        await until(page, "document.querySelector('#palette-list li span')?.textContent === 'Södermalm'")
        await shot(page, "palette")
        await page.keyboard.press("Enter")
        await until(page, "new URLSearchParams(location.search).get('area')")
        assert await page.evaluate("new URLSearchParams(location.search).get('area')") == "lpo-sodermalm"
        await page.wait_for_selector("#palette", state="detached")


async def test_what_has_no_match_says_so_and_escape_gives_the_focus_back(browser: Browser, web: Web) -> None:
    async with opened(browser, web) as page:
        await page.focus("#live")
        await choose(page, "qqqq")
        assert await text(page, "#palette .nothing") == "Inget heter så."
        await page.keyboard.press("Escape")
        assert await page.evaluate("document.activeElement.id") == "live"


async def test_a_button_of_the_page_is_pressed_by_its_name(browser: Browser, web: Web) -> None:
    async with opened(browser, web) as page:
        await choose(page, "ett dygn bakat")
        await page.keyboard.press("Enter")
        await until(page, "document.documentElement.dataset.clock === 'past'")


async def test_a_number_goes_to_the_page_and_takes_the_view_along(browser: Browser, web: Web) -> None:
    async with opened(browser, web, "?area=lpo-sodermalm&window=30d") as page:
        await page.evaluate("document.activeElement.blur()")
        wanted = await page.evaluate("document.querySelectorAll('#menu a')[1].pathname")
        await page.keyboard.press("2")
        await page.wait_for_url(f"**{wanted}?**")
        asked = await page.evaluate("Object.fromEntries(new URLSearchParams(location.search))")
        assert (asked["area"], asked["window"]) == ("lpo-sodermalm", "30d")


async def test_keys_are_letters_where_somebody_writes_and_can_be_switched_off(
    browser: Browser, web: Web
) -> None:
    async with opened(browser, web) as page:
        theme = "document.documentElement.dataset.theme"
        await page.focus("#area")
        await page.keyboard.type("t")
        assert await page.evaluate(theme) == "dark"
        await page.keyboard.press("Escape")
        await page.evaluate("document.activeElement.blur()")
        await page.keyboard.press("t")
        await until(page, f"{theme} === 'light'")
        await page.keyboard.press("?")
        await page.uncheck("#keys-single")
        await page.keyboard.press("Escape")
        await page.keyboard.press("t")
        await page.keyboard.press("Control+k")
        await page.wait_for_selector("#palette-input:focus")
        assert await page.evaluate(theme) == "light"


async def test_a_wall_turns_its_pages_and_keeps_what_it_shows_while_the_server_is_away(
    browser: Browser, web: Web, shot: Callable[..., Any]
) -> None:
    async with opened(browser, web, "?wall=10", size=(1920, 1080), quiet=False) as page:
        chrome = page.locator("#menu, #play, #live, #language, #keys, #copy, #changed-open").locator(
            "visible=true"
        )
        assert await chrome.count() == 0
        assert await page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 21
        await shot(page, "wall")
        turn = await page.evaluate(
            "[...document.querySelectorAll('#menu a[data-wall=yes]')].map((a) => a.pathname)"
        )
        shown = await text(page, "#total-incidents")
        began = await page.evaluate("performance.timeOrigin")
        web.kill()
        away = time.monotonic()
        await page.wait_for_selector("#connection[data-state=lost]")
        while time.monotonic() - away < 14:  # longer than its turn
            await page.wait_for_timeout(500)
        assert await page.evaluate("performance.timeOrigin") == began
        assert await text(page, "#total-incidents") == shown
        web.start()
        next_page = turn[1 % len(turn)]
        await page.wait_for_function(
            "([began, path]) => performance.timeOrigin !== began && location.pathname === path",
            arg=[began, next_page],
        )
        assert await page.evaluate("new URLSearchParams(location.search).get('wall')") == "10"
        for _ in range(20):  # a press while the page turns is lost, as anybody's is
            await page.keyboard.press("Escape")
            with suppress(PlaywrightTimeout):
                await page.wait_for_function(
                    "() => document.documentElement.dataset.wall === 'no'", timeout=3000
                )
                break
        await page.wait_for_selector("#menu", state="visible")


async def test_who_is_new_is_shown_round_once(browser: Browser, web: Web, shot: Callable[..., Any]) -> None:
    async with opened(browser, web) as page:
        await page.wait_for_selector("#tour-offer", state="visible")
        await page.click("#tour")
        steps = [await text(page, "#tour-text")]
        await shot(page, "tour")
        while await page.locator(".tour-box").count():
            await page.keyboard.press("Enter")
            if await page.locator(".tour-box").count():
                steps.append(await text(page, "#tour-text"))
        assert len(steps) == len(set(steps)) >= 6
        await page.reload()
        await page.wait_for_selector("#total-incidents")
        assert not await page.locator("#tour-offer").is_visible()
        await page.keyboard.press("?")
        await page.get_by_role("button", name="Visa runt").click()
        assert await text(page, "#tour-text") == steps[0]
        await page.keyboard.press("Escape")
        assert await page.locator(".tour-box").count() == 0
