"""What is new in the ledger, told to everybody in this process who waits for it: one LISTEN connection for all.

The same connection tells of scopes that ended, to those who have something open under them.

A notification is only the wake-up; what there is to read is always asked of the ledger. Rows that are committed but
must wait for an older transaction are looked for again every few milliseconds, since that one may end without a word.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import asyncpg

from app.domain.errors import Unavailable
from app.domain.window import Position
from app.queries.ledger import held_back, latest_position

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from uuid import UUID

LOOK_AGAIN_S = 0.02
"""While rows are held back by an older transaction."""
LOOK_ANYWAY_S = 5.0
"""Without any notification: finds out that a connection has died silently."""
RECONNECT_S = (0.1, 0.2, 0.5, 1.0, 2.0)

FIRST_ANSWER_S = 5.0
"""How long a start waits for the head, so that the first reader finds it; it goes on without."""
BEFORE_EVERYTHING = Position(-1, -1)

log = logging.getLogger(__name__)


class Live:
    """The head of the ledger. ``closing`` is set when the server is asked to stop: open streams end on it."""

    def __init__(self) -> None:
        self.head: Position | None = None
        self.connected = False
        self.closing = asyncio.Event()
        self._moved = asyncio.Event()
        self._watched: dict[str, set[asyncio.Event]] = {}

    def position(self) -> Position:
        """The last position that may be read.

        Raises:
            Unavailable: The database has not answered since this server started.
        """
        if self.head is None:
            raise Unavailable("The database does not answer just now; try again in a moment.")
        return self.head

    async def beyond(self, position: Position, timeout_s: float) -> bool:
        """Wait until there is something after ``position``; False when nothing came in ``timeout_s``."""
        try:
            async with asyncio.timeout(timeout_s):
                while self.head is None or self.head <= position:
                    await self._moved.wait()
        except TimeoutError:
            return False
        return True

    @contextmanager
    def watch_access(self, scope: UUID) -> Iterator[Callable[[float], Awaitable[None]]]:
        """Give a way to wait for word that the scope ended, or for some seconds; either way it is to be looked up."""
        told = asyncio.Event()
        self._watched.setdefault(str(scope), set()).add(told)

        async def wait(timeout_s: float) -> None:
            try:
                async with asyncio.timeout(timeout_s):
                    await told.wait()
            except TimeoutError:
                return
            told.clear()

        try:
            yield wait
        finally:
            self._watched[str(scope)].discard(told)
            if not self._watched[str(scope)]:
                del self._watched[str(scope)]

    async def follow(self, dsn: str) -> None:
        """Listen for ever; connect again whenever the connection is lost."""
        failures = 0
        while True:
            try:
                connection = await asyncpg.connect(
                    dsn, timeout=5, server_settings={"application_name": "lagesbild live", "TimeZone": "UTC"}
                )
                try:
                    await self._listen(connection)
                finally:
                    connection.terminate()
                failures = 0
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                if self.connected or failures == 0:
                    log.warning("The ledger cannot be followed (%s); trying again.", error)
                failures = 0 if self.connected else failures + 1
            self.connected = False
            await asyncio.sleep(RECONNECT_S[min(failures, len(RECONNECT_S) - 1)])

    async def _listen(self, connection: asyncpg.Connection) -> None:
        wake = asyncio.Event()
        connection.add_termination_listener(lambda _: wake.set())
        await connection.add_listener("ledger", lambda *_: wake.set())
        await connection.add_listener("access", lambda *said: self._tell_of_access(said[-1]))
        for scope in self._watched:  # what was told while nobody listened
            self._tell_of_access(scope)
        while not connection.is_closed():
            wake.clear()
            head = await latest_position(connection)
            waiting = await held_back(connection, head)
            self.connected = True
            if head != self.head:
                self._move(head)
            try:
                async with asyncio.timeout(LOOK_AGAIN_S if waiting else LOOK_ANYWAY_S):
                    await wake.wait()
            except TimeoutError:
                continue

    def _tell_of_access(self, scope: str) -> None:
        for told in self._watched.get(scope, ()):
            told.set()

    def _move(self, head: Position) -> None:
        self.head = head
        self._moved.set()
        self._moved = asyncio.Event()


@asynccontextmanager
async def follow_ledger(live: Live, dsn: str) -> AsyncIterator[None]:
    """Keep ``live`` up to date while the block runs; let whoever waits go when it ends."""
    task = asyncio.create_task(live.follow(dsn), name="follow the ledger")
    try:
        await live.beyond(BEFORE_EVERYTHING, FIRST_ANSWER_S)
        yield
    finally:
        live.closing.set()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
