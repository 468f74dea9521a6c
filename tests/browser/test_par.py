"""The page Par as a person sees it: a reason first, the list, the ladder, a follow-up; and nothing more than that."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from app.commands.tokens import create_token
from app.config import Settings
from app.db import open_pool
from app.domain.dyad import ELSEWHERE_SV
from app.domain.pair_id import PairIds
from etl.identify import Pseudonyms
from etl.keep import Keys
from tests.browser.conftest import Answers, looking, text, until
from tests.pairs_world import CANARIES, PAIRS, load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.browser.conftest import Web

pytestmark = pytest.mark.browser

ROLES = ("analyst", "commander", "area_chief")


class World:
    """The web process with the world of pairs in it."""

    def __init__(self, web: Web, dsn: str, tokens: dict[str, str], ids: dict[str, str]) -> None:
        self.web, self.dsn, self.tokens, self.ids = web, dsn, tokens, ids

    async def logged(self) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.dsn)
        try:
            rows: list[asyncpg.Record] = await connection.fetch("select * from read_log order by log_id")
        finally:
            await connection.close()
        return rows


@pytest.fixture(scope="module")
def world(web: Web, dsn: str) -> World:
    var: Path = web._log.parent
    keys = Keys.read(Settings(var=var).master_key_file)

    async def fill() -> dict[str, str]:
        async with open_pool(dsn, size=2, name="world") as pool:
            await load(pool, keys)
            async with pool.acquire() as connection:
                return {
                    role: await create_token(
                        connection, role, f"en {role}", ["lpo-sodermalm"] if role == "area_chief" else []
                    )
                    for role in ROLES
                }

    names, made = Pseudonyms(keys), PairIds(keys.lasting(b"pair ids"))
    ids = {name: made.of(*(names.of(one, "") for one in pair)) for name, pair in PAIRS.items()}  # type: ignore[arg-type]
    return World(web, dsn, asyncio.run(fill()), ids)


@asynccontextmanager
async def opened(
    browser: Browser, world: World, role: str, query: str = "", *, size: tuple[int, int] = (1366, 768)
) -> AsyncIterator[Page]:
    """The page of somebody in this role, before any reason is given."""
    async with looking(browser, world.web.base, size) as page:
        await page.goto(f"{world.web.base}/par?window=30d{query}&login={world.tokens[role]}")
        await page.wait_for_selector("#par-begin")
        await until(
            page, "document.documentElement.lang && document.querySelector('#window-days').textContent"
        )
        yield page


async def give_reason(page: Page, said: str = "avstämning med utredaren") -> None:
    await page.locator("#par-reason").click()
    await page.get_by_role("option", name="Uppföljning av par").click()
    await page.fill("#par-reason-words", said)
    await page.locator("#par-begin").click()
    await page.wait_for_selector("#par-columns:not([hidden])")


async def listed(page: Page, world: World) -> list[str]:
    await page.wait_for_selector(".pair-row")
    names = {made: name for name, made in world.ids.items()}
    ids: list[str] = await page.evaluate(
        "[...document.querySelectorAll('.pair-row')].map(row => JSON.parse(row.id).pair)"
    )
    return [names[made] for made in ids]


async def choose(page: Page, world: World, name: str) -> None:
    place = (await listed(page, world)).index(name)
    await page.locator(".pair-row").nth(place).click()
    await page.wait_for_selector(".ladder")


async def test_nothing_is_shown_or_read_before_a_reason_is_given(browser: Browser, world: World) -> None:
    before = len(await world.logged())
    async with opened(browser, world, "analyst") as page:
        assert await page.locator("#par-columns").is_hidden()
        await page.locator("#par-begin").click()
        await until(page, "document.querySelector('#par-reason-problem').textContent.length > 10")
        assert len(await world.logged()) == before
        await give_reason(page)
        assert await listed(page, world) == ["foreign", "everywhere", "moving", "court", "plain"]
        rows = (await world.logged())[before:]
        assert [(row["action"], row["what"], row["found"]) for row in rows] == [("search", "pairs/search", 5)]
        assert (rows[0]["reason"], rows[0]["reason_text"]) == ("follow_up", "avstämning med utredaren")
        assert await text(page, "#par-count") == "5 par"
        assert "Överträdelse av kontaktförbud anmäld" in await text(page, "#par-rows")


async def test_a_pair_is_its_ladder_two_lines_and_what_was_noted(
    browser: Browser, world: World, shot: Callable[..., Any]
) -> None:
    async with opened(browser, world, "analyst") as page:
        await give_reason(page)
        await choose(page, world, "everywhere")
        assert world.ids["everywhere"] in page.url
        assert await page.locator(".ladder > li").count() == 3
        await until(page, "document.querySelectorAll('#par-body .js-plotly-plot').length === 2")
        assert "Tredje anmälan eller fler om paret inom 12 månader" in await text(page, "#par-body")
        assert await text(page, "#par-since") == "2 dagar sedan den senaste händelsen"
        await shot(page, "par-ladder")
        await page.fill("#par-text", "Ringt. <img src=x onerror=\"document.title='ran'\">")
        await page.fill("#par-decided", "Nytt samtal om en vecka.")
        await page.locator("#par-note").click()
        await page.wait_for_selector(".noted li")
        assert "<img src=x" in await text(page, ".noted")
        assert await page.title() != "ran"
        await shot(page, "par-pair")
        shared = page.url
        await page.fill("#par-text", "Ringde 18620304-0123")
        await page.locator("#par-note").click()
        await until(page, "document.querySelector('#par-note-said').textContent.includes('personnumret')")
    last = (await world.logged())[-2:]
    assert [(row["action"], row["what"]) for row in last] == [
        ("change", "pairs/follow-ups"),
        ("read", "pairs/read"),
    ]
    async with opened(browser, world, "analyst", f"&{shared.partition('?')[2]}") as again:
        assert await again.locator("#par-columns").is_hidden(), "a link holds no reason"
        await give_reason(again)
        await again.wait_for_selector(".ladder")
        assert "Ringt." in await text(again, ".noted")


async def test_language_and_colours_are_changed_without_reading_anybody_anew(
    browser: Browser, world: World, shot: Callable[..., Any]
) -> None:
    async with opened(browser, world, "analyst", size=(1920, 1080)) as page:
        await give_reason(page)
        await choose(page, world, "foreign")
        before = len(await world.logged())
        await page.get_by_text("EN", exact=True).click()
        await until(page, "document.documentElement.lang === 'en'")
        await until(
            page, "document.querySelector('#par-body').innerText.includes('Reports in order of time')"
        )
        await page.locator("#theme").click()
        await until(page, "document.documentElement.dataset.theme === 'light'")
        await page.wait_for_timeout(700)
        await shot(page, "par-english-light")
        assert len(await world.logged()) == before
        swedish = await page.evaluate(
            "Object.entries(lagesbild.texts.sv).filter(([key, sv]) => sv.length > 6 && sv !== lagesbild.texts.en[key]"
            " && document.body.innerText.includes(sv)).map(([key]) => key)"
        )
        assert swedish == []


async def test_a_chief_is_told_of_elsewhere_in_one_sentence_and_a_foreign_pair_is_not_there(
    browser: Browser, world: World, shot: Callable[..., Any]
) -> None:
    async with opened(browser, world, "area_chief", size=(390, 844)) as page:
        await give_reason(page)
        assert "foreign" not in await listed(page, world)
        await choose(page, world, "everywhere")
        assert await page.locator(".ladder > li").count() == 2
        assert await text(page, "#par-elsewhere") == ELSEWHERE_SV
        await page.locator("#par-elsewhere").scroll_into_view_if_needed()
        await shot(page, "par-narrow")
    before = len(await world.logged())
    async with opened(browser, world, "area_chief", f"&pair={world.ids['foreign']}") as page:
        await give_reason(page)
        await page.wait_for_selector("#par-missing")
        assert "inget sådant par" in await text(page, "#par-missing")
        assert await page.locator("#par-follow-up").is_hidden()
    denied = [row for row in (await world.logged())[before:] if row["action"] == "denied"]
    assert [row["what"] for row in denied] == ["pairs/read"]


async def test_a_commander_gets_flagged_pairs_and_no_way_to_single_incidents(
    browser: Browser, world: World
) -> None:
    async with opened(browser, world, "commander") as page:
        await give_reason(page)
        assert await listed(page, world) == ["foreign", "everywhere"]
        await choose(page, world, "foreign")
        assert await page.locator("#par-body a").count() == 0


async def test_the_past_is_shown_as_it_was_known(browser: Browser, world: World) -> None:
    moment = (datetime.now(UTC) - timedelta(days=3)).isoformat(timespec="seconds").replace("+00:00", "Z")
    async with opened(
        browser, world, "analyst", f"&known_at={moment}&pair={world.ids['everywhere']}"
    ) as page:
        await give_reason(page)
        await page.wait_for_selector(".ladder")
        assert await page.locator(".ladder > li").count() == 2, "the third was not known then"
        assert "Som känt" in await text(page, "#par-body .note.past")


async def test_why_one_sees_it_is_told_from_the_policy(
    browser: Browser, world: World, shot: Callable[..., Any]
) -> None:
    async with opened(browser, world, "area_chief") as page:
        await give_reason(page)
        await page.locator("#par-why").click()
        await page.wait_for_selector("#why-told li")
        told = await text(page, "#why-told")
        assert "områdeschef" in told
        assert "Södermalm" in told
        await page.locator("#why-told .rules summary").click()
        await page.wait_for_timeout(700)  # a click within the panel does not ask anew, which would close them
        assert "audited()" in await text(page, "#why-told .rules")
        await shot(page, "par-why")


@pytest.mark.parametrize("role", ROLES)
async def test_no_number_name_or_protected_address_is_on_the_page_or_in_what_the_browser_keeps(
    browser: Browser, world: World, role: str
) -> None:
    async with opened(browser, world, role, f"&pair={world.ids['hidden']}") as page:
        answers = Answers(page)
        await give_reason(page)
        await page.locator("#par-least").get_by_text("Minst 1").click()
        await page.wait_for_selector(".pair-row")
        await page.wait_for_selector("#par-body h3, #par-missing")
        held = await page.evaluate(
            "JSON.stringify([document.documentElement.outerHTML, {...localStorage}, {...sessionStorage}])"
        )
        bodies = await answers.all()
        found = held + "\n".join(bodies)
        assert len(bodies) > 2
        assert [canary for canary in CANARIES if canary in found] == []
        assert not {"hidden", "beside"} & set(await listed(page, world))
