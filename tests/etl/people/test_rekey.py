"""A re-key turns everything at once, loses nothing, and may be killed anywhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.db import Pool, open_pool
from app.domain.errors import BadInput, NotFound, SetupError, Unavailable
from etl import keyfile, quarantine, versions
from etl.identify import Pseudonyms
from etl.keep import Keys
from etl.rekey import all_versions, forget, rekey
from etl.run import Intake
from tests.etl.people.killing import killed_at
from tests.etl.people.world import (
    ANMALAN,
    NOW,
    OTHER,
    SUSPECT,
    VICTIM,
    WITNESS,
    mentions_of,
    pairs_of,
    tell,
    whole_database,
)

HOUR = timedelta(hours=1)
LATER = count(2)
REKEY = "from etl.rekey import rekey; await rekey(pool, keys, tell)"
ROWS: tuple[dict[str, Any], ...] = (
    {"ID": "r1", "MALSAGANDE": VICTIM, "MISSTANKT": SUSPECT, "VITTNE": WITNESS, "VITTNE_NAMN": "Vittja"},
    {"ID": "r2", "MALSAGANDE": VICTIM, "MISSTANKT_NAMN": "Utan Nummer"},
    {"ID": "r3", "MALSAGANDE": OTHER, "MISSTANKT": "188807211170"},  # to quarantine
)


@pytest.fixture
async def place(fresh_dsn: str, tmp_path: Path) -> AsyncIterator[tuple[Pool, str, Path]]:
    """A database of its own with some reports, a key file of its own, and what else names people."""
    path = tmp_path / "keys" / "master.key"
    async with open_pool(fresh_dsn, size=5, name="tests") as pool:
        keys = Keys.read(path)
        intake = Intake(pool, keys)
        await tell(intake, *ROWS)
        async with pool.acquire() as db:
            suspect = Pseudonyms(keys).of(SUSPECT, "")
            victim = Pseudonyms(keys).of(VICTIM, "")
            await db.execute(
                """insert into suspicion_statement (incident_id, suspect, reason, final_on, source, recorded_by)
                   select incident_id, $1, 'acquitted', '2026-06-01', 'B 1-26', 'test' from incident
                   where source_key = 'r1'""",
                suspect,
            )
            await db.execute(
                """insert into follow_up (victim, suspect, incident_id, kind, text)
                   select $1, $2, incident_id, 'contact', 'ringde' from incident where source_key = 'r1'""",
                victim,
                suspect,
            )
            await db.execute(
                "insert into link_judgement (a, b, decision, evidence, reason) values ($1, $2, 'accept', '{}', 'same')",
                suspect,
                Pseudonyms(keys).of_mention("anmalan", "r2", "suspect", 1),
            )
            await db.execute(
                "insert into read_log (action, what, persons) values ('read', 'test', array[$1::bytea])",
                victim,
            )
        yield pool, fresh_dsn, path


async def _is_whole(pool: Pool, path: Path, version: int) -> None:
    """Everything is under one version and opens; what comes again is known again."""
    keys = Keys.read(path)
    names = Pseudonyms(keys, version)
    async with pool.acquire() as db:
        _, current = await versions.current(db, keys)
        assert current == version
        assert [tuple(row)[1:] for row in await pairs_of(db, "r1")] == [
            (names.of(VICTIM, ""), names.of(SUSPECT, ""))
        ]
        assert [tuple(row)[1:] for row in await pairs_of(db, "r2")] == [
            (names.of(VICTIM, ""), names.of_mention("anmalan", "r2", "suspect", 1))
        ]
        (witness,) = await mentions_of(db, "r1")
        assert witness["person"] == names.of(WITNESS, "")
        assert b"Vittja" in keys.open(witness["sealed"], witness["key_id"])
        assert await db.fetchval("select suspect from suspicion_statement") == names.of(SUSPECT, "")
        assert tuple(await db.fetchrow("select victim, suspect from follow_up")) == (
            names.of(VICTIM, ""),
            names.of(SUSPECT, ""),
        )
        same = await db.fetch("select member from link_persons_of($1, null)", [names.of(SUSPECT, "")])
        assert {row[0] for row in same} == {
            names.of(SUSPECT, ""),
            names.of_mention("anmalan", "r2", "suspect", 1),
        }
        for row in await db.fetch("select body, key_id from raw_record where key_id is not null"):
            assert keys.open(row["body"], row["key_id"]).startswith(b"{")
        everything = await whole_database(db, "read_log")
        for other in keys.versions:
            old = Pseudonyms(keys, other).of(VICTIM, "")
            assert old is not None
            assert (old.hex() in everything) == (other == version)
    again = await tell(Intake(pool, keys), *ROWS[:2], at=NOW + next(LATER) * HOUR)
    assert (again.loaded, again.unchanged) == (0, 2)  # the hashes of what was said were turned too


async def test_a_rekey_turns_every_pseudonym_and_wraps_every_key(place: tuple[Pool, str, Path]) -> None:
    pool, _, path = place
    done = await rekey(pool, Keys.read(path))
    assert (done.version, done.resumed) == (2, False)
    assert done.keys == 5  # three records and two mentions
    assert done.pseudonyms == 4
    assert Keys.read(path).ring.counts() == {2: 5}
    await _is_whole(pool, path, 2)
    await rekey(pool, Keys.read(path))
    await _is_whole(pool, path, 3)


@pytest.mark.parametrize(
    "line",
    [
        "is in the key file",
        "turning incident_offence",
        "turning sighting",
        "about to be committed",
        "pseudonyms and",
    ],
)
async def test_a_rekey_that_was_killed_is_finished_by_the_next(
    place: tuple[Pool, str, Path], line: str
) -> None:
    pool, dsn, path = place
    await killed_at(line, REKEY, dsn, path)
    async with pool.acquire() as db:  # what a reader sees meanwhile is of one version, whichever
        _, current = await versions.current(db, Keys.read(path))
    assert current == (2 if line == "pseudonyms and" else 1)
    await _is_whole(pool, path, current)

    done = await rekey(pool, Keys.read(path))
    assert (done.version, done.resumed) == (2, True)
    assert Keys.read(path).ring.counts() == {2: 5}
    await _is_whole(pool, path, 2)


async def test_a_reader_sees_all_before_or_all_after(place: tuple[Pool, str, Path]) -> None:
    """While it works: each snapshot has the victim of both reports under one version."""
    pool, _, path = place
    before, seen = Keys.read(path), set()
    working = asyncio.create_task(rekey(pool, before))
    while not working.done():
        async with pool.acquire() as db, db.transaction(isolation="repeatable_read", readonly=True):
            one = await db.fetchval("select victim from incident_offence where suspect is not null limit 1")
            await asyncio.sleep(0.005)
            both = await db.fetch(
                "select distinct victim from follow_up union select victim from incident_offence"
            )
            version = await db.fetchval("select version from identity_key where retired_at is null")
        assert [row["victim"] for row in both] == [one]
        seen.add((version, one))
    await working
    assert len({version for version, _ in seen}) == len(seen)


async def test_who_prepared_under_the_old_keys_is_told_to_prepare_anew(place: tuple[Pool, str, Path]) -> None:
    pool, _, path = place
    stale = Intake(pool, Keys.read(path))
    await stale._open_workshop()
    workshop = await stale._open_workshop()
    part = workshop.prepare([], ANMALAN, part=0, fetched_at=NOW, archive=False)
    await rekey(pool, Keys.read(path))
    from etl.load import Delivery

    with pytest.raises(Unavailable, match="keys were changed"):
        await stale._load(part, Delivery(ANMALAN, "stale", b"\0" * 32, NOW), workshop.pseudonyms.version)
    # The same process, asked again, reads the key file again and goes on.
    receipt = await tell(stale, {"ID": "r9", "MALSAGANDE": VICTIM}, at=NOW + HOUR)
    assert receipt.loaded == 1
    async with pool.acquire() as db:
        ((_, victim, _),) = await pairs_of(db, "r9")
    assert victim == Pseudonyms(Keys.read(path), 2).of(VICTIM, "")


async def test_another_database_s_key_file_is_refused(place: tuple[Pool, str, Path], tmp_path: Path) -> None:
    pool, _, _ = place
    other = Keys.read(tmp_path / "other" / "master.key")
    with pytest.raises(SetupError, match="not the one"):
        await tell(Intake(pool, other), ROWS[0], at=NOW + HOUR)
    with pytest.raises(SetupError, match="not the one"):
        await rekey(pool, other)


async def test_two_rekeys_do_not_run_at_once(place: tuple[Pool, str, Path]) -> None:
    pool, dsn, path = place
    holder = await asyncpg.connect(dsn)
    await holder.execute("select pg_advisory_lock(hashtext('rekey'))")
    with pytest.raises(Unavailable, match="Another re-key"):
        await rekey(pool, Keys.read(path))
    await holder.close()
    assert Keys.read(path).versions == (1,)


async def test_the_log_keeps_the_pseudonym_of_its_time_and_is_found_by_it(
    place: tuple[Pool, str, Path],
) -> None:
    pool, _, path = place
    await rekey(pool, Keys.read(path))
    keys = Keys.read(path)
    now = Pseudonyms(keys, 2).of(VICTIM, "")
    assert now is not None
    async with pool.acquire() as db:
        found = await db.fetchval(
            "select count(*) from read_log where persons && $1::bytea[]", all_versions(keys, now, 2)
        )
    assert found == 1


async def test_a_forgotten_master_key_opens_no_old_copy(
    place: tuple[Pool, str, Path], tmp_path: Path
) -> None:
    pool, _, path = place
    copy = tmp_path / "copy.db"
    Keys.read(path).ring.copy(copy)
    async with pool.acquire() as db:
        with pytest.raises(BadInput, match="in use"):
            await forget(db, Keys.read(path), 1)
        await rekey(pool, Keys.read(path))
        await forget(db, Keys.read(path), 1)
        assert Keys.read(path).versions == (2,)
        row = await db.fetchrow("select body, key_id from raw_record order by raw_id limit 1")
    await _is_whole(pool, path, 2)
    from etl.keyring import Keyring

    held = keyfile.read(path)
    old = Keys(held.masters[2], 2, held.identity, ring=Keyring(copy))
    with pytest.raises(SetupError, match="no version 1"):
        old.open(row["body"], row["key_id"])


async def test_a_record_waits_in_quarantine_over_a_rekey(place: tuple[Pool, str, Path]) -> None:
    pool, _, path = place
    await rekey(pool, Keys.read(path))
    async with pool.acquire() as db:
        (entry,) = await quarantine.list_open(db, ANMALAN.name)
    again = await quarantine.replay(pool, Keys.read(path), entry.quarantine_id, lambda _: ANMALAN)
    assert again.quarantined == 1  # its number is as wrong as before; it was opened and read
    with pytest.raises(NotFound):
        await quarantine.replay(pool, Keys.read(path), entry.quarantine_id, lambda _: ANMALAN)


def test_a_file_of_one_line_is_version_1_and_the_new_file_keeps_its_identity_key(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    path.write_text("ab" * 32)
    old = Keys.read(path)
    assert keyfile.add_version(path) == 2
    new = Keys.read(path)
    assert (old.versions, new.versions) == ((1,), (1, 2))
    assert new.identity == old.identity
    assert new.derive(b"record keys", 1) == old.derive(b"record keys")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["master.key"]


@pytest.mark.parametrize("text", ["", "zz", "abcd", '{"identity": "00"}', '{"identity": "", "masters": {}}'])
def test_what_is_no_key_file_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(text)
    with pytest.raises(SetupError, match="restore it"):
        Keys.read(path)
