"""Who reads the ledger from a position misses nothing and gets nothing twice, however slowly writers commit.

Several real connections write at once and wait before they commit, so that rows with lower numbers become visible
after rows with higher ones. The reader that goes by ``id > last`` reads the same ledger at the same time and does lose
rows: if it did not, this test would show nothing.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime

import asyncpg
import pytest

from app.db import Pool, open_pool
from app.domain.window import Position
from app.queries.ledger import held_back, latest_position, rows_after
from etl.keep import Keys
from etl.run import Intake
from tests.ledger.plain_feed import lines, plain_feed
from tests.servers import own_server

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
WRITERS = 6
ROUNDS = 12

# Each writer writes of its own day: the totals of one day are one row, for which writers would wait in line.
WRITE = """
insert into ledger (known_at, day, hour, kind, area_id, rollup_area_id, offence_id, offences, incidents, incident_id,
                    version_id, backfilled)
select known_at, day - $1::integer, hour, kind, area_id, rollup_area_id, offence_id, 1, 1, incident_id, version_id,
       false
from ledger order by xid, ledger_id limit 1
"""
EVERYTHING = "select xid, ledger_id from ledger"


@pytest.fixture(scope="module", name="dsn")
def dsn_fixture() -> Iterator[str]:
    """A server of our own: a transaction open in any of its databases holds readers back, as it must."""
    with own_server() as dsn:
        yield dsn


@pytest.fixture
async def pool(dsn: str, keys: Keys) -> AsyncIterator[Pool]:
    """A ledger with one row of one incident; the writers add more like it."""
    async with open_pool(dsn, size=WRITERS + 3) as pool:
        async with pool.acquire() as connection:
            await connection.execute(  # the log book, which leans on incidents, guards itself against this
                """set session_replication_role = replica;
                   truncate ledger, incident, incident_version, delivery cascade; reset session_replication_role"""
            )
        draft = {
            "source_key": "R1", "occurred_from": "2026-11-23T20:00:00+00:00", "areas": ["Nacka"],
            "offences": [{"code": "9365"}],
        }  # fmt: skip
        await Intake(pool, keys).ingest(plain_feed(), lines(draft), name="first", fetched_at=NOW)
        yield pool


class Reader:
    """Reads on and on from where it is. ``notes`` is all it knows: a restart makes a new one from that text."""

    def __init__(self, seen: list[Position], notes: str = "0-0") -> None:
        self.seen = seen
        self.notes = notes

    async def read(self, connection: asyncpg.Connection, limit: int) -> bool:
        rows = await rows_after(connection, Position.parse(self.notes), limit)
        for row in rows:
            self.seen.append(row["position"])
            self.notes = str(row["position"])
        return bool(rows)

    async def must_wait(self, connection: asyncpg.Connection) -> bool:
        return await held_back(connection, Position.parse(self.notes))


class NaiveReader:
    """What many would write: the largest number seen so far, and whatever is above it."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.last = 0

    async def read(self, connection: asyncpg.Connection) -> None:
        rows = await connection.fetch(
            "select ledger_id from ledger where ledger_id > $1 order by ledger_id", self.last
        )
        self.seen += [row["ledger_id"] for row in rows]
        self.last = max([self.last, *self.seen])


async def write_slowly(pool: Pool, number: int) -> None:
    """Transactions of one to four rows with pauses between and before the end; one in eight is rolled back."""
    chance = random.Random(number)  # noqa: S311 - pauses
    async with pool.acquire() as connection:
        for _ in range(ROUNDS):
            transaction = connection.transaction()
            await transaction.start()
            for _ in range(chance.randint(1, 4)):
                await connection.execute(WRITE, number)
                await asyncio.sleep(chance.uniform(0, 0.03))
            await (transaction.rollback() if chance.random() < 1 / 8 else transaction.commit())


async def read_while_written(pool: Pool, read: Callable[[asyncpg.Connection], object]) -> None:
    """Read as fast as it goes while the writers write, and a last time when all is quiet."""
    writers = [asyncio.create_task(write_slowly(pool, number)) for number in range(WRITERS)]
    try:
        async with pool.acquire() as connection:
            while not all(writer.done() for writer in writers):
                await read(connection)  # type: ignore[misc]
                await asyncio.sleep(0.001)
    finally:
        await asyncio.gather(*writers)


async def catch_up(pool: Pool, reader: Reader) -> None:
    """Read to the end. Vacuum's transactions may hold rows back for a moment."""
    async with asyncio.timeout(60), pool.acquire() as connection:
        while await reader.read(connection, 50) or await reader.must_wait(connection):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def written(pool: Pool) -> list[Position]:
    async with pool.acquire() as connection:
        return sorted(Position(*row) for row in await connection.fetch(EVERYTHING))


async def test_a_reader_by_position_misses_nothing_and_a_naive_one_does(pool: Pool) -> None:
    reader, naive = Reader([]), NaiveReader()

    async def both(connection: asyncpg.Connection) -> None:
        await reader.read(connection, limit=3)
        await naive.read(connection)

    await read_while_written(pool, both)
    await catch_up(pool, reader)
    async with pool.acquire() as connection:
        await naive.read(connection)

    everything = await written(pool)
    assert len(everything) > WRITERS * ROUNDS
    assert reader.seen == everything  # in order, each once
    missed = {position.ledger_id for position in everything} - set(naive.seen)
    assert missed, "the writers did not overlap, so this test shows nothing"


async def test_a_reader_goes_on_from_its_written_position_after_it_was_cut_off(pool: Pool, dsn: str) -> None:
    """Its connection is ended by the server again and again, in the middle of its work, and it starts anew."""
    seen: list[Position] = []
    notes = "0-0"
    cuts = 0
    writers = [asyncio.create_task(write_slowly(pool, number)) for number in range(WRITERS)]
    while not all(writer.done() for writer in writers):
        reader = Reader(seen, notes)
        own = await asyncpg.connect(dsn)
        for _ in range(5):
            await reader.read(own, limit=2)
            await asyncio.sleep(0.005)
        async with pool.acquire() as other:
            await other.fetchval("select pg_terminate_backend($1, 5000)", own.get_server_pid())
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await reader.read(own, limit=2)
        own.terminate()
        notes = reader.notes
        cuts += 1
    await asyncio.gather(*writers)
    last = Reader(seen, notes)
    await catch_up(pool, last)

    assert cuts > 3
    assert seen == await written(pool)


async def test_nothing_after_the_position_is_given_while_an_older_transaction_is_open(pool: Pool) -> None:
    async with pool.acquire() as slow, pool.acquire() as quick:
        reader = Reader([])
        await catch_up(pool, reader)
        before = len(reader.seen)
        transaction = slow.transaction()
        await transaction.start()
        await slow.execute(WRITE, 1)
        await quick.execute(WRITE, 2)  # begun later, committed first

        position = Position.parse(reader.notes)
        assert await latest_position(quick) == position
        assert await held_back(quick, position)
        assert not await reader.read(quick, 50)

        await transaction.commit()
        await catch_up(pool, reader)
    assert len(reader.seen) == before + 2
    assert reader.seen == await written(pool)
