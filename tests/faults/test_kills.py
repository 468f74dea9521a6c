"""``kill -9`` of ETL, web, postmaster and backends at random, while files and pushes come in: nothing lost or doubled.

A whole instance runs (`lagesbild up`), its supervisor starts again whatever dies, clients try again, and a reader
follows the stream. In the end the picture equals a recount of what the source wrote. LAGESBILD_FAULTS_SEED sets what
is made up and when who is killed.
"""

# ruff: noqa: ASYNC110 - other processes are waited for; nothing tells when they are there

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from tests.faults import check, source
from tests.faults.clients import Follower, Sender
from tests.faults.instance import VICTIMS, Instance
from tests.folders import reachable_path

__all__ = ["reachable_path"]

SEED = int(os.environ.get("LAGESBILD_FAULTS_SEED", random.SystemRandom().randrange(10**6)))
RECOVER_S = 90.0
FINISH_S = 420.0


@pytest.fixture
def instance(reachable_path: Path) -> Iterator[Instance]:
    one = Instance(reachable_path / "var")
    one.start()
    yield one
    one.stop()
    assert one.pids() == set(), "something outlived it"


@pytest.mark.timeout(240)
async def test_a_few_kills_lose_double_and_invent_nothing(instance: Instance) -> None:
    await hurt_and_check(instance, kills=6, incidents=5_000)


@pytest.mark.faults
@pytest.mark.timeout(2400)
async def test_fifty_kills_lose_double_and_invent_nothing(instance: Instance) -> None:
    await hurt_and_check(instance, kills=50, incidents=50_000)


async def hurt_and_check(instance: Instance, *, kills: int, incidents: int) -> None:
    print(f"\nLAGESBILD_FAULTS_SEED={SEED}")
    today = datetime.now(UTC).date()
    work = source.make(incidents, SEED, today)
    expected = source.recount(work)
    assert len(expected.keys) == incidents
    async with asyncio.timeout(RECOVER_S):
        while not instance.is_up:
            await asyncio.sleep(0.2)

    gates = {feed: asyncio.Semaphore(0) for feed in work.pushed}
    senders = [Sender(instance, work.pushed[feed], gates[feed]) for feed in work.pushed]
    follower = Follower(instance)
    sending = [asyncio.create_task(sender.run()) for sender in senders]
    following = asyncio.create_task(follower.run())
    try:
        killed = await Killing(instance, work, gates, kills).run()
        async with asyncio.timeout(FINISH_S):
            await asyncio.gather(*sending)
            while waiting(instance):
                await asyncio.sleep(0.2)
        connection = await connect(instance)
        try:
            await check.the_picture_is_the_recount(connection, expected)
            await check.every_sum_is_the_ledger(connection)
            await check.every_delivery_adds_up(connection, work)
            for sender in senders:
                await check.no_acknowledged_push_is_lost(connection, sender)
            async with asyncio.timeout(RECOVER_S):
                rows = await connection.fetchval("select count(*) from ledger")
                while len(follower.rows) < rows:
                    await asyncio.sleep(0.1)
            await asyncio.sleep(0.5)  # would something come twice?
            await check.the_stream_told_each_row_once(connection, follower)
        finally:
            await connection.close()
        await check.the_api_says_the_same(instance, expected, today)
    finally:
        for task in (*sending, following):
            task.cancel()
        await asyncio.gather(*sending, following, return_exceptions=True)
    attempts, pushes = (
        sum(sender.attempts for sender in senders),
        sum(len(sender.deliveries) for sender in senders),
    )
    print(
        f"{kills} kills ({dict(killed)}), {incidents} incidents, {rows} ledger rows, {pushes} pushes in {attempts} "
        f"attempts, stream connected {follower.connections} times: nothing lost, doubled or invented"
    )


class Killing:
    """Lets the work in bit by bit and kills in the midst of it; a kill counts when a process died of it."""

    def __init__(
        self, instance: Instance, work: source.Work, gates: dict[str, asyncio.Semaphore], kills: int
    ) -> None:
        self._instance = instance
        self._chance = random.Random(SEED)  # noqa: S311 - when and whom
        self._work = work
        self._gates = gates
        self._kills = kills
        self._files = dict.fromkeys(work.files, 0)
        self._pushed = dict.fromkeys(work.pushed, 0)

    async def run(self) -> Counter[str]:
        killed: Counter[str] = Counter()
        for number in range(self._kills):
            before = await self._progress()
            self._let_in((number + 1) / self._kills)
            await asyncio.sleep(self._chance.uniform(0.0, 1.2))
            victim = await self._kill(number)
            killed[victim] += 1
            if self._chance.random() < 0.75:  # else the next one falls while it is still getting up
                await self._recover(victim, before)
        return killed

    def _let_in(self, share: float) -> None:
        """Put the files and open the gate for the pushes up to a share of all."""
        for feed, deliveries in self._work.files.items():
            folder = self._instance.var / "inbox" / feed
            folder.mkdir(parents=True, exist_ok=True)
            while self._files[feed] < share * len(deliveries):
                number = self._files[feed]
                put(folder, f"file {number:03d}", deliveries[number].body())
                if number % 3 == 0:  # the same bytes again under another name
                    put(folder, f"file {number:03d} again", deliveries[number].body())
                self._files[feed] += 1
        for feed, deliveries in self._work.pushed.items():
            while self._pushed[feed] < share * len(deliveries):
                self._gates[feed].release()
                self._pushed[feed] += 1

    async def _kill(self, number: int) -> str:
        async with asyncio.timeout(RECOVER_S):
            while True:
                victim = self._chance.choice(VICTIMS)
                what = self._instance.kill(victim, self._chance)
                if what:
                    print(f"  {time.strftime('%H:%M:%S')} kill {number + 1}: {what}")
                    return victim
                await asyncio.sleep(0.1)

    async def _recover(self, victim: str, before: int) -> None:
        """Wait until it lives again and, where there is work, until some of it was done since the last kill."""
        async with asyncio.timeout(RECOVER_S):
            while not self._instance.is_alive(victim):
                await asyncio.sleep(0.1)
            while waiting(self._instance) and await self._progress() <= before:
                await asyncio.sleep(0.1)

    async def _progress(self) -> int:
        """Deliveries committed so far; 0 while the database is away."""
        try:
            connection = await connect(self._instance)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return 0
        try:
            return int(await connection.fetchval("select count(*) from delivery"))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return 0
        finally:
            connection.terminate()


def put(folder: Path, name: str, body: bytes) -> None:
    """As a careful sender does: written under a hidden name, then renamed."""
    hidden = folder / f".{name}"
    hidden.write_bytes(body)
    hidden.rename(folder / name)


def waiting(instance: Instance) -> list[Path]:
    return [file for file in instance.var.glob("inbox/*/*") if file.is_file()]


async def connect(instance: Instance) -> asyncpg.Connection:
    return await asyncpg.connect(instance.dsn, timeout=10)
