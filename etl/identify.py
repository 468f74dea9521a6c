"""Identify: a person becomes a keyed pseudonym here, at the edge; nothing further in knows a personnummer.

Two layers (docs/decisions/2026-11-24-rekey.md). The inner one is keyed BLAKE2b (RFC 7693), 16 bytes, under the identity
key: without it the 40 million possible numbers are reversed within seconds, so it lies outside the database. The outer
one is a permutation of 16 bytes under the master key of a version, which a re-key undoes and does anew.

Swedish numbers are checked (check digit, date) and brought to twelve digits first, so that the ways of writing one make
one pseudonym; other keys of a source are taken as they stand. A mention without a number gets a pseudonym of this one
mention: two reports are never joined by a name alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import orjson
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from personnummer.personnummer import Personnummer, PersonnummerException

from etl.feed import Problem

if TYPE_CHECKING:
    from etl.keep import Keys

NUMBER = re.compile(r"(?:\d{2})?\d{6}[-+ ]?\d{4}", re.ASCII)
"""A personnummer or samordningsnummer (the day of birth plus 60), in ten or twelve digits."""
TEMPORARY = re.compile(
    r"(?:\d{2})?\d{2}[01]\d[0-9]\d[-+ ]?(?=[0-9A-Z]*[A-Z])[0-9A-Z]{4}", re.ASCII | re.IGNORECASE
)
"""A reserve number (reservnummer): a birth date and four signs with letters among them."""
CUT = re.compile(r"(?:\d{2})?\d{6}[-+](?:\d{0,3}|\d{5,})", re.ASCII)
"""A birth date with a sign and the wrong number of digits."""
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−﹣－", "-") | {"\xa0": " "})
BLOCK = 16


class Permutation:
    """A permutation of 16 bytes under a key: AES-256 (FIPS 197) of one block, which has an inverse."""

    def __init__(self, key: bytes | None) -> None:
        """``key`` None leaves blocks as they are."""
        # One block is permuted on its own, as it must be for equal pseudonyms to stay equal: no mode, no padding.
        self._cipher = None if key is None else Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - see above

    def turn(self, blocks: Iterable[bytes]) -> list[bytes]:
        """Each block of 16 bytes, permuted."""
        return self._apply(blocks, back=False)

    def back(self, blocks: Iterable[bytes]) -> list[bytes]:
        """Each block as it was before `turn`."""
        return self._apply(blocks, back=True)

    def _apply(self, blocks: Iterable[bytes], *, back: bool) -> list[bytes]:
        held = list(blocks)
        if any(len(block) != BLOCK for block in held):
            raise ValueError("A pseudonym is 16 bytes.")
        if self._cipher is None:
            return held
        work = self._cipher.decryptor() if back else self._cipher.encryptor()
        turned = work.update(b"".join(held))
        return [turned[start : start + BLOCK] for start in range(0, len(turned), BLOCK)]


def permutation(keys: Keys, version: int) -> Permutation:
    """The outer layer of a version. That of version 1 changes nothing: databases began without an outer layer.

    Raises:
        SetupError: That version of the master key is not held (any more).
    """
    return Permutation(None if version == 1 else keys.derive(b"outer layer", version))


class Pseudonyms:
    """Turns identities into pseudonyms under one version of the keys. ``is_plain``: its outer layer changes nothing."""

    def __init__(self, keys: Keys, version: int | None = None) -> None:
        """``version``: under which the database's pseudonyms are; the newest that ``keys`` hold if it is not told."""
        self.version = keys.version if version is None else version
        self.is_plain = self.version == 1
        self._key = keys.identity
        self._layer = permutation(keys, self.version)

    def of(self, identity: str | None, field: str) -> bytes | None:
        """The 16-byte pseudonym of a personnummer, a samordningsnummer or a source's own key.

        Raises:
            Problem: It looks like a personnummer and is none.
        """
        inner = self.inner(identity, field)
        return None if inner is None else self.outer(inner)

    def of_mention(self, feed: str, source_key: str, role: str, number: int) -> bytes:
        """The pseudonym of one mention without a number: the ``number``-th person of that role in a report."""
        return self.outer(self.inner_of_mention(feed, source_key, role, number))

    def inner(self, identity: str | None, field: str) -> bytes | None:
        """The inner layer of ``of``: the same under every version. It is never stored.

        Raises:
            Problem: It looks like a personnummer and is none.
        """
        if identity is None:
            return None
        text = normal(identity, field)
        return hashlib.blake2b(text.encode(), key=self._key, digest_size=BLOCK).digest()

    def inner_of_mention(self, feed: str, source_key: str, role: str, number: int) -> bytes:
        """The inner layer of ``of_mention``."""
        told = orjson.dumps((feed, source_key, role, number))
        return hashlib.blake2b(told, key=self._key, person=b"mention", digest_size=BLOCK).digest()

    def outer(self, inner: bytes) -> bytes:
        """A block of 16 bytes as it is stored under this version."""
        return inner if self.is_plain else self._layer.turn((inner,))[0]

    def outer_all(self, inner: Sequence[bytes | None]) -> list[bytes | None]:
        """Several blocks at once, in their order; what is not there stays so."""
        if self.is_plain:
            return list(inner)
        turned = iter(self._layer.turn(block for block in inner if block is not None))
        return [None if block is None else next(turned) for block in inner]


def normal(identity: str, field: str) -> str:
    """An identity in the one way of writing it: a personnummer in twelve digits, another key as it stands.

    Raises:
        Problem: It looks like a personnummer and is none.
    """
    text = identity.strip()
    if not text.isascii():
        written = unicodedata.normalize("NFKC", text.translate(DASHES)).strip()
        text = written if written.isascii() else text
    if NUMBER.fullmatch(text):
        return _twelve_digits(text.replace(" ", ""), field)
    if TEMPORARY.fullmatch(text):
        raise Problem(
            "identify", field, text,
            "It is a temporary number (reservnummer), which belongs to one system and to nobody for long; leave the "
            "number empty and tell name and birth date instead.",
        )  # fmt: skip
    if CUT.fullmatch(text):
        raise Problem(
            "identify",
            field,
            text,
            "It looks like a personnummer, but has not four digits after the birth date.",
        )
    return text


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
