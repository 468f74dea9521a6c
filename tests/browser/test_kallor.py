"""The page Källor in a browser: feeds in plain words, a silence said on pages that lean on it, a record tried again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from app.commands.tokens import create_token
from app.db import open_pool
from app.domain.viewer import Role
from etl.feed import get_feed
from tests.browser.conftest import door, looking, text, until

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.browser.conftest import Web

pytestmark = pytest.mark.browser

HEADER = "HAENDELSE_ID;DATUM;TID;HAENDELSETYP;KOMMUN;REGISTRERAD"
LAST = datetime.now(UTC) - timedelta(hours=30)


def call(number: int, at: datetime, **changes: str) -> str:
    told = {"day": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}"} | changes
    return f"U{number};{told['day']};{told['time']};Lägenhetsbråk;Stockholm;{at.isoformat()}"


@pytest.fixture(scope="module")
def fed(web: Web, dsn: str) -> dict[Role, str]:
    """A feed that spoke every ten minutes for three days and fell silent thirty hours ago; one record was refused."""

    async def load() -> dict[Role, str]:
        async with open_pool(dsn, size=2) as pool:
            moments = [LAST - timedelta(minutes=10 * n) for n in range(430)]
            rows = [call(n, at) for n, at in enumerate(moments)]
            await door(web, pool).ingest(
                get_feed("uppdrag"), "\n".join([HEADER, *rows]).encode(), name="three days", fetched_at=LAST,
                archive=True,
            )  # fmt: skip
            async with pool.acquire() as connection:
                return {
                    role: await create_token(connection, role, f"kallor {role}")
                    for role in ("analyst", "feed_admin")
                }

    return asyncio.run(load())


def refuse(web: Web) -> None:
    answer = httpx.post(
        f"{web.base}/api/v1/feeds/anmalan/records",
        content=b"ID;BROTTSKOD;BROTTSDATUMTID_START\n0201-K1-26;9365;2026-13-45 Kanarie\n",
        headers={"Authorization": f"Bearer {web.token}"},
        timeout=30,
    )
    assert answer.json()["quarantined"] == 1, answer.text


async def test_a_silent_feed_is_said_where_it_is_leaned_on_and_told_on_its_page(
    browser: Browser, web: Web, fed: dict[Role, str], shot: Any
) -> None:
    async with looking(browser, web.base) as page:
        await page.goto(f"{web.base}/?kind=call&login={fed['analyst']}")
        await page.wait_for_selector("#feed-bar:not([hidden])")
        said = await text(page, "#feed-bar [data-feed=uppdrag]")
        assert said.startswith("Uppdrag är tyst sedan ")
        assert said.endswith("det som hänt sedan dess syns inte här.")
        await page.goto(f"{web.base}/?kind=notice")  # leans on another feed
        await page.wait_for_selector("#freshness .feed[data-state=silent]")
        assert await page.locator("#feed-bar").is_hidden()
        await page.goto(f"{web.base}/?kind=call")
        await page.click("#feed-bar a")
        await page.wait_for_selector("#feed-uppdrag[data-state=silent]")
        await until(
            page, "document.querySelector('#gaps-said').textContent.includes('Uppdrag är tyst sedan')"
        )
        assert await page.locator("#mend-rows").count() == 0  # an analyst mends no feeds
        await shot(page, "kallor")


async def test_as_known_while_it_spoke_nothing_is_said(
    browser: Browser, web: Web, fed: dict[Role, str]
) -> None:
    then = (LAST + timedelta(minutes=5)).isoformat().replace("+00:00", "Z")
    async with looking(browser, web.base) as page:
        await page.goto(f"{web.base}/?kind=call&known_at={then}&login={fed['analyst']}")
        await page.wait_for_selector("#freshness .feed[data-state=good]")
        assert await page.locator("#feed-bar").is_hidden()


async def test_a_refused_record_is_shown_by_its_shape_and_tried_again(
    browser: Browser, web: Web, fed: dict[Role, str], shot: Any
) -> None:
    refuse(web)
    async with looking(browser, web.base) as page:
        await page.goto(f"{web.base}/kallor?login={fed['feed_admin']}")
        await page.wait_for_selector("#mend-rows .mend-try")
        shown = await text(page, "#mend-rows")
        assert "Kanarie" not in shown
        assert "2026-13-45" not in shown
        await shot(page, "kallor-karantan")
        await page.click("#mend-rows .mend-try")
        await until(page, "document.querySelector('#mend-said').textContent.includes('gick inte in')")
        assert await page.locator("#mend-rows .mend-try").count() == 1  # it waits anew
