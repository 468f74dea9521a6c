"""A real web process on a database of the module's own, and a real Chromium that is signed in to it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
from playwright.async_api import async_playwright

from app.cluster import Cluster
from app.commands.tokens import create_token
from app.config import ROOT, Settings
from app.db import open_pool, set_codecs
from etl.keep import Keys
from etl.run import Intake
from geodata.load import load_region
from migrations.script import migrate
from tests.conftest import REGION, _template

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from pathlib import Path

    from playwright.async_api import Browser, Page, Response

    from app.db import Pool

SCREENSHOTS = ROOT / "artifacts" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-background-networking", "--disable-component-update", "--no-first-run",
]  # fmt: skip
ZONE = ZoneInfo("Europe/Stockholm")
COLUMNS = (
    "ID;BROTTSKOD;ANTAL;BROTTSDATUMTID_START;BROTTSDATUMTID_SLUT;INSKRIVNINGSDATUM;KOMMUN;LATITUDE;LONGITUDE;"
    "SKYDDAD;STATUS;REGISTRERAD"
)
SLOW_S = 120.0
"""Two cores, software rendering and other tests beside: what a page may take to come up here."""


def report(number: int, **changes: Any) -> str:
    """One report in the extract's format: an assault in Stockholm an hour ago, but for what is changed."""
    now = datetime.now(UTC)
    occurred = changes.get("occurred", now - timedelta(hours=1)).astimezone(ZONE)
    registered = changes.get("registered", now).astimezone(ZONE)
    lat, lon = changes.get("place", (59.3293, 18.0686)) or ("", "")
    return ";".join(
        [
            f"0201-K{number:06d}-26", changes.get("code", "9365"), "1", f"{occurred:%Y-%m-%d %H:%M}",
            f"{occurred + timedelta(minutes=10):%Y-%m-%d %H:%M}", f"{registered:%Y-%m-%d %H:%M}",
            changes.get("kommun", "Stockholm"), str(lat).replace(".", ","), str(lon).replace(".", ","),
            changes.get("protected", "N"), changes.get("status", "Aktiv"), registered.isoformat(timespec="seconds"),
        ]
    )  # fmt: skip


def extract(*rows: str) -> bytes:
    """A delivery of the feed ``anmalan``."""
    return "\n".join([COLUMNS, *rows]).encode()


class Web:
    """`lagesbild web`, as a process that can be killed and started again on the same port."""

    def __init__(self, dsn: str, var: Path, token: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.token = token
        self.var = var
        self._log = var / "web.log"
        self._env = os.environ | {
            "DATABASE_URL": dsn, "LAGESBILD_VAR": str(var), "LAGESBILD_PORT": str(self.port), "LAGESBILD_FEEDS": "demo",
            "LAGESBILD_PERSON_REQUESTS_PER_MINUTE": "1000000",  # tests ask quicker than people
        }  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "web"], cwd=ROOT, env=self._env, stdout=log, stderr=log
            )
        until = time.monotonic() + SLOW_S
        while time.monotonic() < until:
            try:
                if httpx.get(f"{self.base}/api/v1/health", timeout=5).is_success:
                    return
            except httpx.TransportError:
                pass
            assert self._process.poll() is None, self._log.read_text()
            time.sleep(0.1)
        pytest.fail(f"The web process did not answer in {SLOW_S} s:\n{self._log.read_text()}")

    def kill(self) -> None:
        """As a power failure would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def post(self, *rows: str) -> dict[str, Any]:
        """Send reports by the API; returns the receipt once they are committed."""
        answer = httpx.post(
            f"{self.base}/api/v1/feeds/anmalan/records", content=extract(*rows), timeout=30,
            headers={"Authorization": f"Bearer {self.token}"},
        )  # fmt: skip
        assert answer.status_code == 202, answer.text
        receipt: dict[str, Any] = answer.json()
        assert receipt["quarantined"] == 0, receipt
        return receipt

    def total(self) -> int:
        """Reports of the last seven days, as the API counts them."""
        today = datetime.now(ZONE).date()
        total: int = self.get("counts", **{"from": today - timedelta(days=6), "to": today})["rows"][0][
            "incidents"
        ]
        return total

    def get(self, path: str, **asked: Any) -> Any:
        """Ask the API."""
        answer = httpx.get(
            f"{self.base}/api/v1/{path}",
            params=asked,
            timeout=30,
            headers={"Authorization": f"Bearer {self.token}"},
        )
        assert answer.is_success, answer.text
        return answer.json()


class Server(NamedTuple):
    """A PostgreSQL server, and the address of its first database."""

    cluster: Cluster
    dsn: str


@pytest.fixture(scope="session")
def own_server(worker_id: str) -> Iterator[Server]:
    """A server that no other test writes to, with a database to copy.

    A stream tells a row only when no transaction that began before it is still writing, anywhere on the server: what
    other tests leave open would hold back the news that is waited for here.
    """
    cluster = Cluster(ROOT / "var" / f"test-browser-{worker_id}", durable=False)
    dsn = cluster.start()
    try:
        asyncio.run(_make_template(dsn))
        yield Server(cluster, dsn)
    finally:
        cluster.stop()


async def _make_template(server: str) -> None:
    admin = await asyncpg.connect(server)
    known = [
        row["datname"]
        for row in await admin.fetch("select datname from pg_database where datname ~ 'screen_'")
    ]
    for name in set(known) - {template()}:
        await admin.execute(f"drop database {name} with (force)")
    if template() not in known:
        await admin.execute("create database screen_making")
        making = server.replace("/lagesbild?", "/screen_making?", 1)
        await asyncio.to_thread(migrate, making)
        connection = await asyncpg.connect(making)
        await set_codecs(connection)
        await load_region(connection, REGION)
        await connection.close()
        await admin.execute(f"alter database screen_making rename to {template()}")
    await admin.close()


def template() -> str:
    return _template().replace("lagesbild", "screen")


@pytest.fixture(scope="module")
def dsn(own_server: Server) -> Iterator[str]:
    """A fresh database of this module's own, on the server that only these tests write to."""
    name = f"screen_{uuid.uuid4().hex[:8]}"

    async def do(statement: str) -> None:
        admin = await asyncpg.connect(own_server.dsn)
        await admin.execute(statement)
        await admin.close()

    asyncio.run(do(f"create database {name} template {template()}"))
    yield own_server.dsn.replace("/lagesbild?", f"/{name}?", 1)
    asyncio.run(do(f"drop database {name} with (force)"))


@pytest.fixture(scope="module")
def web(dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    async def token() -> str:
        async with open_pool(dsn, size=1) as pool, pool.acquire() as connection:
            return await create_token(connection, "analyst", "browser")

    process = Web(dsn, tmp_path_factory.mktemp("var"), asyncio.run(token()))
    process.start()
    yield process
    process.kill()


def door(web: Web, pool: Pool) -> Intake:
    """The pipeline's door with the web process's own keys: for what was fetched before now."""
    return Intake(pool, Keys.read(Settings(var=web.var).master_key_file))


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        yield browser
        await browser.close()


class Seen:
    """What a page did besides what it shows."""

    def __init__(self, page: Page, base: str) -> None:
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda said: self.errors.append(said.text) if said.type in {"error", "warning"} else None,
        )
        page.on(
            "request",
            lambda asked: (
                None if asked.url.startswith((base, "data:", "blob:")) else self.outside.append(asked.url)
            ),
        )


class Answers:
    """What Dash's callbacks answered a page from now on."""

    def __init__(self, page: Page) -> None:
        self._coming: list[asyncio.Future[str]] = []
        page.on("response", self._keep)

    def _keep(self, answer: Response) -> None:
        if "_dash-update-component" in answer.url:
            self._coming.append(asyncio.ensure_future(answer.text()))

    async def all(self) -> list[str]:
        """The bodies of all that came, whole."""
        return list(await asyncio.gather(*self._coming))


@asynccontextmanager
async def looking(
    browser: Browser, base: str, size: tuple[int, int] = (1366, 768), *, quiet: bool = True
) -> AsyncIterator[Page]:
    """A fresh page. No request may leave the machine; with ``quiet``, any error in its console fails the test."""
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="sv-SE")
    page = await context.new_page()
    page.set_default_timeout(SLOW_S * 1000)
    seen = Seen(page, base)
    try:
        yield page
    except BaseException:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=SCREENSHOTS / "failed.png")
        sys.stderr.write(f"{page.url}\n{seen.errors}\n")
        raise
    finally:
        await context.close()
    assert seen.outside == [], "a request left the machine"
    if quiet:
        assert seen.errors == []


@asynccontextmanager
async def opened(
    browser: Browser, web: Web, query: str = "", *, size: tuple[int, int] = (1366, 768), quiet: bool = True
) -> AsyncIterator[Page]:
    """A page that is signed in and has drawn its figures. With ``quiet``, any error in its console fails the test."""
    mark = "&" if "?" in query else "?"
    async with looking(browser, web.base, size, quiet=quiet) as page:
        await page.goto(f"{web.base}/{query}{mark}login={web.token}")
        await page.wait_for_selector("#total-incidents")
        await page.wait_for_selector(".tick, #ticker-empty:not([hidden])", state="attached")
        if "known_at" not in query:
            await page.wait_for_selector("#connection[data-state=live]")
        if "show=table" not in query:
            await page.wait_for_selector("#map[data-state=drawn]")
        yield page


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Keep a picture of a state for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    async def take(page: Page, name: str) -> None:
        await page.screenshot(path=SCREENSHOTS / f"{name}.png", animations="disabled")

    return take


async def text(page: Page, selector: str) -> str:
    """The visible text, with its blanks made plain."""
    return (await page.locator(selector).inner_text()).replace("\u00a0", " ").strip()


async def until(page: Page, condition: str, **values: Any) -> None:
    """Wait until a JavaScript expression over ``asked`` holds."""
    await page.wait_for_function(f"asked => {condition}", arg=values, polling=20)
