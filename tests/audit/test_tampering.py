"""Whatever is changed among sealed rows by somebody who may do everything in the database is found: every time.

Thousands of real rows, sealed by the real sealer over some days of made-up time; each change is made with all triggers
and constraints out of the way, checked, and rolled back.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.db import Pool, open_pool
from app.domain import heads as head_lines
from app.domain.chain import COLUMNS
from app.jobs.audit_keys import AuditKeys
from app.jobs.heads import HeadFile
from app.jobs.seal import Sealer
from app.jobs.verify import Verdict, examine
from tests.audit.tampering import BEGAN_US, CHANGES, KEYS, ROWS, VALUES, insert_in_the_middle

ROUNDS = 30
ROUND_US = 600_000_000

FILL = """
insert into read_log (xid, at, actor, name, role, scope_ref, session_ref, action, what, reason, reason_text, filter,
    persons, areas, found)
select (1000 + i)::text::xid8, to_timestamp($3 / 1e6) + (i - $1) * interval '1 second', 'user:' || i % 20,
    'Namn ' || i % 20, 'analyst', md5(i::text), case when i % 3 = 0 then md5('s' || i) end,
    (array['read', 'search', 'export', 'denied'])[1 + i % 4], 'dyad', 'follow_up', '',
    jsonb_build_object('incident', md5(i::text), 'page', i % 5), array[int8send(i % 400)], array['0180'], i % 30
from generate_series($1::bigint, $2::bigint) as i
"""


class Sealed:
    """The database with the sealed log, and its heads."""

    def __init__(self, connection: asyncpg.Connection, heads: bytes, now_us: int) -> None:
        self.connection, self.heads, self.now_us = connection, heads, now_us

    async def verdict(self, heads: bytes | None = None, later_us: int = 0) -> Verdict:
        async with self.connection.transaction():
            return await examine(
                self.connection, KEYS, self.heads if heads is None else heads, now_us=self.now_us + later_us
            )


@pytest.fixture(scope="module")
async def sealed(dsn: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Sealed]:
    heads = HeadFile(tmp_path_factory.mktemp("audit") / "heads.jsonl", KEYS)
    clock = [BEGAN_US]
    async with open_pool(dsn, size=1) as pool, pool.acquire() as connection:
        await connection.execute(
            "insert into read_log (action, what) select 'read', 'x' from generate_series(1, 7)"
        )
        await connection.execute("set session_replication_role = replica; delete from read_log")
        sealer = Sealer(connection, KEYS, heads, lambda: clock[0])
        await sealer.open()
        each = ROWS // ROUNDS
        for number in range(ROUNDS):
            await connection.execute(FILL, number * each + 1, (number + 1) * each, clock[0] - 110_000_000)
            assert await sealer.once() == each
            clock[0] += ROUND_US
        content = heads.content()
        heads.close()
        yield Sealed(connection, content, clock[0])


@pytest.fixture
async def tampering(sealed: Sealed) -> AsyncIterator[Sealed]:
    """Triggers and constraints are off; whatever is done is undone (a savepoint of the test's transaction)."""
    transaction = sealed.connection.transaction()
    await transaction.start()
    await sealed.connection.execute(
        """alter table read_log alter log_id drop identity, drop constraint read_log_pkey,
               drop constraint read_log_action_check, alter filter drop not null;
           alter table read_seal drop constraint read_seal_pkey, drop constraint read_seal_log_id_key,
               drop constraint read_seal_hash_check"""
    )
    yield sealed
    await transaction.rollback()


async def found(tampered: Sealed, **more: Any) -> Verdict:
    verdict = await tampered.verdict(**more)
    assert verdict.found > 0, "not detected"
    return verdict


async def test_untouched_it_is_whole(sealed: Sealed):
    verdict = await sealed.verdict()
    assert (verdict.rows, verdict.found, verdict.heads) == (ROWS, 0, ROUNDS)


def test_every_column_is_tried():
    assert set(VALUES) == set(COLUMNS)


@pytest.mark.parametrize("column", COLUMNS)
async def test_any_edit_of_any_column_is_found_and_named(tampering: Sealed, column: str):
    random_ = random.Random(column)  # noqa: S311 - repeatable, not secret
    tried = 0
    for value in VALUES[column]:
        for _ in range(3):
            number = random_.randint(8, ROWS + 7)
            savepoint = tampering.connection.transaction()
            await savepoint.start()
            done = await tampering.connection.execute(
                f"update read_log set {column} = {value} where log_id = $1 and ({column} is distinct from {value})",
                number,
            )
            verdict = await tampering.verdict()
            await savepoint.rollback()
            if done == "UPDATE 1":
                tried += 1
                assert number in {finding.where for finding in verdict.findings}, (value, number)
    assert tried >= len(VALUES[column])


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
async def test_deletions_insertions_swaps_and_cuts_are_found_every_time(tampering: Sealed, change: Any):
    random_ = random.Random(change.__name__)  # noqa: S311
    await tampering.connection.execute("create extension if not exists hstore")
    for _ in range(6):
        savepoint = tampering.connection.transaction()
        await savepoint.start()
        await change(tampering.connection, random_)
        await found(tampering)
        await savepoint.rollback()


async def test_a_row_that_is_put_in_later_is_found_even_when_the_sealer_has_sealed_it(
    tampering: Sealed, tmp_path: Path
):
    await tampering.connection.execute("create extension if not exists hstore")
    file = tmp_path / "heads.jsonl"
    for seed in range(6):
        savepoint = tampering.connection.transaction()
        await savepoint.start()
        file.write_bytes(tampering.heads)
        heads = HeadFile(file, KEYS)
        sealer = Sealer(tampering.connection, KEYS, heads, lambda: tampering.now_us + ROUND_US)
        await sealer.open()
        await insert_in_the_middle(tampering.connection, random.Random(seed))  # noqa: S311
        assert await sealer.once() == 1
        verdict = await found(tampering, heads=heads.content(), later_us=ROUND_US)
        assert {finding.kind for finding in verdict.findings} == {"row put in"}
        heads.close()
        await savepoint.rollback()


async def test_heads_that_are_replaced_are_found(sealed: Sealed):
    lines = sealed.heads.splitlines(keepends=True)
    random_ = random.Random(1)  # noqa: S311
    stranger = AuditKeys(bytes(32))
    for place in random_.sample(range(ROUNDS), 10):
        head = head_lines.read(lines[place])
        assert head is not None
        forged = head_lines.make(
            stranger.signing, head_lines.read(lines[place - 1]) if place else None, count=head.count,
            log_id=head.log_id, tip=head.hash, at_us=head.at_us,
        ).line()  # fmt: skip
        for changed in (
            [*lines[:place], forged, *lines[place + 1 :]],
            [*lines[:place], lines[place].replace(b'"count": ', b'"count": 1'), *lines[place + 1 :]],
            [*lines[:place], lines[place].replace(b'{"number"', b'{ "number"'), *lines[place + 1 :]],
            [*lines[:place], lines[(place + 5) % ROUNDS], *lines[place + 1 :]],
            lines[:place] + lines[place + 1 :],
        ):
            await found(sealed, heads=b"".join(changed))
    for cut in (b"", sealed.heads[:-1], b"".join(lines[:-1]), b"".join(lines[1:]), b"\n" + sealed.heads):
        await found(sealed, heads=cut)


async def test_another_key_verifies_nothing(sealed: Sealed):
    async with sealed.connection.transaction():
        verdict = await examine(sealed.connection, AuditKeys(bytes(32)), sealed.heads, now_us=sealed.now_us)
    assert verdict.found >= ROWS


async def test_a_hundred_findings_are_kept_and_all_are_counted(tampering: Sealed):
    await tampering.connection.execute("update read_log set found = 12345")
    verdict = await tampering.verdict()
    assert verdict.found == ROWS
    assert len(verdict.findings) == 100


async def test_the_fixture_leaves_the_log_as_it_was(sealed: Sealed, pool: Pool):
    del pool
    assert (await sealed.verdict()).found == 0
