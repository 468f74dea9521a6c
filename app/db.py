"""Pools and readers. A read is a transaction on behalf of a viewer, under the database role of that viewer's scope.

The web's own login may read nothing: each transaction first takes the role for the kind of scope and tells the scope's
opaque id, both for that transaction only, and row-level security does the rest (``migrations/sql/0020_access.sql``).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg
import orjson

from app.domain.errors import NotAllowed, Unavailable

if TYPE_CHECKING:
    from app.domain.viewer import Role, Viewer

# A server that stops or starts answers with an operator intervention before it stops answering.
UNAVAILABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
)

Connection: TypeAlias = asyncpg.Connection
Pool: TypeAlias = asyncpg.Pool

GROUPS: dict[Role, str] = {
    "analyst": "lagesbild_region",
    "commander": "lagesbild_figures",
    "area_chief": "lagesbild_areas",
    "feed_admin": "lagesbild_feeds",
    "auditor": "lagesbild_log",
    "partner": "lagesbild_cubes",
    "wall": "lagesbild_figures",
    "system": "lagesbild_figures",
}
"""The database role under which each role reads."""
PERSONS_GROUPS: dict[Role, str] = {
    "analyst": "lagesbild_region_persons",
    "commander": "lagesbild_region_persons",
    "area_chief": "lagesbild_areas_persons",
}
"""The same for reads of persons, in transactions that the log has a row of."""

ENTER = "select set_config('role', $1, true), set_config('lagesbild.scope', $2, true)"
ENTER_LOGGED = "select begin_reading($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
"""The same with a row of the log, in one round trip."""


@asynccontextmanager
async def open_pool(
    dsn: str, *, size: int = 10, name: str = "lagesbild", pooler: bool = False
) -> AsyncIterator[Pool]:
    """Open a pool of at most ``size`` connections; ``name`` is what pg_stat_activity shows.

    With ``pooler`` a pooler in transaction mode (pgbouncer) stands between: no statement is prepared for later, and
    the settings come from the login, not from us.

    Plans are made anew for each call: the rollup is partitioned by month, and only a plan that sees the
    window's days can leave the other months out.

    Raises:
        Unavailable: The server does not answer or refuses us.
    """
    settings = {"application_name": name}
    ours = {
        "plan_cache_mode": "force_custom_plan",
        "jit": "off",
        "TimeZone": "UTC",
        "idle_in_transaction_session_timeout": "60s",  # a transaction that is left open holds the live stream back
    }
    try:
        pool = await asyncpg.create_pool(
            dsn, min_size=1, max_size=size, init=set_codecs, command_timeout=600,
            server_settings=settings if pooler else settings | ours, statement_cache_size=0 if pooler else 100,
        )  # fmt: skip
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


def end_if_asked() -> None:
    """For whatever goes on after an error: end the task where its end was asked for.

    A statement that is cancelled is cancelled at the server too, and that may come late and hit the statement after it,
    whose error then stands in the place of the cancellation. Who handles the error and goes on would never end.

    Raises:
        asyncio.CancelledError: The task was asked to end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


class Reader:
    """Transactions on behalf of one viewer. Queries take the connection that it gives."""

    def __init__(self, pool: Pool, viewer: Viewer) -> None:
        self._pool = pool
        self.viewer = viewer

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One consistent snapshot, read only: every statement inside sees the same ledger. It shows no person."""
        async with self._begin(GROUPS[self.viewer.role], readonly=True) as connection:
            yield connection

    @asynccontextmanager
    async def persons(self) -> AsyncIterator[Connection]:
        """The same with persons, and able to write the log. Whoever reads goes by ``app.commands.consult``.

        The database shows no person until the transaction has a row in the log.

        Raises:
            NotAllowed: The viewer's role reads no persons.
        """
        async with self._begin(self._persons_group(), readonly=False) as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """As ``transaction``, and able to write what the viewer's role may: notes, follow-ups, the log."""
        async with self._begin(GROUPS[self.viewer.role], readonly=False) as connection:
            yield connection

    @asynccontextmanager
    async def logged(self, row: Sequence[Any], *, persons: bool) -> AsyncIterator[tuple[Connection, int]]:
        """As ``persons`` or ``writing``, with a row in the log from the first statement on, and its number.

        ``row``: session, action, what, reason, words, filter, persons, areas (``app.commands.consult``).

        Raises:
            NotAllowed: As for ``persons``.
        """
        group = self._persons_group() if persons else GROUPS[self.viewer.role]
        async with self._open(readonly=False) as connection:
            yield connection, await connection.fetchval(ENTER_LOGGED, group, self._scope, *row)

    @property
    def _scope(self) -> str:
        return "" if self.viewer.scope is None else str(self.viewer.scope)

    def _persons_group(self) -> str:
        group = PERSONS_GROUPS.get(self.viewer.role)
        if group is None:
            raise NotAllowed(
                f"The role {self.viewer.role} reads nothing about persons.",
                sv="Din roll läser inget om personer.",
            )
        return group

    @asynccontextmanager
    async def _begin(self, group: str, *, readonly: bool) -> AsyncIterator[Connection]:
        async with self._open(readonly=readonly) as connection:
            await connection.execute(ENTER, group, self._scope)
            yield connection

    @asynccontextmanager
    async def _open(self, *, readonly: bool) -> AsyncIterator[Connection]:
        try:
            async with (
                self._pool.acquire() as connection,
                connection.transaction(isolation="repeatable_read", readonly=readonly),
            ):
                yield connection
        except UNAVAILABLE as error:
            raise Unavailable(
                "The database does not answer just now; try again in a moment.",
                sv="Databasen svarar inte just nu; försök igen om en stund.",
            ) from error


class Door:
    """Transactions of the gate: its login reaches users, sessions, tokens and scopes, and no row of the picture."""

    def __init__(self) -> None:
        self.pool: Pool | None = None
        """There from start-up to shut-down."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One transaction, committed at its end.

        Raises:
            Unavailable: The database does not answer, or the server has not opened its pool or has closed it.
        """
        async with self.open() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Connection]:
        """A connection; each statement commits by itself, so that a look-up is one round trip.

        Raises:
            Unavailable: As for a transaction.
        """
        if self.pool is None:
            raise Unavailable(
                "The database is not connected yet; try again in a moment.",
                sv="Databasen är inte ansluten än; försök igen om en stund.",
            )
        try:
            async with self.pool.acquire() as connection:
                yield connection
        except UNAVAILABLE as error:
            raise Unavailable(
                "The database does not answer just now; try again in a moment.",
                sv="Databasen svarar inte just nu; försök igen om en stund.",
            ) from error
