"""Keep: what a source sent is kept before anything is done with it, identities sealed.

A record of a feed that holds identities is encrypted under a key of its own, and that key is stored apart, wrapped
under the master key. Deleting the wrapped key erases the record wherever a copy of it lies. AES-256-GCM (NIST SP
800-38D) with random 96-bit nonces; the master key never enters the database.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.errors import SetupError

NONCE_BYTES = 12
KEY_VERSION = 1


@dataclass(frozen=True)
class Sealed:
    """A record as it is stored: ``body`` and, when it is sealed, the wrapped key that opens it."""

    body: bytes
    wrapped: bytes | None = None

    @property
    def key_version(self) -> int | None:
        """The version of the master key that wrapped the record's key; None when the record is not sealed."""
        return None if self.wrapped is None else KEY_VERSION


@dataclass(frozen=True)
class Keys:
    """The keys that stay outside the database, all derived from one master key."""

    master: bytes

    @classmethod
    def read(cls, path: Path) -> Keys:
        """Read the master key from ``path``; make one, readable by its owner only, where there is none.

        Raises:
            SetupError: The file is there but is not a key, or cannot be read or written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_hex(32), encoding="ascii")
            try:
                os.link(fresh, path)  # of several processes that start at once, one makes the key
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
            master = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise SetupError(
                f"The master key {path} cannot be read ({error}); restore it: without it no sealed record opens."
            ) from error
        if len(master) != 32:
            raise SetupError(
                f"The master key {path} is {len(master)} bytes, not 32; restore it from its copy."
            )
        return cls(master)

    def derive(self, purpose: bytes) -> bytes:
        """A 32-byte key for one purpose (at most 16 bytes of name); none reveals another."""
        return hashlib.blake2b(b"lagesbild", key=self.master, person=purpose, digest_size=32).digest()

    @cached_property
    def _wrapping(self) -> AESGCM:
        return AESGCM(self.derive(b"record keys"))

    def seal(self, plain: bytes) -> Sealed:
        """Encrypt one record under a key of its own."""
        key = os.urandom(32)
        nonce = os.urandom(NONCE_BYTES)
        wrapping_nonce = os.urandom(NONCE_BYTES)
        return Sealed(
            nonce + AESGCM(key).encrypt(nonce, plain, None),
            wrapping_nonce + self._wrapping.encrypt(wrapping_nonce, key, None),
        )

    def unseal(self, sealed: Sealed) -> bytes:
        """The record in the clear.

        Raises:
            SetupError: The master key is another than the one that sealed it.
        """
        if sealed.wrapped is None:
            return sealed.body
        try:
            key = self._wrapping.decrypt(sealed.wrapped[:NONCE_BYTES], sealed.wrapped[NONCE_BYTES:], None)
            return AESGCM(key).decrypt(sealed.body[:NONCE_BYTES], sealed.body[NONCE_BYTES:], None)
        except InvalidTag as error:
            raise SetupError(
                "A sealed record does not open: the master key is not the one it was sealed with."
            ) from error


def to_bytes(body: dict[str, Any]) -> bytes:
    """One record as JSON.

    What orjson refuses (lone surrogates, huge integers) is written in ASCII with escapes; values of unknown types as
    text.
    """
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError:
        return json.dumps(body, default=str).encode("ascii")
