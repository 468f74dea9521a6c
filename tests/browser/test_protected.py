"""A marker of protection takes the place and the words off an open screen within two seconds, and out of its memory."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import orjson
import pytest
from playwright.async_api import Error

from tests.browser.conftest import SLOW_S, ZONE, opened, text

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Response

    from tests.browser.conftest import Web

pytestmark = pytest.mark.browser

BIRDS = {1: "Kanarie", 2: "Siska", 3: "Bofink"}
"""Each call has marks of its own: what one says is not taken for what another says."""
PLACE, OTHER_PLACE = (59.31417, 18.07353), (59.31542, 18.07621)
WITHIN_S = 2.0
MARKED = "Skyddade personuppgifter: bara området visas."


def call(number: int, protected: str, place: tuple[float, float] | None) -> bytes:
    """A call whose words are marks: each is to be found nowhere once it is protected."""
    local = datetime.now(ZONE) - timedelta(minutes=20)
    return orjson.dumps(
        {
            "ID": f"{BIRDS[number].upper()}{number}", "DATUM": f"{local:%Y-%m-%d}", "TID": f"{local:%H:%M}",
            "HAENDELSETYP": f"{words(number)[0]} {number}", "GATA": words(number)[1], "GATUNR": str(number),
            "KOMMUN": "Stockholm", "FRITEXT": f"{words(number)[2]} {number}", "SKYDDAD": protected,
            "LATITUDE": place and place[0], "LONGITUDE": place and place[1],
        }
    )  # fmt: skip


def send(web: Web, body: bytes) -> None:
    answer = httpx.post(
        f"{web.base}/api/v1/feeds/uppdrag/records", content=body, timeout=30,
        headers={"Authorization": f"Bearer {web.token}"},
    )  # fmt: skip
    assert answer.status_code == 202, answer.text
    assert (answer.json()["loaded"], answer.json()["quarantined"]) == (1, 0), answer.text


def words(number: int) -> tuple[str, str, str]:
    return f"{BIRDS[number]}bråk", f"{BIRDS[number]}gatan", f"{BIRDS[number].lower()}fritext"


def marks(number: int, place: tuple[float, float] | None) -> tuple[str, ...]:
    return words(number) if place is None else (*words(number), *(str(part) for part in place))


async def kept_in(page: Page, looked_for: tuple[str, ...]) -> list[str]:
    """Which marks are in what the page shows or has in its address and its storage."""
    held: str = await page.evaluate(
        """async () => {
          const boxes = [...document.querySelectorAll("input, textarea")].map((one) => one.value);
          const bases = (await indexedDB.databases()).map((one) => one.name);
          return JSON.stringify([document.documentElement.outerHTML, boxes, location.href, history.state,
            document.title, {...localStorage}, {...sessionStorage}, bases, await caches.keys(), document.cookie]);
        }"""
    )
    return [mark for mark in looked_for if mark in held]


async def heap_of(page: Page, looked_for: tuple[str, ...]) -> list[str]:
    """Which marks are in the page's memory after the garbage is collected, as text or as a number."""
    client = await page.context.new_cdp_session(page)
    parts: list[str] = []
    client.on("HeapProfiler.addHeapSnapshotChunk", lambda event: parts.append(event["chunk"]))
    await client.send("HeapProfiler.enable")
    for _ in range(3):
        await client.send("HeapProfiler.collectGarbage")
    await client.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False, "captureNumericValue": True})
    await client.detach()
    strings = [str(one) for one in orjson.loads("".join(parts))["strings"]]
    assert "Skyddade personuppgifter: bara området visas." in strings, "the memory is readable"
    return [one[:200] for one in strings for mark in looked_for if mark in one]


@pytest.fixture(scope="module", autouse=True)
def known(web: Web) -> datetime:
    """A moment at which the third call is known; it becomes the past while the first two are looked at."""
    send(web, call(3, "N", OTHER_PLACE))
    time.sleep(1)
    return datetime.now(UTC)


@pytest.mark.parametrize(
    ("clock", "number", "place"),
    [("live", 1, PLACE), ("live", 2, None), ("past", 3, OTHER_PLACE)],
    ids=["with a place", "without a place", "in the past"],
)
async def test_a_marker_takes_an_incident_off_an_open_screen(
    browser: Browser, web: Web, known: datetime, clock: str, number: int, place: tuple[float, float] | None
) -> None:
    looked_for = marks(number, place)
    if clock == "live":
        await asyncio.to_thread(send, web, call(number, "N", place))
        await asyncio.sleep(1)
        known = datetime.now(UTC)
    asked = f"?kind=call&layer=points&show=table&window=2d&map={PLACE[1]:.2f},{PLACE[0]:.2f},14"
    if clock == "past":
        # The time bar goes by whole minutes, so that "the past" is told from now.
        await asyncio.sleep(max(0, 61 - (datetime.now(UTC) - known).total_seconds()))
        asked += f"&known_at={known:%Y-%m-%dT%H:%M:%SZ}"
    answers: list[Response] = []
    async with opened(browser, web, asked) as page:
        page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright wants a function
        await page.wait_for_selector(".ag-row")
        await page.locator("#panel").get_by_text("Karta").click()
        await page.wait_for_selector("#map[data-state=drawn]")
        uid = await page.locator(".tick").first.get_attribute("data-uid")
        await page.locator(".tick").first.click()
        await page.wait_for_selector("#drawer .versions li")
        assert words(number)[1] in await text(page, "#drawer")
        assert set(await kept_in(page, looked_for)) >= set(words(number)), "it is there before"
        if place is not None:
            await page.wait_for_function(
                "uid => lagesbild.map.instance.queryRenderedFeatures({layers: ['points-dots']})"
                ".some(one => one.properties.uid === uid)", arg=uid, polling=50,
            )  # fmt: skip

        await page.evaluate("window.before = true")
        await asyncio.to_thread(send, web, call(number, "J", place))
        committed = time.monotonic()
        on_map = (
            "(uid) => lagesbild.map.instance.queryRenderedFeatures({layers: ['points-dots']})"
            ".some((one) => one.properties.uid === uid)"
        )
        while (
            (still := await kept_in(page, looked_for))
            or MARKED not in await text(page, "#drawer")
            or await page.evaluate(on_map, uid)
        ):
            assert time.monotonic() - committed < WITHIN_S, (
                still or "the map or the open incident does not say so"
            )
            await asyncio.sleep(0.05)
        print(f"{clock}: off the screen {time.monotonic() - committed:.2f} s after the commit")
        await begun_anew(page)
        await page.wait_for_selector("#drawer .versions li")
        assert f"incident={uid}" in page.url
        await page.wait_for_selector("#map[data-state=drawn]")
        assert not await page.evaluate(on_map, uid)
        assert await page.locator(f".pulse[data-uid='{uid}']").count() == 0
        assert "skyddade personuppgifter" in await text(page, f".tick[data-uid='{uid}'] .where >> nth=0")
        await page.locator("#panel").get_by_text("Tabell").click()
        await page.wait_for_selector(".ag-row")
        await page.wait_for_timeout(1000)
        assert await kept_in(page, looked_for) == []
        assert await heap_of(page, looked_for) == []
        assert [one.url for one in answers if may_be_kept(one)] == []
    for kind in ("points", "density"):
        for at in (None, known):
            assert uid not in await asyncio.to_thread(tile, web, kind, at)


async def begun_anew(page: Page) -> None:
    """Wait until the page has loaded itself again. (What Playwright waits with would need ``eval`` over a loading.)"""
    until = time.monotonic() + SLOW_S
    while time.monotonic() < until:
        with suppress(Error):  # while it loads there is nothing to ask
            if await page.evaluate("window.before === undefined"):
                return
        await asyncio.sleep(0.1)
    pytest.fail("the page was not loaded anew")


def may_be_kept(answer: Response) -> bool:
    """Whether the browser may keep an answer that could hold an incident: assets and packages cannot."""
    path = answer.url.split("?")[0]
    still = ("/assets/", "/_dash-component-suites/", "/backdrop.geojson", "/favicon.ico")
    return not any(part in path for part in still) and answer.headers.get("cache-control") != "no-store"


def tile(web: Web, layer: str, at: datetime | None) -> str:
    asked: dict[str, Any] = {"kind": "call", "from": "2020-01-01"}
    if at is not None:
        asked["known_at"] = at.isoformat()
    answer = httpx.get(
        f"{web.base}/api/v1/tiles/{layer}/12/2253/1205.mvt", params=asked,
        headers={"Authorization": f"Bearer {web.token}"}, timeout=30,
    )  # fmt: skip
    assert answer.is_success, answer.text
    return answer.content.decode("latin-1")
