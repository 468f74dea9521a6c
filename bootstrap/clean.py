"""``make clean``: remove .venv and var/, and the data where var/postgres is a link to a reachable place."""

from __future__ import annotations

import fcntl
import shutil
import sys

from bootstrap.packages import VENV
from bootstrap.steps import VAR


def clean() -> None:
    """Raises: SystemExit while an instance runs."""
    lock, data = VAR / "instance.lock", VAR / "postgres"
    if lock.exists():
        with lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                sys.exit(f"What is in {VAR} is running: stop `make run` first.")
    if data.is_symlink() and data.exists():
        shutil.rmtree(data.resolve().parent)
    for folder in (VAR, VENV):
        if folder.exists():
            shutil.rmtree(folder)


if __name__ == "__main__":
    clean()
