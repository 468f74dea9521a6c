"""Who is asking: the holder of a bearer token, or whoever began the session whose secret is in the cookie.

Nothing is remembered between requests: each is looked up, so a session that was ended, a token that was taken back and
a role that was changed are so from the next request on. What stays open meanwhile (streams, WebSockets) is told.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from app.commands.sessions import Limits, Principal, begin_session, end_sessions, see_session
from app.commands.tokens import token_hash
from app.domain.errors import Unavailable
from app.queries.sessions import scope_holds, session_of_secret, way_of
from app.queries.tokens import viewer_of_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.commands.sessions import Way
    from app.db import Door
    from app.domain.viewer import Viewer
    from app.queries.live import Live

SEEN_EVERY = timedelta(minutes=1)
"""Signs of a person are noted no more often than this."""
LOOK_ANYWAY_S = 15.0
"""An open stream's right is looked up this often, whether the database tells of a change or not."""
FOR_EVER = Limits(None, None)


def secret_hash(secret: str) -> bytes:
    """What is kept of a session's secret. It has 256 random bits, so a plain fast hash cannot be turned round."""
    return blake2b(secret.encode("utf-8", "replace"), digest_size=32, person=b"session").digest()


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


class Sessions:
    """Tells tokens and sessions apart from anything else."""

    def __init__(
        self, door: Door, live: Live, limits: Limits, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self.door = door
        self.clock = clock
        self._live = live
        self._limits = limits

    async def from_token(self, token: str) -> Viewer | None:
        """On whose behalf a token is; None when it is not one or was taken back."""
        async with self.door.open() as connection:
            return await viewer_of_token(connection, token_hash(token))

    async def from_cookie(self, secret: str, *, by_hand: bool = False) -> Viewer | None:
        """On whose behalf a session is; None when there is none or it is over. ``by_hand``: a sign of the person."""
        now = self.clock()
        async with self.door.open() as connection:
            session = await session_of_secret(connection, secret_hash(secret), now)
            if session is None:
                return None
            if by_hand and session.viewer.session and now - session.last_seen_at > SEEN_EVERY:
                await see_session(connection, session.viewer.session, now)
        return session.viewer

    async def begin(
        self, principal: Principal, way: Way, source: str, *, instead_of: str | None = None,
        provider_session: str | None = None,
    ) -> str:  # fmt: skip
        """Begin a session and return its secret, always a new one; a session that the browser had before ends."""
        secret, now = secrets.token_urlsafe(32), self.clock()
        limits = FOR_EVER if principal.role == "wall" else self._limits
        async with self.door.open() as connection:
            if instead_of is not None:
                before = await session_of_secret(connection, secret_hash(instead_of), now)
                if before is not None and before.viewer.session is not None:
                    await end_sessions(connection, "session_id", before.viewer.session, "replaced", now)
            await begin_session(
                connection, principal, secret_hash(secret), way, source, limits, now, provider_session
            )
        return secret

    async def end(self, viewer: Viewer) -> None:
        """Sign out: the session ends, with every stream that is open under it."""
        if viewer.session is None:
            return
        async with self.door.open() as connection:
            await end_sessions(connection, "session_id", viewer.session, "signed_out", self.clock())

    async def came_by_provider(self, viewer: Viewer) -> bool:
        """Whether the session was begun by way of the provider, where the person is still signed in."""
        if viewer.session is None:
            return False
        async with self.door.open() as connection:
            return await way_of(connection, viewer.session) == "provider"

    async def until_ended(self, viewer: Viewer) -> None:
        """Wait until what the viewer was let in for no longer holds: ended, re-scoped, or out of time."""
        if viewer.scope is None:
            return
        with self._live.watch_access(viewer.scope) as told:
            while True:
                try:
                    async with self.door.open() as connection:
                        if not await scope_holds(connection, viewer, self.clock()):
                            return
                except Unavailable:
                    pass  # nobody can be asked: it is asked again, and no row can be read meanwhile either
                await told(LOOK_ANYWAY_S)


def principal_of_token(viewer: Viewer) -> Principal:
    """For whom a session is that is begun with a token."""
    return Principal(None, int(viewer.actor.removeprefix("token:")), viewer.name, viewer.role, viewer.areas)
