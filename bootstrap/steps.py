"""One step of set-up: one line on the screen, its output in a log, a stamp when it is done."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("LAGESBILD_VAR") or ROOT / "var").absolute()


class StopError(Exception):
    """Set-up cannot go on; the message is one sentence that says what to do."""


@contextmanager
def progress(what: str) -> Iterator[None]:
    """One line: what is being done, and how long it took."""
    sys.stdout.write(f"  {what} … ")
    sys.stdout.flush()
    begun = time.monotonic()
    try:
        yield
    except BaseException:
        sys.stdout.write("not done\n")
        sys.stdout.flush()
        raise
    sys.stdout.write(f"{time.monotonic() - begun:.0f} s\n")
    sys.stdout.flush()


def checksum(*files: Path, extra: str = "") -> str:
    """Of the files' bytes and whatever else the result depends on."""
    digest = hashlib.sha256(extra.encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def is_done(stamp: Path, mark: str) -> bool:
    """Whether the stamp was left by the same inputs."""
    return stamp.is_file() and stamp.read_text() == mark


def command(
    arguments: Sequence[str | Path],
    problem: str,
    *,
    folder: Path = ROOT,
    env: Mapping[str, str] | None = None,
) -> None:
    """Run it with its output in var/log/setup.log.

    Raises:
        StopError: It failed; says ``problem`` and the last line that the program wrote.
    """
    log = VAR / "log" / "setup.log"
    with log.open("ab") as out:
        out.write(f"\n$ {' '.join(map(str, arguments))}\n".encode())
        out.flush()
        ended = subprocess.run(  # noqa: S603
            [str(part) for part in arguments], cwd=folder, env={**os.environ, **(env or {})}, check=False,
            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    if ended.returncode:
        tail = log.read_text(errors="replace").splitlines()[-200:]
        if any("No space left on device" in line for line in tail):
            raise StopError(f"The disk of {folder} is full: make room for about 3 GB and run it again.")
        words = [line.strip() for line in tail if line.strip()]
        raise StopError(f"{problem} ({words[-1]}); the whole output is in {log}.")


def explain(error: OSError) -> StopError:
    """The sentence for a file that cannot be written."""
    where = error.filename or ROOT
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StopError(f"The disk of {where} is full: make room for about 3 GB and run it again.")
    return StopError(
        f"Cannot write to {where} ({error.strerror}): give this user the folder, or choose another place for "
        "what a running instance writes with LAGESBILD_VAR."
    )
