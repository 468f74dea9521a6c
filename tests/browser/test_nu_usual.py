"""How many assaults on women by their partners last night, and is it unusual: two presses on Nu, or by keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.demo_world import demo_world, page_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.async_api import Browser, Page

    from tests.browser.demo_world import World

pytestmark = pytest.mark.browser

PARTNER = "misshandel-kvinna-parrelation"
CODES = ("9357", "9359", "9365", "9367")
CHIP = f"#named-{PARTNER}"
SAID = re.compile(
    r"Vi väntar oss .+Inte ovanligt|(Fler|Färre) än vanligt: vi väntar oss|För få fall för att säga något"
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with demo_world(tmp_path_factory.mktemp("var")) as world:
        yield world


async def answered(page: Page, world: World) -> None:
    """The counter says what the API counts of the four codes in the window; the sentence is about it."""
    await page.wait_for_function(
        "code => lagesbild.asked?.offence.includes(code) && lagesbild.asked.first_hour === 18", arg=PARTNER
    )
    await page.wait_for_function("() => document.querySelector('#usual').textContent !== ''")
    asked = await page.evaluate("lagesbild.asked")
    window = {
        "from": asked["first"], "to": asked["last"], "from_hour": asked["first_hour"], "to_hour": asked["last_hour"],
    }  # fmt: skip
    (row,) = world.web.get("counts", offence=list(CODES), **window)["rows"]
    await page.wait_for_function(
        "n => document.querySelector('#total-incidents')?.textContent === n", arg=str(row["incidents"])
    )
    await page.wait_for_function(f"() => /{SAID.pattern}/.test(document.querySelector('#usual').textContent)")
    assert f"offence={PARTNER}" in page.url
    assert "window=night" in page.url


async def test_two_clicks_answer_how_many_last_night_and_whether_it_is_unusual(
    browser: Browser, world: World
) -> None:
    async with page_of(browser, world, "/", role="commander") as (page, _):
        chip = page.locator(CHIP)
        await chip.click()
        await page.locator("#window").get_by_text("I natt", exact=True).click()
        await answered(page, world)
        assert await chip.get_attribute("aria-pressed") == "true"
        assert "Misshandel av kvinna i parrelation" in await page.locator(".filters .offence").inner_text()
        await page.locator("#reset").click()
        await page.locator(f"{CHIP}[aria-pressed=false]").wait_for()


async def test_the_chip_by_keys_takes_its_choice_away_again_and_keeps_the_focus(
    browser: Browser, world: World
) -> None:
    async with page_of(browser, world, "/?window=night", role="analyst") as (page, _):
        await page.locator(CHIP).wait_for()
        await page.keyboard.press("f")
        for _press in range(12):
            if await page.evaluate("chip => document.activeElement.matches(chip)", CHIP):
                break
            await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await answered(page, world)
        await page.locator(f"{CHIP}[aria-pressed=true]:focus").wait_for()
        await page.keyboard.press("Space")
        await page.locator(f"{CHIP}[aria-pressed=false]:focus").wait_for()
        await page.wait_for_function("() => lagesbild.asked.offence.length === 0")


async def test_it_is_the_first_of_the_list_speaks_both_languages_and_belongs_to_reports(
    browser: Browser, world: World
) -> None:
    async with page_of(browser, world, "/", role="analyst") as (page, _):
        await page.locator(CHIP).wait_for()
        await page.locator("input#offence, #offence input").first.click()
        first = page.get_by_role("option").first
        assert await first.inner_text() == await page.locator(CHIP).inner_text()
        await page.keyboard.press("Escape")
        await page.get_by_text("EN", exact=True).click()
        await page.locator(CHIP, has_text="Assault on a woman by her partner").wait_for()
        await page.locator(".filters").get_by_text("Calls", exact=True).click()
        await page.locator(CHIP).wait_for(state="detached")
