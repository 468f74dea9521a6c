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
  new MutationObserver(() => {
    for (const tick of document.querySelectorAll('.tick.arrived'))
      if (!(tick.dataset.uid in window.arrived)) {
        window.arrived[tick.dataset.uid] = null;
        requestAnimationFrame(() => { window.arrived[tick.dataset.uid] = performance.timeOrigin + performance.now(); });
      }
  }).observe(document.getElementById('ticker-list'), {childList: true, subtree: true});
}"""


async def test_post_to_visible_p95(browser: Browser, web: Web) -> None:
    headers = {"Authorization": f"Bearer {web.token}"}
    total_ms, after_commit_ms = [], []
    async with (
        opened(browser, web) as page,
        httpx.AsyncClient(base_url=web.base, headers=headers, timeout=30) as client,
    ):
        await page.evaluate(WATCH)
        for number in range(POSTS):
            begun = time.time()
            answer = await client.post(
                "/api/v1/feeds/anmalan/records", content=extract(report(1000 + number))
            )
            committed = time.time()
            assert answer.status_code == 202
            await page.wait_for_function(
                "n => Object.values(window.arrived).filter(Boolean).length === n", arg=number + 1, polling=10
            )
            seen = max(await page.evaluate("Object.values(window.arrived)")) / 1000
            total_ms.append((seen - begun) * 1000)
            after_commit_ms.append((seen - committed) * 1000)
            await asyncio.sleep(0.2)
    for name, values in (("POST to visible", total_ms), ("202 to visible", after_commit_ms)):
        cuts = statistics.quantiles(values, n=20)
        sys.stderr.write(
            f"{name}: p50 {statistics.median(values):.0f} ms, p95 {cuts[18]:.0f} ms, max {max(values):.0f} ms\n"
        )
    assert statistics.quantiles(total_ms, n=20)[18] <= P95_MS
