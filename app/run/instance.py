"""One running instance per ``var/``: a lock that the kernel lets go when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import json
import shutil
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from app.domain.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GRACE_S = 2.0  # a holder whose `make` was killed notices within this time
_STOPPING_S = 30.0
_ROOM_MIB = 100


class Instance:
    """The holder of the lock; what it says of itself is read by those who come second."""

    def __init__(self, var: Path, address: str) -> None:
        """``address`` is where this instance is (to be) found."""
        self._file = var / "instance.lock"
        self._address = address

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock.

        Raises:
            SetupError: Another one runs here; the message says where. Or the folder cannot be written.
        """
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            file = self._file.open("a+")
        except OSError as error:
            raise SetupError(
                f"Cannot write to {error.filename} ({error.strerror}): make room, give this user the folder, "
                "or choose another with LAGESBILD_VAR."
            ) from error
        with file:
            begun = time.monotonic()
            while not _try(file.fileno()):
                file.seek(0)
                holder = json.loads(file.read() or "{}")
                waited = time.monotonic() - begun
                if waited > (_STOPPING_S if holder.get("state") == "stopping" else _GRACE_S):
                    raise SetupError(
                        f"It is running already: {holder.get('address', 'starting up')} "
                        f"(process {holder.get('pid', '?')}); stop that one with Ctrl-C first."
                    )
                time.sleep(0.1)
            yield

    def say(self, state: str, pid: int) -> None:
        """Tell those who come second: running or stopping."""
        self._file.write_text(json.dumps({"pid": pid, "address": self._address, "state": state}))


def _try(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def require_room(var: Path) -> None:
    """Raises: SetupError, when the disk is too full for a database to start and stop properly."""
    free_mib = shutil.disk_usage(var).free // 2**20
    if free_mib < _ROOM_MIB:
        raise SetupError(f"Only {free_mib} MB are free on the disk of {var}: make room, 2 GB or more.")


def require_free_port(host: str, port: int) -> None:
    """Raises: SetupError, when another program listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetupError(
                f"Port {port} is taken by another program ({error.strerror}): stop it, or choose another port, "
                f"as in `LAGESBILD_PORT={port + 1} make run`."
            ) from error
