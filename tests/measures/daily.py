"""What the tests of the daily run share: a picture, made-up questions, and what was stored."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import asyncpg

from app.config import ROOT
from app.db import Pool
from app.domain.region import Region
from app.jobs import measuring
from app.jobs.questions import QUESTIONS, Question

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
DAY = date(2025, 1, 25)
KNOWN = measuring.moment(REGION, DAY)


def made_up(*names: str, each: bool = False) -> tuple[Question, ...]:
    """Questions with the tables and measures of real ones."""
    return tuple(replace(QUESTIONS[0], name=name, each=each, divide=()) for name in names)


async def rows_of(pool: Pool, day: date) -> list[asyncpg.Record]:
    async with pool.acquire() as connection:
        return list(
            await connection.fetch("select * from measure_result where day = $1 order by result_id", day)
        )


async def unlocked(pool: Pool) -> None:
    """The server notices within moments that whoever held the lock is gone."""
    async with pool.acquire() as connection, asyncio.timeout(10):
        while await connection.fetchval(  # noqa: ASYNC110 - another process is waited for
            "select exists (select from pg_locks where locktype = 'advisory')"
        ):
            await asyncio.sleep(0.05)
