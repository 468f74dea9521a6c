"""The sealer: in whatever order transactions end and wherever it is killed, one chain without fork or gap."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest

from app.commands.consult import Consultation, consult
from app.db import Pool, Reader
from app.domain.errors import SetupError
from app.domain.viewer import Role, Viewer
from app.jobs import seal as sealing
from app.jobs.audit_keys import AuditKeys
from app.jobs.heads import HeadFile
from app.jobs.seal import LogBroken, Sealer, serve
from app.jobs.verify import Verdict, verify
from tests.audit.writing import FORGET, WRITE, until


@pytest.fixture(autouse=True)
async def _empty(pool: Pool) -> None:
    async with pool.acquire() as connection:
        await connection.execute(FORGET)


@pytest.fixture
async def running(pool: Pool, audit_keys: AuditKeys, heads_file: Path) -> AsyncIterator[Any]:
    """A sealer and the means to write and to verify."""
    async with pool.acquire() as own, pool.acquire() as other:
        heads = HeadFile(heads_file, audit_keys)
        sealer = Sealer(own, audit_keys, heads)
        await sealer.open()

        async def whole() -> Verdict:
            verdict = await verify(other, audit_keys, heads.content())
            assert verdict.findings == []
            return verdict

        async def write(n: int = 1) -> None:
            await other.fetch(WRITE, n)

        yield SimpleNamespace(sealer=sealer, heads=heads, whole=whole, write=write, connection=other, own=own)
        heads.close()


async def test_what_is_written_is_sealed_and_vouched_for(running: Any):
    for n in (1, 5, 0, 3000):
        await running.write(n)
        while await running.sealer.once():
            pass
    verdict = await running.whole()
    assert verdict.rows == 3006
    assert running.heads.last.count == 3006
    assert await running.connection.fetchval("select count(*) from read_seal") == 3006


async def test_a_transaction_that_takes_long_holds_nobody_back_and_is_sealed_itself(
    running: Any, pool: Pool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sealing, "GRACE_S", 0.0)
    async with pool.acquire() as slow:
        transaction = slow.transaction()
        await transaction.start()
        held = await slow.fetchval(WRITE, 1)
        for _ in range(6):  # it could come to think that nothing with a lower number comes any more
            await running.write(2)
            assert await running.sealer.once() == 2
        assert running.sealer._after < held
        await transaction.commit()
    assert await running.sealer.once() == 1
    assert (await running.whole()).rows == 13
    async with asyncio.timeout(
        60
    ):  # what is settled is not looked at again; the neighbours' transactions count too
        while running.sealer._after <= held:
            await running.sealer.once()
    await running.write()
    assert await running.sealer.once() == 1


async def test_numbers_that_were_drawn_and_never_used_are_no_gap(running: Any):
    for _ in range(5):
        transaction = running.connection.transaction()
        await transaction.start()
        await running.write(3)
        await transaction.rollback()
        await running.write(1)
        await running.sealer.once()
    assert (await running.whole()).rows == 5


async def test_a_kill_between_the_commit_and_the_head_is_made_up_for(
    running: Any, audit_keys: AuditKeys, monkeypatch: pytest.MonkeyPatch
):
    await running.write(3)
    await running.sealer.once()
    await running.write(4)

    def killed(_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(running.heads, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            await running.sealer.once()
    assert running.heads.last.count == 3
    again = Sealer(running.own, audit_keys, running.heads)
    await again.open()
    assert running.heads.last.count == 7
    await running.write(1)
    await again.once()
    assert (await running.whole()).rows == 8


async def test_a_head_that_was_half_written_is_taken_off(
    running: Any, audit_keys: AuditKeys, heads_file: Path
):
    await running.write(3)
    await running.sealer.once()
    running.heads.close()
    with heads_file.open("ab") as file:
        file.write(b'{"number": 2, "count": 4')
    running.heads.__init__(heads_file, audit_keys)
    again = Sealer(running.own, audit_keys, running.heads)
    await again.open()
    await running.write(1)
    await again.once()
    assert (await running.whole()).heads == 2


async def test_a_full_disk_leaves_no_half_head(running: Any, monkeypatch: pytest.MonkeyPatch):
    await running.write(3)
    await running.sealer.once()
    before = running.heads.content()
    whole_write = os.write
    await running.write(1)
    with monkeypatch.context() as patch:
        patch.setattr("app.jobs.heads.os.write", lambda file, line: whole_write(file, line[:20]))
        with pytest.raises(OSError, match="full"):
            await running.sealer.once()
    assert running.heads.content() == before
    assert running.heads.last.count == 3


async def test_on_a_cut_log_nothing_more_is_sealed(running: Any, audit_keys: AuditKeys):
    await running.write(5)
    await running.sealer.once()
    await running.connection.execute(
        """set session_replication_role = replica; delete from read_seal where seal_no > 3;
           delete from read_log where log_id > (select max(log_id) - 2 from read_log);
           set session_replication_role = origin"""
    )
    await running.write(2)
    with pytest.raises(LogBroken, match="vouches for 5 sealed rows, the database has 3"):
        await Sealer(running.own, audit_keys, running.heads).open()


async def test_serving_tells_the_page_what_is_wrong_before_it_gives_up(
    running: Any, pool: Pool, audit_keys: AuditKeys, heads_file: Path
):
    await running.write(5)
    await running.sealer.once()
    running.heads.close()
    await running.connection.execute(
        """set session_replication_role = replica; delete from read_seal; delete from read_log;
           set session_replication_role = origin"""
    )
    with pytest.raises(LogBroken):
        await serve(pool, audit_keys, heads_file)
    told = await running.connection.fetchval(
        "select findings from audit_check order by check_id desc limit 1"
    )
    assert [finding["kind"] for finding in told] == ["log cut"]
    running.heads.__init__(heads_file, audit_keys)


async def test_without_the_heads_the_chain_must_be_of_our_key(running: Any, tmp_path: Path):
    await running.write(2)
    await running.sealer.once()
    stranger = AuditKeys(bytes(32))
    with pytest.raises(LogBroken, match="key"):
        await Sealer(running.own, stranger, HeadFile(tmp_path / "new.jsonl", stranger)).open()


async def test_heads_that_another_key_signed_are_not_continued(running: Any, heads_file: Path):
    await running.write(2)
    await running.sealer.once()
    running.heads.close()
    with pytest.raises(SetupError, match="not one that we signed"):
        HeadFile(heads_file, AuditKeys(bytes(32)))
    running.heads.__init__(heads_file, AuditKeys(bytes(range(32))))


async def test_there_is_one_sealer_at_a_time(running: Any, audit_keys: AuditKeys, heads_file: Path):
    with pytest.raises(SetupError, match="Another sealer"):
        HeadFile(heads_file, audit_keys)


async def test_serving_seals_within_a_second_and_keeps_a_check(
    pool: Pool, web: Pool, people: dict[Role, Viewer], audit_keys: AuditKeys, heads_file: Path
):
    serving = asyncio.create_task(serve(pool, audit_keys, heads_file))
    try:
        for _ in range(10):
            async with consult(Reader(web, people["analyst"]), Consultation("read", "dyad", "follow_up")):
                pass
            await asyncio.sleep(0.05)
        async with pool.acquire() as connection:
            await until(connection, "select count(*) >= 10 from read_seal")
            await until(connection, "select count(*) > 0 from audit_check")
            lag = await connection.fetchval(
                "select max(extract(epoch from sealed_at - at)) from read_seal join read_log using (log_id)"
            )
            assert lag < 1
            assert await connection.fetchval("select findings from audit_check") == []
            await connection.fetch(WRITE, 5)
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    async with pool.acquire() as connection:
        assert await connection.fetchval("select count(*) from read_seal") == 15, "the last look, at the end"


async def test_asked_to_stop_at_any_moment_it_stops_and_has_sealed_all(
    pool: Pool, audit_keys: AuditKeys, heads_file: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sealing, "PAUSE_S", 0.001)
    for number in range(60):
        async with pool.acquire() as connection:
            await connection.fetch(WRITE, 3)
        serving = asyncio.create_task(serve(pool, audit_keys, heads_file))
        await asyncio.sleep(0.02 + number * 0.0011)
        serving.cancel()
        done, _ = await asyncio.wait([serving], timeout=10)
        assert done, f"round {number} goes on"
        assert serving.cancelled()
    async with pool.acquire() as connection:
        verdict = await verify(connection, audit_keys, await asyncio.to_thread(heads_file.read_bytes))
    assert (verdict.rows, verdict.findings) == (180, [])


@pytest.mark.parametrize("error", [asyncpg.QueryCanceledError("late"), asyncpg.InterfaceError("closed")])
async def test_an_error_in_the_place_of_the_stop_does_not_keep_it_going(
    pool: Pool, audit_keys: AuditKeys, heads_file: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    """A statement that is cancelled late fails, and the stop is lost in the handling of its error."""
    waiting = asyncio.Event()

    async def _open(_self: Sealer) -> None:
        waiting.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            raise error from None

    monkeypatch.setattr(Sealer, "open", _open)
    serving = asyncio.create_task(serve(pool, audit_keys, heads_file))
    await asyncio.wait_for(waiting.wait(), 10)
    serving.cancel()
    done, _ = await asyncio.wait([serving], timeout=5)
    assert done
    assert serving.cancelled()
