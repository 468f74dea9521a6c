"""What has to be there before the first page: a database with tables and the region's areas, and a login."""

from __future__ import annotations

import asyncio
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, NamedTuple

from app.commands.logins import set_passwords
from app.commands.passwords import one_time_password
from app.commands.tokens import create_token
from app.commands.users import create_user
from app.config import ROOT
from app.db import open_pool
from app.domain.errors import Unavailable
from app.queries.users import all_users
from app.run import database
from bootstrap.steps import checksum, is_done, progress

if TYPE_CHECKING:
    from pathlib import Path

    from app.config import Settings


FIRST_USER, FIRST_ROLE = "admin", "feed_admin"
"""Keeps the machine, and so sees no person; whoever runs it gives others their roles with ``lagesbild user``."""


class WaysIn(NamedTuple):
    """How to sign in: the token of the printed address, and the first user's one-time password, when just made.

    Where a provider vouches for people, there is neither.
    """

    token: str | None
    password: str | None


def prepare(settings: Settings) -> WaysIn:
    """Make what is missing and return the ways in; no server is asked when nothing is missing.

    Raises:
        LagesbildError: The database cannot be made, does not answer, or refuses us.
    """
    token_file, stamp = settings.var / "keys" / "token", settings.var / "run" / "prepared.stamp"
    by_provider, password = settings.oidc_issuer is not None, None
    if (by_provider or token_file.exists()) and is_done(stamp, _mark(settings)):
        return WaysIn(None if by_provider else token_file.read_text(), None)
    with ExitStack() as stack:
        with progress("Database" if settings.database_url is None else "Database at DATABASE_URL"):
            own = settings.database_url is None
            dsn = stack.enter_context(database.started(settings) if own else database.running(settings))
        with progress(f"Tables, areas and offences of {settings.region}"):
            bring_up_to_date(dsn, settings)
            open_logins(dsn, settings)
        if not by_provider:
            password = asyncio.run(_make_first_user(dsn))
            if not token_file.exists():
                asyncio.run(_make_token(dsn, token_file))
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(_mark(settings))
    return WaysIn(None if by_provider else token_file.read_text(), password)


def bring_up_to_date(dsn: str, settings: Settings) -> None:
    """Bring tables and region pack to this version's shape; nothing happens when they have it.

    Raises:
        Unavailable: The server lacks PostGIS or refuses us.
    """
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - these cost seconds, which most starts do not need

    from migrations.script import migrate  # noqa: PLC0415

    try:
        migrate(dsn)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise Unavailable(
            f"The tables could not be made ({reason}): the database needs PostGIS and a role that may create it."
        ) from error
    asyncio.run(_load_region(dsn, settings.region))
    asyncio.run(_move_keys(dsn, settings))


def open_logins(dsn: str, settings: Settings) -> None:
    """Give the web's own logins the passwords that go with this machine's master key.

    Only who starts the server, or migrates for it, does this: a command elsewhere, with another key, would shut it out.
    """
    asyncio.run(_set_passwords(dsn, settings))


def _mark(settings: Settings) -> str:
    """Changes with whatever shapes tables and areas, and with the data folder; never the same for DATABASE_URL."""
    if settings.database_url is not None:
        return f"asked anew {os.urandom(8).hex()}"
    data = settings.var / "postgres" / "data" / "PG_VERSION"
    made = data.stat() if data.exists() else None
    shaping = [
        file
        for folder in ("migrations", "geodata", f"geodata/regions/{settings.region}")
        for pattern in ("*.*", "sql/*.*", "versions/*.py")
        for file in sorted((ROOT / folder).glob(pattern))
        if file.is_file()
    ]
    return checksum(*shaping, extra=f"{settings.region} {made and (made.st_ino, made.st_mtime_ns)}")


async def _load_region(dsn: str, region: str) -> None:
    from geodata.load import load_region  # noqa: PLC0415

    async with open_pool(dsn, size=1, name="lagesbild set-up") as pool, pool.acquire() as connection:
        await load_region(connection, region)


async def _move_keys(dsn: str, settings: Settings) -> None:
    """Take record keys that an older version put into the database out of it."""
    from etl.keep import Keys  # noqa: PLC0415
    from etl.move_keys import move_keys  # noqa: PLC0415

    async with open_pool(dsn, size=1, name="lagesbild set-up") as pool, pool.acquire() as connection:
        if await connection.fetchval("select exists (select from record_key)"):
            await move_keys(connection, Keys.read(settings.master_key_file).ring)


async def _set_passwords(dsn: str, settings: Settings) -> None:
    from etl.keep import Keys, login_passwords  # noqa: PLC0415

    async with open_pool(dsn, size=1, name="lagesbild set-up") as pool, pool.acquire() as connection:
        await set_passwords(connection, login_passwords(Keys.read(settings.master_key_file)))


async def _make_first_user(dsn: str) -> str | None:
    """The first user, where there is none. Its one-time password is returned and kept nowhere."""
    async with open_pool(dsn, size=1, name="lagesbild set-up") as pool, pool.acquire() as connection:
        if await all_users(connection):
            return None
        password = one_time_password()
        await create_user(connection, FIRST_USER, "", FIRST_ROLE, (), password, must_change=True)
    return password


async def _make_token(dsn: str, file: Path) -> None:
    """The token of the person who started this, kept readable to that user only."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with open_pool(dsn, size=1, name="lagesbild set-up") as pool, pool.acquire() as connection:
        token = await create_token(connection, "analyst", "make run")
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(token)
