"""A private PostGIS for each process of tests, one template with schema and region pack, a clone of it per module.

No two processes share a server: the ledger tells a row only when no older transaction of its *server* writes, so that a
neighbour's would hold back what a test has just loaded.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadFileScheduling

from app.cluster import Cluster
from app.config import ROOT
from app.db import Pool, open_pool, set_codecs
from app.domain.viewer import Role, Viewer
from app.logins import login_url
from etl.keep import Keys
from etl.run import Intake
from geodata.load import load_region
from geodata.pack import read_pack
from migrations.script import migrate
from tests.access.people import one_of_each

REGION = "stockholm"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
CLUSTER_DSN = "LAGESBILD_TEST_CLUSTER"
TEMPLATE_LOCK = 7_160_002
WAITING = {"browser", "faults", "run", "stories"}
"""Folders of tests that wait for browsers and for whole instances."""

# Of a property is asked whether it holds, not how quickly: another worker may have the machine.
settings.register_profile("unhurried", settings(deadline=None, suppress_health_check=[HealthCheck.too_slow]))
settings.load_profile("unhurried")

_cluster: Cluster | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Start the server and make the template, in each worker of xdist or else in the one process there is."""
    global _cluster  # noqa: PLW0603 - ended in pytest_unconfigure
    leads = bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")
    if leads or config.option.collectonly or CLUSTER_DSN in os.environ:
        return
    worker = getattr(config, "workerinput", {}).get("workerid", "")
    _cluster = Cluster(ROOT / "var" / f"test{worker and '-'}{worker}", durable=False)
    os.environ[CLUSTER_DSN] = _cluster.start()
    asyncio.run(_make_template())


def pytest_unconfigure(config: pytest.Config) -> None:
    if _cluster is not None:
        os.environ.pop(CLUSTER_DSN, None)
        _cluster.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the files that wait for browsers and processes among the others, none of them last.

    So two workers seldom hold one each, and none of them is left alone with the rest at the end.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    slow = [path for path in files if path.parent.name in WAITING]
    quick = [path for path in files if path.parent.name not in WAITING]
    step = 0.9 * len(quick) / max(len(slow), 1)
    places = {path: number * step for number, path in enumerate(slow)}
    places |= {path: float(number) for number, path in enumerate(quick)}
    items[:] = [item for path in sorted(files, key=places.__getitem__) for item in files[path]]


class _DemoInOnePlace(LoadFileScheduling):
    """By file, but the files that look at a filled demo go to one worker: filling it takes a minute and more."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "the demo" if _looks_at_the_demo(file) else file


@cache
def _looks_at_the_demo(file: str) -> bool:
    return "demo_world" in (ROOT / file).read_text()


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    return _DemoInOnePlace(config, log)


def _template() -> str:
    """Named after what is in it, so that it is made once and never stale."""
    digest = hashlib.sha256(read_pack(REGION).checksum.encode())
    for file in sorted((ROOT / "migrations").rglob("*.[ps][yq]*")):
        digest.update(file.read_bytes())
    return f"lagesbild_template_{digest.hexdigest()[:12]}"


@asynccontextmanager
async def _connect(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(_sibling(database))
    try:
        await set_codecs(connection)
        yield connection
    finally:
        await connection.close()


async def _make_template() -> None:
    async with _connect("postgres") as admin:
        await admin.execute(f"select pg_advisory_lock({TEMPLATE_LOCK})")
        known = [row["datname"] for row in await admin.fetch("select datname from pg_database")]
        for name in known:
            if name.startswith("lagesbild_t_") and not _alive(name.split("_")[2]):
                await admin.execute(f"drop database if exists {name} with (force)")
        if _template() in known:
            return
        await admin.execute("drop database if exists lagesbild_making with (force)")
        await admin.execute("create database lagesbild_making")
        await asyncio.to_thread(migrate, _sibling("lagesbild_making"))
        async with _connect("lagesbild_making") as connection:
            await load_region(connection, REGION)
            await connection.execute("vacuum analyze")
        await admin.execute(f"alter database lagesbild_making rename to {_template()}")


def _alive(pid: str) -> bool:
    return Path(f"/proc/{pid}").exists()


def _sibling(database: str) -> str:
    return os.environ[CLUSTER_DSN].replace("/lagesbild?", f"/{database}?", 1)


async def _clone() -> str:
    name = f"lagesbild_t_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    async with _connect("postgres") as admin:
        await admin.execute(f"select pg_advisory_lock({TEMPLATE_LOCK})")  # one copy of a template at a time
        await admin.execute(f"create database {name} template {_template()}")
    return _sibling(name)


async def _drop(dsn: str) -> None:
    async with _connect("postgres") as admin:
        await admin.execute(f"drop database {dsn.split('@/')[1].split('?', maxsplit=1)[0]} with (force)")


@pytest.fixture(scope="module")
def dsn() -> Iterator[str]:
    """A fresh database of this module's own: migrated, the region pack loaded, no incidents."""
    url = asyncio.run(_clone())
    yield url
    asyncio.run(_drop(url))


@pytest.fixture
def fresh_dsn() -> Iterator[str]:
    """A fresh database for one test alone."""
    url = asyncio.run(_clone())
    yield url
    asyncio.run(_drop(url))


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[Pool]:
    """A pool on the module's database."""
    async with open_pool(dsn, size=5, name="tests") as pool:
        yield pool


@pytest.fixture(scope="module")
def loaded(dsn: str) -> str:
    """The module's database with what its tests look at: folders that need something there say so by this name."""
    return dsn


@pytest.fixture
async def web(loaded: str) -> AsyncIterator[Pool]:
    """The pool of all reads, by its own login."""
    async with open_pool(login_url(loaded, "web", "x"), size=4, name="tests web") as pool:
        yield pool


@pytest.fixture
async def people(loaded: str, pool: Pool) -> dict[Role, Viewer]:
    """A viewer of each role; the chief is Södermalm's."""
    async with pool.acquire() as connection:
        return await one_of_each(connection)


@pytest.fixture
async def db(pool: Pool) -> AsyncIterator[asyncpg.Connection]:
    """A connection whose work is rolled back after the test."""
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        yield connection
        await transaction.rollback()


@pytest.fixture
def keys() -> Keys:
    return Keys(bytes(range(32)))


@pytest.fixture
def intake(pool: Pool, keys: Keys) -> Intake:
    """The door of the pipeline, on the module's database."""
    return Intake(pool, keys)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real samples, where it exists."""
    folder = Path(os.environ.get("LAGESBILD_SHARED", ROOT.parent / "shared")).resolve()
    if not (folder / "data").is_dir():
        pytest.skip(
            f"LOUD: the real samples are missing ({folder}/data); set LAGESBILD_SHARED to run this test"
        )
    return folder
