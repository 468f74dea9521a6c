"""Opaque ids of pairs: the only name of a pair that may stand in a link, a mail or an address.

AES-SIV (RFC 5297): deterministic, so that the same pair has the same id and links stay good, and authenticated, so
that a made-up id is none. Without the key an id tells nothing, not even whether two pairs share a person.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

Pair: TypeAlias = tuple[bytes, bytes]
"""Victim and suspect, as keyed pseudonyms."""

PSEUDONYM_BYTES = 16
SIGNS = re.compile(r"[A-Za-z0-9_-]{64}", re.ASCII)  # 48 bytes: a tag of 16 and two pseudonyms
ABOUT = [b"lagesbild pair 1"]


class PairIds:
    """Turns pairs into ids and back, under a key that stays outside the database."""

    def __init__(self, key: bytes) -> None:
        """``key``: 32 or 64 bytes, for this purpose alone."""
        self._cipher = AESSIV(key)

    def of(self, victim: bytes, suspect: bytes) -> str:
        """The id of a pair: 64 characters that may stand in an address."""
        sealed = self._cipher.encrypt(victim + suspect, ABOUT)
        return base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=")

    def read(self, text: str) -> Pair | None:
        """The pair that an id names; None when no pair ever had it."""
        if not SIGNS.fullmatch(text):
            return None
        try:
            plain = self._cipher.decrypt(base64.urlsafe_b64decode(text), ABOUT)
        except (InvalidTag, binascii.Error):
            return None
        return plain[:PSEUDONYM_BYTES], plain[PSEUDONYM_BYTES:]
