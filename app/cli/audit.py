"""Commands on the log of who read what: seal it, verify it, tell the key that others verify it with."""

from __future__ import annotations

import asyncio
import logging
import signal
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import say, with_pool
from app.cli.running import Supervised, join
from app.config import Settings

if TYPE_CHECKING:
    from app.db import Pool

audit = typer.Typer(help="The log of who read what, and why.", no_args_is_help=True)


@audit.callback()
def _group() -> None:
    """Keep the sub-commands' names."""


@audit.command()
def seal(supervised: Supervised = False) -> None:
    """Seal the log, within a second of each reading, until stopped; `lagesbild up` does it by itself."""
    from app.db import open_pool
    from app.jobs.audit_keys import AuditKeys
    from app.jobs.seal import serve

    settings = Settings()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    keys = AuditKeys.read(settings.audit_key_file, make=True)
    dsn = join(settings, "audit", supervised)

    async def run() -> None:
        task = asyncio.current_task()
        if task is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        async with open_pool(dsn, size=2, name="lagesbild audit") as pool:
            await serve(pool, keys, settings.audit_heads_file)

    try:
        asyncio.run(run())
    except asyncio.CancelledError:
        say("Sealing was asked to stop.")


@audit.command()
def verify(
    heads: Annotated[
        Path | None,
        typer.Option(
            help="the signed heads to hold the log against; best a copy kept elsewhere", exists=True
        ),
    ] = None,
) -> int:
    """Check every row of the log against its chain, the chain against the signed heads; exit code 1: not whole."""
    from app.jobs.audit_keys import AuditKeys
    from app.jobs.verify import Verdict
    from app.jobs.verify import verify as check

    settings = Settings()
    keys = AuditKeys.read(settings.audit_key_file)
    file = heads or settings.audit_heads_file
    content = file.read_bytes() if file.exists() else b""

    async def work(pool: Pool) -> Verdict:
        async with pool.acquire() as connection:
            return await check(connection, keys, content)

    verdict = with_pool(settings, work)
    for finding in verdict.findings:
        say(f"{finding.kind}: {finding.sentence}")
    if verdict.found > len(verdict.findings):
        say(f"… and {verdict.found - len(verdict.findings)} more.")
    until = (
        verdict.sealed_to.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if verdict.sealed_to else "never"
    )
    told = f"{verdict.rows} sealed rows, the last at {until}; {verdict.heads} heads in {file}."
    say(
        f"The log is NOT whole ({verdict.found} findings): {told}"
        if verdict.found
        else f"The log is whole: {told}"
    )
    return 1 if verdict.found else 0


@audit.command()
def key() -> None:
    """Print the public key of the heads: with it anybody can verify them, without any secret (docs/audit.md)."""
    from app.jobs.audit_keys import AuditKeys

    say(AuditKeys.read(Settings().audit_key_file).public_hex)
