"""Notes that a browser keeps for us for some minutes: it can read them, and neither change nor prolong them."""

from __future__ import annotations

import base64
import binascii
import hmac
from hashlib import blake2b
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from datetime import datetime, timedelta


class Notes:
    """Seals and reads notes of one kind. ``key`` lies outside the database."""

    def __init__(self, key: bytes, kind: str, lasts: timedelta) -> None:
        self._key = blake2b(kind.encode(), key=key, digest_size=32, person=b"note").digest()
        self._lasts = lasts

    @property
    def lasts_s(self) -> int:
        """How long a note is good for."""
        return int(self._lasts.total_seconds())

    def seal(self, content: dict[str, str], now: datetime) -> str:
        """Write a note, in the letters that a cookie takes."""
        said = orjson.dumps({**content, "until": (now + self._lasts).timestamp()})
        return f"{_text(said)}.{_text(self._mark(said))}"

    def read(self, note: str, now: datetime) -> dict[str, str] | None:
        """What a note says; None when it is not ours or its time is over."""
        said, _, mark = note.partition(".")
        try:
            content, sealed = _bytes(said), _bytes(mark)
        except (binascii.Error, ValueError):
            return None
        if not hmac.compare_digest(sealed, self._mark(content)):
            return None
        read = orjson.loads(content)
        return read if read.pop("until") > now.timestamp() else None

    def _mark(self, content: bytes) -> bytes:
        return blake2b(content, key=self._key, digest_size=32).digest()


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
