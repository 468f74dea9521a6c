"""Who is asking: a bearer token, or a session that was begun with one.

A session is a signed note in a cookie: the number of the token and when it was begun. It outlives a restart of the
server, and ends after twelve hours of a shift and some, or when its token is taken back.
"""

from __future__ import annotations

import base64
import hmac
import time
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol

from app.commands.tokens import token_hash

if TYPE_CHECKING:
    from app.domain.viewer import Viewer
    from app.queries.tokens import Holder

COOKIE = "lagesbild_session"
SESSION_S = 16 * 3600
REMEMBERED_S = 5.0
"""A token that was taken back may be honoured this much longer."""
REMEMBERED_MOST = 1000


class Tokens(Protocol):
    """Looks tokens up."""

    async def by_hash(self, digest: bytes) -> Holder | None:
        """The holder of the token with this hash."""

    async def by_id(self, token_id: int) -> Holder | None:
        """The holder of the token with this number."""


class Sessions:
    """Tells tokens and sessions apart from anything else. ``key`` signs; it lies outside the database."""

    def __init__(self, tokens: Tokens, key: bytes) -> None:
        self._tokens = tokens
        self._key = key
        self._known: dict[bytes | int, tuple[float, Holder | None]] = {}

    async def from_token(self, token: str) -> Holder | None:
        """The holder of a token; None when it is not one or was taken back."""
        digest = token_hash(token)
        return await self._look_up(digest)

    async def from_cookie(self, value: str) -> Viewer | None:
        """On whose behalf a session is; None when it is forged, over, or its token was taken back."""
        note, _, seal = value.partition(".")
        if not hmac.compare_digest(seal.encode("utf-8", "replace"), self._seal(note).encode()):
            return None
        number, _, begun = note.partition("-")
        if time.time() - int(begun) > SESSION_S:
            return None
        holder = await self._look_up(int(number))
        return holder.viewer if holder else None

    def begin(self, holder: Holder) -> str:
        """The cookie of a new session."""
        note = f"{holder.token_id}-{int(time.time())}"
        return f"{note}.{self._seal(note)}"

    def _seal(self, note: str) -> str:
        digest = blake2b(
            note.encode("utf-8", "replace"), key=self._key, digest_size=24, person=b"session"
        ).digest()
        return base64.urlsafe_b64encode(digest).decode()

    async def _look_up(self, what: bytes | int) -> Holder | None:
        now = time.monotonic()
        until, holder = self._known.get(what, (0.0, None))
        if until < now:
            holder = await (
                self._tokens.by_hash(what) if isinstance(what, bytes) else self._tokens.by_id(what)
            )
            if len(self._known) >= REMEMBERED_MOST:
                self._known.clear()
            self._known[what] = (now + REMEMBERED_S, holder)
        return holder
