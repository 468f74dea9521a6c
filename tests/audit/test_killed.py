"""The real process, `kill -9` at random moments while many write: one chain, whole, and every row in it."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from app.config import ROOT
from app.db import Pool
from tests.audit.writing import WRITE, until

KILLS = 12
CHANGE = """
alter table read_log disable trigger user; update read_log set found = 1 where log_id % 7 = 0;
alter table read_log enable trigger user
"""


class Command:
    """``lagesbild audit …`` on the module's database."""

    def __init__(self, dsn: str, var: Path) -> None:
        self._env = os.environ | {"DATABASE_URL": dsn, "LAGESBILD_VAR": str(var)}

    async def start(self, *arguments: str) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "app.cli",
            "audit",
            *arguments,
            cwd=ROOT,
            env=self._env,
            stdout=PIPE,
            stderr=None,
        )

    async def verify(self) -> tuple[int, str]:
        process = await self.start("verify")
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()


class Writers:
    """Transactions that overlap, of random size; some are rolled back."""

    def __init__(self, pool: Pool, chance: random.Random) -> None:
        self._pool, self._chance = pool, chance
        self.written, self.writing = 0, True

    async def write(self) -> None:
        while self.writing:
            async with self._pool.acquire() as connection:
                transaction = connection.transaction()
                await transaction.start()
                n = self._chance.randint(1, 40)
                await connection.fetch(WRITE, n)
                await asyncio.sleep(self._chance.random() / 50)
                if self._chance.random() < 0.1:
                    await transaction.rollback()
                else:
                    await transaction.commit()
                    self.written += n


@pytest.mark.timeout(240)
async def test_killed_anywhere_while_many_write_it_leaves_one_whole_chain(
    dsn: str, pool: Pool, tmp_path: Path
):
    chance = random.Random(22)  # noqa: S311 - repeatable, not secret
    command, writers = Command(dsn, tmp_path), Writers(pool, chance)
    tasks = [asyncio.create_task(writers.write()) for _ in range(3)]
    async with pool.acquire() as connection:
        for _ in range(KILLS):
            sealed = await connection.fetchval("select count(*) from read_seal")
            process = await command.start("seal")
            await until(connection, "select count(*) > $1 from read_seal", sealed)
            await asyncio.sleep(chance.random() * 0.6)
            process.send_signal(signal.SIGKILL)
            await process.wait()
        writers.writing = False
        await asyncio.gather(*tasks)
        process = await command.start("seal")
        await until(connection, "select count(*) = $1 from read_seal", writers.written)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
        code, said = await command.verify()
        assert f"The log is whole: {writers.written} sealed rows" in said
        assert code == 0
        first = await connection.fetchval("select min(log_id) from read_log where log_id % 7 = 0")
        await connection.execute(CHANGE)
    code, said = await command.verify()
    assert code == 1
    assert f"row changed: Row {first} " in said  # 7, or where that was rolled back the next
    assert "NOT whole" in said
