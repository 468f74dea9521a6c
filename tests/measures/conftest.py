"""A picture for the tests of the daily run."""

from __future__ import annotations

import asyncio

import pytest

from tests.queries.picture import load, settled


@pytest.fixture(scope="module")
def loaded(dsn: str) -> str:
    """The module's database with 150 reports across the day on which the City was divided anew."""
    asyncio.run(load(dsn, 7, keys=range(150), files=40))
    asyncio.run(settled(dsn))
    return dsn
