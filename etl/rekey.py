"""Re-key: a new version of the master key, under which all pseudonyms and all record keys are from then on.

Three steps, each of which may be cut off anywhere and is taken up by the next call:

1. the new key is written into the key file, and is on disk;
2. one transaction turns every pseudonym and notes the version: a reader sees all of them before or all after;
3. the keyring's record keys are wrapped anew, some at a time; each says under which version it is, so both kinds open.

Numbers are not needed: the outer layer is undone with the old key and done with the new one
(docs/decisions/2026-11-24-rekey.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.errors import BadInput, SetupError, Unavailable
from etl import keyfile, pseudonyms, versions
from etl.identify import permutation

if TYPE_CHECKING:
    from app.db import Connection, Pool
    from etl.keep import Keys

ONE_AT_A_TIME = "select pg_try_advisory_lock(hashtext('rekey'))"
DONE = "select pg_advisory_unlock(hashtext('rekey'))"
BATCH = 20_000
WRAPPED_AT_ONCE = 1_000


@dataclass(frozen=True)
class Rekeyed:
    """What a re-key did. ``version`` is the one that holds now."""

    version: int
    resumed: bool
    pseudonyms: int
    records: int
    keys: int


async def rekey(pool: Pool, keys: Keys, tell: Callable[[str], None] = lambda _: None) -> Rekeyed:
    """Make a new version and bring everything under it, or finish a re-key that was cut off.

    Loads wait while the pseudonyms are turned; reads go on. ``tell`` is given a line at each step.

    Raises:
        SetupError: The keys are in no file, or the file is not this database's.
        Unavailable: Another re-key is running.
    """
    if keys.path is None:
        raise SetupError("A re-key needs a key file to write the new key to.")
    async with pool.acquire() as connection:
        if not await connection.fetchval(ONE_AT_A_TIME):
            raise Unavailable("Another re-key is running; let it finish.")
        try:
            return await _rekey(connection, keys, tell)
        finally:
            if not connection.is_closed():
                await connection.execute(DONE)


async def _rekey(connection: Connection, keys: Keys, tell: Callable[[str], None]) -> Rekeyed:
    path = keys.path
    if path is None:
        raise SetupError("A re-key needs a key file to write the new key to.")
    held, before = await versions.current(connection, type(keys).read(path))
    resumed = held.version > before or any(version != before for version in held.ring.counts())
    target = held.version
    if not resumed:
        target = keyfile.add_version(path)
        held = held.holding(target)
    tell(f"version {target} of the master key is in the key file")
    turned, records = 0, 0
    if target != before:
        async with connection.transaction():
            turned, records = await _turn(connection, held, before, target, tell)
        tell(f"{turned} pseudonyms and {records} records are under version {target}")
    wrapped = _rewrap(held, target, tell)
    return Rekeyed(target, resumed, turned, records, wrapped)


async def _turn(
    connection: Connection, keys: Keys, before: int, target: int, tell: Callable[[str], None]
) -> tuple[int, int]:
    """Turn everything from one version to the other, inside the caller's transaction."""
    await connection.execute(versions.HOLD_ALONE)
    columns = pseudonyms.tables()
    hashed = dict(pseudonyms.CONTENT)
    # Others may read, nobody may write: what was just being written is waited for, and turned too.
    await connection.execute(
        f"lock table {', '.join(sorted({*columns, *hashed}))} in share row exclusive mode"
    )
    await connection.execute(
        "create temporary table turned (old bytea primary key, new bytea not null) on commit drop"
    )
    every = " union ".join(f"select {column} from {table}" for table, of in columns.items() for column in of)
    people = await _fill(connection, every, keys, before, target)
    for table, of in columns.items():
        tell(f"turning {table}")
        await _update(connection, table, of)
    records = 0
    await connection.execute("truncate turned")
    every = " union ".join(f"select {column} from {table}" for table, column in hashed.items())
    await _fill(connection, every, keys, before, target)
    for table, column in hashed.items():
        tell(f"turning {table}")
        records += await _update(connection, table, [column])
    await connection.execute(
        "update identity_key set retired_at = now() where version = $1 and retired_at is null", before
    )
    await connection.execute(
        "insert into identity_key (version, check_value) values ($1, $2)",
        target,
        versions.check_value(keys, target),
    )
    tell("all is turned, and about to be committed")
    return people, records


async def _fill(connection: Connection, every: str, keys: Keys, before: int, target: int) -> int:
    """Fill ``turned`` with all that a query gives; how many they are."""
    old, new = permutation(keys, before), permutation(keys, target)
    cursor = await connection.cursor(every)
    filled = 0
    while rows := await cursor.fetch(BATCH):
        part = [row[0] for row in rows if row[0] is not None]
        await connection.copy_records_to_table(
            "turned", records=list(zip(part, new.turn(old.back(part)), strict=True))
        )
        filled += len(part)
    await connection.execute("analyze turned")
    return filled


async def _update(connection: Connection, table: str, columns: Iterable[str]) -> int:
    """Put the turned values into a table; how many rows have one."""
    names = list(columns)
    values = ", ".join(f"{name} = (select new from turned where old = t.{name})" for name in names)
    filled = " or ".join(f"{name} is not null" for name in names)
    done: str = await connection.execute(f"update {table} as t set {values} where {filled}")
    return int(done.rpartition(" ")[2])


def _rewrap(keys: Keys, target: int, tell: Callable[[str], None]) -> int:
    """Wrap all record keys under the newest master key."""
    done = 0
    while some := keys.ring.under_other_versions(target, WRAPPED_AT_ONCE):
        keys.ring.rewrap([keys.rewrapped(key) for key in some])
        done += len(some)
        tell(f"{done} record keys are wrapped anew")
    return done


def all_versions(keys: Keys, pseudonym: bytes, version: int) -> list[bytes]:
    """A pseudonym as it is and was under every version whose key is held: to search the log, which is never turned."""
    inner = permutation(keys, version).back([pseudonym])
    return [permutation(keys, held).turn(inner)[0] for held in keys.versions]


async def forget(connection: Connection, keys: Keys, version: int) -> None:
    """Delete an old master key from the key file: old copies of the keyring, wrapped under it, open no more.

    Raises:
        BadInput: It is in use, or there is none of this number.
        SetupError: The keys are in no file.
    """
    if keys.path is None:
        raise SetupError("These keys are in no file.")
    held, current = await versions.current(connection, type(keys).read(keys.path))
    if version not in held.versions:
        raise BadInput(f"The key file holds no version {version} of the master key.")
    if version in {current, held.version} or version in held.ring.counts():
        raise BadInput(
            f"Version {version} is in use; `lagesbild keys rekey` brings what is under it under a new one."
        )
    keyfile.drop_version(keys.path, version)
