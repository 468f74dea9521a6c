"""What changed since a moment is one click away: counts, before and after, each opens; the link shows the same."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import asyncpg
import pytest

from app.commands.tokens import create_token
from etl.feed import get_feed
from tests.browser.conftest import ZONE, extract, looking, opened, report, text, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Browser, Page

    from etl.run import Intake
    from tests.browser.conftest import Web

pytestmark = pytest.mark.browser

TIGHT_S = 20.0


def seven() -> datetime:
    """The last 07:00 that has been, by the region's clock."""
    now = datetime.now(ZONE)
    today = now.replace(hour=7, minute=0, second=0, microsecond=0)
    return (today if today < now else today - timedelta(days=1)).astimezone(UTC)


@pytest.fixture
async def night(intake: Intake) -> datetime:
    """Known before seven: three reports. Since: one corrected, one withdrawn, one moved, and a new one."""
    at = seven()

    def said(number: int, hours: float, **more: object) -> str:
        return report(
            number, occurred=at - timedelta(hours=6), registered=at + timedelta(hours=hours), **more
        )

    early = [said(number, -2) for number in (1, 2, 3)]
    late = [
        said(1, 0.01, code="9367"),
        said(2, 0.01, status="Makulerad"),
        said(3, 0.01, kommun="Nacka", place=(59.3100, 18.1640)),
        said(4, 0.01),
    ]
    feed = get_feed("anmalan")
    await intake.ingest(feed, extract(*early), name="early", fetched_at=at - timedelta(hours=1), archive=True)
    await intake.ingest(
        feed, extract(*late), name="late", fetched_at=at + timedelta(seconds=40), archive=True
    )
    return at


async def tiles(page: Page) -> list[str]:
    return [told.strip() for told in await page.locator("#changed-panel .tiles dd").all_inner_texts()]


async def test_what_we_knew_at_seven_that_has_changed_since_is_one_click_from_the_start(
    browser: Browser, web: Web, night: datetime, shot: Callable[..., object]
) -> None:
    async with opened(browser, web) as page:
        began, clicks = time.monotonic(), 1
        await page.locator("#changed-open").click()
        await page.wait_for_selector("#changed-panel .tiles dd")
        assert await tiles(page) == ["1", "1", "1", "1"]
        assert time.monotonic() - began < TIGHT_S
        assert clicks <= 3
        assert "Känt" in await text(page, "#changed-panel .between")
        assert "3 händelser då och 3 nu" in await text(page, "#changed-told")
        assert await page.locator("#changed-list li").count() == 4
        kinds = await page.locator("#changed-list li").evaluate_all(
            "all => all.map(one => one.dataset.change)"
        )
        assert sorted(kinds) == ["added", "corrected", "moved", "withdrawn"]
        corrected = page.locator("#changed-list li[data-change=corrected]")
        assert "ej grov" in await corrected.locator("del").first.inner_text()
        assert "Nacka" in await page.locator("#changed-list li[data-change=moved] ins").all_inner_texts() or (
            "Nacka" in await page.locator("#changed-list li[data-change=moved]").inner_text()
        )
        await shot(page, "changed")

        # Each opens its incident, and the panel stays.
        await corrected.locator("button.change").click()
        await page.wait_for_selector("#drawer .versions li")
        assert await page.locator("#drawer .versions li").count() == 2
        await page.locator("#drawer-close").click()

        # The address shows the same to whoever gets it.
        await until(page, "location.search.includes('since=')")
        await page.reload()
        await page.wait_for_selector("#changed-panel .tiles dd")
        assert await tiles(page) == ["1", "1", "1", "1"]

        # By the keyboard: Escape closes, and the focus is where it was or on the button.
        await page.locator("#changed-panel").focus()
        await page.keyboard.press("Escape")
        await until(page, "document.getElementById('changed-panel').hidden")
        await until(page, "!location.search.includes('since')")
        assert await page.evaluate("document.activeElement.id") == "changed-open"
        await page.keyboard.press("Enter")
        await page.wait_for_selector("#changed-panel .tiles dd")

        # Another moment, and a known-at of the past: since one to the other.
        await page.locator("#changed-day-ago").click()
        await until(page, "document.querySelector('#changed-panel .tiles dd').textContent === '3'")
        href = await page.locator("#changed-csv").get_attribute("href")
        saved = await page.evaluate("href => fetch(href).then(answer => answer.text())", href)
        assert (
            saved.splitlines()[0].startswith("\ufeffHändelse;Ändring") or "Ändring" in saved.splitlines()[0]
        )
        assert len(saved.splitlines()) == 1 + 3


async def test_at_a_known_at_of_the_past_the_two_moments_are_compared(
    browser: Browser, web: Web, night: datetime
) -> None:
    def z(moment: datetime) -> str:
        return moment.isoformat().replace("+00:00", "Z")

    known, since = z(night - timedelta(minutes=10)), z(night - timedelta(hours=3))
    async with opened(browser, web, f"?known_at={known}&since={since}&changed=all") as page:
        await page.wait_for_selector("#changed-panel .tiles dd")
        assert await tiles(page) == ["3", "0", "0", "0"]
        assert "vid det valda ögonblicket" in await text(page, "#changed-told")
        await page.evaluate(
            "at => dash_clientside.set_props('changed', {data: {since: at, all: true}})", z(night)
        )
        await until(
            page, "document.querySelector('#changed-told').textContent.includes('efter det som visas')"
        )


async def test_who_sees_figures_gets_the_numbers_and_no_list(
    browser: Browser, web: Web, night: datetime, dsn: str
) -> None:
    connection = await asyncpg.connect(dsn)
    token = await create_token(connection, "commander", "chef")
    await connection.close()
    async with looking(browser, web.base) as page:
        await page.goto(f"{web.base}/?login={token}")
        await page.wait_for_selector("#total-incidents")
        await page.locator("#changed-open").click()
        await page.wait_for_selector("#changed-panel .tiles dd")
        assert await tiles(page) == ["1", "1", "1", "1"]
        assert "Din roll ser antal" in await text(page, "#changed-told")
        assert await page.locator("#changed-list li, #changed-csv").count() == 0
