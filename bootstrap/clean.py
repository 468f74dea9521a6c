"""``make clean``: remove .venv and var/, and the data where var/postgres is a link to a reachable place."""

from __future__ import annotations

import fcntl
import shutil
import sys

from bootstrap.packages import VENV
from bootstrap.steps import VAR


def clean() -> None:
    """Raises: SystemExit while an instance runs."""
    lock = VAR / "instance.lock"
    if lock.exists():
        with lock.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                sys.exit(f"What is in {VAR} is running: stop `make run` first.")
    clean_linked()
    for folder in (VAR, VENV):
        if folder.exists():
            shutil.rmtree(folder)


def clean_linked() -> None:
    """Remove only what lies outside the checkout: data of a checkout that the server's user cannot reach."""
    for link in (VAR / "postgres", VAR / "test" / "postgres"):
        if link.is_symlink():
            if link.exists():
                shutil.rmtree(link.resolve().parent)
            link.unlink()


if __name__ == "__main__":
    clean_linked() if "--linked" in sys.argv else clean()
