"""How soon a posted report is on the screen: measured from the request to the drawn row, fifty times."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.browser.conftest import extract, opened, report

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from tests.browser.conftest import Web

pytestmark = [pytest.mark.browser, pytest.mark.bench]

POSTS = 50
P95_MS = 250

WATCH = """() => {
  window.arrived = {};
  const now = () => performance.timeOrigin + performance.now();
  new MutationObserver(() => {
    for (const tick of document.querySelectorAll('.tick.arrived'))
      if (!(tick.dataset.uid in window.arrived)) {
        const times = window.arrived[tick.dataset.uid] = {dom: now(), frame: null};
        requestAnimationFrame(() => { times.frame = now(); });
      }
  }).observe(document.getElementById('ticker-list'), {childList: true, subtree: true});
}"""
LATEST = "() => { const all = Object.values(window.arrived); return all[all.length - 1]; }"


async def test_post_to_visible_p95(browser: Browser, web: Web) -> None:
    headers = {"Authorization": f"Bearer {web.token}"}
    taken: dict[str, list[float]] = {
        name: [] for name in ("POST to 202", "202 to DOM", "POST to DOM", "POST to frame")
    }
    async with (
        opened(browser, web) as page,
        httpx.AsyncClient(base_url=web.base, headers=headers, timeout=30) as client,
    ):
        await page.evaluate(WATCH)
        for number in range(POSTS):
            begun = time.time() * 1000
            answer = await client.post(
                "/api/v1/feeds/anmalan/records", content=extract(report(1000 + number))
            )
            answered = time.time() * 1000
            assert answer.status_code == 202
            await page.wait_for_function(
                "n => Object.values(window.arrived).filter(one => one.frame).length === n",
                arg=number + 1,
                polling=25,
            )
            seen = await page.evaluate(LATEST)
            taken["POST to 202"].append(answered - begun)
            taken["202 to DOM"].append(seen["dom"] - answered)
            taken["POST to DOM"].append(seen["dom"] - begun)
            taken["POST to frame"].append(seen["frame"] - begun)
            await asyncio.sleep(0.3)
    for name, values in taken.items():
        cuts = statistics.quantiles(values, n=20)
        sys.stderr.write(
            f"{name}: p50 {statistics.median(values):.0f} ms, p95 {cuts[18]:.0f} ms, max {max(values):.0f} ms\n"
        )
    assert statistics.quantiles(taken["POST to DOM"], n=20)[18] <= P95_MS
