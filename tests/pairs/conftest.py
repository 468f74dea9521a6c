"""A whole server on the world of pairs, and a client for each role."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.config import Settings
from app.db import open_pool
from app.domain.pair_id import PairIds
from app.main import create_app
from etl.identify import Pseudonyms
from etl.keep import Keys
from tests.api.conftest import running
from tests.pairs.asking import (
    Clients,
)
from tests.pairs_world import PAIRS, load

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from app.db import Pool


@pytest.fixture(scope="session")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest.fixture(scope="module")
def held(var: Path) -> Keys:
    """The keys that the server has: the world must be made under the same."""
    return Keys.read(Settings(var=var).master_key_file)


@pytest.fixture(scope="module", autouse=True)
def world(dsn: str, held: Keys) -> None:
    async def fill() -> None:
        async with open_pool(dsn, size=2, name="world") as pool:
            await load(pool, held)

    asyncio.run(fill())


@pytest.fixture(scope="module")
async def app(dsn: str, var: Path) -> AsyncIterator[ASGIApp]:
    app = create_app(Settings(var=var, person_requests_per_minute=1_000_000), dsn)
    async with running(app):
        yield app


@pytest.fixture(scope="module")
def ids(held: Keys) -> dict[str, str]:
    """The opaque id of each pair of the world."""
    names, made = Pseudonyms(held), PairIds(held.lasting(b"pair ids"))
    return {name: made.of(*(names.of(one, "") for one in pair)) for name, pair in PAIRS.items()}  # type: ignore[arg-type]


@pytest.fixture
async def clients(app: ASGIApp, pool: Pool) -> AsyncIterator[Clients]:
    made = Clients(app, pool)
    yield made
    for client in made._open.values():
        await client.aclose()
