"""Hostile text from every feed, on every page and in every export: shown as the text that it is, and nothing runs."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import orjson
import pytest

from app.domain.spreadsheet import DELIMITERS
from dashboards.discovery import Page as OurPage
from dashboards.discovery import find_pages
from tests.browser.conftest import ZONE
from tests.browser.test_policy import roles_of, settled, tokens, watched
from tests.domain.test_spreadsheet import begins_a_formula, cells
from tests.payloads import ADDRESSES, CORPUS, RUN, SQL, XSS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

    from tests.browser.conftest import Web

pytestmark = pytest.mark.browser
__all__ = ["tokens"]

PAGES = find_pages()
TEXTS = [text for text in CORPUS.values() if len(text) < 2000]
OPENED = [*XSS.values(), *ADDRESSES.values()]
"""What is opened one by one, a third of it in each kind; every list and every layer holds all of it."""
KINDS = ["call", "report", "notice"]
IN_ADDRESSES = [
    XSS["script broken out of an attribute"], XSS["image"], XSS["svg"], XSS["javascript template"],
    ADDRESSES["javascript"], SQL["set scope"], SQL["or"], XSS["polluting"], CORPUS["crlf header"],
    CORPUS["long"][:1500],
]  # fmt: skip


def put(web: Web, feed: str, content: bytes, name: str = "x") -> None:
    answer = httpx.post(
        f"{web.base}/api/v1/feeds/{feed}/records", content=content, params={"name": name[:200]}, timeout=60,
        headers={"Authorization": f"Bearer {web.token}"},
    )  # fmt: skip
    assert answer.status_code == 202, answer.text
    receipt = answer.json()
    assert receipt["loaded"] > 0.9 * receipt["read"], receipt


@pytest.fixture(scope="module", autouse=True)
def hostile(web: Web) -> None:
    """Every text in every field that is shown, of all three kinds; and in what deliveries are called."""
    at = datetime.now(ZONE) - timedelta(hours=1)
    calls = [
        {
            "ID": f"P{number}", "DATUM": f"{at:%Y-%m-%d}", "TID": f"{at:%H:%M}", "KOMMUN": "Stockholm",
            "HAENDELSETYP": text[:150] or "x", "GATA": text, "FRITEXT": text,
            "LATITUDE": 59.30 + number / 2000, "LONGITUDE": 18.0 + number / 1000,
        }
        for number, text in enumerate(TEXTS)
    ]  # fmt: skip
    put(web, "uppdrag", b"\n".join(map(orjson.dumps, calls)), XSS["image"])
    reports = [
        {
            "ID": f"P{number}", "BROTTSKOD": "9365", "BROTTSDATUMTID_START": f"{at:%Y-%m-%d %H:%M}",
            "INSKRIVNINGSDATUM": f"{at:%Y-%m-%d %H:%M}", "KOMMUN": "Stockholm", "GATA": text, "FRITEXT": text,
            "MALSAGANDE_NAMN": text[:400], "RELATION": text, "LATITUDE": "59,33", "LONGITUDE": "18,06",
        }
        for number, text in enumerate(TEXTS)
    ]  # fmt: skip
    names = list(reports[0])
    lines = [";".join('"' + row[name].replace('"', '""') + '"' for name in names) for row in reports]
    put(web, "anmalan", "\r\n".join([";".join(names), *lines]).encode(), SQL["quote"])
    notices = [
        {
            "id": 920_000 + number, "datetime": f"{at:%Y-%m-%d %H:%M:%S %z}"[:-2] + ":00",
            "name": f"{text}, Solna", "summary": text, "url": text, "type": text[:150] or "x",
            "location": {"name": "Solna", "gps": text},
        }
        for number, text in enumerate(TEXTS)
    ]  # fmt: skip
    put(web, "polisen", orjson.dumps(notices), ADDRESSES["javascript"])


class Watch:
    """Everything that would show that a text was more than text."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialogs: list[str] = []
        self.opened: list[str] = []
        page.on("dialog", self._dialog)
        page.context.on("page", lambda other: self.opened.append(other.url))

    async def _dialog(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        await dialog.dismiss()

    async def nothing_ran(self, outside: list[str], base: str) -> None:
        assert await self.page.evaluate("String(window.__pwned)") == "undefined"
        assert await self.page.evaluate("window.violations") == []
        assert self.dialogs == []
        assert self.opened == []
        assert outside == []
        assert self.page.url.startswith(base)
        links: list[list[str]] = await self.page.evaluate(
            "[...document.querySelectorAll('a[href]')].map((a) => [a.protocol, a.origin, a.rel, a.target, a.href])"
        )
        for protocol, origin, rel, target, href in links:
            assert protocol in {"http:", "https:"}, href
            assert origin in {base, "https://polisen.se"}, href
            assert not target or "noopener" in rel, href
        made = "#content :is(script, iframe, object, embed, base)"
        assert await self.page.locator(made).count() == 0


@asynccontextmanager
async def looking(
    browser: Browser, web: Web, token: str, address: str
) -> AsyncIterator[tuple[Page, Watch, list[str]]]:
    async with watched(browser, web) as (page, seen):
        watch = Watch(page)
        mark = "&" if "?" in address else "?"
        await page.goto(f"{web.base}{address}{mark}login={token}")
        yield page, watch, seen.outside
        await watch.nothing_ran(seen.outside, web.base)


@pytest.mark.parametrize("ours", PAGES, ids=lambda page: page.name)
async def test_nothing_runs_on_any_page(
    browser: Browser, web: Web, tokens: dict[str, str], ours: OurPage
) -> None:
    roles = roles_of(ours)
    for role, language in [(role, "sv") for role in roles] + [(roles[0], "en")]:
        async with watched(browser, web) as (page, seen):
            watch = Watch(page)
            await page.goto(f"{web.base}{ours.path}?lang={language}&login={tokens[role]}")
            await settled(page)
            await watch.nothing_ran(seen.outside, web.base)
            assert seen.errors == [], role


@pytest.mark.parametrize("ours", PAGES, ids=lambda page: page.name)
async def test_nothing_runs_that_stands_in_an_address(
    browser: Browser, web: Web, tokens: dict[str, str], ours: OurPage
) -> None:
    role = roles_of(ours)[0]
    names = ("kind", "area", "offence", "window", "from", "to", "known_at", "layer", "show", "incident", "pair", "map",
             "lang", "theme", 'x"><img src=x onerror=window.__pwned=1>')  # fmt: skip
    async with watched(browser, web) as (page, seen):
        watch = Watch(page)
        await page.goto(f"{web.base}{ours.path}?login={tokens[role]}")
        for turn in (0, 3, 7):  # every text in three of the names, every name with three of the texts
            texts = [IN_ADDRESSES[(number + turn) % len(IN_ADDRESSES)] for number in range(len(names))]
            asked = "&".join(f"{quote(name)}={quote(text)}" for name, text in zip(names, texts, strict=True))
            await page.goto(f"{web.base}{ours.path}?{asked}#{quote(texts[0])}")
            await page.wait_for_selector("#content")
            await page.wait_for_timeout(600)
            await watch.nothing_ran(seen.outside, web.base)
        # By itself, so that the server is asked with it, on the page that asks.
        for name in {"nu": ("area", "offence", "incident"), "par": ("pair", "area")}.get(ours.name, ()):
            await page.goto(f"{web.base}{ours.path}?{name}={quote(XSS['image'])}")
            await page.wait_for_selector("#content")
            await page.wait_for_timeout(1200)
            await watch.nothing_ran(seen.outside, web.base)


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_runs_in_the_ticker_the_table_the_map_and_an_incident(
    browser: Browser, web: Web, tokens: dict[str, str], kind: str
) -> None:
    opened = OPENED[KINDS.index(kind) :: len(KINDS)]
    address = f"/?kind={kind}&layer=points&map=18.04,59.33,12"
    async with looking(browser, web, tokens["analyst"], address) as (page, watch, outside):
        await page.wait_for_selector("#map[data-state=drawn]")
        await page.wait_for_selector(".tick")
        for x in range(100, 700, 60):
            await page.locator("#map").hover(position={"x": x, "y": 250})
        rows = (await asyncio.to_thread(web.get, "incidents", kind=kind, limit=1000))["rows"]
        wanted = {row["uid"]: row["summary"] for row in rows if row["summary"] in opened}
        assert len(wanted) > 0.5 * len(opened)
        for uid, text in wanted.items():
            await page.evaluate("(uid) => dash_clientside.set_props('chosen', {data: uid})", uid)
            await page.wait_for_function(
                "([uid, text]) => lagesbild.chosen === uid"
                " && document.querySelector('#incident').textContent.includes(text)",
                arg=[uid, text], polling=30,
            )  # fmt: skip
        await watch.nothing_ran(outside, web.base)
        await page.keyboard.press("Escape")
        await page.locator("#panel").get_by_text("Tabell").click()
        await page.wait_for_selector(".ag-row")
        await page.locator(".ag-row").first.hover()
        await page.wait_for_timeout(500)


async def test_what_arrives_while_a_page_is_open_does_not_run(
    browser: Browser, web: Web, tokens: dict[str, str]
) -> None:
    async with looking(browser, web, tokens["analyst"], "/?kind=call") as (page, _, _outside):
        await page.wait_for_selector("#connection[data-state=live]")
        await page.wait_for_selector("#map[data-state=drawn]")
        at = datetime.now(ZONE) - timedelta(minutes=5)
        fresh = [
            {
                "ID": f"NY{number}", "DATUM": f"{at:%Y-%m-%d}", "TID": f"{at:%H:%M}", "KOMMUN": "Stockholm",
                "HAENDELSETYP": text[:150], "GATA": text, "FRITEXT": text, "LATITUDE": 59.33, "LONGITUDE": 18.06,
            }
            for number, text in enumerate(XSS.values())
        ]  # fmt: skip
        await asyncio.to_thread(put, web, "uppdrag", b"\n".join(map(orjson.dumps, fresh)))
        await page.wait_for_selector(".tick.arrived")
        await page.wait_for_selector(".pulse")
        await page.wait_for_timeout(1500)


@pytest.mark.parametrize("kind", ["call", "report", "notice"])
def test_no_export_holds_a_formula(web: Web, kind: str) -> None:
    for written in DELIMITERS:
        answer = httpx.get(
            f"{web.base}/api/v1/incidents.csv", params={"kind": kind, "delimiter": written}, timeout=60,
            headers={"Authorization": f"Bearer {web.token}"},
        )  # fmt: skip
        text = answer.content.decode("utf-8-sig")
        assert int(answer.headers["x-rows"]) >= 0.9 * len(TEXTS)
        assert RUN in text, "it is there, as text"
        assert answer.headers["content-disposition"].startswith("attachment")
        for opened in (*DELIMITERS.values(), "|"):
            assert [cell for cell in cells(text, opened) if begins_a_formula(cell)] == []


@pytest.mark.parametrize(
    "path", ["/login?next={0}", "/login?wrong={0}", "/{0}", "/api/v1/feeds/{0}/records", "/api/v1/{0}"]
)
async def test_nothing_runs_on_a_page_that_is_none(browser: Browser, web: Web, path: str) -> None:
    async with watched(browser, web) as (page, seen):
        watch = Watch(page)
        for text in IN_ADDRESSES:
            await page.goto(web.base + path.format(quote(text, safe="")))
            await watch.nothing_ran(seen.outside, web.base)
