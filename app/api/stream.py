"""The live stream: the ledger from a position on, as server-sent events.

The id of an event is the position up to which it tells, so a reader that comes back with ``Last-Event-ID`` misses
nothing and gets nothing twice. Each reader is read for by itself and only as fast as it takes: one that stalls holds
one batch, and is dropped.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Annotated

from fastapi import Query, Request, Response

from app.api import examples
from app.api.answers import dump, problem
from app.api.routing import MaySeeFigures, routes
from app.api.services import services_of
from app.domain.errors import BadInput, Unavailable
from app.domain.permissions import allows
from app.domain.window import Position
from app.gate import until_ended
from app.queries import ledger

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import Receive, Scope, Send

    from app.db import Reader
    from app.queries.live import Live

router = routes()

BATCH = 500
COALESCE_S = 0.05
"""After an event the next waits this long: a burst becomes few events, a single report goes at once."""
HEARTBEAT_S = 15.0
SLOW_S = 20.0
"""A reader that takes nothing for this long is dropped; it comes back to where it was."""
MOST_STREAMS = 200
RETRY_MS = 1000

log = logging.getLogger(__name__)


@router.get("/stream", response_class=Response, responses=examples.STREAM)
async def stream(
    request: Request,
    viewer: MaySeeFigures,
    from_: Annotated[
        str | None,
        Query(alias="from", description="Position after which to begin; default: now.", examples=["812-44"]),
    ] = None,
) -> Response:
    """Server-sent events from a position of the ledger; `Last-Event-ID` goes before `from`.

    `start` tells where it begins; `ledger` has signed rows, oldest first; `reset` says that the position sent by
    `Last-Event-ID` is not of this ledger: read the picture anew. Back-filled rows are marked `backfilled`. Who may see
    figures only gets the rows without the incident.
    """
    services = services_of(request)
    reader = services.reader(viewer)
    last_id = request.headers.get("last-event-id")
    reset = False
    async with reader.transaction() as connection:
        head = await ledger.latest_position(connection)
        position = (
            _sent(last_id) if last_id is not None else Position.parse(from_) if from_ is not None else head
        )
        ahead = position is None or await ledger.is_ahead(connection, position)
    if position is None or ahead:  # of another database, or of a younger copy of this one
        if last_id is None:
            return problem(
                409, f"Position {from_} is ahead of the ledger ({head}): it is not of this ledger."
            )
        position, reset = head, True
    if EventStream.open_now >= MOST_STREAMS:
        raise Unavailable("Too many streams are open; close one or try again in a moment.")
    return EventStream(reader, services.live, position, reset=reset)


class EventStream(Response):
    """One reader's stream."""

    open_now = 0
    media_type = "text/event-stream"

    def __init__(self, reader: Reader, live: Live, position: Position, *, reset: bool) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._reader = reader
        self._details = allows(reader.viewer, "incidents")
        self._live = live
        self._position = position
        self._reset = reset

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the reader goes, stalls, may no longer read, or the server closes."""
        EventStream.open_now += 1
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        telling = asyncio.create_task(self._tell(send))
        ended = asyncio.create_task(until_ended(scope))
        closing = asyncio.create_task(self._live.closing.wait())
        others = [asyncio.create_task(_gone(receive)), closing, ended]
        try:
            done, _ = await asyncio.wait([telling, *others], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (telling, *others):
                task.cancel()
            results = await asyncio.gather(telling, *others, return_exceptions=True)
            EventStream.open_now -= 1
        if isinstance(results[0], TimeoutError):
            log.warning(
                "A stream's reader took nothing for %s s and was dropped at %s.", SLOW_S, self._position
            )
            return  # unfinished, so that the server closes the connection
        if isinstance(results[0], Exception):
            raise results[0]
        if closing in done or ended in done:
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, send: Send) -> None:
        async for event in self._events():
            async with asyncio.timeout(SLOW_S):
                await send({"type": "http.response.body", "body": event, "more_body": True})

    async def _events(self) -> AsyncIterator[bytes]:
        begin = "reset" if self._reset else "start"
        yield f"retry: {RETRY_MS}\n".encode() + _event(
            begin, self._position, {"position": str(self._position)}
        )
        while True:
            try:
                async with self._reader.transaction() as connection:
                    head = await ledger.latest_position(connection)
                    rows = await ledger.rows_after(connection, self._position, BATCH, details=self._details)
            except Unavailable:
                yield b": the database does not answer just now\n\n"
                await asyncio.sleep(1)
                continue
            before = self._position
            # Up to the head there is nothing more that this reader may see.
            self._position = rows[-1]["position"] if len(rows) == BATCH else max(head, before)
            if rows:
                yield _event("ledger", self._position, {"rows": rows, "position": str(self._position)})
                if len(rows) < BATCH:
                    await asyncio.sleep(COALESCE_S)
            elif not await self._live.beyond(self._position, HEARTBEAT_S):
                yield b": heartbeat\n\n"


def _event(name: str, position: Position, data: object) -> bytes:
    return f"id: {position}\nevent: {name}\ndata: ".encode() + dump(data) + b"\n\n"


def _sent(last_id: str) -> Position | None:
    """What a reader that comes back sends; it cannot mend what is wrong with it, so that is no error."""
    try:
        return Position.parse(last_id)
    except BadInput:
        return None


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
