"""How fast deliveries go through the whole pipeline, from bytes to ledger, and what that means for a fresh demo."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.db import open_pool
from etl.feed import get_feed
from etl.keep import Keys
from etl.run import Intake
from tests.benchmarks.report import Report
from tests.faults import source
from tests.servers import own_server

DEMO_FIRST_S = 10.0
DEMO_ALL_S = 600.0
DEMO_ALL = 1_500_000
TWENTIETH = 20

Begin = Callable[[str, str, str], Report]


@pytest.mark.bench
@pytest.mark.timeout(1800)
def test_load(begin: Begin, small: bool, whole: bool, shared: Path) -> None:
    rows = 4_000 if small else 20_000
    report = begin(
        "load",
        "Loading",
        f"{rows:,} records of each feed in one file, from bytes to committed ledger (durable server, fsync on): "
        "reading, checking, sealing and placing included. Then the demo as a fresh start runs it, maker and loader in "
        "one process.",
    )
    with own_server(durable=True) as dsn:
        asyncio.run(_feeds(dsn, report, rows, shared))
    with own_server(durable=True) as dsn:
        asyncio.run(_demo(dsn, report, small=small, whole=whole))
    report.check()


async def _feeds(dsn: str, report: Report, rows: int, shared: Path) -> None:
    now = datetime.now(UTC)
    work = source.make(4 * rows, 1, now.date())
    bodies = {
        feed: source.Delivery(feed, _firsts(deliveries)[:rows]).body()
        for feed, deliveries in work.files.items()
    }
    bodies["polisen"] = _notices(shared, rows)
    async with open_pool(dsn, size=4) as pool:
        intake = Intake(pool, Keys(bytes(32)))
        await intake.ingest(get_feed("uppdrag"), bodies["uppdrag"][:0], name="warm", fetched_at=now)
        for name, body in bodies.items():
            begun = time.perf_counter()
            receipt = await intake.ingest(get_feed(name), body, name="file", fetched_at=now)
            spent = time.perf_counter() - begun
            assert receipt.quarantined == 0
            assert receipt.loaded == rows
            report.figure(
                f"{name}: {rows:,} new",
                f"{receipt.read / spent:,.0f}/s",
            )
            begun = time.perf_counter()
            again = await intake.ingest(
                get_feed(name), body, name="again", fetched_at=now + timedelta(seconds=1)
            )
            spent = time.perf_counter() - begun
            assert again.unchanged == rows
            report.figure(f"{name}: the same again", f"{again.read / spent:,.0f}/s")


def _firsts(deliveries: list[source.Delivery]) -> list[source.Said]:
    """What was said of each incident first; no corrections."""
    return [said for delivery in deliveries for said in delivery.said if not said.text]


def _notices(shared: Path, rows: int) -> bytes:
    """Real notices of the region under new ids, as many as are asked for."""
    import gzip

    file = shared / "data" / "polisen_se" / "region_stockholm_event_versions_2022_2024.jsonl.gz"
    real = [json.loads(line)["event"] for line in gzip.decompress(file.read_bytes()).splitlines()]
    return json.dumps([real[number % len(real)] | {"id": 10**7 + number} for number in range(rows)]).encode()


async def _demo(dsn: str, report: Report, *, small: bool, whole: bool) -> None:
    """A fresh start of the demo: seconds until it says that it is ready, and on until enough is behind it."""
    feed = get_feed("demo")
    fetcher = feed.fetcher()
    assert fetcher is not None
    goal = DEMO_ALL if whole else DEMO_ALL // (10 * TWENTIETH if small else TWENTIETH)
    days = 30
    incidents, ready_s, ready_with = 0, 0.0, 0
    async with open_pool(dsn, size=4) as pool:
        intake = Intake(pool, Keys(bytes(32)))
        begun = time.perf_counter()
        choices = {"days": days, "speed": 1.0, "seed": 1, "history": True}
        async for name, fetched in fetcher.fetch({}, feed, datetime.now(UTC), **choices):  # type: ignore[call-arg, misc]
            await intake.ingest(
                get_feed(name), fetched.content, name=fetched.name, fetched_at=fetched.fetched_at,
                archive=fetched.archive, cursor=fetched.cursor, fetched_by="demo",
            )  # fmt: skip
            if not ready_s and fetched.cursor and fetched.cursor["ready"]:
                ready_s = time.perf_counter() - begun
            async with pool.acquire() as connection:
                incidents = await connection.fetchval("select count(*) from incident")
            ready_with = ready_with or (incidents if ready_s else 0)
            if ready_s and incidents >= goal:
                break
        spent = time.perf_counter() - begun
    report.bound(
        f"demo: the last {days} days ({ready_with:,} incidents)", f"{ready_s:.1f} s", f"≤ {DEMO_FIRST_S:.0f} s",
        ok=None if small else ready_s <= DEMO_FIRST_S,
    )  # fmt: skip
    if whole:
        report.bound(
            f"demo: {incidents:,} incidents",
            f"{spent:.0f} s",
            f"≤ {DEMO_ALL_S:.0f} s",
            ok=spent <= DEMO_ALL_S,
        )
        return
    report.figure(f"demo: {incidents:,} incidents", f"{spent:.1f} s ({incidents / spent:,.0f}/s)")
    all_s = spent * DEMO_ALL / incidents
    report.bound(
        f"so {DEMO_ALL:,} would take (extrapolated; `--whole` measures it)", f"{all_s:.0f} s", f"≤ {DEMO_ALL_S:.0f} s",
        ok=None if small else all_s <= DEMO_ALL_S,
    )  # fmt: skip
