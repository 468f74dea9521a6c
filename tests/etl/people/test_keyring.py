"""Keys of sealed records: on disk before the commit that needs them, gone for good when erased, in no dump."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from app.db import Pool, open_pool
from app.domain.errors import NotFound, SetupError
from etl import erase
from etl.erase import Order
from etl.gallring import read_rules
from etl.keep import Keys
from etl.keyring import Keyring, RecordKey
from etl.move_keys import move_keys
from etl.run import Intake
from tests.etl.people.killing import killed_at
from tests.etl.people.world import ANMALAN, NOW, SUSPECT, VICTIM, csv, tell

LOAD = """
        from etl.keyring import Keyring
        from etl.run import Intake
        from etl import ledger, load
        from tests.etl.people.world import ANMALAN, NOW, csv
        put = Keyring.put
        def put_and_tell(ring, keys):
            put(ring, keys)
            tell('keys are on disk')
        Keyring.put = put_and_tell
        refuse = load.refuse
        async def refuse_and_tell(*all):
            await refuse(*all)
            tell('rows are written')
        load.refuse = refuse_and_tell
        rows = [dict(ID=f'K{n}', MALSAGANDE='18910312-2041', VITTNE_NAMN='Vittja') for n in range(50)]
        await Intake(pool, keys).ingest(ANMALAN, csv(*rows), name='x', fetched_at=NOW)
        tell('it is committed')
"""
KEYED = "select key_id from raw_record where key_id is not null union all select key_id from person_mention"


def _key() -> RecordKey:
    return RecordKey(uuid4(), 1, os.urandom(60))


def test_an_erased_key_does_not_come_back_and_is_overwritten(tmp_path: Path) -> None:
    ring = Keyring(tmp_path / "records.db")
    kept, erased = _key(), _key()
    ring.put([kept, erased])
    assert ring.erase([erased.key_id, uuid4()]) == 1
    ring.rewrap([RecordKey(erased.key_id, 2, erased.wrapped)])  # a re-key that read it before
    assert ring.many([kept.key_id, erased.key_id]) == {kept.key_id: kept}
    assert ring.get(erased.key_id) is None
    on_disk = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert kept.wrapped in on_disk
    assert erased.wrapped not in on_disk
    assert (tmp_path / "records.db").stat().st_mode & 0o777 == 0o600


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    rings = [Keyring(tmp_path / "records.db") for _ in range(4)]

    async def all_at_once() -> None:
        await asyncio.gather(
            *(asyncio.to_thread(ring.put, [_key() for _ in range(25)]) for ring in rings for _ in range(4))
        )

    asyncio.run(all_at_once())
    assert rings[0].counts() == {1: 400}


def test_a_copy_is_whole_and_overwrites_nothing(tmp_path: Path) -> None:
    ring = Keyring(tmp_path / "records.db")
    keys = [_key() for _ in range(3)]
    ring.put(keys)
    ring.copy(tmp_path / "copy.db")
    assert len(Keyring(tmp_path / "copy.db").many([key.key_id for key in keys])) == 3
    with pytest.raises(SetupError, match="there already"):
        ring.copy(tmp_path / "copy.db")


@pytest.mark.parametrize("line", ["keys are on disk", "rows are written", "it is committed"])
async def test_a_killed_load_leaves_no_record_without_its_key(
    fresh_dsn: str, tmp_path: Path, line: str
) -> None:
    path = tmp_path / "master.key"
    await killed_at(line, LOAD, fresh_dsn, path)
    committed = line == "it is committed"
    keys = Keys.read(path)
    async with open_pool(fresh_dsn, size=3, name="tests") as pool:
        async with pool.acquire() as db:
            ids = [row[0] for row in await db.fetch(KEYED)]
            bodies = await db.fetch("select body, key_id from raw_record")
        assert len(ids) == (100 if committed else 0)
        assert len(keys.ring.many(ids)) == len(ids)
        assert all(keys.open(row["body"], row["key_id"]).startswith(b"{") for row in bodies)
        assert keys.ring.counts() == {1: 100}
        # What the kill left behind opens nothing; it is taken away when no load can be under way with it.
        order = Order.of(read_rules(), datetime.now(UTC) + timedelta(days=2), NOW.date(), "test")
        async with pool.acquire() as db:
            swept = await erase.sweep(db, keys.ring, order)
        assert swept.records == (0 if committed else 100)
        rows = [{"ID": f"K{n}", "MALSAGANDE": VICTIM, "VITTNE_NAMN": "Vittja"} for n in range(50)]
        again = await Intake(pool, keys).ingest(
            ANMALAN, csv(*rows), name="x", fetched_at=NOW + timedelta(hours=1)
        )
        assert again.loaded + again.unchanged == 50
        async with pool.acquire() as db:
            ids = [row[0] for row in await db.fetch(KEYED)]
        assert len(keys.ring.many(ids)) == len(ids) == 100


async def test_a_young_key_is_left_to_the_load_that_made_it(pool: Pool, db: asyncpg.Connection) -> None:
    keys = Keys(bytes(32))
    keys.ring.put([_key()])
    order = Order.of(read_rules(), datetime.now(UTC), NOW.date(), "test")
    assert (await erase.sweep(db, keys.ring, order)).records == 0
    assert keys.ring.counts() == {1: 1}


async def test_what_comes_again_leaves_no_keys_behind(pool: Pool) -> None:
    keys = Keys(bytes(range(32)))
    intake = Intake(pool, keys)
    for hours in range(3):
        await tell(intake, {"ID": "again", "MALSAGANDE": VICTIM}, at=NOW + timedelta(hours=hours))
    assert keys.ring.counts() == {1: 1}


async def test_a_dump_taken_before_an_erasure_opens_nothing_that_was_erased(
    fresh_dsn: str, tmp_path: Path
) -> None:
    """The whole database, as its owner may copy it, and the master key: without the record keys it stays shut."""
    path = tmp_path / "master.key"
    keys = Keys.read(path)
    async with open_pool(fresh_dsn, size=3, name="tests") as pool:
        intake = Intake(pool, keys)
        old = NOW - timedelta(days=366 * 8)
        happened = {"BROTTSDATUMTID_START": "2018-01-17 21:40", "VITTNE_NAMN": "Kanarina Dumpad"}
        await tell(intake, {"ID": "old", "MISSTANKT": SUSPECT, **happened}, at=old, archive=True)
        await tell(intake, {"ID": "young", "MISSTANKT": SUSPECT, "VITTNE_NAMN": "Kvar"}, at=NOW)
        dump = await _dump(fresh_dsn, tmp_path / "before.dump")
        order = Order.of(read_rules(), datetime.now(UTC), NOW.date(), "test")
        done = await erase.run(pool, keys.ring, order, ANMALAN.region.zone, dry=False)
        assert done["report_with_suspect"].incidents == 1
        restored = await _restore(fresh_dsn, dump)
        connection = await asyncpg.connect(restored)
        rows = await connection.fetch(
            """select i.source_key, r.body, r.key_id, m.sealed, m.key_id as mention_key
               from incident as i join incident_version as v using (incident_id) join raw_record as r using (raw_id)
               join person_mention as m using (version_id)"""
        )
        await connection.close()
        async with pool.acquire() as db:
            await db.execute(f"drop database {restored.split('@/')[1].split('?', maxsplit=1)[0]}")
    found = {row["source_key"]: row for row in rows}
    assert set(found) == {"old", "young"}  # the dump holds both,
    again = Keys.read(path)
    assert b"Kvar" in again.open(found["young"]["sealed"], found["young"]["mention_key"])
    for body, key_id in (
        (found["old"]["body"], found["old"]["key_id"]),
        (found["old"]["sealed"], found["old"]["mention_key"]),
    ):
        assert len(body) > 28
        with pytest.raises(NotFound, match="erased"):  # but not what opens the one.
            again.open(body, key_id)


async def test_keys_that_lie_in_the_database_of_0_1_0_move_out(fresh_dsn: str, tmp_path: Path) -> None:
    keys = Keys.read(tmp_path / "master.key")
    connection: asyncpg.Connection = await asyncpg.connect(fresh_dsn)
    sealed = [keys.seal(b"record %d" % number) for number in range(3)]
    for one in sealed:
        assert one.key is not None
        raw_id = await connection.fetchval(
            "insert into raw_record (delivery_id, number, body) values (1, 1, $1) returning raw_id", one.body
        )
        await connection.execute(
            "insert into record_key (raw_id, wrapped) values ($1, $2)", raw_id, one.key.wrapped
        )
    assert await move_keys(connection, keys.ring) == 3
    assert await move_keys(connection, keys.ring) == 0
    rows = await connection.fetch("select body, key_id from raw_record order by raw_id")
    assert [keys.open(row["body"], row["key_id"]) for row in rows] == [b"record 0", b"record 1", b"record 2"]
    assert await connection.fetchval("select count(*) from record_key") == 0
    await connection.close()


def test_the_keyring_is_a_plain_sqlite_file(tmp_path: Path) -> None:
    ring = Keyring(tmp_path / "records.db")
    ring.put([_key()])
    other = sqlite3.connect(tmp_path / "records.db")
    assert other.execute("pragma integrity_check").fetchone() == ("ok",)
    other.close()


async def _dump(dsn: str, file: Path) -> Path:
    await _run(_tool("pg_dump"), "--format=custom", f"--file={file}", dsn)
    return file


async def _restore(dsn: str, dump: Path) -> str:
    """Another database on the same server, from a dump."""
    restored = dsn.split("@/")[1].split("?", maxsplit=1)[0] + "_restored"
    admin = await asyncpg.connect(dsn)
    await admin.execute(f"create database {restored}")
    await admin.close()
    url = dsn.replace("@/" + dsn.split("@/")[1].split("?", maxsplit=1)[0], f"@/{restored}")
    await _run(_tool("pg_restore"), "--no-owner", f"--dbname={url}", str(dump))
    return url


async def _run(*command: str) -> None:
    child = await asyncio.create_subprocess_exec(*command, stderr=subprocess.PIPE)
    _, said = await child.communicate()
    assert child.returncode == 0, said.decode()


def _tool(name: str) -> str:
    found: list[Any] = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not found:
        pytest.skip(f"{name} is not where Debian puts it")
    return str(found[-1])
