"""The page Länkar as an analyst uses it: a reason, one proposal at a time, a decision, its undoing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from app.domain.viewer import ROLES
from tests.browser.conftest import SLOW_S, Answers, text, until
from tests.browser.links_desk import (
    PROPOSALS,
    WHY,
    give_reason,
    listed,
    open_now,
    opened,
    press,
    tab_to,
    world,
)
from tests.pairs_world import CANARIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Browser, Page

    from tests.browser.links_desk import World

pytestmark = pytest.mark.browser
__all__ = ["world"]


async def test_nothing_is_shown_or_read_before_a_reason_is_given(browser: Browser, world: World) -> None:
    before = len(await world.logged())
    async with opened(browser, world) as page:
        assert await page.locator("#link-columns").is_hidden()
        await page.locator("#link-begin").click()
        await until(page, "document.querySelector('#link-reason-problem').textContent.length > 10")
        assert await text(page, "#link-reason-problem") == (
            "Välj ett skäl i listan eller skriv ett med egna ord, minst 8 tecken."
        )
        assert len(await world.logged()) == before
        await give_reason(page)
        assert (await world.logged())[before:] == [("search", "links/waiting"), ("search", "links/decided")]
        assert await text(page, "#link-count") == f"{PROPOSALS} väntar"
        assert await listed(page) == world.ids[:10], "the latest proposed first, a page at a time"
        assert await open_now(page) == world.ids[0]
        await page.locator("#link-more").click()
        await until(page, "document.querySelectorAll('#link-rows .pair-row').length === asked.n", n=PROPOSALS)
        assert await listed(page) == world.ids
        assert await page.locator("#link-more").is_hidden()
        assert (await world.logged())[before + 2 :] == [("search", "links/waiting")]


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("size", [(1366, 768), (3840, 2160), (390, 844)], ids=lambda size: str(size[0]))
async def test_a_proposal_is_its_evidence_by_field_and_the_reports_of_either_side(
    browser: Browser, world: World, theme: str, size: tuple[int, int], shot: Callable[..., Any]
) -> None:
    async with opened(browser, world, f"theme={theme}", size=size) as page:
        await give_reason(page)
        await page.wait_for_selector("#link-rows .pair-row")
        assert await page.evaluate("document.documentElement.dataset.theme") == theme
        rows = await page.locator(".evidence tbody tr").all()
        told = [" ".join((await row.inner_text()).split()) for row in rows]
        assert told == [
            "Förnamn skrivfel +7,3 för", "Efternamn olika −3,9 emot", "Födelsedag samma +12,8 för",
            "Telefon och adress saknas på någon sida 0,0 neutral", "Kön samma +1,0 för",
        ]  # fmt: skip
        bars = await page.evaluate(
            "[...document.querySelectorAll('.weight')].map(track => { const line = track.querySelector('.zero')"
            ".getBoundingClientRect(), bar = track.querySelector('b').getBoundingClientRect();"
            " return [Math.round(bar.left - line.left), Math.round(bar.width / track.clientWidth * 24 * 10) / 10] })"
        )
        assert [width for _, width in bars] == pytest.approx([7.3, 3.9, 12.8, 0, 1], abs=0.3)
        assert [begins < -3 for begins, _ in bars] == [False, True, False, False, False], "to the other side"
        assert await text(page, "#link-sure") == (
            "Kanske samma person: 90 av 100 sådana förslag var rätt i prov på påhittade personer."
        )
        sides = page.locator(".side")
        assert await sides.count() == 2
        assert "misstänkt" in await sides.nth(0).inner_text()
        assert "målsägande" in await sides.nth(1).inner_text()
        assert "Södermalm" in await sides.nth(0).inner_text()
        assert await page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert await page.locator("#link-undo").is_hidden()
        await shot(page, f"lankar-{theme}-{size[0]}")


async def test_by_the_keyboard_alone_one_is_accepted_for_a_reason_and_undone_again(
    browser: Browser, world: World, shot: Callable[..., Any]
) -> None:
    async with opened(browser, world) as page:
        await give_reason(page)
        first, second = world.ids[:2]
        await page.locator("#link-rows .pair-row").first.focus()
        await press(page, "ArrowDown")
        await press(page, "Enter")
        await until(page, "document.querySelector('#link-title').title === asked.id", id=second)
        await until(page, "document.activeElement.id === 'link-title'")
        await tab_to(page, "link-accept")
        before = len(await world.logged())
        await press(page, "Enter")
        await until(
            page, "document.querySelector('#link-text-problem').textContent.includes('minst 8 tecken')"
        )
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.type("samma som 18620304-0123")
        await tab_to(page, "link-accept")
        await press(page, "Enter")
        await until(page, "document.querySelector('#link-text-problem').textContent.includes('personnumret')")
        assert len(await world.logged()) == before
        assert await world.decided(second) == []
        await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Control+A")
        await page.keyboard.type("samma telefon enligt utredaren")
        await tab_to(page, "link-accept")
        await press(page, "Enter")
        await page.wait_for_selector("#link-decided .pair-row")
        assert await world.decided(second) == [("accept", "samma telefon enligt utredaren")]
        assert (await world.logged())[before:] == [
            ("change", "links/judge"), ("search", "links/waiting"), ("search", "links/decided"),
        ]  # fmt: skip
        assert await text(page, "#link-said") == "Noterat: samma person."
        assert await text(page, "#link-count") == f"{PROPOSALS - 1} väntar"
        assert await listed(page, "#link-decided") == [second]
        assert second not in await listed(page)
        assert await open_now(page) == world.ids[2], "the next one"
        assert await page.input_value("#link-text") == "", "a reason is of one proposal"
        await until(page, "document.activeElement.id === 'link-title'")
        await press(page, "Enter")  # the button that was pressed is not under the hand any more
        assert await world.decided(world.ids[2]) == []

        await _undo(page)
        assert (await listed(page))[:2] == [first, second], "it waits again, where it stood"
        assert await open_now(page) == second
        assert [decision for decision, _ in await world.decided(second)] == ["accept", "undo"]
        await shot(page, "lankar-undone")


async def _undo(page: Page) -> None:
    """Undo the one decision that is listed, by the keyboard."""
    await page.locator("#link-decided .pair-row").focus()
    await press(page, "Enter")
    await page.wait_for_selector("#link-standing")
    assert "samma telefon enligt utredaren" in await text(page, "#link-standing")
    assert "en analyst" in await text(page, "#link-standing")
    assert await page.locator("#link-accept").is_hidden()
    await tab_to(page, "link-text")
    await page.keyboard.type("annan telefon trots allt")
    await tab_to(page, "link-undo")
    await press(page, "Enter")
    await until(page, "document.querySelector('#link-said').textContent.startsWith('Ångrat')")
    await page.wait_for_selector("#link-decided .nothing")


async def test_a_reason_of_the_list_is_kept_with_the_decision(browser: Browser, world: World) -> None:
    async with opened(browser, world) as page:
        await page.locator("#link-reason").click()
        await page.get_by_role("option", name="Kontroll av uppgifternas kvalitet").click()
        await page.locator("#link-begin").click()
        await page.wait_for_selector("#link-title")
        last = (await listed(page))[-1]
        await page.locator("#link-rows .pair-row").last.click()
        await until(page, "document.querySelector('#link-title').title === asked.id", id=last)
        await page.fill("#link-text", "syskon <img src=x onerror=\"document.title='ran'\">")
        await page.locator("#link-reject").click()
        await page.wait_for_selector("#link-decided .pair-row")
        assert [decision for decision, _ in await world.decided(last)] == ["reject"]
        assert (await world.decided(last))[0][1].startswith("quality: syskon <img")
        await page.locator("#link-decided .pair-row").first.click()
        await page.wait_for_selector("#link-standing")
        assert "Kontroll av uppgifternas kvalitet – syskon <img" in await text(page, "#link-standing")
        assert await page.title() != "ran"


async def test_what_a_colleague_decided_meanwhile_is_not_overruled(browser: Browser, world: World) -> None:
    async with opened(browser, world) as page:
        await give_reason(page)
        mine = await open_now(page)
        await world.fetch(
            "insert into link_judgement (a, b, decision, evidence, probability, reason)"
            " select a, b, 'reject', evidence, probability, 'kollegan' from link_proposal"
            " where proposal_id = $1::text::uuid returning 1",
            mine,
        )
        await page.fill("#link-text", "samma telefon och gata")
        await page.locator("#link-accept").click()
        await until(
            page, "document.querySelector('#link-text-problem').textContent.startsWith('Någon har bestämt')"
        )
        await page.wait_for_selector("#link-standing")
        assert "kollegan" in await text(page, "#link-standing")
        assert await world.decided(mine) == [("reject", "kollegan")]
        assert mine not in await listed(page)


async def test_language_is_changed_without_reading_anybody_anew(
    browser: Browser, world: World, shot: Callable[..., Any]
) -> None:
    async with opened(browser, world, size=(1920, 1080)) as page:
        await give_reason(page)
        before = len(await world.logged())
        await page.get_by_text("EN", exact=True).click()
        await until(page, "document.documentElement.lang === 'en'")
        await until(
            page, "document.querySelector('#link-body').innerText.includes('What speaks for and against')"
        )
        await page.locator("#theme").click()
        await until(page, "document.documentElement.dataset.theme === 'light'")
        await page.wait_for_timeout(500)
        await shot(page, "lankar-english-light")
        assert len(await world.logged()) == before
        swedish = await page.evaluate(
            "Object.entries(lagesbild.texts.sv).filter(([key, sv]) => sv.length > 6 && sv !== lagesbild.texts.en[key]"
            " && !sv.includes('{') && document.body.innerText.includes(sv)).map(([key]) => key)"
        )
        assert swedish == []
        unnamed = await page.evaluate(
            """[...document.querySelectorAll('button, a, input:not([type=hidden]), textarea')]
               .filter((e) => e.checkVisibility() && !e.hasAttribute('aria-hidden')
                   && !(e.textContent || e.getAttribute('aria-label') || e.title
                   || e.getAttribute('aria-labelledby') || e.placeholder || (e.labels && e.labels.length)))
               .map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert unnamed == []


async def test_nobodys_number_name_or_pseudonym_is_on_the_page_or_in_what_the_browser_keeps(
    browser: Browser, world: World
) -> None:
    async with opened(browser, world) as page:
        answers = Answers(page)
        await give_reason(page)
        address = page.url
        kept = await page.evaluate(
            "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
        )
        bodies = await answers.all()
        held = await page.evaluate("document.documentElement.outerHTML") + kept + address + "\n".join(bodies)
        assert len(bodies) > 2
        assert [canary for canary in CANARIES if canary in held] == []
        assert not [person for person in world.people if person.hex() in held]
        assert WHY not in kept + address
        assert not [proposal for proposal in world.ids if proposal in kept + address]


async def test_when_nothing_waits_and_when_nothing_can_be_read_it_says_so(
    browser: Browser, world: World, shot: Callable[..., Any]
) -> None:
    async with opened(browser, world) as page:
        await give_reason(page)
        await world.fetch(
            "update link_proposal set withdrawn_at = now() where withdrawn_at is null returning 1"
        )
        try:
            await page.locator("#link-change").click()
            await page.locator("#link-begin").click()
            await until(page, "document.querySelector('#link-count').textContent === '0 väntar'")
            assert await text(page, "#link-rows") == "Inga förslag väntar. Nya kommer när länkningen körs."
            await shot(page, "lankar-empty")
        finally:
            await world.fetch("update link_proposal set withdrawn_at = null returning 1")
        await world.fetch("revoke select on link_proposal from lagesbild_region_persons")
        try:
            await page.locator("#link-change").click()
            await page.locator("#link-begin").click()
            await page.wait_for_selector("#fault-bar:not([hidden])")
            assert "Något gick fel i servern" in await text(page, "#fault-bar")
        finally:
            await world.fetch("grant select on link_proposal to lagesbild_region_persons")
        await page.locator("#link-change").click()
        await page.locator("#link-begin").click()
        await page.wait_for_selector("#fault-bar", state="hidden")
        await page.wait_for_selector("#link-rows .pair-row")


@pytest.mark.parametrize("role", [role for role in ROLES if role not in {"analyst", "system"}])
async def test_whoever_does_not_judge_links_is_refused_the_page_and_sees_no_way_to_it(
    browser: Browser, world: World, role: str
) -> None:
    headers = {"Authorization": f"Bearer {world.tokens[role]}"}
    async with httpx.AsyncClient(headers=headers, timeout=SLOW_S, base_url=world.web.base) as client:
        answer = await client.get("/lankar")
    assert answer.status_code == 403
    assert "Din roll ser inte den här sidan" in answer.text
    assert 'href="/lankar"' not in answer.text
