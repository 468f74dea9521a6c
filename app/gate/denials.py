"""Denied attempts stand in the log: each in a transaction of its own, committed before the refusal is sent.

Two of them stand around the server. Inside the gate: what a role may not do (403), and what concerns persons and is not
there or not to be seen by the asker (404; nobody is told which). Outside: who asks about persons and has not signed in.
If the log cannot be written just now the refusal is sent all the same, and the server's own log says so.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from app.commands.consult import Flood, note_denied
from app.domain.errors import Unavailable
from app.domain.viewer import NOBODY

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from app.db import Reader
    from app.domain.viewer import Viewer

PERSONAL = (
    "/api/v1/pairs", "/api/v1/persons", "/api/v1/suspicions", "/api/v1/links", "/api/v1/log", "/granskning", "/lankar",
)  # fmt: skip
"""Paths that people who have not signed in are noted for; all others are the daily noise of ended sessions."""
MOST_ACTORS = 10_000

log = logging.getLogger(__name__)


class Denials:
    """Stands around ``app``; ``reader`` gives a reader on behalf of a viewer."""

    def __init__(self, app: ASGIApp, reader: Callable[[Viewer], Reader], *, outside: bool = False) -> None:
        self._app = app
        self._reader = reader
        self._outside = outside
        self._floods: dict[str, Flood] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, and note what was refused."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and self._counts(scope, message["status"]):
                route = getattr(scope.get("route"), "path_format", scope["path"])
                asked = {name: str(value)[:80] for name, value in scope.get("path_params", {}).items()}
                await self.note(_viewer(scope), f"{scope['method']} {route}", str(message["status"]), asked)
            await send(message)

        if not self._outside:
            state = scope.setdefault("state", {})
            state["note_denied"] = partial(self.note, _viewer(scope))
        await self._app(scope, receive, sending)

    def _counts(self, scope: Scope, status: int) -> bool:
        if self._outside:
            return status == 401 and scope["path"].startswith(PERSONAL)
        return status == 403 or (
            status == 404
            and getattr(scope.get("route"), "permission", None) in {"pairs", "follow_up", "links"}
        )

    async def note(self, viewer: Viewer, what: str, why: str, asked: dict[str, str] | None = None) -> None:
        """Write the row, or count the attempt where the same viewer has made too many in this minute."""
        if len(self._floods) >= MOST_ACTORS:
            self._floods.clear()
        times = self._floods.setdefault(viewer.actor, Flood()).times()
        if not times:
            return
        try:
            await note_denied(self._reader(viewer), what, why, asked, times=times)
        except Unavailable:
            log.warning(
                "A denied attempt of %s is not in the log: the database does not answer.", viewer.actor
            )


def _viewer(scope: Scope) -> Viewer:
    viewer: Viewer | None = scope.get("state", {}).get("viewer")
    return viewer or NOBODY
