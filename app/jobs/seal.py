"""Sealing: within a second of its commit each row of the log has its place in the chain, and a signed head vouches.

One sealer at a time (a lock in the database, another on the file of heads). It looks several times a second instead of
being notified: a NOTIFY in every reading would make all readings commit one after the other (PostgreSQL holds a lock
over the commit of whatever notifies). Rows are taken as they become visible, whatever their numbers, so a transaction
that takes long holds nobody else's row back.

It may be killed at any moment. The seals of a round are one transaction; the head is written after it, so a head may
lag behind the chain and is made up for at the next start; it can never be ahead, unless the log was cut. Then nothing
more is sealed, so that nothing is covered up.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from app.db import UNAVAILABLE, end_if_asked
from app.domain import heads as head_lines
from app.domain.chain import GENESIS, link
from app.domain.errors import LagesbildError
from app.jobs.heads import HeadFile
from app.jobs.verify import record, verify
from app.queries import sealing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from app.db import Connection, Pool
    from app.jobs.audit_keys import AuditKeys

LOCK = 7_160_022
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PAUSE_S = 0.25
BATCH = 2000
GRACE_S = 10.0
"""Between drawing a number and beginning to write lie microseconds; this much is allowed for."""
WHOLE_S = 600.0
"""So often everything is looked at for rows without a seal, not only the newest."""
CHECK_S = 3600.0
AGAIN_S = 1.0

INSERT = """
insert into read_seal (seal_no, log_id, hash, sealed_at)
select seal_no, log_id, hash, $4 from unnest($1::bigint[], $2::bigint[], $3::bytea[]) as new (seal_no, log_id, hash)
"""

log = logging.getLogger(__name__)


class LogBroken(LagesbildError):  # noqa: N818
    """The log is not what was sealed: nothing more may be sealed on top of it."""


class Sealer:
    """Seals on one connection, which holds the lock. ``clock_us`` is for tests; else the server's clock counts."""

    def __init__(
        self, connection: Connection, keys: AuditKeys, heads: HeadFile, clock_us: Callable[[], int] | None = None
    ) -> None:  # fmt: skip
        self._connection = connection
        self._keys = keys
        self._heads = heads
        self._clock_us = clock_us
        self._count = 0
        self._tip = GENESIS
        self._highest = 0
        self._after = 0  # rows up to here have their seal, or will never come
        self._waiting: tuple[int, float, int | None] | None = None
        self._whole_at = time.monotonic() + WHOLE_S

    async def open(self) -> None:
        """Find the end of the chain, and give it the head that it lacks if we were killed before.

        Raises:
            LogBroken: The chain ends before its newest head, or is another, or was made with another key.
        """
        last = await sealing.last_seal(self._connection)
        head = self._heads.last
        if head is not None:
            signed = await sealing.seal(self._connection, head.count)
            if last is None or last.seal_no < head.count or signed is None or signed.hash != head.hash:
                raise LogBroken(
                    f"The log was cut or exchanged: head {head.number} vouches for {head.count} sealed rows, "
                    f"the database has {last.seal_no if last else 0}. Nothing more is sealed until somebody has looked "
                    "into it (lagesbild audit verify)."
                )
        if last is None:
            return
        if head is None:
            await self._require_own_key()
        self._count, self._tip, self._highest = last.seal_no, last.hash, last.log_id
        if head is None or head.count < last.seal_no:
            self._append_head(int(last.sealed_us))

    async def _require_own_key(self) -> None:
        async with self._connection.transaction():
            async for first in sealing.chain(self._connection):
                made = first.fields and link(
                    self._keys.chain, GENESIS, first.seal_no, first.sealed_us, first.fields
                )
                if made != first.hash:
                    raise LogBroken(
                        "There are no heads, and the chain does not begin with this key: restore the log's key, or the "
                        "heads that belong to it."
                    )
                return

    async def once(self) -> int:
        """Seal what has become visible, at most ``BATCH`` rows; how many."""
        async with self._connection.transaction():
            await self._connection.execute(sealing.PLAIN)
            oldest, newest, now_us = await sealing.horizon(self._connection)
            if self._clock_us is not None:
                now_us = self._clock_us()
            rows = await sealing.unsealed(self._connection, self._after, BATCH)
            count, tip = self._count, self._tip
            seals: list[tuple[int, int, bytes]] = []
            for log_id, fields in rows:
                count += 1
                tip = link(self._keys.chain, tip, count, str(now_us), fields)
                seals.append((count, log_id, tip))
            if seals:
                columns = [list(column) for column in zip(*seals, strict=True)]
                await self._connection.execute(INSERT, *columns, EPOCH + timedelta(microseconds=now_us))
        if seals:
            self._count, self._tip = count, tip
            self._highest = max(self._highest, rows[-1][0])
            self._append_head(now_us)
        if len(rows) < BATCH:
            self._advance(oldest, newest, time.monotonic())
        return len(rows)

    def _append_head(self, now_us: int) -> None:
        last = self._heads.last
        at_us = now_us if last is None else max(now_us, last.at_us)
        self._heads.append(
            head_lines.make(
                self._keys.signing, last, count=self._count, log_id=self._highest, tip=self._tip, at_us=at_us
            )
        )

    def _advance(self, oldest: int, newest: int, now_s: float) -> None:
        """Move on where nothing can come any more: every transaction that could have drawn a lower number is over."""
        if now_s > self._whole_at:
            self._after, self._waiting, self._whole_at = 0, None, now_s + WHOLE_S
        elif self._waiting is None:
            if self._highest > self._after:
                self._waiting = (self._highest, now_s, None)
        else:
            limit, since_s, ends = self._waiting
            if ends is None and now_s - since_s > GRACE_S:
                self._waiting = (limit, since_s, newest)
            elif ends is not None and oldest >= ends:
                self._after, self._waiting = limit, None


async def serve(pool: Pool, keys: AuditKeys, heads_path: Path) -> None:
    """Seal until cancelled; then once more, for what the last readers wrote.

    Raises:
        LogBroken: The log is not what was sealed. It is written down for the page ``Granskning`` first.
        SetupError: The heads cannot be written or are not ours.
    """
    heads = HeadFile(heads_path, keys)
    try:
        while True:
            try:
                await _seal(pool, keys, heads)
            except UNAVAILABLE as error:
                end_if_asked()
                log.warning("The database does not answer (%s); sealing goes on as soon as it does.", error)
                await asyncio.sleep(AGAIN_S)
    finally:
        heads.close()


async def _seal(pool: Pool, keys: AuditKeys, heads: HeadFile) -> None:
    async with pool.acquire() as connection:
        await connection.execute("select pg_advisory_lock($1)", LOCK, timeout=None)
        sealer = Sealer(connection, keys, heads)
        try:
            await sealer.open()
        except LogBroken:
            await _check(pool, keys, heads)
            raise
        checking = asyncio.create_task(_check_now_and_then(pool, keys, heads))
        try:
            while True:
                if await _whole(sealer.once()) < BATCH:
                    await asyncio.sleep(PAUSE_S)
        except asyncio.CancelledError:
            try:
                while await sealer.once() == BATCH:
                    pass
            except UNAVAILABLE as error:
                log.warning("What the last readers wrote is sealed at the next start (%s).", error)
            raise
        finally:
            checking.cancel()
            await asyncio.gather(checking, return_exceptions=True)


async def _whole(work: Awaitable[int]) -> int:
    """Let a round come to its end though we are asked to stop: whether one that was cut had committed is not known."""
    round_ = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(round_)
    except asyncio.CancelledError:
        await asyncio.gather(round_, return_exceptions=True)
        raise


async def _check_now_and_then(pool: Pool, keys: AuditKeys, heads: HeadFile) -> None:
    await asyncio.sleep(PAUSE_S * 4)  # what was left unsealed while nobody ran is sealed first
    while True:
        try:
            await _check(pool, keys, heads)
        except UNAVAILABLE as error:
            end_if_asked()
            log.warning("The log could not be checked (%s); it is tried again.", error)
        await asyncio.sleep(CHECK_S)


async def _check(pool: Pool, keys: AuditKeys, heads: HeadFile) -> None:
    async with pool.acquire() as connection:
        verdict = await verify(connection, keys, heads.content())
        await record(connection, verdict)
    for finding in verdict.findings[:10]:
        log.error("The log is not whole: %s", finding.sentence)
