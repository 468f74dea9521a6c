"""Keyring: the wrapped keys of sealed records, in a file of their own. No copy of the database holds them.

Deleting a record's key here erases the record wherever a copy of it lies: in the database, its backups, its archived
WAL, a standby. A key is written, and on disk, *before* the transaction that needs it commits: a loader that is killed
in between leaves a key that opens nothing, never a record without its key. ``sweep`` of ``etl.erase`` takes such keys
away. SQLite: several processes of one machine may use the file at once. Deleted keys are overwritten.
"""

from __future__ import annotations

import os
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from uuid import UUID

from app.domain.errors import SetupError, Unavailable

CHUNK = 500
WAIT_S = 60
TABLE = """
create table if not exists record_key (
    key_id blob primary key, version integer not null, wrapped blob not null,
    made_at integer not null default (unixepoch())
) without rowid
"""


@dataclass(frozen=True)
class RecordKey:
    """The key of one sealed record, itself encrypted under the master key of ``version``."""

    key_id: UUID
    version: int
    wrapped: bytes


class Keyring:
    """The store of wrapped keys. ``path`` None keeps them in memory, for as long as the object lives."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._lock = RLock()
        self._open: sqlite3.Connection | None = None

    def put(self, keys: Iterable[RecordKey]) -> None:
        """Store keys; they are on disk when this returns. A key that is there already takes the new wrapping.

        Raises:
            Unavailable: The file is held by another process for too long, or cannot be written.
        """
        rows = [(key.key_id.bytes, key.version, key.wrapped) for key in keys]
        with self._writing() as connection:
            connection.executemany(
                "insert into record_key (key_id, version, wrapped) values (?, ?, ?) "
                "on conflict (key_id) do update set version = excluded.version, wrapped = excluded.wrapped",
                rows,
            )

    def rewrap(self, keys: Iterable[RecordKey]) -> None:
        """Give keys that are still there another wrapping; one that was erased meanwhile does not come back."""
        with self._writing() as connection:
            connection.executemany(
                "update record_key set version = ?, wrapped = ? where key_id = ?",
                [(key.version, key.wrapped, key.key_id.bytes) for key in keys],
            )

    def get(self, key_id: UUID) -> RecordKey | None:
        """One key; None when it was erased."""
        return self.many([key_id]).get(key_id)

    def many(self, key_ids: Sequence[UUID]) -> dict[UUID, RecordKey]:
        """The keys that are still there, by their ids."""
        found: dict[UUID, RecordKey] = {}
        with self._reading() as connection:
            for part in _chunks(key_ids):
                marks = ",".join("?" * len(part))
                for raw, version, wrapped in connection.execute(
                    f"select key_id, version, wrapped from record_key where key_id in ({marks})", part
                ):
                    key_id = UUID(bytes=raw)
                    found[key_id] = RecordKey(key_id, version, wrapped)
        return found

    def erase(self, key_ids: Sequence[UUID]) -> int:
        """Delete keys for good, and the pages of the log that held them; how many there were."""
        erased = 0
        with self._writing() as connection:
            for part in _chunks(key_ids):
                marks = ",".join("?" * len(part))
                erased += connection.execute(
                    f"delete from record_key where key_id in ({marks})", part
                ).rowcount
        with self._reading() as connection:
            connection.execute("pragma wal_checkpoint(truncate)").fetchall()
        return erased

    def under_other_versions(self, version: int, limit: int) -> list[RecordKey]:
        """Some keys that are not wrapped under ``version``."""
        with self._reading() as connection:
            return [
                RecordKey(UUID(bytes=raw), number, wrapped)
                for raw, number, wrapped in connection.execute(
                    "select key_id, version, wrapped from record_key where version <> ? limit ?",
                    (version, limit),
                )
            ]

    def ids_made_before(self, moment_s: int) -> Iterator[list[UUID]]:
        """The ids of keys made before a moment (seconds since 1970), some at a time."""
        after = b""
        while True:
            with self._reading() as connection:
                rows = connection.execute(
                    "select key_id from record_key where key_id > ? and made_at < ? order by key_id limit 10000",
                    (after, moment_s),
                ).fetchall()
            if not rows:
                return
            after = rows[-1][0]
            yield [UUID(bytes=raw) for (raw,) in rows]

    def counts(self) -> dict[int, int]:
        """How many keys are wrapped under each version of the master key."""
        with self._reading() as connection:
            return dict(
                connection.execute(
                    "select version, count(*) from record_key group by 1 order by 1"
                ).fetchall()
            )

    def copy(self, file: Path) -> None:
        """Write a copy, readable by its owner only. Keep few, and no old ones: an erased key lives on in its copies.

        Raises:
            SetupError: There is a file of that name already.
        """
        try:
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError as error:
            raise SetupError(f"{file} is there already; name a new file for the copy.") from error
        with self._reading() as connection:
            target = sqlite3.connect(file)
            try:
                connection.backup(target)
            finally:
                target.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connect()
            except sqlite3.Error as error:
                raise Unavailable(
                    f"The keyring {self.path or 'in memory'} does not answer ({error}); try again in a moment."
                ) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as connection:
            connection.execute("begin immediate")
            try:
                yield connection
            except BaseException:
                connection.execute("rollback")
                raise
            connection.execute("commit")

    def _connect(self) -> sqlite3.Connection:
        if self._open is None:
            if self.path is not None:
                self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
            connection = sqlite3.connect(
                self.path or ":memory:", timeout=WAIT_S, isolation_level=None, check_same_thread=False
            )
            weakref.finalize(self, connection.close)
            connection.execute("pragma journal_mode = wal").fetchall()
            connection.execute("pragma synchronous = full")
            connection.execute("pragma secure_delete = on").fetchall()
            connection.execute(TABLE)
            self._open = connection
        return self._open


def _chunks(key_ids: Sequence[UUID]) -> Iterator[list[bytes]]:
    for start in range(0, len(key_ids), CHUNK):
        yield [key_id.bytes for key_id in key_ids[start : start + CHUNK]]
