"""One private cluster: made once, started, attached to, ended. See the package for what it promises."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote

from app.cluster import home as homes
from app.cluster import leftovers, server, settings
from app.cluster.lifeline import die_with_parent
from app.domain.errors import SetupError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = "postgres"
DATABASE = "lagesbild"
_ROOM_MIB = 300  # an empty cluster, its first log and PostGIS
_READY_S = 180.0  # crash recovery of a full max_wal_size on a slow disk
_STOP_S = 10.0
_MAKE_DATABASE = """
select format('create database %I', :'name')
 where not exists (select from pg_database where datname = :'name')
\\gexec
"""


class Cluster:
    """The private PostGIS under ``var``; any number of them run side by side, one per folder."""

    def __init__(self, var: Path, *, durable: bool = True) -> None:
        """Nothing is touched yet.

        Args:
            var: Folder that the cluster lives in (as ``var/postgres``); made when missing.
            durable: False for tests: no fsync. Killed processes lose nothing either way, a power cut does.
        """
        self._folder = var.absolute() / "postgres"
        self._durable = durable
        self._home: homes.Home | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> homes.Home:
        """Where it lives; making the folders at first use."""
        if self._home is None:
            self._home = homes.settle(self._folder)
        return self._home

    @property
    def is_running(self) -> bool:
        """Whether its postmaster lives, whoever started it."""
        return leftovers.postmaster(self.home.data) is not None

    def dsn(self, database: str = DATABASE) -> str:
        """A URL for asyncpg, psycopg, SQLAlchemy and psql alike; it holds no secret."""
        return (
            f"postgresql://{ROLE}@/{quote(database)}?host={quote(str(self.home.socket), safe='/')}&port=5432"
        )

    def start(self) -> str:
        """Have it running and ready with the database ``lagesbild`` in it, and return that one's `dsn`.

        A cluster that runs already is attached to: then `stop` leaves it to whoever started it. A server
        started here dies with this process, kill -9 included (Linux), and with the *thread* that called, so
        call it from the main one.

        Raises:
            SetupError: No PostGIS is installed, or the folder cannot be written.
            Unavailable: The server did not come up; the message holds its last word.
        """
        with self._lock():
            self._await_stopping()
            if not self.is_running:
                program = self._prepare()
                parent = os.getpid()
                with self.home.log.open("ab") as log:
                    self._child = subprocess.Popen(  # noqa: S603
                        program, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.home.folder,
                        start_new_session=True, preexec_fn=lambda: self._become(parent),  # noqa: PLW1509
                    )  # fmt: skip
            self.wait_ready()
            self._make_database()
        return self.dsn()

    def run_in_foreground(self) -> NoReturn:
        """Become the postmaster: for a supervisor, which starts it again whenever it ends.

        SIGINT stops it fast, and it stops so by itself when the supervisor dies. `SetupError` as in `start`.
        """
        parent = os.getppid()
        with self._lock():
            self._await_stopping()
            if pid := leftovers.postmaster(self.home.data):
                raise Unavailable(
                    f"The database under {self._folder} is already running as process {pid.pid}."
                )
            program = self._prepare()
        os.chdir(self.home.folder)
        self._become(parent)
        os.execv(program[0], program)  # noqa: S606

    def wait_ready(self, timeout_s: float = _READY_S) -> None:
        """Return when it takes connections.

        Raises:
            Unavailable: It ended, or was not ready in time.
        """
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            running = leftovers.postmaster(self.home.data)
            if running and running.state == "ready":
                return
            if self._child and self._child.poll() is not None:
                break
            time.sleep(0.02)
        raise Unavailable(f"The database did not start: {self._last_word()}")

    def ensure_database(self, name: str = DATABASE) -> None:
        """Make the database when it is missing."""
        self._make_database(name)

    def stop(self) -> None:
        """Stop it, if it was started here: fast (clients are cut off, data is safe), then harder."""
        if self._child is None:
            return
        for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            self._child.send_signal(how)
            try:
                self._child.wait(_STOP_S)
                break
            except subprocess.TimeoutExpired:
                continue
        self._child = None
        with self._lock():
            if not self.is_running:
                leftovers.end_orphans(self.home.data, self.home.socket)

    def end(self) -> None:
        """Stop it whoever started it, and any process that lost its postmaster."""
        with self._lock():
            if running := leftovers.postmaster(self.home.data):
                os.kill(running.pid, signal.SIGINT)
                self._await_end()
            leftovers.end_orphans(self.home.data, self.home.socket)

    # -- inside ---------------------------------------------------------------------------------------------

    @contextmanager
    def _lock(self) -> Iterator[None]:
        with self.home.lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _prepare(self) -> list[str]:
        """Everything before the server's first instruction; the command to run."""
        leftovers.end_orphans(self.home.data, self.home.socket)
        found = self._server()
        if not self.home.data.exists():
            self._initialise(found)
        own = settings.arguments(socket=self.home.socket, major=found.major, durable=self._durable)
        return [str(found.bin / "postgres"), "-D", str(self.home.data), *own]

    def _server(self) -> server.Server:
        mark = self.home.data / "PG_VERSION"
        major = int(mark.read_text()) if mark.exists() else None
        if found := server.find(major):
            return found
        if major and server.find():
            raise SetupError(
                f"The data under {self._folder} was made by PostgreSQL {major}, which is gone: install "
                f"postgresql-{major}-postgis-3 again, or move the folder away to start afresh."
            )
        raise SetupError(server.ADVICE)

    def _initialise(self, found: server.Server) -> None:
        """Initdb beside the final place, then rename: a half-made folder is never taken for a whole one."""
        home = self.home
        free_mib = shutil.disk_usage(home.folder).free // 2**20
        if free_mib < _ROOM_MIB:
            raise SetupError(
                f"Only {free_mib} MB are free on the disk of {home.folder}: make room, 2 GB or more."
            )
        for old in home.folder.glob("new-*"):
            shutil.rmtree(old)
        new = Path(tempfile.mkdtemp(prefix="new-", dir=home.folder))
        if home.user:
            os.chown(new, *home.user, follow_symlinks=False)
        made = self._run(
            found.bin / "initdb", "-D", new, "-U", ROLE, "--auth-local=trust", "--auth-host=reject",
            "--encoding=UTF8", f"--locale={_locale()}", "--data-checksums", "--no-instructions",
            *([] if self._durable else ["--no-sync"]),
        )  # fmt: skip
        if made.returncode:
            shutil.rmtree(new)
            raise SetupError(
                f"The database folder could not be made in {home.folder}: {_last_line(made.stderr)}"
            )
        new.rename(home.data)

    def _make_database(self, name: str = DATABASE) -> None:
        made = subprocess.run(  # noqa: S603
            [self._server().bin / "psql", "-XqAt", "-vON_ERROR_STOP=1", f"-vname={name}", self.dsn(ROLE)],
            input=_MAKE_DATABASE, capture_output=True, text=True, check=False, cwd="/",
        )  # fmt: skip
        if made.returncode:
            raise Unavailable(f"The database {name} could not be made: {_last_line(made.stderr)}")

    def _run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        user = self.home.user
        return subprocess.run(  # noqa: S603
            command, cwd=self.home.folder, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, user=user.uid if user else None, group=user.gid if user else None,
            extra_groups=[] if user else None,
        )  # fmt: skip

    def _become(self, parent: int) -> None:
        """Between fork and exec: the unprivileged user, then the lifeline (a change of user would cut it)."""
        if user := self.home.user:
            os.setgroups([])
            os.setgid(user.gid)
            os.setuid(user.uid)
        os.umask(0o077)
        die_with_parent(parent, signal.SIGINT)

    def _await_stopping(self) -> None:
        running = leftovers.postmaster(self.home.data)
        if running and running.state == "stopping":
            self._await_end()

    def _await_end(self) -> None:
        deadline = time.monotonic() + 3 * _STOP_S
        while (running := leftovers.postmaster(self.home.data)) and time.monotonic() < deadline:
            time.sleep(0.05)
        if running:
            os.kill(running.pid, signal.SIGQUIT)

    def _last_word(self) -> str:
        if not self.home.log.exists():
            return f"see the log under {self._folder.parent}/log"
        return f"{_last_line(self.home.log.read_text(errors='replace'))} (log: {self.home.log})"


def _locale() -> str:
    """Byte order for keys, UTF-8 for letters; Swedish order is asked for by collation ("sv-x-icu")."""
    known = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout  # noqa: S607
    return "C.UTF-8" if {"C.UTF-8", "C.utf8"} & set(known.split()) else "C"


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it said nothing"
