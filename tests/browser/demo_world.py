"""A database with the demo in it and a web process on it: loaded once an hour, copied for each file of tests.

What is in it is what a fresh demo has after its first minutes: the last days of both feeds, the stories, some years of
reports behind them, and the morning's measures. Nothing is loaded while the tests look.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import subprocess
import sys
import uuid
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from app.commands.tokens import create_token
from app.config import ROOT
from app.db import open_pool
from app.domain.region import Region
from app.jobs.measuring import due
from app.jobs.questions import QUESTIONS
from etl.feed import get_feed
from etl.feeds.demo.clock import DAY_MINUTES, day_of, seconds
from etl.feeds.demo.deliveries import REPORTS, Demo
from etl.feeds.demo.fetch import fetch
from etl.feeds.demo.ground import Ground
from etl.feeds.demo.stories import morning_of
from etl.keep import Keys
from etl.run import Intake
from tests.browser.conftest import SCREENSHOTS, SLOW_S, Seen, Web
from tests.conftest import TEMPLATE_LOCK, _connect, _drop, _sibling
from tests.conftest import _template as empty_template

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from datetime import date
    from pathlib import Path

    from playwright.async_api import Browser, Page

ZONE = ZoneInfo("Europe/Stockholm")
BUILD_LOCK = 7_160_003
SEED, DAYS, YEARS = 1, 8, 3
BLOCK_DAYS = 91
PREFIX = "lagesbild_demo_"
UNASKED = frozenset(
    {"alert_rule", "area_rates", "density", "like_neighbours", "repeats_addresses", "repeats_victims"}
)
"""Questions that no page shows as it opens."""

READY = "LAGESBILD_TEST_DEMO"
"""Names a database that is filled already: by this process, or for whoever writes tests and does not want to wait."""

CODE = ("etl/feeds/demo", "app/measures", "app/jobs", "app/briefing", "migrations")
ROLES = ("analyst", "commander", "auditor", "feed_admin", "wall")
CHIEF_OF = "lpo-jarva"
Found = TypeVar("Found")


@dataclass(frozen=True)
class World:
    """A running demo. ``tokens`` by role; ``morning`` is the day of the stories, ``begun`` when it was loaded."""

    web: Web
    dsn: str
    tokens: dict[str, str]
    begun: datetime
    morning: date

    def moment(self, day: int, clock: str) -> datetime:
        """``(-6, "21:10")`` of the stories."""
        return datetime.fromisoformat(f"{self.morning + timedelta(days=day)} {clock}").replace(tzinfo=ZONE)


@contextmanager
def demo_world(var: Path) -> Iterator[World]:
    """The demo in a database of one's own, and a web process on it with keys and logs in ``var``."""
    dsn, begun = asyncio.run(_copy())
    web = None
    try:
        tokens = asyncio.run(_tokens(dsn))
        keys = var / "keys" / "master.key"
        keys.parent.mkdir(parents=True, exist_ok=True)
        keys.write_bytes(_keys_file().read_bytes())
        keys.chmod(0o600)
        web = Web(dsn, var, tokens["analyst"])
        web.start()
        ground = Ground.of(SEED, get_feed("demo").region)
        morning = day_of(morning_of(ground, seconds(begun)) // DAY_MINUTES)
        yield World(web, dsn, tokens, begun, morning)
    finally:
        if web is not None:
            web.kill()
        asyncio.run(_drop(dsn))


@asynccontextmanager
async def page_of(
    browser: Browser, world: World, path: str, *, role: str = "analyst", size: tuple[int, int] = (1366, 768)
) -> AsyncIterator[tuple[Page, Seen]]:
    """A page of the demo that has drawn; what it did besides is told, not judged."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="sv-SE",
        bypass_csp=True,
        reduced_motion="reduce",
    )
    page = await context.new_page()
    page.set_default_timeout(SLOW_S * 1000)
    seen = Seen(page, world.web.base)
    mark = "&" if "?" in path else "?"
    try:
        await page.goto(f"{world.web.base}{path}{mark}login={world.tokens[role]}")
        await settled(page)
        yield page, seen
    except BaseException:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        shown = re.sub(r"\W+", "-", path).strip("-") or "nu"
        await page.screenshot(path=SCREENSHOTS / f"failed-{shown[:60]}.png")
        raise
    finally:
        await context.close()


async def settled(page: Page, quiet_ms: int = 500) -> None:
    """Wait until the page is there, no callback is on its way and nothing has been drawn for a while."""
    await page.wait_for_selector("main, #page", state="attached")
    await page.evaluate(
        """quiet => new Promise(done => {
          let timer = null;
          const seen = new MutationObserver(again);
          const end = Date.now() + 20000;
          function again() {
            clearTimeout(timer);
            timer = setTimeout(look, quiet);
          }
          function look() {
            const busy = document.querySelector("._dash-loading, [data-dash-is-loading=true]");
            if (busy && Date.now() < end) return again();
            seen.disconnect();
            done();
          }
          seen.observe(document.body, {subtree: true, childList: true, attributes: true});
          setTimeout(() => { seen.disconnect(); clearTimeout(timer); done(); }, 20000);
          again();
        })""",
        quiet_ms,
    )


async def lasting(page: Page, find: Callable[[], Awaitable[list[Found]]]) -> list[Found]:
    """What is wrong with a page and stays so: one that is still drawing, on a busy machine, is not wrong yet."""
    told = await find()
    for quiet_ms in (1_500, 3_000):
        if not told:
            break
        await settled(page, quiet_ms)
        told = await find()
    return told


def _name() -> str:
    """Of what is loaded, how, and in which hour: made once, and never older than an hour."""
    digest = hashlib.sha256(empty_template().encode())
    digest.update(f"{datetime.now(ZONE):%Y-%m-%d %H} {code_digest()}".encode())
    return PREFIX + digest.hexdigest()[:12]


def code_digest() -> str:
    """A digest of everything that makes what is in it."""
    digest = hashlib.sha256(f"{__file__} {SEED} {DAYS} {YEARS} {sorted(UNASKED)}".encode())
    for folder in CODE:
        for file in sorted((ROOT / folder).rglob("*.[pts][yoq]*")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def _keys_file() -> Path:
    return ROOT / "var" / "test-demo" / "master.key"


async def _copy() -> tuple[str, datetime]:
    """A database of one's own, and when what is in it was loaded."""
    name = f"lagesbild_t_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    async with _connect("postgres") as admin:
        await admin.execute(f"select pg_advisory_lock({BUILD_LOCK})")
        template = os.environ.get(READY) or _name()
        known = [row["datname"] for row in await admin.fetch("select datname from pg_database")]
        for old in known:
            if old.startswith(PREFIX) and old != template and READY not in os.environ:
                await admin.execute(f"drop database if exists {old} with (force)")
        if template not in known:
            making = PREFIX + "making"
            await admin.execute(f"select pg_advisory_lock({TEMPLATE_LOCK})")
            await admin.execute(f"create database {making} template {empty_template()}")
            await admin.execute(f"select pg_advisory_unlock({TEMPLATE_LOCK})")
            await asyncio.to_thread(_fill, _sibling(making))
            await admin.execute(f"alter database {making} rename to {template}")
        os.environ[READY] = template  # also for the next file of this process, when the hour has turned
        await admin.execute(f"create database {name} template {template}")
    async with _connect(name) as connection:
        begun = await connection.fetchval("select cursor ->> 'begun' from feed_state where feed = 'demo'")
    return _sibling(name), datetime.fromisoformat(begun)


def _fill(dsn: str) -> None:
    """Load the demo, answer the morning's questions and make its briefing, by the commands that people have."""
    now = datetime.now(UTC)
    asyncio.run(_load(dsn, now))
    day, at = due(Region.read(ROOT / "geodata" / "regions" / "stockholm"), now)
    asked = [f"--question={one.name}" for one in QUESTIONS if one.name not in UNASKED]
    _command(dsn, "measures", "run", "--day", str(day), "--known-at", at.isoformat(), *asked)
    _command(dsn, "briefing", "make", "--day", str(day))


def _command(dsn: str, *arguments: str) -> None:
    """``lagesbild …`` on the database that is being filled."""
    var = _keys_file().parent
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments], cwd=ROOT, check=False, capture_output=True, text=True,
        env={**os.environ, "DATABASE_URL": dsn, "LAGESBILD_VAR": str(var), "LAGESBILD_FEEDS": "demo"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


async def _load(dsn: str, now: datetime) -> None:
    keys = Keys.read(_keys_file())
    until_s = seconds(now)
    async with open_pool(dsn, size=3, name="demo") as pool:
        intake = Intake(pool, keys)
        feed = get_feed("demo")
        deliveries = fetch({}, feed, now, days=DAYS, speed=1.0, seed=SEED, history=False)
        async with aclosing(deliveries):  # type: ignore[type-var]
            async for name, item in deliveries:
                await intake.ingest(
                    get_feed(name), item.content, name=item.name, fetched_at=item.fetched_at,
                    archive=item.archive, cursor=item.cursor, fetched_by=feed.name,
                )  # fmt: skip
                if item.cursor and item.cursor["ready"]:
                    break
        first = now.date() - timedelta(days=365 * YEARS)
        demo = Demo(SEED, feed.region, first, now.date())
        newest = demo.local_day(until_s) - timedelta(days=DAYS)
        while newest > first:
            oldest = max(first, newest - timedelta(days=BLOCK_DAYS))
            content = demo.content(REPORTS, demo.midnight_s(oldest), demo.midnight_s(newest))
            assert content is not None
            await intake.ingest(get_feed(REPORTS), content, name=f"{oldest}", fetched_at=now, archive=True)
            newest = oldest
        async with pool.acquire() as connection:
            await connection.execute("vacuum (analyze)")


async def _tokens(dsn: str) -> dict[str, str]:
    async with open_pool(dsn, size=1) as pool, pool.acquire() as connection:
        made = {role: await create_token(connection, role, f"demo {n}") for n, role in enumerate(ROLES, 1)}
        made["area_chief"] = await create_token(connection, "area_chief", "demo 6", [CHIEF_OF])
        return made
