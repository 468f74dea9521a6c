"""The page as a whole: what it asks, what it says, and that the view lives in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import opened, report, text, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Browser

    from tests.browser.conftest import Web

pytestmark = pytest.mark.browser

VIEW = "?kind=report&area=0180&window=30d&layer=points&map=18.0700,59.3300,11.00&lang=sv&theme=dark"


@pytest.fixture(scope="module", autouse=True)
def some_reports(web: Web) -> None:
    """Seven on the map, three without a position, one of them protected; one of them in Nacka."""
    web.post(
        *(report(number, place=(59.32 + number / 500, 18.05 + number / 300)) for number in range(1, 7)),
        report(7, kommun="Nacka", place=(59.3099, 18.1637)),
        report(8, place=None), report(9, place=None), report(10, protected="J"),
    )  # fmt: skip


async def test_totals_agree_on_header_map_table_and_api(browser: Browser, web: Web) -> None:
    async with opened(browser, web) as page:
        assert await text(page, "#total-incidents") == str(web.total()) == "10"
        assert await text(page, "#on-map") == "7 på kartan"
        assert await text(page, "#without-position") == "3 utan position"
        assert await text(page, "#map-total") == "10 totalt"
        drawn = await page.evaluate(
            "Object.values(Object.fromEntries(lagesbild.map.instance.querySourceFeatures('density', "
            "{sourceLayer: 'density'}).filter(f => f.properties.own).map(f => [JSON.stringify(f.geometry), "
            "f.properties.n]))).reduce((a, b) => a + b, 0)"
        )
        assert drawn == 7
        await page.get_by_text("Tabell", exact=True).click()
        await page.wait_for_selector(".ag-row")
        assert await text(page, "#table-shown") == "10 av 10 händelser"
        assert await page.locator(".ag-center-cols-container .ag-row").count() == 10


async def test_language_and_theme_change_texts_and_colours_only(
    browser: Browser, web: Web, shot: Callable[..., object]
) -> None:
    async with opened(browser, web, VIEW) as page:
        await page.evaluate("window.mapBefore = lagesbild.map.instance")
        camera = await page.evaluate("lagesbild.map.instance.getCenter().toArray()")
        await page.get_by_text("EN", exact=True).click()
        await until(page, "document.documentElement.lang === 'en'")
        await page.wait_for_function(
            "() => document.querySelector('#counters').innerText.includes('Incidents')"
        )
        await page.locator("#theme").click()
        await until(page, "document.documentElement.dataset.theme === 'light'")
        await shot(page, "nu-english-light")
        assert await page.evaluate("window.mapBefore === lagesbild.map.instance")
        assert await page.evaluate("lagesbild.map.instance.getCenter().toArray()") == camera
        assert "Stockholm" in await page.locator("#area").input_value()
        assert await page.title() == "Situational picture – Now"
        for part in ("area=0180", "window=30d", "layer=points", "lang=en", "theme=light"):
            assert part in page.url
        swedish = await page.evaluate(
            "Object.entries(lagesbild.texts.sv).filter(([key, sv]) => sv.length > 6 && sv !== lagesbild.texts.en[key]"
            " && document.body.innerText.includes(sv)).map(([key]) => key)"
        )
        assert swedish == []


async def test_the_address_holds_the_whole_view(browser: Browser, web: Web) -> None:
    async with opened(browser, web, VIEW) as page:
        assert await text(page, "#total-incidents") == "9", "Nacka is not in Stockholm"
        uid = await page.locator(".tick").first.get_attribute("data-uid")
        await page.locator(".tick").first.click()
        await page.wait_for_selector("#drawer .versions li")
        await until(page, "location.search.includes(asked.uid)", uid=uid)
        shared = page.url
        await page.go_back()
        await page.wait_for_selector("#drawer", state="hidden")
    async with opened(browser, web, shared.removeprefix(web.base + "/")) as again:
        await again.wait_for_selector("#drawer .versions li")
        assert await text(again, "#total-incidents") == "9"
        assert await again.evaluate("lagesbild.map.instance.getZoom()") >= 11
        assert await again.locator(f".tick[data-uid='{uid}'][aria-current=true]").count() == 1


async def test_it_can_be_used_by_keyboard(browser: Browser, web: Web) -> None:
    async with opened(browser, web) as page:
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.id") == "skip"
        await page.locator(".tick").first.focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#drawer .versions li")
        await page.keyboard.press("Escape")
        await page.wait_for_selector("#drawer", state="hidden")
        unnamed = await page.evaluate(
            "[...document.querySelectorAll('button, a, input:not([type=hidden]), [role=slider]')]"
            ".filter(e => e.offsetParent)"
            ".filter(e => !(e.innerText || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby') || e.title"
            " || e.placeholder || (e.labels && e.labels.length))).map(e => e.outerHTML.slice(0, 120))"
        )
        assert unnamed == []
