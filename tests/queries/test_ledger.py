"""The ledger read as a log loses nothing and gives nothing twice, whatever order transactions end in."""

# ruff: noqa: ASYNC110 - a test looks until it sees
from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from app.db import set_codecs
from app.domain.errors import BadInput, Unavailable
from app.domain.window import Position
from app.queries.ledger import held_back, latest_position, moment, rows_after
from app.queries.live import Live, follow_ledger
from tests.queries.picture import head_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

COPY_OF_A_ROW = """
insert into ledger (known_at, day, hour, kind, area_id, rollup_area_id, offence_id, offences, incidents, cx, cy,
                    incident_id, version_id, backfilled)
select known_at, day, hour, $1::smallint, area_id, rollup_area_id, offence_id, offences, incidents, cx, cy, incident_id,
       version_id, backfilled from ledger limit 1
"""


async def connect(dsn: str) -> asyncpg.Connection:
    connection = await asyncpg.connect(dsn)
    await set_codecs(connection)
    return connection


@pytest.fixture
async def pair(loaded: str) -> AsyncIterator[tuple[asyncpg.Connection, asyncpg.Connection]]:
    one, other = await connect(loaded), await connect(loaded)
    yield one, other
    await one.close()
    await other.close()


async def test_read_in_any_batches_the_log_is_the_ledger(db: asyncpg.Connection, loaded: str):
    everything = [
        tuple(row) for row in await db.fetch("select xid, ledger_id from ledger order by xid, ledger_id")
    ]
    for limit in (1000, 77):
        seen, position = [], Position(0, 0)
        while rows := await rows_after(db, position, limit):
            position = rows[-1]["position"]
            seen += [row["position"] for row in rows]
        assert seen == everything
    assert await latest_position(db) == everything[-1]
    assert (await moment(db))[1] == everything[-1]


async def test_a_row_tells_what_a_ticker_needs(db: asyncpg.Connection, loaded: str):
    rows = await rows_after(db, Position(0, 0), 1000)
    assert {row["kind"] for row in rows} == {"report"}
    assert {row["sign"] for row in rows} == {1, -1}
    assert all(row["backfilled"] for row in rows)
    assert all((row["lon"] is None) == (row["lat"] is None) for row in rows)
    assert not any(row["protected"] and row["lon"] is not None for row in rows)
    assert {"uid", "title", "offence_sv", "offence_en", "area_name", "occurred_from", "known_at"} <= rows[
        0
    ].keys()


async def test_what_commits_late_is_not_skipped(pair: tuple[asyncpg.Connection, asyncpg.Connection]):
    slow, quick = pair
    head = await head_of(quick)
    begun = slow.transaction()
    await begun.start()
    await slow.execute(COPY_OF_A_ROW, 2)
    await quick.execute(COPY_OF_A_ROW, 3)
    assert await rows_after(quick, head) == []
    assert await latest_position(quick) == head
    assert await held_back(quick, head)
    await begun.commit()
    await head_of(quick)
    rows = await rows_after(quick, head)
    assert len(rows) == 2
    assert not await held_back(quick, rows[-1]["position"])


async def test_whoever_waits_is_woken_although_the_older_transaction_ends_without_a_word(
    loaded: str, pair: tuple[asyncpg.Connection, asyncpg.Connection]
):
    slow, quick = pair
    end = await head_of(quick)
    live = Live()
    async with follow_ledger(live, loaded):
        while live.head != end:
            await asyncio.sleep(0.01)
        head = live.position()
        assert not await live.beyond(head, 0.05)
        begun = slow.transaction()
        await begun.start()
        await slow.execute(COPY_OF_A_ROW, 2)
        await quick.execute(COPY_OF_A_ROW, 3)
        await quick.execute("select pg_notify('ledger', 'plain')")
        assert not await live.beyond(head, 0.1)
        await begun.rollback()
        assert await live.beyond(head, 30)
    assert live.closing.is_set()


async def test_the_ledger_is_followed_again_after_the_connection_was_lost(
    loaded: str, pair: tuple[asyncpg.Connection, asyncpg.Connection]
):
    _, quick = pair
    live = Live()
    async with follow_ledger(live, loaded):
        while not live.connected:
            await asyncio.sleep(0.01)
        head = live.position()
        ended = await quick.fetch(
            """select pg_terminate_backend(pid) from pg_stat_activity
               where application_name = 'lagesbild live' and datname = current_database()"""
        )
        assert len(ended) == 1
        await quick.execute(COPY_OF_A_ROW, 3)  # told to nobody: the listener is gone
        assert await live.beyond(head, 3)


async def test_before_the_database_has_answered_there_is_no_position():
    with pytest.raises(Unavailable):
        Live().position()


@pytest.mark.parametrize("text", ["", "5", "-", "5-", "-5", "a-b", "1-2-3", "1.5-2", " 1-2", "１-２x"])
def test_a_position_that_is_none_is_refused(text: str):
    with pytest.raises(BadInput):
        Position.parse(text)
