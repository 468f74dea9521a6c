"""Each story of the demo is where its user would look: the page, the element, and what a person reads there.

``SHOWN`` names them; ``etl/feeds/demo/stories.toml`` says what was planted. The clock stands still: the demo is loaded
once and nothing arrives while the tests look.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg
import pytest
from playwright.async_api import async_playwright

from etl.feeds.demo.stories import stories
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.demo_world import demo_world, page_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from playwright.async_api import Browser, Page

    from tests.browser.demo_world import World

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with demo_world(tmp_path_factory.mktemp("var")) as world:
        yield world


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        yield browser
        await browser.close()


async def read(page: Page, selector: str) -> str:
    """What a person reads there, on one line."""
    await page.locator(selector).first.wait_for()
    said = await page.locator(selector).all_inner_texts()
    return re.sub(r"\s+", " ", " | ".join(said)).strip()


async def row_of(page: Page, selector: str, *words: str) -> str:
    """The one of several elements in which all these words stand."""
    await page.locator(selector).first.wait_for()
    every = [re.sub(r"\s+", " ", one) for one in await page.locator(selector).all_inner_texts()]
    found = [one for one in every if all(word in one for word in words)]
    assert found, f"{selector}: none of {len(every)} says {words}: {every[:12]}"
    return found[0]


async def pairs(page: Page) -> None:
    """Give a reason on the page Par, as everybody has to."""
    await page.locator("#par-reason").click()
    await page.get_by_role("option", name="Uppföljning av par").click()
    await page.fill("#par-reason-words", "avstämning med utredaren")
    await page.locator("#par-begin").click()
    await page.locator(".pair-row").first.wait_for()


async def total(
    browser: Browser, world: World, area: str, first: int, last: int, known: datetime | None
) -> int:
    """The counter of the page Nu for the days from ``first`` to ``last`` (0: the morning), as known then."""
    days = [world.moment(day, "12:00").date().isoformat() for day in (first, last)]
    asked = f"/?kind=report&area={area}&from={days[0]}&to={days[1]}&show=table"
    if known is not None:
        asked += f"&known_at={z(known)}"
    async with page_of(browser, world, asked) as (page, _):
        await page.wait_for_function("() => document.querySelector('#total-incidents')?.textContent.trim()")
        return int(re.sub(r"\D", "", await read(page, "#total-incidents")))


def z(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


async def burst(browser: Browser, world: World) -> None:
    async with page_of(browser, world, "/morgon") as (page, _):
        said = await read(page, "section[aria-labelledby=morgon-unusual] .mb-said")
        assert re.search(r"Farsta: fler än vanligt\. \d+ anmälningar .*vi väntar oss \d+–\d+", said), said
        row = await row_of(page, "table[data-name=districts] tbody tr", "Farsta")
        assert "fler än vanligt" in row


async def moved(browser: Browser, world: World) -> None:
    async with page_of(browser, world, "/par?area=lpo-sollentuna&window=7d&least=1") as (page, _):
        await pairs(page)
        row = await row_of(page, ".pair-row", "4 anmälningar", "Sollentuna", "Vällingby")
        assert "Tredje anmälan" in row


async def silence(browser: Browser, world: World) -> None:
    async with page_of(browser, world, "/morgon") as (page, _):
        said = await read(page, "section[aria-labelledby=morgon-unknown] .mb-said")
        assert re.search(r"Uppdrag var tysta 0[01]:\d\d–04:0\d", said), said
    async with page_of(browser, world, "/kallor?window=2d") as (page, _):
        said = await read(page, "#gaps-said")
        assert re.search(r"Uppdrag var (sen|tyst)\w* .*0[01]:\d\d–.*04:0\d", said), said


async def correction(browser: Browser, world: World) -> None:
    five = z(world.moment(0, "05:00"))
    async with page_of(browser, world, f"/?kind=report&window=2d&show=table&since={five}") as (page, _):
        row = await row_of(page, "#changed-list li[data-change=moved]", "Hedvig Eleonora", "Filmstaden")
        assert "grov" in row


async def false_peak(browser: Browser, world: World) -> None:
    at = [world.moment(day, "12:00") for day in (-3, -1)]
    told = [await total(browser, world, "lpo-nacka", -61, -9, known) for known in at]
    assert told[1] - told[0] >= 14, "they were all registered on one day"
    assert await total(browser, world, "lpo-nacka", -2, -2, None) < 14, (
        "and none of them happened on that day"
    )


async def late_fall(browser: Browser, world: World) -> None:
    told = [
        await total(browser, world, "lpo-haninge", -12, -8, known)
        for known in (world.moment(-4, "12:00"), None)
    ]
    assert told[1] - told[0] >= 9, "what looked like a fall was lateness"


async def street(browser: Browser, world: World) -> None:
    async with page_of(browser, world, "/upprepning?area=lpo-globen") as (page, _):
        await page.wait_for_function("() => document.querySelector('#upp-clusters-said')?.textContent.trim()")
        said = await read(page, "#upp-clusters-said")
        assert re.search(r"5 anmälningar inom 1\d\d m på 1\d dygn", said), said


async def contact_ban(browser: Browser, world: World) -> None:
    async with page_of(browser, world, "/par?area=lpo-huddinge&window=7d&least=1") as (page, _):
        await pairs(page)
        row = await row_of(page, ".pair-row", "Överträdelse av kontaktförbud anmäld", "Barn har bevittnat")
        assert "2 anmälningar" in row


async def duplicate(browser: Browser, world: World) -> None:
    five = z(world.moment(0, "05:00"))
    async with page_of(browser, world, f"/?kind=report&window=2d&show=table&since={five}") as (page, _):
        await row_of(page, "#changed-list li[data-change=withdrawn]", "Nytorp")


async def protected(browser: Browser, world: World) -> None:
    async with page_of(browser, world, "/?kind=report&area=lpo-jarfalla&window=7d") as (page, _):
        row = await row_of(page, "#ticker-list li", "skyddade personuppgifter")
        assert not re.search(r"\d+ [A-ZÅÄÖ]\w+(gatan|vägen|stigen|gränd)", row)
        assert int(re.sub(r"\D", "", await read(page, "#without-position"))) >= 1


async def fatal(browser: Browser, world: World) -> None:
    async with page_of(browser, world, "/morgon") as (page, _):
        for area in ("Södertälje", "Norrtälje"):
            row = await row_of(page, "table[data-name=outcomes] tbody tr", area, "dödligt")
            assert "inte granskad" in row
    connection = await asyncpg.connect(world.dsn)
    uid = await connection.fetchval(
        "select uid from incident join incident_version v using (incident_id) "
        "join incident_offence said on said.version_id = v.version_id "
        "join offence on offence.offence_id = said.offence_id "
        "where offence.code = '0310' and source_key like '0201-K95%' order by v.occurred_from desc limit 1"
    )
    await connection.close()
    async with page_of(browser, world, f"/loggbok?case={uid}") as (page, _):
        await page.locator("#case-reason").click()
        await page.get_by_role("option").first.click()
        await page.fill("#case-reason-words", "dödsfallsgenomgång")
        await page.locator("#case-begin").click()
        await page.locator("#case-line li").first.wait_for()
        line = await read(page, "#case-line")
        assert "kontaktförbud" in line
        assert "Botkyrka" in line
        assert "Södertälje" in line
        assert await page.locator("#case-line li").count() >= 5


async def three_times(browser: Browser, world: World) -> None:
    async with page_of(browser, world, "/omrade?area=lpo-solna") as (page, _):
        said = await read(page, "#omrade-pairs_3")
        assert int(re.sub(r"\D", "", re.split(r"\s", said, maxsplit=1)[0])) >= 1, said
        leads = await page.locator("#omrade-pairs_3").get_attribute("href")
    assert leads is not None
    async with page_of(browser, world, leads) as (page, _):
        await pairs(page)
        await row_of(page, ".pair-row", "3 anmälningar", "Tredje anmälan", "Solna")


SHOWN = {
    "burst": burst,
    "moved": moved,
    "silence": silence,
    "correction": correction,
    "false-peak": false_peak,
    "late-fall": late_fall,
    "street": street,
    "contact-ban": contact_ban,
    "duplicate": duplicate,
    "protected": protected,
    "fatal": fatal,
    "three-times": three_times,
}


def test_every_story_that_is_planted_has_its_check() -> None:
    assert set(SHOWN) == {story.name for story in stories()}
    assert len(SHOWN) >= 10


@pytest.mark.parametrize("name", SHOWN)
async def test_a_story_is_where_its_user_looks(browser: Browser, world: World, name: str) -> None:
    await SHOWN[name](browser, world)
