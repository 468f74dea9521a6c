"""A marker of protection is of a person: it holds for every report that names the same victim, earlier and later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app.db import Pool, open_pool
from etl.keep import Keys
from etl.run import Intake
from tests.ledger.plain_feed import lines, plain_feed

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHE, OTHER = "18890118-9806", "18890219-9804"
FEED = plain_feed(holds_identities=True)


def report(key: str, victim: str, *, protected: bool = False, place: float = 0.0) -> dict[str, Any]:
    return {
        "source_key": key, "occurred_from": "2026-11-19T20:00:00+01:00", "latitude": 59.3137 + place,
        "longitude": 18.0745, "title": f"Misshandel {key}", "summary": f"hos henne {key}", "place_text": f"{key}gatan",
        "attributes": {"notering": key}, "protected": protected, "offences": [{"code": "9365", "victim": victim}],
    }  # fmt: skip


class Loads:
    def __init__(self, pool: Pool, keys: Keys) -> None:
        self._intake, self._hour = Intake(pool, keys), 0

    async def of(self, *said: dict[str, Any]) -> None:
        self._hour += 1
        receipt = await self._intake.ingest(
            FEED,
            lines(*said),
            name=str(self._hour),
            fetched_at=START + timedelta(hours=self._hour),
            archive=True,
        )
        assert receipt.quarantined == 0


@pytest.fixture
async def own(fresh_dsn: str) -> AsyncIterator[Pool]:
    async with open_pool(fresh_dsn, size=2, name="tests") as pool:
        yield pool


@pytest.fixture
async def db(own: Pool) -> AsyncIterator[asyncpg.Connection]:
    async with own.acquire() as connection:
        yield connection


@pytest.fixture
def loads(own: Pool, keys: Keys) -> Loads:
    return Loads(own, keys)


PLACED = """
select i.source_key from incident_version as v join incident as i using (incident_id)
where not v.protected or v.geom is not null or v.cx is not null or v.title is not null or v.summary is not null
    or v.place_text is not null or v.attributes is not null or v.area_id <> v.rollup_area_id
group by 1 order by 1
"""
ON_MAP = """
select i.source_key, sum(offences) as n from ledger join incident as i using (incident_id)
where cx is not null group by 1 having sum(offences) <> 0 order by 1
"""
COUNTED = "select count(*), sum(n) from (select sum(offences) as n from ledger group by incident_id) as one"
SUMS_OFF = """
select 1 from (select day, rollup_area_id, sum(offences) as n from ledger group by 1, 2) as l
full join daily_total as t using (day, rollup_area_id) where coalesce(l.n, 0) <> coalesce(t.offences, 0)
union all
select 1 from (select cx, cy, sum(offences) as n from ledger where cx is not null group by 1, 2) as l
full join (select cx, cy, sum(offences) as n from cell_total group by 1, 2) as t using (cx, cy)
where coalesce(l.n, 0) <> coalesce(t.n, 0)
"""


async def test_earlier_and_later_reports_of_a_protected_victim_tell_no_place(
    db: asyncpg.Connection, loads: Loads
):
    await loads.of(report("first", SHE), report("other", OTHER, place=0.01))
    await loads.of({**report("first", SHE, place=0.002), "summary": "rättad"})
    assert [row["source_key"] for row in await db.fetch(PLACED)] == ["first", "other"]
    await loads.of(report("marked", SHE, protected=True))
    assert [row["source_key"] for row in await db.fetch(PLACED)] == ["other"]
    await loads.of(report("later", SHE, place=0.02))
    await loads.of(report("first", SHE, place=0.004))
    assert [row["source_key"] for row in await db.fetch(PLACED)] == ["other"]
    assert [tuple(row) for row in await db.fetch(ON_MAP)] == [("other", 1)]
    assert tuple(await db.fetchrow(COUNTED)) == (4, 4)
    assert await db.fetch(SUMS_OFF) == []


async def test_a_marker_and_an_unmarked_report_in_one_file_come_to_the_same(
    db: asyncpg.Connection, loads: Loads
):
    await loads.of(report("unmarked", SHE), report("marked", SHE, protected=True), report("other", OTHER))
    assert [row["source_key"] for row in await db.fetch(PLACED)] == ["other"]
    assert await db.fetch(SUMS_OFF) == []


async def test_the_stream_tells_what_became_protected_by_another_report(db: asyncpg.Connection, loads: Loads):
    await loads.of(report("first", SHE))
    before = await db.fetchval("select max(ledger_id) from ledger")
    await loads.of(report("marked", SHE, protected=True))
    told = await db.fetch(
        """select distinct i.source_key from ledger join incident as i using (incident_id)
           where ledger_id > $1 order by 1""",
        before,
    )
    assert [row["source_key"] for row in told] == ["first", "marked"]


async def test_the_suspect_of_a_protected_report_is_not_protected_by_it(db: asyncpg.Connection, loads: Loads):
    marked = report("marked", SHE, protected=True)
    marked["offences"][0]["suspect"] = OTHER
    await loads.of(marked, report("his", OTHER))
    assert [row["source_key"] for row in await db.fetch(PLACED)] == ["his"]
