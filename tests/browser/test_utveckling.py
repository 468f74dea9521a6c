"""The page Utveckling in a browser: choices stand in the address, the table adds up, and no chart is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import looking, report, text, until

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

    from tests.browser.conftest import Web

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

LIVE = ["utv-trend", "utv-parts", "utv-small"]
READY = ["utv-latest", "utv-unusual", "utv-forecast", "utv-harm"]
TOLD = "asked.names.every(name => document.getElementById(name)?.dataset.state === asked.state)"


@pytest.fixture(scope="module", autouse=True)
def some_reports(web: Web) -> None:
    """Four reports in two municipalities."""
    web.post(
        report(1), report(2), report(3, code="9367"), report(4, kommun="Nacka", place=(59.3099, 18.1637))
    )


async def come(page: Page, web: Web, search: str = "") -> None:
    await page.goto(f"{web.base}/utveckling?lang=sv{search}&login={web.token}")
    await until(page, TOLD, names=LIVE, state="told")


async def test_what_is_chosen_stands_in_the_address_and_comes_back_from_it(
    browser: Browser, web: Web
) -> None:
    async with looking(browser, web.base) as page:
        await come(page, web)
        await page.locator("#utv-measure").get_by_text("Skada", exact=True).click()
        await until(page, "new URLSearchParams(location.search).get('measure') === 'harm'")
        await until(
            page, "document.querySelector('#utv-trend .picture-said').textContent.includes('preliminära')"
        )
        await page.reload()
        await until(page, TOLD, names=LIVE, state="told")
        await until(page, "document.querySelector('#utv-measure input:checked').value === 'harm'")
        await page.locator("#utv-measure").get_by_text("Antal", exact=True).click()
        await until(page, "!new URLSearchParams(location.search).has('measure')")
        await until(
            page, "document.querySelector('#utv-trend .picture-said').textContent.startsWith('4 anmälningar')"
        )


async def test_the_table_behind_the_trend_adds_up_to_what_is_said(browser: Browser, web: Web) -> None:
    async with looking(browser, web.base) as page:
        await come(page, web, "&grain=month&split=group")
        await page.locator("#utv-trend-as-table").click()
        cells = await page.locator("#utv-trend .twin tbody tr td:nth-child(2)").all_inner_texts()
        assert sum(int(cell) for cell in cells) == 4
        assert (await text(page, "#utv-trend .picture-said p:first-child")).startswith("4 anmälningar")
        await page.locator("#utv-parts-as-table").click()
        parts = await page.locator("#utv-parts .twin tbody tr").all_inner_texts()
        assert {part.split("\t")[0] for part in parts} == {"Misshandel", "Grov misshandel"}


async def test_what_no_measure_has_answered_yet_is_said_and_no_empty_chart_is_drawn(
    browser: Browser, web: Web
) -> None:
    async with looking(browser, web.base) as page:
        await come(page, web)
        await until(page, TOLD, names=READY, state="empty")
        for name in READY:
            assert "05.30" in await text(page, f"#{name} .picture-said")
            assert not await page.locator(f"#{name} .picture-figure").is_visible()


@pytest.mark.parametrize("size", [(390, 844), (1366, 768)])
async def test_the_panels_are_as_many_beside_each_other_as_there_is_room_for(
    browser: Browser, web: Web, size: tuple[int, int]
) -> None:
    async with looking(browser, web.base, size) as page:
        await come(page, web, "&split=weekday")
        await until(page, "document.querySelectorAll('#utv-small .js-plotly-plot .subplot.xy').length === 1")
        columns = await page.evaluate(
            """() => {
                const layout = document.querySelector('#utv-small .js-plotly-plot').layout;
                const lefts = Object.entries(layout).filter(([name]) => /^xaxis/.test(name))
                    .map(([, axis]) => axis.domain[0]);
                return new Set(lefts.map(left => left.toFixed(3))).size;
            }"""
        )
        assert columns == (2 if size[0] < 700 else 4)
        within = await page.evaluate(
            "[...document.querySelectorAll('.picture, .choice-bar')]"
            ".every(one => one.getBoundingClientRect().right <= window.innerWidth)"
        )
        assert within, "nothing lies beside the screen"
