"""Commands about keys and erasure: re-key, copies of the keyring, gallring, and one person's erasure."""

from __future__ import annotations

import getpass
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.context import region_of, say, with_pool
from app.config import Settings
from app.domain.errors import BadInput

if TYPE_CHECKING:
    from app.db import Pool
    from etl.erase import Counts, Order

keys = typer.Typer(help="The master key's versions, and the keyring of sealed records.", no_args_is_help=True)
gallring = typer.Typer(help="Erasure by the rules of etl/gallring.toml.", no_args_is_help=True)
erase = typer.Typer(help="Erasure of one person.", no_args_is_help=True)


@keys.callback()
@gallring.callback()
@erase.callback()
def _group() -> None:
    """Keep the sub-command's name even where there is only one."""


@keys.command()
def status() -> None:
    """Which versions the key file holds, under which the database is, and what the keyring holds."""
    from etl import versions
    from etl.keep import Keys

    settings = Settings()
    held = Keys.read(settings.master_key_file)

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            _, current = await versions.current(connection, held)
        say(f"The key file holds version {', '.join(map(str, held.versions))} of the master key.")
        say(f"The database's pseudonyms are under version {current}.")
        for version, count in held.ring.counts().items():
            say(f"{count} record keys are wrapped under version {version}.")

    with_pool(settings, work)


@keys.command("rekey")
def rekey_command() -> None:
    """Make a new version of the master key and bring everything under it; one that was cut off is finished."""
    from etl.keep import Keys
    from etl.rekey import rekey

    settings = Settings()

    async def work(pool: Pool) -> None:
        done = await rekey(pool, Keys.read(settings.master_key_file), say)
        how = "The re-key that was cut off is finished" if done.resumed else "Done"
        say(
            f"{how}: version {done.version} holds. Copy the key file; `lagesbild keys forget` takes old ones out."
        )

    with_pool(settings, work)


@keys.command("forget")
def forget_command(version: int) -> None:
    """Delete an old master key from the key file: what lies under it in old copies of the keyring opens no more."""
    from etl.keep import Keys
    from etl.rekey import forget

    settings = Settings()

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            await forget(connection, Keys.read(settings.master_key_file), version)
        say(f"The key file no longer holds version {version}.")

    with_pool(settings, work)


@keys.command()
def copy(
    file: Annotated[Path, typer.Argument(help="a new file; keep it apart from copies of the database")],
) -> None:
    """Copy the keyring while it is in use. Keep copies for days, not months: an erased key lives on in them."""
    from etl.keep import Keys

    Keys.read(Settings().master_key_file).ring.copy(file)
    say(f"The keyring is copied to {file}.")


@gallring.command("rules")
def list_rules() -> None:
    """What is erased when. Provisional until counsel has set the periods."""
    from etl.gallring import read_rules

    for one in read_rules().categories:
        say(f"{one.name:<20} {one.title_sv} / {one.title_en}: {one.rule}")


@gallring.command("run")
def run_gallring(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only count what is due")] = False,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="the day it is done for; default today")
    ] = None,
) -> None:
    """Erase what the rules say is due, and note it in the protocol."""
    from etl.erase import run
    from etl.keep import Keys

    settings = Settings()
    zone = region_of(settings).zone
    now = datetime.now(UTC)
    today = now.astimezone(zone).date()
    day = as_of.date() if as_of else today
    if day > today and not dry_run:
        raise BadInput(
            f"--as-of {day} lies in the future: nothing may be erased before its day. Try --dry-run."
        )

    async def work(pool: Pool) -> None:
        ring = Keys.read(settings.master_key_file).ring
        order = _order(now, day)
        for name, counts in (await run(pool, ring, order, zone, dry=dry_run)).items():
            say(f"{name:<20} {_said(counts)}{' due' if dry_run else ' erased'}")

    with_pool(settings, work)


@gallring.command("protocol")
def show_protocol(limit: Annotated[int, typer.Option(min=1)] = 50) -> None:
    """What was erased, the newest first: counts and rules, never who."""
    from etl.erase import entries

    async def work(pool: Pool) -> None:
        async with pool.acquire() as connection:
            for row in await entries(connection, limit):
                say(
                    f"{row['erased_at']:%Y-%m-%d %H:%M} UTC {row['category']:<20} as of {row['as_of']}: "
                    f"{row['incidents']} incidents, {row['records']} records, {row['mentions']} mentions, "
                    f"{row['pseudonyms']} pseudonyms; {row['rule']}"
                    + (f"; reason: {row['reason']}" if row["reason"] else "")
                )

    with_pool(Settings(), work)


@erase.command("person")
def erase_one(
    reason: Annotated[str, typer.Option(help="for the protocol; no name and no number in it")],
) -> None:
    """Erase one person; the personnummer is read from standard input, since arguments are seen by the whole machine."""
    from etl.erase_person import erase_person
    from etl.keep import Keys

    settings = Settings()
    number = getpass.getpass("Personnummer: ") if sys.stdin.isatty() else sys.stdin.readline()
    now = datetime.now(UTC)

    async def work(pool: Pool) -> None:
        held = Keys.read(settings.master_key_file)
        done = await erase_person(
            pool, held, number.strip(), reason, _order(now, now.astimezone(region_of(settings).zone).date())
        )
        say(f"{_said(done)} erased; it is in the protocol.")

    with_pool(settings, work)


def _order(now: datetime, day: date) -> Order:
    from etl.erase import Order
    from etl.gallring import read_rules

    return Order.of(read_rules(), now, day, f"command line: {getpass.getuser()}")


def _said(counts: Counts) -> str:
    return (
        f"{counts.incidents} incidents, {counts.records} records, {counts.mentions} mentions, "
        f"{counts.pseudonyms} pseudonyms, {counts.others} other rows"
    )
