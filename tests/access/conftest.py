"""A made-up picture, a viewer of each role, and the pool by which the web reads."""

from __future__ import annotations

import asyncio

import pytest

from tests.queries.picture import load


@pytest.fixture(scope="module")
def loaded(dsn: str) -> str:
    """The module's database with 150 reports in 40 files, across the day on which the City was divided anew."""
    asyncio.run(load(dsn, 11, keys=range(150), files=40))
    return dsn
