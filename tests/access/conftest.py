"""A made-up picture, a viewer of each role, and the pool by which the web reads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.db import Pool, open_pool
from app.domain.viewer import Role, Viewer
from app.logins import login_url
from tests.access.people import one_of_each
from tests.queries.picture import load


@pytest.fixture(scope="module")
def loaded(dsn: str) -> str:
    """The module's database with 150 reports in 40 files, across the day on which the City was divided anew."""
    asyncio.run(load(dsn, 11, keys=range(150), files=40))
    return dsn


@pytest.fixture
async def web(loaded: str) -> AsyncIterator[Pool]:
    """The pool of all reads, by its own login."""
    async with open_pool(login_url(loaded, "web", "x"), size=4, name="tests web") as pool:
        yield pool


@pytest.fixture
async def people(loaded: str, pool: Pool) -> dict[Role, Viewer]:
    async with pool.acquire() as connection:
        return await one_of_each(connection)
