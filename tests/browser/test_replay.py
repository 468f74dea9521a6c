"""The time bar shows the past as it was known then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from etl.feed import get_feed
from tests.browser.conftest import extract, looking, opened, report, text, until

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
        for step, expected in ((1, "1"), (2, "2"), (3, "2")):  # corrected at 10, the second known at 11
            await page.locator("#forward").click()
            await until(
                page,
                "new URLSearchParams(location.search).get('known_at') === asked.at"
                " && document.querySelector('#total-incidents').textContent === asked.n",
                at=later(early, step),
                n=expected,
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


async def test_a_replay_goes_on_where_there_is_no_map(
    browser: Browser, web: Web, yesterday: datetime, shot: Callable[..., object]
) -> None:
    """Any page that the time bar lies under: a step when the page has answered, pause, and Now at the end."""
    early = (yesterday - timedelta(hours=2)).isoformat().replace("+00:00", "Z")
    async with looking(browser, web.base, quiet=False) as page:  # what Par itself says is test_par's
        await page.goto(f"{web.base}/par?window=7d&known_at={early}&login={web.token}")
        await page.wait_for_selector("#timebar[data-state=past]")
        assert await page.locator("#map").count() == 0
        await page.locator("#speed").get_by_text("1 h/s").click()
        await page.locator("#play").focus()
        await page.keyboard.press("Enter")
        await until(
            page, "new URLSearchParams(location.search).get('known_at') > asked.at", at=later(early, 2)
        )
        assert await page.locator("#play").get_attribute("aria-label") == "Pausa"
        await page.keyboard.press("Enter")
        stopped = await page.evaluate("new URLSearchParams(location.search).get('known_at')")
        await page.wait_for_timeout(2500)
        assert await page.evaluate("new URLSearchParams(location.search).get('known_at')") == stopped
        assert await page.locator("#play").get_attribute("aria-label") == "Spela upp"
        await page.locator("#forward").click()
        await until(page, "new URLSearchParams(location.search).get('known_at') > asked.at", at=stopped)
        await page.locator("#live").click()
        await until(page, "!location.search.includes('known_at')")
        assert await page.locator("#timebar").get_attribute("data-state") == "live"


def later(moment: str, hours: int) -> str:
    """So much later, as the address writes it."""
    moved = datetime.fromisoformat(moment) + timedelta(hours=hours)
    return moved.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def test_last_night_is_a_window_of_hours_on_the_screen_as_in_the_counts(
    browser: Browser, web: Web, yesterday: datetime
) -> None:
    known = (yesterday + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    async with opened(browser, web, f"?window=30d&known_at={known}") as page:
        await page.locator("#window").get_by_text("I natt").click()
        await until(page, "document.getElementById('window-days').textContent.includes('18:00')")
        query = await page.evaluate("lagesbild.asked")
        assert (query["first_hour"], query["last_hour"]) == (18, 5)
        told = web.get(
            "counts",
            **await page.evaluate(
                "Object.fromEntries(new URLSearchParams(lagesbild.parameters(lagesbild.asked)))"
            ),
        )
        total = str(told["rows"][0]["incidents"])
        await until(page, "document.querySelector('#total-incidents').textContent === asked.n", n=total)
        await page.locator("#window").get_by_text("Eget").click()
        await until(page, "location.search.includes('from_hour=18') && location.search.includes('to_hour=5')")
        await until(page, "document.getElementById('first-hour').value === '18:00'")
        await until(page, "document.getElementById('last-hour').value === '06:00'")
        await page.locator("#window").get_by_text("Sedan sist").click()
        await until(
            page, "document.getElementById('window-note').textContent.includes('Inget tidigare pass')"
        )
        assert "from_hour=18" in page.url, "nothing is made up"
