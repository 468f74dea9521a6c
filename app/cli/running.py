"""Commands that run the picture: everything at once, one process of it, its tables, its measurements."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from typing import Annotated

import typer

from app.cli.context import say
from app.config import ROOT, Settings

Supervised = Annotated[bool, typer.Option("--supervised", hidden=True)]
_GRACE_S = 2  # open streams would hold the server for ever


def register(app: typer.Typer) -> None:
    """Add the commands to the top level."""
    for command in (up, web, etl, migrate, bench):
        app.command()(command)


def up(parent: Annotated[int | None, typer.Option(hidden=True)] = None) -> int:
    """Start everything and print the address; Ctrl-C stops all of it."""
    from app.run.up import run
    from etl.feed import get_feed

    settings = Settings()
    for name in settings.feed_names:
        get_feed(name, settings.region)  # a misspelt one is told now, not by a feed that stays silent
    return run(settings, parent)


def web(supervised: Supervised = False) -> None:
    """The web server alone, on a database that runs."""
    import uvicorn

    from app.main import create_app

    settings = Settings()
    dsn = join(settings, "web", supervised)
    uvicorn.run(
        create_app(settings, dsn), host=settings.host, port=settings.port, timeout_graceful_shutdown=_GRACE_S,
        log_level="warning", server_header=False, proxy_headers=settings.public_url is not None,
    )  # fmt: skip


def etl(supervised: Supervised = False) -> None:
    """The ETL alone, on a database that runs: fetches the chosen feeds and reads the inbox."""
    from app.db import open_pool
    from etl.keep import Keys
    from etl.run import Intake
    from etl.serve import serve

    settings = Settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    dsn = join(settings, "etl", supervised)

    async def run() -> None:
        task = asyncio.current_task()
        if task is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        async with open_pool(dsn, size=6, name="lagesbild etl") as pool:
            await serve(pool, Intake(pool, Keys.read(settings.master_key_file)), settings)

    try:
        asyncio.run(run())
    except asyncio.CancelledError:
        say("The ETL was asked to stop.")


def migrate() -> None:
    """Bring the tables to this version's shape, and load the region's areas and offences."""
    from app.run import database, prepare

    settings = Settings()
    with database.running(settings) as dsn:
        prepare.bring_up_to_date(dsn, settings)
        prepare.open_logins(dsn, settings)
    say("The tables have this version's shape.")


def bench(arguments: Annotated[list[str] | None, typer.Argument(help="passed to pytest")] = None) -> None:
    """Measure, side by side; `-- --small` is quick, `-- -k counts` picks one."""
    import sys

    command = ["-m", "pytest", "-m", "bench", "-s", "tests/benchmarks", "tests", *(arguments or [])]
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, *command])  # noqa: S606


def join(settings: Settings, name: str, supervised: bool) -> str:
    """Wait for the database and give its URL; under the supervisor also leave a record and die with it."""
    from app.run import database, record

    if supervised:
        from app.cluster.lifeline import die_with_parent

        die_with_parent(os.getppid(), signal.SIGKILL)
        record.write(settings.var, name, os.getpid())
    dsn = database.address(settings)
    database.wait(dsn, timeout_s=120 if supervised else 5)
    return dsn
