"""Signing in and out as a person does it, in a real Chromium: every page of it, in both themes, wide and narrow."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from app.commands.users import create_user
from tests.browser.conftest import SLOW_S, Seen, Web, text, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from playwright.async_api import Browser, Page

pytestmark = pytest.mark.browser

ONE_TIME, OWN = "engangs-ord12-abcde", "ett eget långt lösenord"


@pytest.fixture(scope="module")
async def anna(dsn: str) -> str:
    connection = await asyncpg.connect(dsn)
    await create_user(connection, "anna", "Anna Analys", "analyst", (), ONE_TIME, must_change=True)
    await connection.close()
    return "anna"


@asynccontextmanager
async def stranger(
    browser: Browser, web: Web, *, width: int = 1366, theme: str = "dark", errors: tuple[str, ...] = ()
) -> AsyncIterator[Page]:
    """A browser that was never here. Whatever its console says, but for what is expected, fails the test."""
    height = 768 if width > 700 else 844
    context = await browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, locale="sv-SE"
    )
    page = await context.new_page()
    page.set_default_timeout(SLOW_S * 1000)
    seen = Seen(page, web.base)
    yield page
    await context.close()
    assert seen.outside == []
    assert [error for error in seen.errors if not any(word in error for word in errors)] == []


async def fill(page: Page, password: str) -> None:
    await page.fill("input[name=username]", "anna")
    await page.fill("input[name=password]", password)
    await page.click("form[action='/login'] button")


async def test_a_one_time_password_a_choice_and_out_again(
    browser: Browser, web: Web, anna: str, shot: Callable[..., Any]
):
    async with stranger(browser, web, errors=("401", "422")) as page:
        await page.goto(f"{web.base}/?kind=call")
        await page.wait_for_url("**/login?next=*")
        await fill(page, "inte rätt lösenord")
        await page.wait_for_selector("[role=alert]")
        assert "stämmer inte" in await text(page, "[role=alert]")
        await shot(page, "sign_in_wrong")
        await fill(page, ONE_TIME)
        await page.wait_for_selector("input[name=again]")
        await shot(page, "sign_in_change")
        await page.fill("input[name=password]", OWN)
        await page.fill("input[name=again]", OWN)
        await page.click("main button")
        await page.wait_for_selector("#total-incidents")
        assert "kind=call" in page.url
        await page.wait_for_selector("#chart .main-svg")  # the last of what it fetches
        await page.click("#account-open")
        assert await text(page, "#account .about") == "Anna Analys\nAnalytiker"
        await shot(page, "account")
        await page.keyboard.press("Escape")
        assert not await page.locator("#account .card").is_visible()
        await page.click("#account-open")
        await page.click("#sign-out")
        await page.wait_for_url("**/login?said=signed_out")
        assert "Du är utloggad" in await text(page, "[role=status]")
        await page.goto(f"{web.base}/")
        await page.wait_for_url("**/login?next=*")


async def test_a_hand_on_the_page_is_told_and_a_session_that_ended_leads_to_the_sign_in(
    browser: Browser, web: Web, dsn: str
):
    connection = await asyncpg.connect(dsn)
    # Dash's renderer reads a refusal's body twice when a callback meets it before the page is loaded anew.
    async with stranger(browser, web, errors=("401", "ERR_", "body stream already read")) as page:
        await page.goto(f"{web.base}/?login={web.token}")
        await page.wait_for_selector("#connection[data-state=live]")
        await page.wait_for_selector("#chart .main-svg")  # the last of what it fetches
        seen = (
            "select now() - max(last_seen_at) < interval '10 s' from app_session where token_id is not null"
        )
        await connection.execute("update app_session set last_seen_at = now() - interval '20 minutes'")
        await page.evaluate("() => { const now = Date.now; Date.now = () => now() + 61000; }")
        await page.mouse.wheel(0, 10)
        for _ in range(100):
            if await connection.fetchval(seen):
                break
            await page.wait_for_timeout(50)
        assert await connection.fetchval(seen)
        await connection.execute(
            "update app_token set revoked_at = now(); update access_scope set ended_at = now() where ended_at is null"
        )
        # The stream was closed, and asking for it again refused. Several scripts notice and load the page anew.
        await page.wait_for_selector("input[name=username]")
        assert "/login?next=" in page.url
    await connection.execute(
        "update app_token set revoked_at = null; update access_scope set ended_at = null"
    )
    await connection.close()


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("width", [390, 1366])
async def test_the_page_looks_like_the_product(
    browser: Browser, web: Web, shot: Callable[..., Any], theme: str, width: int
):
    async with stranger(browser, web, width=width, theme=theme) as page:
        await page.goto(f"{web.base}/login")
        await until(page, "document.fonts.check('16px Inter')")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == ("rgb(10, 15, 23)" if theme == "dark" else "rgb(238, 241, 245)")
        await shot(page, f"sign_in_{theme}_{width}")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        assert (
            await page.evaluate("document.activeElement.tagName") == "SUMMARY"
        )  # name, password, button, token
        await page.keyboard.press("Enter")
        await page.wait_for_selector("input[name=token]")
        await shot(page, f"sign_in_token_{theme}_{width}")
