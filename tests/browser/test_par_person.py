"""The page Par finds a person's pairs by the number, and the number is nowhere once it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from app.config import Settings
from etl.identify import Pseudonyms
from etl.keep import Keys
from tests.browser.conftest import Answers, text, until
from tests.browser.test_par import choose, give_reason, listed, opened, world
from tests.pairs_world import PAIRS, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Browser, Page

    from tests.browser.test_par import World

pytestmark = pytest.mark.browser
__all__ = ["world"]


async def look_up(page: Page, number: str, role: str = "Målsägande") -> None:
    if not await page.locator("#par-number").is_visible():
        await page.locator("#par-find-open").click()
    await page.locator("#par-role").get_by_text(role).click()
    await page.locator("#par-number").click()
    await page.keyboard.type(number)
    await page.keyboard.press("Enter")


async def test_a_persons_pairs_are_found_by_the_number_which_is_then_nowhere(
    browser: Browser, world: World, shot: Callable[..., Any]
) -> None:
    victim, suspect = PAIRS["everywhere"]
    async with opened(browser, world, "analyst") as page:
        answers = Answers(page)
        await give_reason(page)
        await listed(page, world)
        before = len(await world.logged())
        await look_up(page, victim)
        await page.wait_for_selector("#par-found-line:not([hidden])")
        assert await listed(page, world) == ["everywhere"]
        assert await text(page, "#par-found-said") == "1 par med personen som målsägande"
        assert await page.input_value("#par-number") == ""
        await shot(page, "par-person")
        (row,) = (await world.logged())[before:]
        assert (row["action"], row["what"], row["found"]) == ("search", "persons/search", 1)
        assert (row["reason"], row["reason_text"]) == ("follow_up", "avstämning med utredaren")
        assert victim[2:] not in str(dict(row))
        await choose(page, world, "everywhere")
        assert await page.locator(".ladder > li").count() == 3
        await look_up(page, suspect.replace("-", ""), "Misstänkt")
        await until(page, "document.querySelector('#par-found-said').textContent.includes('misstänkt')")
        held: dict[str, str] = await page.evaluate(
            """() => ({ state: JSON.stringify(window.store.getState()), page: document.documentElement.outerHTML,
                 kept: JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state]),
                 address: location.href,
                 fields: [...document.querySelectorAll('input')].map((one) => one.value).join() })"""
        )
        bodies = await answers.all()
        held |= {"answers": "\n".join(bodies), "server's log": world.web._log.read_text()}
        assert len(bodies) > 2
        assert [
            (place, told)
            for place, kept in held.items()
            for number in (victim, suspect)
            for told in (number, number.replace("-", ""), number[2:])
            if told in kept
        ] == []
        await page.locator("#par-found-close").click()
        await page.wait_for_selector("#par-found-line", state="hidden")
        assert len(await listed(page, world)) == 5


async def test_what_is_no_number_is_told_in_one_sentence_and_nobody_is_looked_up(
    browser: Browser, world: World
) -> None:
    async with opened(browser, world, "analyst") as page:
        await give_reason(page)
        await listed(page, world)
        before = len(await world.logged())
        await look_up(page, "18620304-0124")
        await until(page, "document.querySelector('#par-number-problem').textContent.length > 10")
        assert await text(page, "#par-number-problem") == (
            "Det är inget personnummer eller samordningsnummer. Skriv det på nytt med tio eller tolv siffror."
        )
        assert await page.input_value("#par-number") == ""
        await page.locator("#par-find").click()
        await until(
            page, "document.querySelector('#par-number-problem').textContent.startsWith('Skriv numret')"
        )
        assert len(await world.logged()) == before
        assert len(await listed(page, world)) == 5


async def test_a_protected_victim_an_ended_suspicion_and_somebody_unknown_give_the_same_nothing(
    browser: Browser, world: World, shot: Callable[..., Any]
) -> None:
    ended = """
    insert into suspicion_statement (incident_id, suspect, reason, final_on, source, recorded_by)
    select distinct v.incident_id, o.suspect, 'acquitted', current_date - 1, 'Stockholms tingsrätt B 1-26', 'test'
    from incident_offence as o join incident_version as v using (version_id) where o.suspect = $1 returning 1
    """
    names = Pseudonyms(Keys.read(Settings(var=world.web._log.parent).master_key_file))
    connection = await asyncpg.connect(world.dsn)
    try:
        assert await connection.fetch(ended, names.of(PAIRS["court"][1], ""))
    finally:
        await connection.close()
    asked = ((PAIRS["hidden"][0], "Målsägande"), (PAIRS["court"][1], "Misstänkt"), (person(99), "Målsägande"))
    told = []
    async with opened(browser, world, "analyst") as page:
        await give_reason(page)
        for number, role in asked:
            await page.wait_for_selector(".pair-row")
            await look_up(page, number, role)
            await page.wait_for_selector("#par-rows .nothing")
            told.append(await text(page, "#par-rows"))
            await shot(page, "par-person-none")
            await page.locator("#par-found-close").click()
    assert told == [told[0]] * 3
    assert told[0].startswith("Inga par att visa. Det betyder inte att inget är anmält")
