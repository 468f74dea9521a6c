"""A made-up picture of 45 days, and how rules are put on it as if they had been there."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest

from app.alerts.rule import Rule, definition_of
from app.config import ROOT
from app.domain.region import Region
from tests.queries.picture import DAYS, START, load

if TYPE_CHECKING:
    import asyncpg

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
BEGAN = START + timedelta(days=5)
ENDED = START + timedelta(days=DAYS + 15)

WRITE = """
insert into alert_rule_version
    (rule_id, version, kind, title_sv, title_en, definition, fence, mode, allowed_per_week, made_at, role)
values ($1, $2, $3, 'Regel', 'Rule', $4, $5, $6, $7, $8, 'analyst') returning rule_id
"""


@pytest.fixture(scope="module")
def loaded(dsn: str) -> str:
    """150 reports in 40 files, each known at its own moment, corrected, moved and withdrawn."""
    asyncio.run(load(dsn, 5, keys=range(150), files=40))
    return dsn


async def put(
    connection: asyncpg.Connection, rule: Rule, *, mode: str = "live", allowed: float = 1000, version: int = 1,
    rule_id: UUID | None = None, made_at: datetime = BEGAN,
) -> UUID:  # fmt: skip
    """A rule that was made at a moment of the picture."""
    definition, fence = definition_of(rule)
    found: UUID = await connection.fetchval(
        WRITE, rule_id or uuid4(), version, rule.kind, definition, fence, mode, allowed, made_at
    )
    return found


async def fired(connection: asyncpg.Connection, rule_id: UUID) -> list[tuple[Any, ...]]:
    """What was stored of a rule: place, the alert's beginning, and each firing, in the order of time."""
    rows = await connection.fetch(
        """select a.place, a.period, b.fired_at, b.kind, b.value from alert as a join alert_action as b using (alert_id)
           where a.rule_id = $1 and b.kind in ('fired', 'grouped') order by b.fired_at, a.place, b.value""",
        rule_id,
    )
    return [tuple(row) for row in rows]


NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
