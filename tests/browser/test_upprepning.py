"""The page Upprepad utsatthet in a browser: stored answers become pictures, and the pairs are one click away."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from app.db import open_pool
from tests.browser.conftest import looking, report, text, until
from tests.dashboards.stored_results import stored

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

    from tests.browser.conftest import Web

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

MEASURES = {
    "repeats_pairs": "repeats", "repeats_victims": "repeats", "clusters": "scan", "hot_areas": "local_g",
    "concentration_areas": "concentration", "near_repeat": "knox",
}  # fmt: skip
TOLD = "document.getElementById(asked.name)?.dataset.state === asked.state"


@pytest.fixture(scope="module", autouse=True)
def some_answers(web: Web, dsn: str) -> None:
    """What the measures say of their own samples, stored as of the region this morning."""
    web.post(report(1))

    async def put() -> None:
        now = datetime.now(UTC)
        async with open_pool(dsn, size=1) as pool, pool.acquire() as connection:
            for question, measure in MEASURES.items():
                row = stored(measure)
                await connection.execute(
                    """insert into measure_result (question, measure, version, area_id, day, known_at, xid, ledger_id,
                           params, state, words, content, rows, seconds)
                       values ($1, $2, 1, null, $3, $4, '1', 1, '{}', 'told', $5, $6, 1, 1)""",
                    question, measure, now.date(), now, json.loads(json.dumps(row["words"])), row["content"],
                )  # fmt: skip

    asyncio.run(put())


async def come(page: Page, web: Web, search: str = "") -> None:
    await page.goto(f"{web.base}/upprepning?lang=sv{search}&login={web.token}")
    for name in ("upp-again", "upp-spread", "upp-near", "upp-clusters", "upp-hot"):
        await until(page, TOLD, name=name, state="told")


async def test_answers_are_pictures_with_tables_and_what_is_missing_is_said(
    browser: Browser, web: Web
) -> None:
    async with looking(browser, web.base) as page:
        await come(page, web)
        assert "ofta ingen tidigare anmälan" in await text(page, "#upp-history-first")
        await until(page, TOLD, name="upp-reach", state="empty")
        assert "05.30" in await text(page, "#upp-reach .picture-said")
        await page.locator("#upp-again-as-table").click()
        assert "Andel som anmälts igen" in await text(page, "#upp-again .twin thead")
        assert await page.locator("#upp-again .twin tbody tr").count() > 5
        assert await page.locator("#upp-spread .js-plotly-plot .scatterlayer .trace").count() >= 3


async def test_of_whom_is_in_the_address_and_what_is_not_answered_is_said(browser: Browser, web: Web) -> None:
    async with looking(browser, web.base) as page:
        await come(page, web)
        await page.locator("#upp-of").get_by_text("Adresser", exact=True).click()
        await until(page, "new URLSearchParams(location.search).get('of') === 'addresses'")
        await until(page, TOLD, name="upp-again", state="empty")
        await page.go_back()
        await until(page, TOLD, name="upp-again", state="told")


async def test_the_pairs_are_one_click_away_and_ask_for_need_and_reason(browser: Browser, web: Web) -> None:
    async with looking(browser, web.base) as page:
        await come(page, web)
        await page.locator("#upp-pairs").click()
        await page.wait_for_url("**/par?**")
        await page.wait_for_selector("#content")
        assert "reason" not in page.url
