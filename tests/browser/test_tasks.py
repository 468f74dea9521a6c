"""The four tasks of a morning, from the start page: each within three clicks and twenty seconds, and by keys alone.

Clicks are held to always. Seconds are told always, and held to twenty where the machine is quiet (``patience``).
Clicks are counted as they reach the page. What a reason needs to be given is typed: a reason is asked for on purpose.
"""

from __future__ import annotations

import os
import re
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from tests.browser.demo_world import CHIEF_OF, demo_world, page_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import Browser, Page

    from tests.browser.demo_world import World

pytestmark = pytest.mark.browser

MOST_CLICKS, MOST_S = 3, 20.0
COUNT = """
document.addEventListener("pointerdown", (event) => {
  if (event.isTrusted && event.pointerType === "mouse")
    window.sessionStorage.setItem("clicks", Number(window.sessionStorage.getItem("clicks") || 0) + 1);
}, true);
"""
"""Kept in the tab, for a click may lead to another page."""

VERDICT = re.compile(
    r"Det är (som vanligt|fler än vanligt|färre än vanligt)|Vad som är vanligt går inte att säga"
)


def patience() -> tuple[float, float]:
    """Seconds that a task may take, and the load (of the last minute, on each core).

    Twenty seconds where nothing waits for a core. Where other tests do, so many times more as wait for each, and twice
    that: the load of a minute is late.
    """
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    return (MOST_S if load <= 1 else 2 * MOST_S * load), load


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with demo_world(tmp_path_factory.mktemp("var")) as world:
        yield world


@asynccontextmanager
async def at_the_start(
    browser: Browser, world: World, role: str, *, clicks: int = MOST_CLICKS
) -> AsyncIterator[Page]:
    """The start page of somebody; afterwards the clicks and the seconds are held to what a task may take."""
    async with page_of(browser, world, "/", role=role) as (page, _):
        decline = page.locator("#tour-decline")
        if await decline.count() and await decline.is_visible():
            await decline.click()
        await page.context.add_init_script(COUNT)
        await page.evaluate(f"() => {{ {COUNT} }}")
        began = time.monotonic()
        yield page
        took = time.monotonic() - began
        counted = int(await page.evaluate("Number(window.sessionStorage.getItem('clicks') || 0)"))
        assert counted <= clicks, f"{counted} clicks"
        most, load = patience()
        sys.stdout.write(f"{counted} clicks, {took:.1f} s; load {load:.1f}, at most {most:.0f} s\n")
        assert took <= most, f"{took:.1f} s, with a load of {load:.1f}"


async def by_keys(page: Page, name: str) -> None:
    """Press what has this name, by the palette."""
    await page.keyboard.press("Control+k")
    await page.wait_for_selector("#palette-input:focus")
    await page.keyboard.type(name)
    await page.wait_for_function(
        "name => document.querySelector('#palette-list [aria-selected=true] span')?.textContent.startsWith(name)",
        arg=name,
    )
    await page.keyboard.press("Enter")


async def read(page: Page, selector: str) -> str:
    await page.locator(selector).first.wait_for()
    return re.sub(r"\s+", " ", await page.locator(selector).first.inner_text()).strip()


async def tab_to(page: Page, selector: str, most: int = 60) -> None:
    """Press Tab until the focus is there."""
    for _ in range(most):
        if await page.evaluate("wanted => !!document.activeElement?.closest(wanted)", selector):
            return
        await page.keyboard.press("Tab")
    pytest.fail(f"{selector} is not reached by {most} presses of Tab")


async def last_night(page: Page) -> None:
    said = await read(page, "li[data-name=night_partner]")
    assert re.search(r"Natten till \w+, 22–06: (\d+|inga|en) ", said), said
    assert VERDICT.search(said), said


async def test_how_many_assaults_by_partners_last_night_and_is_it_unusual(
    browser: Browser, world: World
) -> None:
    async with at_the_start(browser, world, "commander") as page:
        await page.locator("#to-morgon").click()
        await last_night(page)


async def test_how_many_last_night_by_keys(browser: Browser, world: World) -> None:
    async with at_the_start(browser, world, "commander", clicks=0) as page:
        await page.keyboard.press("2")
        await last_night(page)


async def give_reason(page: Page) -> None:
    """Typed: Tab to the list, choose, say more, Enter."""
    await tab_to(page, "#par-reason")
    await page.keyboard.press("ArrowDown")
    await page.get_by_role("option", name="Uppföljning av par").wait_for()
    for _ in range(12):
        await page.keyboard.press("ArrowDown")
        if await page.locator("[role=option][data-combobox-selected]", has_text="Uppföljning av par").count():
            break
    await page.keyboard.press("Enter")
    await tab_to(page, "#par-reason-words")
    await page.keyboard.type("tre anmälningar på ett år")
    await page.keyboard.press("Enter")


async def three_times(page: Page) -> None:
    await page.locator(".pair-row").first.wait_for()
    rows = await page.locator(".pair-row").all_inner_texts()
    assert any("3 anmälningar" in row for row in rows), rows[:5]
    assert all("Tredje anmälan" in row for row in rows if "3 anmälningar" in row)
    assert CHIEF_OF in page.url or "area" in page.url


async def test_which_pairs_of_my_district_were_reported_three_times(browser: Browser, world: World) -> None:
    async with at_the_start(browser, world, "area_chief") as page:
        await page.locator("#to-omrade").click()
        await page.locator("a#omrade-pairs_3").click()
        await page.wait_for_selector("#par-begin")
        await give_reason(page)
        await three_times(page)


async def test_which_pairs_by_keys(browser: Browser, world: World) -> None:
    async with at_the_start(browser, world, "area_chief", clicks=0) as page:
        await page.keyboard.press("3")
        await page.locator("a#omrade-pairs_3").wait_for()
        await tab_to(page, "#omrade-pairs_3", 120)
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#par-begin")
        await give_reason(page)
        await three_times(page)


async def changed_since_seven(page: Page) -> None:
    await page.wait_for_selector("#changed-told .tiles dd")
    assert "Känt" in await read(page, "#changed-told .between")
    row = page.locator("#changed-list li[data-change=moved]", has_text="Barkarbystaden norra")
    await row.first.wait_for()
    assert "Hässelby Villastad" in await row.first.inner_text()


async def test_what_did_we_know_at_seven_that_has_changed_since(browser: Browser, world: World) -> None:
    async with at_the_start(browser, world, "analyst") as page:
        await page.locator("#changed-open").click()
        await changed_since_seven(page)


async def test_what_has_changed_by_keys(browser: Browser, world: World) -> None:
    async with at_the_start(browser, world, "analyst", clicks=0) as page:
        await by_keys(page, "Ändrat sedan")
        await changed_since_seven(page)


async def handed_over(page: Page) -> None:
    said = await read(page, "#log-said")
    assert "överlämna" in said.lower(), said
    await page.locator("#log-rows > *").first.wait_for()


async def test_hand_the_shift_over(browser: Browser, world: World) -> None:
    async with at_the_start(browser, world, "analyst") as page:
        await page.locator("#to-loggbok").click()
        await page.locator("#log-shift").click()
        await page.locator("#log-figures > *").first.wait_for()
        await page.locator("#log-sign").click()
        await page.wait_for_function("() => document.querySelector('#log-said').textContent.trim()")
        await handed_over(page)


async def test_hand_the_shift_over_by_keys(browser: Browser, world: World) -> None:
    async with at_the_start(browser, world, "commander", clicks=0) as page:
        await by_keys(page, "Loggbok")
        await page.wait_for_selector("#log-shift")
        await tab_to(page, "#log-shift")
        await page.keyboard.press("Enter")
        await page.locator("#log-figures > *").first.wait_for()
        await tab_to(page, "#log-sign", 80)
        await page.keyboard.press("Enter")
        await page.wait_for_function("() => document.querySelector('#log-said').textContent.trim()")
        await handed_over(page)
