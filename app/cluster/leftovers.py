"""Which of a cluster's processes run, and the end of those that lost their postmaster.

After ``kill -9`` of the postmaster, backends that are busy go on and hold the shared memory: a new server
then refuses to start. A process is ours when it is called postgres and works in our data folder; no other is
touched.
"""

from __future__ import annotations

import signal
from pathlib import Path
from typing import NamedTuple

import psutil

_PATIENCE_S = 5.0


class Postmaster(NamedTuple):
    """What postmaster.pid says: ``state`` is starting, stopping, ready or standby."""

    pid: int
    state: str


def postmaster(data: Path) -> Postmaster | None:
    """The living postmaster of this data folder, or None (a stale pid file is none)."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None  # not there, or being written at this moment
    if not _is_ours(pid, data):
        return None
    return Postmaster(pid, lines[7].strip() if len(lines) > 7 else "starting")


def end_orphans(data: Path, socket: Path) -> int:
    """End what works in ``data`` without a postmaster, remove its lock files, and count what was ended.

    The lock files name process ids; one that a stranger got since would keep the server from starting.

    Call it only when `postmaster` says None and under the cluster's lock.
    """
    orphans = [process for process in psutil.process_iter() if _is_ours(process.pid, data)]
    for how in (signal.SIGQUIT, signal.SIGKILL):
        for process in orphans:
            try:
                process.send_signal(how)
            except psutil.NoSuchProcess:
                continue
        _, orphans_left = psutil.wait_procs(orphans, timeout=_PATIENCE_S)
        if not orphans_left:
            break
    for stale in (data / "postmaster.pid", *socket.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)
    return len(orphans)


def _is_ours(pid: int, data: Path) -> bool:
    try:
        process = psutil.Process(pid)
        return (
            process.name().startswith("postgres")
            and process.status() != psutil.STATUS_ZOMBIE
            and Path(process.cwd()) == data
        )
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False  # ended meanwhile, or another user's, which ours never are
