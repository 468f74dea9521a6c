"""The page Granskning, as an auditor uses it: is the log whole, what is unusual, what was found out about it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from app.commands.tokens import create_token
from app.db import open_pool
from app.jobs.audit_keys import AuditKeys
from app.jobs.heads import HeadFile
from app.jobs.seal import Sealer
from app.jobs.verify import record, verify
from tests.browser.conftest import SLOW_S, Seen, text, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from playwright.async_api import Browser, Page

    from tests.browser.conftest import Web

pytestmark = pytest.mark.browser

KEYS = AuditKeys(bytes(range(32)))
ROWS = """
insert into read_log (at, actor, name, role, action, what, reason, reason_text, persons, areas, found)
values ($1, $2, $3, 'analyst', $4, 'pairs/read', $5, $6, $7, '{0180}', 3)
"""
PERSON = bytes.fromhex("c0ffee00c0ffee00c0ffee00c0ffee00")
CHANGE = """
alter table read_log disable trigger user; update read_log set name = 'X' where log_id = 5;
alter table read_log enable trigger user
"""


@pytest.fixture(scope="module")
def auditor(dsn: str, web: Web, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A made-up log, sealed and checked: one who read about 40 persons in half an hour, and one who did not."""
    heads_file = tmp_path_factory.mktemp("audit") / "heads.jsonl"

    async def fill() -> str:
        now = datetime.now(UTC)
        many = [
            (
                now - timedelta(minutes=40, seconds=40 * n),
                "user:2",
                "Bo",
                "read",
                "ongoing",
                "",
                [n.to_bytes(16, "big")],
            )
            for n in range(40)
        ]
        few = [
            (now - timedelta(minutes=n), "user:1", "Alva", "read", "ongoing", "<b>fet</b>", [PERSON])
            for n in range(3)
        ]
        async with open_pool(dsn, size=1) as pool, pool.acquire() as connection:
            await connection.executemany(ROWS, sorted(many + few))
            heads = HeadFile(heads_file, KEYS)
            sealer = Sealer(connection, KEYS, heads)
            await sealer.open()
            await sealer.once()
            await record(connection, await verify(connection, KEYS, heads.content()))
            heads.close()
            return await create_token(connection, "auditor", "Gun")

    return asyncio.run(fill())


@asynccontextmanager
async def opened(browser: Browser, web: Web, token: str, query: str = "", **size: Any) -> AsyncIterator[Page]:
    """The page, signed in as the auditor, with its rows; any error in its console fails the test."""
    viewport = size or {"width": 1366, "height": 768}
    context = await browser.new_context(viewport=viewport, locale="sv-SE")  # type: ignore[arg-type]
    page = await context.new_page()
    page.set_default_timeout(SLOW_S * 1000)
    seen = Seen(page, web.base)
    try:
        await page.goto(f"{web.base}/granskning?{query}&login={token}")
        await page.wait_for_selector("#chain-said")
        # The table draws what is on the screen.
        await page.wait_for_selector("#log-grid .ag-row", state="attached")
        await page.evaluate("document.querySelector('#log-grid').scrollIntoView()")
        await page.wait_for_selector("#log-grid .ag-row")
        await page.evaluate("window.scrollTo(0, 0)")
        yield page
    finally:
        await context.close()
    assert seen.outside == []
    assert seen.errors == []


async def fetched(url: str, token: str) -> httpx.Response:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=SLOW_S) as client:
        return await client.get(url)


async def test_it_says_whether_the_log_is_whole_and_shows_no_case(browser: Browser, web: Web, auditor: str):
    async with opened(browser, web, auditor) as page:
        assert (await text(page, "#chain-said")).startswith("Loggen är hel till ")
        assert (await text(page, "#chain-said")).endswith(", 43 rader")
        assert await page.locator(".chain[data-state=whole]").count() == 1
        content = await page.content()
        assert PERSON.hex()[:8] not in content
        assert "<b>fet</b>" not in content
        await until(page, "document.querySelector('#log-grid').innerText.includes('<b>fet</b>')")
        assert await page.locator("#menu a").count() == 1, "no other page"


async def test_an_unusual_reading_is_followed_up_and_the_note_stays(
    browser: Browser, web: Web, auditor: str, shot: Callable[..., Any]
):
    async with opened(browser, web, auditor) as page:
        assert await text(page, "#review-open") == "1 att följa upp", await text(page, "#review-rows")
        entry = page.locator(".entry")
        assert await entry.count() == 1
        assert "30 personer eller fler" in await entry.inner_text()
        await entry.click()
        await page.wait_for_selector("#review-note:not([hidden])")
        assert await text(page, "#review-shown") == "40 rader"
        await until(page, "location.search.includes('log=7,all,bulk-')")
        await page.locator("#review-save").click()
        await until(page, "document.querySelector('#review-said').innerText.length > 3")
        await page.get_by_text("Fråga ställd", exact=True).first.click()
        await page.locator("#review-text").fill("Bo gjorde kvartalets kvalitetskontroll.")
        await page.locator("#review-save").click()
        await page.wait_for_selector("#review-notes li")
        assert "kvalitetskontroll" in await text(page, "#review-notes")
        assert await text(page, "#review-open") == "alla uppföljda"
        await shot(page, "granskning-noted")
        address = page.url
    async with opened(browser, web, auditor, address.partition("?")[2]) as again:
        await again.wait_for_selector("#review-notes li")
        assert "Fråga ställd" in await again.locator(".entry .outcome").inner_text()
        await again.locator("#review-close").click()
        await again.wait_for_selector("#review-note", state="hidden")
        await until(again, "!location.search.includes('bulk')")


async def test_filters_language_and_theme(browser: Browser, web: Web, auditor: str, shot: Callable[..., Any]):
    async with opened(browser, web, auditor) as page:
        await page.locator("#review-action").get_by_text("Sökt", exact=True).click()
        await until(page, "location.search.includes('log=7,search')")
        await until(page, "!document.querySelector('#log-grid').innerText.includes('Läst')")
        assert "Gun" in await text(page, "#log-grid"), "the auditor's own looking is in the log"
        href = await page.locator("#review-csv").get_attribute("href")
        assert href is not None
        assert "action=search" in href
        answer = await fetched(web.base + href, auditor)
        assert "Åtgärd" in answer.text
        await page.locator("#review-reset").click()
        await until(page, "!location.search.includes('log=')")
        before = await page.evaluate("location.search")
        await page.get_by_text("EN", exact=True).click()
        await until(page, "document.querySelector('#chain-said').innerText.startsWith('The log is whole')")
        await page.locator("#theme").click()
        await until(page, "document.documentElement.dataset.theme === 'light'")
        assert await page.evaluate("location.search") == before.replace("lang=sv", "lang=en").replace(
            "dark", "light"
        )
        swedish = await page.evaluate(
            "Object.entries(lagesbild.texts.sv).filter(([key, sv]) => sv.length > 6 && sv !== lagesbild.texts.en[key]"
            " && !sv.includes('{') && document.body.innerText.includes(sv)).map(([key]) => key)"
        )
        assert swedish == []
        await shot(page, "granskning-english-light")
        unnamed = await page.evaluate(
            """[...document.querySelectorAll('button, a, input:not([type=hidden]), textarea')]
               .filter((e) => e.checkVisibility() && !e.hasAttribute('aria-hidden')
                   && !(e.textContent || e.getAttribute('aria-label') || e.title
                   || e.getAttribute('aria-labelledby') || e.placeholder || (e.labels && e.labels.length)))
               .map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert unnamed == []


async def test_on_a_telephone_nothing_is_wider_than_the_screen(
    browser: Browser, web: Web, auditor: str, shot: Callable[..., Any]
):
    async with opened(browser, web, auditor, width=390, height=844) as page:
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        await shot(page, "granskning-390")


async def test_whoever_does_not_audit_is_not_served_the_page(web: Web, auditor: str):
    for token, status in ((web.token, 403), (auditor, 200)):
        answer = await fetched(f"{web.base}/granskning", token)
        assert answer.status_code == status


async def test_a_broken_log_is_told_with_what_is_wrong(
    browser: Browser, web: Web, auditor: str, dsn: str, shot: Callable[..., Any]
):
    async with open_pool(dsn, size=1) as pool, pool.acquire() as connection:
        await connection.execute(CHANGE)
        await record(connection, await verify(connection, KEYS, b""))
    async with opened(browser, web, auditor) as page:
        assert await text(page, "#chain-said") == "Loggen är INTE hel"
        assert "Row 5 (seal 5) is not what was sealed" in await text(page, "#review-chain")
        await shot(page, "granskning-broken")
