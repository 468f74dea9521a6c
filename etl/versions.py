"""Versions of the keys: under which one the database's pseudonyms are, and that the key file is the right one.

A re-key takes the lock alone (``HOLD_ALONE``); whoever writes pseudonyms takes it shared (``HOLD``) and asks, with it
in hand, whether the version is still the one it made them under.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from app.domain.errors import SetupError

if TYPE_CHECKING:
    from app.db import Connection
    from etl.keep import Keys

HOLD = "pg_advisory_xact_lock_shared(hashtext('identity'))"
HOLD_ALONE = "select pg_advisory_xact_lock(hashtext('identity'))"

BEGIN = """
insert into identity_key (version, check_value) select $1, $2
where not exists (select from identity_key) on conflict do nothing
"""
CURRENT = "select version, check_value from identity_key where retired_at is null"


def check_value(keys: Keys, version: int) -> bytes:
    """What tells two key files apart and reveals neither.

    Raises:
        SetupError: That version of the master key is not held (any more).
    """
    outer, inner = keys.derive(b"check", version), keys.lasting(b"check")
    return hashlib.blake2b(outer, key=inner, digest_size=16).digest()


async def current(connection: Connection, keys: Keys) -> tuple[Keys, int]:
    """The keys, read again where the database is ahead of them, and the version of the database's pseudonyms.

    A database that has none yet begins under the newest version of ``keys``.

    Raises:
        SetupError: The key file is not the one under which the database was begun, or lacks the version.
    """
    row = await connection.fetchrow(CURRENT)
    if row is None:
        await connection.execute(BEGIN, keys.version, check_value(keys, keys.version))
        row = await connection.fetchrow(CURRENT)
    held = keys.holding(row["version"])
    if check_value(held, row["version"]) != row["check_value"]:
        raise SetupError(
            "The key file is not the one under which this database's pseudonyms were made; restore that one: under "
            "another key nobody who is known would be recognised."
        )
    return held, row["version"]
