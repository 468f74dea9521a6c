"""What the commands share: output, and a pool on the database for the time of one command."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from app.config import ROOT
from app.domain.errors import BadInput
from app.domain.region import Region

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from app.config import Settings
    from app.db import Pool

Result = TypeVar("Result")


def say(line: object = "") -> None:
    """One line on the screen."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def moment(option: str, text: str, example: str = "2026-11-24T07:00:00+01:00") -> datetime:
    """Read a moment with its zone, as UTC. Raises ``BadInput``, which names the option."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{option} {text} is no ISO 8601 time, as {example} is.") from error
    if read.tzinfo is None:
        raise BadInput(f"{option} {text} names no time zone: add +01:00 or Z.")
    return read.astimezone(UTC)


def region_of(settings: Settings) -> Region:
    """The region that the settings name, from its folder."""
    return Region.read(ROOT / "geodata" / "regions" / settings.region)


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
