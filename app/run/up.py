"""``lagesbild up``: from nothing that runs to a picture at an address, and back to nothing that runs."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING, NoReturn

import httpx

from app.cluster import Cluster
from app.domain.errors import LagesbildError, Unavailable
from app.run import prepare, record, supervision
from app.run.instance import Instance, require_free_port, require_room
from bootstrap.steps import progress

if TYPE_CHECKING:
    from types import FrameType

    from app.config import Settings

_WEB_READY_S = 90.0
_LOOK_EVERY_S = 0.2
_WELCOME = """
  Lägesbild: {address}/{login}{first}
  Ctrl-C stops all of it.

"""
_LOGIN = """?login={token}
  The address logs you in as analyst; the token alone is {token}"""
_FIRST = """
  The first user is {username}, with the one-time password {password}
  It is shown this once; at the first sign-in you choose your own."""


class Stopped(BaseException):
    """Ctrl-C, SIGTERM, a closed terminal, or the end of the `make` that started us."""


def run(settings: Settings, parent: int | None) -> int:
    """Run until told to stop; the exit code.

    Args:
        settings: What the operator chose.
        parent: The process (``make``) with which we end, however that one ends; None to outlive it.

    Raises:
        LagesbildError: It cannot start, or stopped running; the message says what to do.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    address = f"http://{settings.host}:{settings.port}"
    instance = Instance(settings.var, address)
    try:
        with instance.hold():
            require_room(settings.var)
            instance.say("starting", os.getpid())
            _end_leftovers(settings)
            require_free_port(settings.host, settings.port)
            supervisor = supervision.Supervisor(settings.var, _programs(settings), {})
            try:
                ways = prepare.prepare(settings)
                _still_wanted(parent)
                with progress("Web and ETL"):
                    supervisor.start()
                    instance.say("running", os.getpid())
                    _await_web(supervisor, address, parent)
                sys.stdout.write(_welcome(address, ways))
                sys.stdout.flush()
                _stay(supervisor, parent)
            finally:
                for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                    signal.signal(number, signal.SIG_IGN)
                instance.say("stopping", os.getpid())
                supervisor.stop()
                _end_leftovers(settings)
    except Stopped:
        sys.stdout.write("  Stopped; nothing of it is running.\n")
    return 0


def _welcome(address: str, ways: prepare.WaysIn) -> str:
    login = _LOGIN.format(token=ways.token) if ways.token else ""
    first = _FIRST.format(username=prepare.FIRST_USER, password=ways.password) if ways.password else ""
    return _WELCOME.format(address=address, login=login, first=first)


def _stop(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - the signature of a signal handler
    raise Stopped


def _programs(settings: Settings) -> list[supervision.Program]:
    """The processes to keep alive, the database first and last."""
    cli = ("-m", "app.cli")
    programs = [
        # Begins before and ends after those who read: what they wrote last is sealed too.
        supervision.Program("audit", (*cli, "audit", "seal", "--supervised"), rank=15),
        supervision.Program("etl", (*cli, "etl", "--supervised"), rank=20),
        supervision.Program("link", (*cli, "link", "serve", "--supervised"), rank=20),
        supervision.Program("measures", (*cli, "measures", "serve", "--supervised"), rank=20),
        supervision.Program("briefing", (*cli, "briefing", "serve", "--supervised"), rank=20),
        supervision.Program("alerts", (*cli, "alerts", "serve", "--supervised"), rank=20),
        supervision.Program("web", (*cli, "web", "--supervised"), rank=20),
    ]
    if settings.database_url is None:
        postgres = ("-m", "app.cluster", str(settings.var.absolute()))
        programs.append(supervision.Program("postgres", postgres, rank=10, stop_signal="INT", stop_s=8))
    return programs


def _end_leftovers(settings: Settings) -> None:
    """End what an earlier instance of this folder left: its supervisor, its processes, its database."""
    record.end(
        settings.var, supervision.NAME, "web", "link", "measures", "briefing", "alerts", "etl", "audit"
    )
    if settings.database_url is None and (settings.var / "postgres").exists():
        Cluster(settings.var).end()


def _await_web(supervisor: supervision.Supervisor, address: str, parent: int | None) -> None:
    deadline = time.monotonic() + _WEB_READY_S
    while time.monotonic() < deadline:
        if _answers(f"{address}/api/v1/health"):
            return
        _check(supervisor, parent)
        time.sleep(_LOOK_EVERY_S)
    raise Unavailable(
        f"The web server did not come up within {_WEB_READY_S:.0f} s; its log is var/log/web.log."
    )


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False  # not yet: we are asked again until the deadline


def _stay(supervisor: supervision.Supervisor, parent: int | None) -> NoReturn:
    while True:
        _check(supervisor, parent)
        time.sleep(_LOOK_EVERY_S)


def _check(supervisor: supervision.Supervisor, parent: int | None) -> None:
    _still_wanted(parent)
    if not supervisor.is_alive:
        raise LagesbildError(
            "The supervisor was killed, so everything was stopped: start again with `make run`."
        )


def _still_wanted(parent: int | None) -> None:
    if parent is not None and os.getppid() != parent:
        raise Stopped
