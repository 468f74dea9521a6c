"""Identify: a person becomes a keyed pseudonym here, at the edge; nothing further in knows a personnummer.

Keyed BLAKE2b (RFC 7693), 16 bytes. Without the key the 40 million possible numbers are reversed within seconds; the
key therefore lies outside the database. Swedish numbers are checked (check digit, date) and brought to twelve digits
first, so that the ways of writing one make one pseudonym; other keys of a source are taken as they stand.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from personnummer.personnummer import Personnummer, PersonnummerException

from etl.feed import Problem

if TYPE_CHECKING:
    from etl.keep import Keys

NUMBER = re.compile(r"(?:\d{2})?\d{6}[-+ ]?\d{4}")


class Pseudonyms:
    """Turns identities into pseudonyms under one key."""

    def __init__(self, keys: Keys) -> None:
        self._key = keys.derive(b"pseudonyms")

    def of(self, identity: str | None, field: str) -> bytes | None:
        """The 16-byte pseudonym of a personnummer, a samordningsnummer or a source's own key.

        Raises:
            Problem: It looks like a personnummer and is none.
        """
        if identity is None:
            return None
        text = identity.strip()
        if NUMBER.fullmatch(text):
            text = _twelve_digits(text.replace(" ", ""), field)
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=16).digest()


@lru_cache(maxsize=65_536)
def _checked(text: str) -> str | None:
    try:
        return str(Personnummer(text).format(long_format=True))
    except PersonnummerException:
        return None


def _twelve_digits(text: str, field: str) -> str:
    number = _checked(text)
    if number is None:
        raise Problem(
            "identify", field, text, "It looks like a personnummer, but its date or check digit is wrong."
        )
    return re.sub(r"\D", "", number)


def mask(value: str) -> str:
    """The shape of a value without its content: what a feed administrator may see of a sealed record."""
    return re.sub(r"[^\W\d_]", "x", re.sub(r"\d", "9", value))
