"""What was done is judged once a morning against others, stored as the district's, and read by its chief alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.db import Pool, Reader, open_pool
from app.jobs import effects
from app.jobs.effects import Picture, question_of
from app.logins import login_url
from app.queries import measure_results as results
from app.queries.measure_frames import District, Pin
from tests.access.people import BEGAN, OWN, viewer
from tests.measures.daily import KNOWN

if TYPE_CHECKING:
    import asyncpg

DAY = date(2026, 11, 24)
FIRST = date(2023, 1, 2)


@pytest.fixture
async def noted(pool: Pool) -> str:
    async with pool.acquire() as connection:
        entry: str = await connection.fetchval(
            """insert into log_entry (kind, text, area_id, known_at, xid, ledger_id, begins)
               select 'intervention', 'Riktade hembesök', area_id, now(), '1', 1, $2 from area where code = $1
               returning entry_id::text""",
            OWN, date(2026, 3, 2),
        )  # fmt: skip
    return entry


async def picture(connection: asyncpg.Connection, rates: Iterable[tuple[str, float]] = ()) -> Picture:
    """Every district with four reports a week; after March 2026 so many times as many where ``rates`` says so."""
    rows = await connection.fetch(
        """select area_id, code, name, population from area
           where kind = 'lokalpolisomrade' and valid_to is null order by code"""
    )
    changed = dict(rates)
    weeks = [FIRST + timedelta(weeks=number) for number in range((DAY - FIRST).days // 7)]
    begun = date(2026, 3, 2)
    counts = {
        (row["code"], week): round(
            (4 + number % 3 + week.day % 2) * (changed.get(row["code"], 1.0) if week >= begun else 1)
        )
        for number, row in enumerate(rows)
        for week in weeks
    }
    districts = tuple(
        District(row["area_id"], row["code"], row["name"], "po", "Po", date(1900, 1, 1)) for row in rows
    )
    people = {row["code"]: row["population"] for row in rows}
    return Picture(DAY, Pin(BEGAN, 1, 1), FIRST, districts, people, counts, ())


@pytest.mark.timeout(240)
async def test_it_is_judged_once_and_only_its_chief_and_the_region_read_it(
    loaded: str, pool: Pool, noted: str, monkeypatch: pytest.MonkeyPatch
):
    async with pool.acquire() as connection:
        made = await picture(connection, [(OWN, 0.4)])

    async def ready(*_: Any) -> Picture:
        return made

    monkeypatch.setattr(effects, "_picture", ready)
    answered = await effects.run(pool, DAY, BEGAN)
    assert {one.question for one in answered} == {question_of(name, noted) for name in effects.MEASURES}
    assert await effects.run(pool, DAY, BEGAN) == [], "what is judged is not judged again"
    async with pool.acquire() as connection:
        people = {
            "own": await viewer(connection, "area_chief", OWN),
            "foreign": await viewer(connection, "area_chief", "lpo-jarva"),
            "commander": await viewer(connection, "commander"),
        }
    told = {}
    async with open_pool(login_url(loaded, "web", "x"), size=1) as web:
        for name, who in people.items():
            async with Reader(web, who).transaction() as connection:
                told[name] = await results.one(connection, question_of("effect", noted), OWN)
    assert told["foreign"] is None
    assert told["own"] is not None
    assert told["own"] == told["commander"]
    content, words = told["own"]["content"], told["own"]["words"]
    assert told["own"]["state"] == "told", words
    assert content["ratio"] == pytest.approx(0.4, abs=0.1)
    assert content["control_areas"] >= 4
    assert "färre än väntat" in words[0]["sv"]
    assert words[-1]["sv"].startswith("Jämfört med ")


async def test_what_has_just_begun_is_refused_in_words(
    loaded: str, pool: Pool, monkeypatch: pytest.MonkeyPatch
):
    async with pool.acquire() as connection:
        made = await picture(connection)
        entry = await connection.fetchval(
            """insert into log_entry (kind, text, area_id, known_at, xid, ledger_id, begins)
               select 'intervention', 'Ny', area_id, now(), '1', 1, $2 from area where code = $1
               returning entry_id::text""",
            "lpo-jarva", DAY - timedelta(days=3),
        )  # fmt: skip

    async def ready(*_: Any) -> Picture:
        return made

    monkeypatch.setattr(effects, "_picture", ready)
    await effects.run(pool, DAY, BEGAN + timedelta(hours=1))
    async with pool.acquire() as connection:
        row = await results.one(connection, question_of("effect", entry), "lpo-jarva")
    assert row is not None
    assert row["state"] == "refused"
    assert row["words"][0]["sv"].startswith("För tidigt att säga")


async def test_the_picture_of_a_morning_is_read(loaded: str, pool: Pool):
    day = date(2025, 1, 25)
    async with pool.acquire() as connection:
        read = await effects._picture(connection, day, KNOWN)
    assert read is not None
    assert sum(read.counts.values()) > 0
    assert {code for code, _ in read.counts} <= {one.code for one in read.districts}
    assert read.bordering
