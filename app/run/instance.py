"""One running instance per ``var/``: a lock that the kernel lets go when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import json
import shutil
import socket
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from app.domain.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_GRACE_S = 2.0  # a holder whose `make` was killed notices within this time
_STOPPING_S = 30.0
_ROOM_MIB = 100


class Instance:
    """The holder of the lock; what it says of itself is read by those who come second."""

    def __init__(self, var: Path, what: str) -> None:
        """``what`` is the address at which this instance is found, or who else uses the folder."""
        self._file = var / "instance.lock"
        self._what = what

    @contextmanager
    def hold(self, patience_s: float = _GRACE_S) -> Iterator[None]:
        """Hold the lock; wait so long for whoever has it.

        Raises:
            SetupError: Another one still has it; the message says who. Or the folder cannot be written.
        """
        with self._open() as file:
            begun = time.monotonic()
            while not _try(file.fileno()):
                holder = _holder(file)
                waited = time.monotonic() - begun
                if waited > (_STOPPING_S if holder.get("state") == "stopping" else patience_s):
                    raise SetupError(
                        f"It is running already: {holder.get('what', 'starting up')} "
                        f"(process {holder.get('pid', '?')}); stop that one with Ctrl-C first."
                    )
                time.sleep(0.1)
            yield

    @property
    def is_served(self) -> bool:
        """Whether a supervised instance runs here, whose database may be used."""
        with self._open() as file:
            return not _try(file.fileno()) and _holder(file).get("state") == "running"

    def say(self, state: str, pid: int) -> None:
        """Tell those who come second: starting, running or stopping."""
        self._file.write_text(json.dumps({"pid": pid, "what": self._what, "state": state}))

    def _open(self) -> TextIO:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            return self._file.open("a+")
        except OSError as error:
            raise SetupError(
                f"Cannot write to {error.filename} ({error.strerror}): make room, give this user the folder, "
                "or choose another with LAGESBILD_VAR."
            ) from error


def _holder(file: TextIO) -> dict[str, Any]:
    """What the lock's holder says of itself; nothing while it is writing it."""
    file.seek(0)
    try:
        said: dict[str, Any] = json.loads(file.read())
    except json.JSONDecodeError:
        return {}
    return said


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
