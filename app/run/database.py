"""The database of a command or of a run: DATABASE_URL's, or the private one under ``var/``."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import asyncpg

from app.cluster import Cluster
from app.domain.errors import Unavailable
from app.run.instance import Instance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.config import Settings

_RECOVERY_S = 60.0
_OTHER_COMMAND_S = 120.0
_DRIVERS = ("postgresql+asyncpg://", "postgresql+psycopg://", "postgres://")


def address(settings: Settings) -> str:
    """The URL of the database, without starting anything; of no use where none runs."""
    if settings.database_url is None:
        return Cluster(settings.var).dsn()
    url = settings.database_url.get_secret_value()
    for driver in _DRIVERS:
        if url.startswith(driver):
            return "postgresql://" + url.removeprefix(driver)
    return url


@contextmanager
def running(settings: Settings) -> Iterator[str]:
    """The URL of a database that runs, for one command: that of ``make run``, else one started for the command.

    Raises:
        LagesbildError: It does not run and cannot be started, or another command has had it for too long.
    """
    if settings.database_url is not None:
        wait(address(settings), timeout_s=5)
        yield address(settings)
        return
    instance = Instance(settings.var, "a lagesbild command that uses the database")
    if instance.is_served:
        wait(address(settings), timeout_s=_RECOVERY_S)
        yield address(settings)
        return
    with instance.hold(_OTHER_COMMAND_S):
        instance.say("starting", os.getpid())
        with started(settings) as dsn:
            yield dsn


@contextmanager
def started(settings: Settings) -> Iterator[str]:
    """The private database, running for as long as the block does; the caller holds the instance's lock."""
    cluster = Cluster(settings.var)
    try:
        yield cluster.start()
    finally:
        cluster.stop()


def wait(dsn: str, timeout_s: float) -> None:
    """Return when the database answers.

    Raises:
        Unavailable: It does not, in that time.
    """
    deadline = time.monotonic() + timeout_s
    while (problem := asyncio.run(_ask(dsn))) and time.monotonic() < deadline:
        time.sleep(0.2)
    if problem:
        raise Unavailable(f"The database does not answer ({problem}): check DATABASE_URL, or run `make run`.")


async def _ask(dsn: str) -> str | None:
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        return str(error) or type(error).__name__
    await connection.close()
    return None
