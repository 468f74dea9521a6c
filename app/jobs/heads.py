"""The file of signed heads: appended to and synced, by one sealer at a time."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

from app.domain.errors import SetupError
from app.domain.heads import Head, HeadCheck, whole_lines

if TYPE_CHECKING:
    from pathlib import Path

    from app.jobs.audit_keys import AuditKeys


class HeadFile:
    """Open for as long as the sealer runs. ``last`` is the newest head in it."""

    def __init__(self, path: Path, keys: AuditKeys) -> None:
        """Open the file, make it where there is none, and take off a line that was never finished.

        Raises:
            SetupError: It cannot be written, another sealer has it, or what is in it was not signed by us.
        """
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise SetupError(
                f"The file of the log's heads cannot be written ({error}); see LAGESBILD_AUDIT_HEADS."
            ) from error
        try:
            self._lock(path)
            self.last = self._read(path, keys)
        except BaseException:
            self.close()
            raise

    def _lock(self, path: Path) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SetupError(f"Another sealer writes the heads {path}; there can be one only.") from error

    def _read(self, path: Path, keys: AuditKeys) -> Head | None:
        content = path.read_bytes()
        lines, torn = whole_lines(content)
        check = HeadCheck(keys.public)
        problem = next(check.take(lines), None)
        if problem is not None:
            raise SetupError(
                f"{problem.sentence} Nothing more is sealed: look into it, keep {path} as evidence and put it aside; "
                "the next start begins a new one."
            )
        if torn:
            os.ftruncate(self._file, len(content) - len(torn))
        self._sync(path)
        return check.last

    def _sync(self, path: Path) -> None:
        os.fsync(self._file)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def append(self, head: Head) -> None:
        """Add a head; it is on the disk when this returns. Raises ``OSError``."""
        size, line = os.fstat(self._file).st_size, head.line()
        try:
            written = os.write(self._file, line)
            os.fsync(self._file)
        except OSError:
            os.ftruncate(self._file, size)
            raise
        if written != len(line):
            os.ftruncate(self._file, size)
            raise OSError("The disk of the log's heads is full.")
        self.last = head

    def content(self) -> bytes:
        """All of it, as it is on the disk."""
        return self._path.read_bytes()

    def close(self) -> None:
        """Let it go; no more heads can be added."""
        os.close(self._file)
