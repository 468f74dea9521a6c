"""The daily run as a service: due once a day, killed and taken up again, stopped at once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psutil
import pytest

from app.config import ROOT
from app.db import Pool
from app.domain.errors import Unavailable
from app.domain.region import Region
from app.jobs import measuring
from app.jobs.measuring import due, run, serve
from tests.measures.daily import DAY, REGION, made_up, rows_of, unlocked
from tests.measures.made_up import at_once, slowly, some_badly

ONCE = """
import asyncio, sys
from datetime import datetime
from app.db import open_pool
from app.jobs.measuring import run
from tests.measures.made_up import slowly
from tests.measures.daily import REGION, made_up
from tests.measures.test_daily_service import NAMES, KILLED_DAY
from app.jobs import measuring, working_out

async def main():
    async with open_pool(sys.argv[1], size=3) as pool:
        print("begun", flush=True)
        at = measuring.moment(REGION, KILLED_DAY)
        await run(pool, REGION, made_up(*NAMES, each=True), KILLED_DAY, at, how=slowly)

if __name__ == "__main__":
    working_out.PRELOADED = [working_out.PRELOADED[0], "app.jobs.working_out"]  # what is killed needs no measures
    asyncio.run(main())
"""
NAMES = tuple(f"q{number}" for number in range(6))
KILLED_DAY = DAY - timedelta(days=5)


@pytest.mark.timeout(120)
async def test_a_run_that_is_killed_is_taken_up_and_nothing_is_told_twice(
    loaded: str, pool: Pool, tmp_path: Any
) -> None:
    script = tmp_path / "once.py"
    script.write_text(ONCE)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    kills = 0
    for _ in range(3):
        process = subprocess.Popen(  # noqa: ASYNC220 - it is looked at from here while it runs
            [sys.executable, script, loaded], cwd=ROOT, env=environment, stdout=subprocess.PIPE
        )
        assert process.stdout is not None
        process.stdout.readline()
        before = len(await rows_of(pool, KILLED_DAY))
        deadline = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < deadline:
            if len(await rows_of(pool, KILLED_DAY)) > before:
                break
            await asyncio.sleep(0.02)
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        process.kill()
        process.wait()
        process.stdout.close()
        kills += process.returncode == -signal.SIGKILL
        assert await _ended(family), "what it began ends with it"
        if len({row["question"] for row in await rows_of(pool, KILLED_DAY)}) == len(NAMES):
            break
    assert kills >= 2
    rows = await rows_of(pool, KILLED_DAY)
    told = Counter((row["question"], row["area_id"]) for row in rows)
    assert set(told.values()) == {1}
    answered = {question for question, _ in told}
    areas = {area for _, area in told}
    assert all({area for name, area in told if name == question} == areas for question in answered), (
        "whole or not at all"
    )
    await unlocked(pool)
    await run(
        pool, REGION, made_up(*NAMES, each=True), KILLED_DAY, measuring.moment(REGION, KILLED_DAY), how=slowly
    )
    told = Counter((row["question"], row["area_id"]) for row in await rows_of(pool, KILLED_DAY))
    assert set(told) == {(name, area) for name in NAMES for area in areas}
    assert set(told.values()) == {1}


async def _ended(family: list[psutil.Process]) -> bool:
    """Whether all of them end within moments; nobody may be there to bury an orphan."""
    for _ in range(200):
        if not [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]:
            return True
        await asyncio.sleep(0.05)
    return False


async def test_two_runs_at_once_are_one(loaded: str, pool: Pool) -> None:
    day = DAY - timedelta(days=6)
    known_at = measuring.moment(REGION, day)
    both = await asyncio.gather(
        *(run(pool, REGION, made_up("a", "b"), day, known_at, how=slowly) for _ in range(2)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in both) == ["Unavailable", "list"]
    assert Counter(row["question"] for row in await rows_of(pool, day)) == {"a": 1, "b": 1}
    refused = next(one for one in both if isinstance(one, Unavailable))
    assert "Another run" in str(refused)


@pytest.mark.parametrize(
    ("now", "day", "known_at"),
    [
        ("2026-11-24T04:29:59", "2026-11-23", "2026-11-23T04:30"),
        ("2026-11-24T04:30:00", "2026-11-24", "2026-11-24T04:30"),
        ("2026-06-24T03:29:59", "2026-06-23", "2026-06-23T03:30"),
        ("2026-06-24T03:30:00", "2026-06-24", "2026-06-24T03:30"),
        ("2026-03-29T03:30:00", "2026-03-29", "2026-03-29T03:30"),  # the night that has an hour less
        ("2026-10-25T04:30:00", "2026-10-25", "2026-10-25T04:30"),
        ("2026-12-31T23:30:00", "2026-12-31", "2026-12-31T04:30"),
    ],
)
def test_a_day_is_due_at_half_past_five_in_the_region(now: str, day: str, known_at: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert due(REGION, at) == (date.fromisoformat(day), datetime.fromisoformat(known_at).replace(tzinfo=UTC))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[tuple[date, datetime]]:
    """The service looks twice a second, and a run notes that it was made."""
    made: list[tuple[date, datetime]] = []

    async def noted(
        pool: Pool, region: Region, questions: Any, day: date, known_at: datetime, **_: Any
    ) -> None:
        made.append((day, known_at))
        await run(pool, region, questions, day, known_at, how=at_once)

    monkeypatch.setattr(measuring, "LOOK_S", 0.05)
    monkeypatch.setattr(measuring, "run", noted)
    return made


async def test_the_service_makes_what_is_missing_once_and_waits_for_an_archive(
    loaded: str, pool: Pool, quick: list[tuple[date, datetime]]
) -> None:
    async with pool.acquire() as connection:
        await connection.execute("update delivery set received_at = now()")
    service = asyncio.create_task(serve(pool, REGION, made_up("served")))
    await asyncio.sleep(0.4)
    assert quick == [], "an archive is being taken in"
    async with pool.acquire() as connection:
        await connection.execute("update delivery set received_at = now() - interval '2 minutes'")
    async with asyncio.timeout(20):
        while not quick:  # noqa: ASYNC110 - what is waited for is a row in a table
            await asyncio.sleep(0.05)
    await asyncio.sleep(1)
    assert quick == [due(REGION, datetime.now(UTC))], "once, and then it is there"
    begun = time.monotonic()
    service.cancel()
    with pytest.raises(asyncio.CancelledError):
        await service
    assert time.monotonic() - begun < 1


async def test_a_service_that_is_stopped_in_the_middle_ends_at_once(loaded: str, pool: Pool) -> None:
    day = DAY - timedelta(days=7)
    task = asyncio.create_task(
        run(pool, REGION, made_up("tarries", "tarries2"), day, measuring.moment(REGION, day), how=some_badly)
    )
    await asyncio.sleep(2)
    begun = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - begun < 1
    await unlocked(pool)
