"""What has to be there before the first page: a database with tables and the region's areas, and a login."""

from __future__ import annotations

import asyncio
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from app.commands.tokens import create_token
from app.db import open_pool
from app.domain.errors import Unavailable
from app.run import database
from bootstrap.steps import progress
from geodata.load import load_region
from migrations.script import migrate

if TYPE_CHECKING:
    from app.config import Settings


def prepare(settings: Settings) -> str:
    """Make what is missing and say how to log in; quick when nothing is.

    Raises:
        LagesbildError: The database cannot be made, does not answer, or refuses us.
    """
    with ExitStack() as stack:
        with progress("Database" if settings.database_url is None else "Database at DATABASE_URL"):
            dsn = stack.enter_context(database.running(settings))
        with progress(f"Tables, areas and offences of {settings.region}"):
            bring_up_to_date(dsn, settings)
        return asyncio.run(_login(dsn, settings))


def bring_up_to_date(dsn: str, settings: Settings) -> None:
    """Bring tables and region pack to this version's shape; nothing happens when they have it.

    Raises:
        Unavailable: The server lacks PostGIS or refuses us.
    """
    try:
        migrate(dsn)
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise Unavailable(
            f"The tables could not be made ({reason}): the database needs PostGIS and a role that may create it."
        ) from error
    asyncio.run(_load_region(dsn, settings.region))


async def _load_region(dsn: str, region: str) -> None:
    async with open_pool(dsn, size=1, name="lagesbild set-up") as pool, pool.acquire() as connection:
        await load_region(connection, region)


async def _login(dsn: str, settings: Settings) -> str:
    """The token of the person who started this, made at the first start and kept readable to that user only."""
    file = settings.var / "keys" / "token"
    async with open_pool(dsn, size=1, name="lagesbild set-up") as pool, pool.acquire() as connection:
        if not file.exists():
            file.parent.mkdir(mode=0o700, exist_ok=True)
            token = await create_token(connection, "analyst", "make run")
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(token)
    return f"Log in with the token {file.read_text().strip()} (as analyst)."
