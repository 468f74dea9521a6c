"""What the commands share: output, and a pool on the database for the time of one command."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from app.config import Settings
    from app.db import Pool

Result = TypeVar("Result")


def say(line: object = "") -> None:
    """One line on the screen."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def with_pool(settings: Settings, work: Callable[[Pool], Coroutine[Any, Any, Result]]) -> Result:
    """Do ``work`` on the running database, or on one that is started, migrated and stopped for it."""
    from app.db import open_pool
    from app.run import database
    from app.run.prepare import bring_up_to_date

    async def run(dsn: str) -> Result:
        async with open_pool(dsn, size=4, name="lagesbild command") as pool:
            return await work(pool)

    with database.running(settings) as dsn:
        bring_up_to_date(dsn, settings)
        return asyncio.run(run(dsn))
