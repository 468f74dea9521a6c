"""Telling what is wrong with a feed where the picture can show it: beside the feed's freshness."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import asyncpg

from app.db import end_if_asked

if TYPE_CHECKING:
    from app.db import Pool

log = logging.getLogger("lagesbild.etl")

NOTE = """
insert into feed_state (feed, message) values ($1, $2) on conflict (feed) do update set message = excluded.message
"""


async def tell(pool: Pool, feed: str, message: str) -> None:
    """Note ``message`` for a feed until its next success; the database itself may be what fails."""
    try:
        async with pool.acquire() as connection:
            await connection.execute(NOTE, feed, message)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        end_if_asked()
        log.warning("feed %s: the database does not take the note (%s)", feed, error)
