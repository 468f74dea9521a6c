"""The time bar shows the past as it was known then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from etl.feed import get_feed
from tests.browser.conftest import extract, opened, report, text, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.async_api import Browser

    from etl.run import Intake
    from tests.browser.conftest import Web

pytestmark = pytest.mark.browser


@pytest.fixture
async def yesterday(intake: Intake) -> datetime:
    """Yesterday's noon: one report known at 08, corrected at 10, another known at 11 and withdrawn at 14."""
    noon = (datetime.now(UTC) - timedelta(days=1)).replace(hour=11, minute=0, second=0, microsecond=0)

    def at(hours: float) -> datetime:
        return noon + timedelta(hours=hours)

    occurred = at(-8)
    rows = [
        report(1, occurred=occurred, registered=at(-4)),
        report(1, occurred=occurred, registered=at(-2), code="9367"),
        report(2, occurred=occurred, registered=at(-1), code="9440"),
        report(2, occurred=occurred, registered=at(2), code="9440", status="Makulerad"),
    ]
    await intake.ingest(get_feed("anmalan"), extract(*rows), name="archive", fetched_at=at(3), archive=True)
    return noon


async def test_the_past_is_shown_as_it_was_known(
    browser: Browser, web: Web, yesterday: datetime, shot: Callable[..., object]
) -> None:
    early = (yesterday - timedelta(hours=3)).isoformat().replace("+00:00", "Z")
    async with opened(browser, web, f"?window=7d&known_at={early}") as page:
        assert await text(page, "#total-incidents") == "1"
        assert await page.locator(".tick").count() == 1
        await page.wait_for_selector("#connection[data-state=past]")
        await shot(page, "nu-past")
        await page.locator(".tick").first.click()
        await page.wait_for_selector("#drawer .versions li")
        assert await page.locator("#drawer .versions li").count() == 2
        assert await page.locator("#drawer .versions li.later").count() == 1, "the correction came later"
        assert "ej grov" in (await text(page, "#drawer h3"))
        await shot(page, "nu-incident")
        await page.locator("#drawer-close").click()

        await page.locator("#speed").get_by_text("1 h/s").click()
        for expected in ("1", "1", "2"):  # one hour a step: corrected at 10, the second known at 11
            await page.locator("#forward").click()
            await until(
                page, "document.querySelector('#total-incidents').textContent === asked.n", n=expected
            )
        assert "grov" in await page.locator(".tick[data-change=corrected] .what").inner_text()

        await page.locator("#play").click()
        await until(page, "document.querySelector('#total-incidents').textContent === '1'")  # withdrawn at 14
        await page.locator("#play").click()
        stopped = await page.evaluate("new URLSearchParams(location.search).get('known_at')")
        assert datetime.fromisoformat(stopped) >= yesterday + timedelta(hours=2)

        await page.locator("#live").click()
        await page.wait_for_selector("#connection[data-state=live]")
        assert "known_at" not in page.url
