"""The page Nu in a real browser on a warm server with the demo loaded: bytes, seconds, filters, and a day of events."""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from playwright.async_api import async_playwright

from tests.benchmarks.report import percentile_ms
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.run.instances import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.async_api import Browser, Page

    from tests.benchmarks.report import Report

pytestmark = [pytest.mark.bench, pytest.mark.browser, pytest.mark.timeout(2700)]

PORT = 8471
COUNTERS_S, MAP_S, BYTES_MB, FILTER_MS = 2.0, 5.0, 1.6, 200.0
LOADS, FILTERS = 7, 40
SPEED = 60
GROWTH = 1.3
"""What memory may come to at the end, against a quarter of the way: less than this is flat."""
COUNTERS, MAP = "#total-incidents", "#map[data-state=drawn]"
PAINTED = """const afterPaint = (then) => requestAnimationFrame(() => {
  const channel = new MessageChannel(); // its message comes next after the frame, a timer's turn behind all others'
  channel.port1.onmessage = then;
  channel.port2.postMessage(null);
});"""
SEEN = (
    "(() => {"
    + PAINTED
    + """
  const awaited = {counters: "#total-incidents", ticker: "#ticker-list .tick", map: "#map[data-state=drawn]",
    chart: "#chart .main-svg"};
  window.painted = {};
  new MutationObserver(() => {
    for (const [name, selector] of Object.entries(awaited)) {
      if (!document.querySelector(selector)) continue;
      delete awaited[name];
      afterPaint(() => { window.painted[name] = performance.now() / 1000; });
    }
  }).observe(document, {childList: true, subtree: true, attributes: true});
})()"""
)
"""When each is painted, in seconds of the page's own clock: a driver that looks now and then sees it later."""
HEAP = "() => performance.memory.usedJSHeapSize"
CHANGE = (
    "async (value) => {"
    + PAINTED
    + """
  const before = performance.now();
  const painted = new Promise((done) => new MutationObserver((_, seen) => {
    seen.disconnect();
    afterPaint(done);
  }).observe(document.getElementById("counters"), {childList: true, subtree: true, characterData: true}));
  dash_clientside.set_props("offence", {value});
  await painted;
  return performance.now() - before;
}"""
)


def started(folder: Path, **env: str) -> tuple[Run, str]:
    """An instance whose demo has its last days in, and the address that signs in."""
    run = Run(folder, PORT, LAGESBILD_FEEDS="demo", LAGESBILD_DEMO_HISTORY="false", **env)
    said = run.start()
    address = re.search(r"http://\S+login=\S+", said)
    assert address is not None, said
    token = address[0].split("login=")[1]
    until = time.monotonic() + 900
    while time.monotonic() < until:
        rows = run.get("counts", token).json()["rows"]
        feeds = {row["feed"] for row in run.get("feeds", token).json()["rows"]}
        if rows and {"anmalan", "uppdrag"} <= feeds:
            time.sleep(20)  # the last days are in within seconds of the first
            return run, address[0]
        time.sleep(1)
    raise AssertionError("the demo did not fill")


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[str]:
    run, address = started(tmp_path)
    yield address
    run.forget()


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[tuple[Run, str]]:
    run, address = started(tmp_path, LAGESBILD_DEMO_SPEED=str(SPEED))
    yield run, address
    run.forget()


async def fresh(browser: Browser, address: str) -> dict[str, float]:
    """One load with nothing kept but the session: seconds until each is painted, and megabytes until the map is."""
    context = await browser.new_context(viewport={"width": 1366, "height": 768})
    page = await context.new_page()
    page.set_default_timeout(120_000)
    await page.goto(address)
    await page.wait_for_selector(COUNTERS)
    session = await context.cookies()
    await context.close()
    context = await browser.new_context(viewport={"width": 1366, "height": 768})
    await context.add_cookies(session)  # type: ignore[arg-type]
    await context.add_init_script(SEEN)
    page = await context.new_page()
    page.set_default_timeout(120_000)
    wire = await context.new_cdp_session(page)
    await wire.send("Network.enable")
    begun: list[float] = []
    done: list[tuple[float, float]] = []
    wire.on("Network.requestWillBeSent", lambda told: begun.append(told["timestamp"]))
    wire.on(
        "Network.loadingFinished", lambda told: done.append((told["timestamp"], told["encodedDataLength"]))
    )
    await page.goto(address.split("?", maxsplit=1)[0], wait_until="commit")
    await page.wait_for_function("() => Object.keys(window.painted).length === 4")
    found: dict[str, float] = await page.evaluate("window.painted")
    found["mb"] = sum(size for at, size in done if at - begun[0] <= found["map"]) / 1e6
    await context.close()
    return found


async def test_nu_load(begin: Callable[[str, str, str], Report], quiet: str, small: bool) -> None:
    report = begin(
        "nu_load",
        "How soon the page Nu is there, and what it weighs",
        f"A warm server with the demo loaded, Chromium with software rendering, nothing in its cache: {LOADS} loads "
        "after one that is not counted; medians. Bytes over the wire until the map is drawn.",
    )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        await fresh(browser, quiet)
        loads = [await fresh(browser, quiet) for _ in range(2 if small else LOADS)]
        await browser.close()
    middle = {name: statistics.median(load[name] for load in loads) for name in loads[0]}
    judged = not small
    for name, bound in (("counters", COUNTERS_S), ("ticker", COUNTERS_S), ("map", MAP_S)):
        ok = middle[name] <= bound if judged else None
        report.bound(f"to the {name}", f"{middle[name]:.2f} s", f"≤ {bound:g} s", ok=ok)
    report.figure("to the chart", f"{middle['chart']:.2f} s")
    report.bound(
        "compressed, before the map",
        f"{middle['mb']:.2f} MB",
        f"≤ {BYTES_MB} MB",
        ok=middle["mb"] <= BYTES_MB,
    )
    report.check()


async def test_nu_filter(begin: Callable[[str, str, str], Report], quiet: str, small: bool) -> None:
    report = begin(
        "nu_filter",
        "How soon a filter on the page Nu answers",
        f"From the change to the new counters on the screen, {FILTERS} changes of the offence group.",
    )
    groups = [["misshandel"], ["olaga_hot"], ["misshandel", "grov_misshandel"], []]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await _open(browser, quiet)
        taken = []
        for number in range(8 if small else FILTERS):
            taken.append(await page.evaluate(CHANGE, groups[number % len(groups)]) / 1000)
            await asyncio.sleep(0.5)
        await browser.close()
    p95 = percentile_ms(taken, 0.95)
    report.figure("p50", f"{percentile_ms(taken, 0.5):.0f} ms")
    report.bound("p95", f"{p95:.0f} ms", f"≤ {FILTER_MS:.0f} ms", ok=None if small else p95 <= FILTER_MS)
    report.check()


async def _open(browser: Browser, address: str) -> Page:
    page = await browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(120_000)
    await page.goto(address)
    for selector in (COUNTERS, MAP):
        await page.wait_for_selector(selector)
    return page


async def test_nu_day(begin: Callable[[str, str, str], Report], quick: tuple[Run, str], small: bool) -> None:
    run, address = quick
    hours = 2 if small else 24
    report = begin(
        "nu_day",
        "A day of events on one open tab",
        f"{hours} hours of the demo's calls and reports at {SPEED}× on one tab of the page Nu. JavaScript's heap after "
        "a collection and the web process's resident memory, at the start, a quarter of the way, and the end.",
    )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*FLAGS, "--enable-precise-memory-info"]
        )
        page = await _open(browser, address)
        wire = await page.context.new_cdp_session(page)
        held: list[tuple[float, float]] = []
        for share in (0.0, 0.25, 0.5, 0.75, 1.0):
            await asyncio.sleep(0 if share == 0 else hours * 3600 / SPEED / 4)
            await wire.send("HeapProfiler.collectGarbage")
            held.append((await page.evaluate(HEAP) / 2**20, _web_mb(run)))
        ticks = await page.locator("#ticker-list .tick").count()
        await browser.close()
    for name, column in (("browser's heap", 0), ("web process", 1)):
        start, quarter, end = (held[at][column] for at in (0, 1, -1))
        text = f"{start:.0f}, {quarter:.0f}, {end:.0f} MB"
        report.bound(
            f"{name}", text, f"end ≤ {GROWTH}× a quarter", ok=None if small else end <= GROWTH * quarter
        )
    report.figure("rows in the ticker at the end", f"{ticks}")
    report.check()


def _web_mb(run: Run) -> float:
    web = [psutil.Process(pid) for pid in run.pids() if "web" in _arguments(pid)]
    return float(sum(process.memory_info().rss for process in web)) / 2**20


def _arguments(pid: int) -> list[Any]:
    try:
        return psutil.Process(pid).cmdline()
    except psutil.NoSuchProcess:
        return []
