"""A made-up picture with people in it, viewers of each role, and the pool by which the web reads."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from app.jobs.audit_keys import AuditKeys
from tests.queries.picture import load

PEOPLE = """
update incident_offence set victim = int8send(version_id) || int8send(number), suspect = int8send(-version_id) ||
    int8send(number), relation = 'partner'
"""


@pytest.fixture(scope="module")
def loaded(dsn: str) -> str:
    """The module's database with some reports; each of their offences names a victim and a suspect."""

    async def fill() -> None:
        await load(dsn, 22, keys=range(60), files=10)
        connection = await asyncpg.connect(dsn)
        await connection.execute(PEOPLE)
        await connection.close()

    asyncio.run(fill())
    return dsn


@pytest.fixture
def audit_keys() -> AuditKeys:
    return AuditKeys(bytes(range(32)))


@pytest.fixture
def heads_file(tmp_path: Path) -> Path:
    return tmp_path / "audit" / "heads.jsonl"
