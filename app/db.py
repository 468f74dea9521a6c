"""Pools and readers. A read is a read-only transaction on behalf of a viewer; a write is a transaction."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

import asyncpg
import orjson

from app.domain.errors import Unavailable

if TYPE_CHECKING:
    from app.domain.viewer import Viewer

# A server that stops or starts answers with an operator intervention before it stops answering.
UNAVAILABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
)

Connection: TypeAlias = asyncpg.Connection
Pool: TypeAlias = asyncpg.Pool


@asynccontextmanager
async def open_pool(dsn: str, *, size: int = 10, name: str = "lagesbild") -> AsyncIterator[Pool]:
    """Open a pool of at most ``size`` connections; ``name`` is what pg_stat_activity shows.

    Plans are made anew for each call: the rollup is partitioned by month, and only a plan that sees the
    window's days can leave the other months out.

    Raises:
        Unavailable: The server does not answer or refuses us.
    """
    settings = {
        "application_name": name,
        "plan_cache_mode": "force_custom_plan",
        "jit": "off",
        "TimeZone": "UTC",
        "idle_in_transaction_session_timeout": "60s",  # a transaction that is left open holds the live stream back
    }
    try:
        pool = await asyncpg.create_pool(
            dsn, min_size=1, max_size=size, init=set_codecs, server_settings=settings, command_timeout=600
        )
    except (OSError, asyncpg.PostgresError) as error:
        raise Unavailable(
            f"The database does not answer ({error}); check DATABASE_URL or run `make run`."
        ) from error
    try:
        yield pool
    finally:
        await pool.close()


async def set_codecs(connection: Connection) -> None:
    """Let JSON columns travel as Python values, in COPY too (jsonb's binary form is a version byte and text)."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda sent: orjson.loads(sent[1:]),
        format="binary",
    )
    await connection.set_type_codec(
        "json",
        schema="pg_catalog",
        encoder=lambda value: orjson.dumps(value).decode(),
        decoder=orjson.loads,
        format="text",
    )


class Reader:
    """Read-only transactions on behalf of one viewer. Queries take the connection that it gives."""

    def __init__(self, pool: Pool, viewer: Viewer) -> None:
        self._pool = pool
        self.viewer = viewer

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One consistent snapshot: every statement inside sees the same ledger."""
        try:
            async with (
                self._pool.acquire() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                yield connection
        except UNAVAILABLE as error:
            raise Unavailable("The database does not answer just now; try again in a moment.") from error
