"""A made-up picture of 45 days across the day on which the City was divided anew."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.queries.picture import Naive, load, settled

if TYPE_CHECKING:
    import asyncpg


@pytest.fixture(scope="module")
def loaded(dsn: str) -> str:
    """The module's database with 150 reports in 40 files: corrections, moves, withdrawals, files out of order."""
    asyncio.run(load(dsn, 7, keys=range(150), files=40))
    asyncio.run(settled(dsn))
    return dsn


@pytest.fixture
async def naive(loaded: str, db: asyncpg.Connection) -> Naive:
    return await Naive.read(db)
