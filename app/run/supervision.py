"""The supervisor (the library of that name) as a child: its configuration, its start, its end.

It starts again whatever ends, at once when it had run for a while and with growing pauses when it keeps failing.
It has no control socket; to stop everything is to stop it.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.cluster.lifeline import die_with_parent
from app.run import record

if TYPE_CHECKING:
    from pathlib import Path

NAME = "supervisor"
_END_S = 21  # the sum of what the programs may take, and a little


@dataclass(frozen=True)
class Program:
    """One process to keep alive. A lower ``rank`` starts earlier and stops later; one rank stops together."""

    name: str
    arguments: tuple[str, ...]
    rank: int
    stop_signal: str = "TERM"
    stop_s: int = 3


class Supervisor:
    """Runs programs until told to stop; they die with it, and it dies with us."""

    def __init__(self, var: Path, programs: list[Program], env: dict[str, str]) -> None:
        """``env`` is added to the programs' environment."""
        self._var = var
        self._programs = programs
        self._env = env
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and its programs; returns at once."""
        conf = self._var / "run" / "supervisord.conf"
        conf.parent.mkdir(parents=True, exist_ok=True)
        (self._var / "log").mkdir(exist_ok=True)
        conf.write_text(configuration(self._var, self._programs))
        parent = os.getpid()
        self._child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", conf],
            env={**os.environ, **self._env}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=lambda: die_with_parent(parent, signal.SIGTERM),  # noqa: PLW1509 - one thread, no locks
        )  # fmt: skip
        record.write(self._var, NAME, self._child.pid)

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._child is not None and self._child.poll() is None

    def stop(self) -> None:
        """Stop the programs, last rank first, and then it."""
        if self._child is None:
            return
        self._child.terminate()
        try:
            self._child.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


def configuration(var: Path, programs: list[Program]) -> str:
    """The supervisor's configuration file."""
    log = var / "log"
    lines = [
        "[supervisord]",
        "nodaemon=true",
        f"logfile={_escape(str(log / 'supervisor.log'))}",
        "logfile_maxbytes=5MB",
        "logfile_backups=1",
        f"pidfile={_escape(str(var / 'run/supervisord.pid'))}",
        f"childlogdir={_escape(str(log))}",
        "silent=true",
    ]
    for rank in sorted({program.rank for program in programs}):
        names = ",".join(program.name for program in programs if program.rank == rank)
        lines += [f"[group:rank{rank}]", f"programs={names}", f"priority={rank}"]
    for program in programs:
        lines += [
            f"[program:{program.name}]",
            f"command={_escape(shlex.join((sys.executable, *program.arguments)))}",
            "autorestart=true",
            "startsecs=5",
            "startretries=1000000",
            f"stopsignal={program.stop_signal}",
            f"stopwaitsecs={program.stop_s}",
            f"killasgroup={'false' if program.stop_signal == 'INT' else 'true'}",
            f"stdout_logfile={_escape(str(log / program.name))}.log",
            "redirect_stderr=true",
            "stdout_logfile_maxbytes=10MB",
            "stdout_logfile_backups=2",
        ]
    return "\n".join(lines) + "\n"


def _escape(text: str) -> str:
    """Percent signs are variables to the supervisor."""
    return text.replace("%", "%%")
