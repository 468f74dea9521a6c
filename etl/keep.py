"""Keep: what a source sent is kept before anything is done with it, identities sealed.

A record of a feed that holds identities is encrypted under a key of its own. That key, wrapped under the master key,
lies in the keyring, a file beside the database and not in it: deleting it erases the record wherever a copy of it lies.
AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces; the master key never enters the database.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.errors import NotFound, SetupError
from app.logins import LOGINS, Login
from etl import keyfile
from etl.keyring import Keyring, RecordKey

NONCE_BYTES = 12
KEYRING = "records.db"
"""The keyring's name, beside the key file."""


@dataclass(frozen=True)
class Sealed:
    """A record as it is stored: ``body`` and, when it is sealed, the key that opens it."""

    body: bytes
    key: RecordKey | None = None

    @property
    def key_id(self) -> UUID | None:
        """The key's id in the keyring; None when the record is not sealed."""
        return None if self.key is None else self.key.key_id


@dataclass(frozen=True, eq=False)
class Keys:
    """The keys that stay outside the database.

    ``master`` is the newest version of the master key, ``older`` are those before it. ``identity`` is the key under
    which an identity is hashed; it never changes, and is made of the first master key where it is not told.
    """

    master: bytes = field(repr=False)
    version: int = 1
    identity: bytes = field(default=b"", repr=False)
    older: Mapping[int, bytes] = field(default_factory=dict, repr=False)
    ring: Keyring = field(default_factory=Keyring)
    path: Path | None = None
    _wrapping: dict[int, AESGCM] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not self.identity:
            object.__setattr__(self, "identity", keyfile.identity_of(self.master))

    @classmethod
    def read(cls, path: Path) -> Keys:
        """Read the key file at ``path``; make one, readable by its owner only, where there is none.

        Raises:
            SetupError: The file is there but is not a key, or cannot be read or written.
        """
        return cls._of(path, Keyring(path.with_name(KEYRING)))

    @classmethod
    def _of(cls, path: Path, ring: Keyring) -> Keys:
        held = keyfile.read(path)
        newest = max(held.masters)
        older = {version: key for version, key in held.masters.items() if version != newest}
        return cls(held.masters[newest], newest, held.identity, older, ring, path)

    @property
    def versions(self) -> tuple[int, ...]:
        """The versions of the master key that are held, oldest first."""
        return tuple(sorted((*self.older, self.version)))

    def holding(self, version: int) -> Keys:
        """These keys if they hold a version of the master key, else what the key file holds by now.

        Raises:
            SetupError: The file does not hold it either.
        """
        found = self if version in self.versions or self.path is None else self._of(self.path, self.ring)
        if version not in found.versions:
            raise SetupError(
                f"The key file holds no version {version} of the master key, under which the database's pseudonyms "
                "are; restore the newest copy of the key file."
            )
        return found

    def derive(self, purpose: bytes, version: int | None = None) -> bytes:
        """A 32-byte key for one purpose (at most 16 bytes of name); none reveals another.

        Raises:
            SetupError: That version of the master key is not held (any more).
        """
        number = self.version if version is None else version
        master = self.master if number == self.version else self.older.get(number)
        if master is None:
            raise SetupError(f"The key file holds no version {number} of the master key; restore its copy.")
        return hashlib.blake2b(b"lagesbild", key=master, person=purpose, digest_size=32).digest()

    def lasting(self, purpose: bytes) -> bytes:
        """A 32-byte key for one purpose that stays the same over re-keys."""
        return hashlib.blake2b(b"lagesbild", key=self.identity, person=purpose, digest_size=32).digest()

    def seal(self, plain: bytes) -> Sealed:
        """Encrypt one record under a key of its own; whoever stores the body first puts the key into the keyring."""
        fresh = os.urandom(32 + 2 * NONCE_BYTES + 8)  # asked for once: each call goes to the kernel
        key, nonce, outer, last = fresh[:32], fresh[32:44], fresh[44:56], fresh[56:]
        # Ids begin with the time, so that keys made together lie together.
        key_id = UUID(bytes=time.time_ns().to_bytes(8, "big") + last)
        return Sealed(nonce + AESGCM(key).encrypt(nonce, plain, None), self._wrap(key_id, key, outer))

    def open(self, body: bytes, key_id: UUID | None) -> bytes:
        """A stored record in the clear.

        Raises:
            NotFound: The record was erased: its key is gone.
            SetupError: The master key is another than the one that sealed it.
        """
        if key_id is None:
            return body
        key = self.ring.get(key_id)
        if key is None:
            raise NotFound("The record was erased: its key is gone.")
        return self.unseal(Sealed(body, key))

    def unseal(self, sealed: Sealed) -> bytes:
        """The record in the clear, with its key at hand.

        Raises:
            SetupError: The master key is another than the one that sealed it.
        """
        if sealed.key is None:
            return sealed.body
        try:
            key = AESGCM(self._unwrap(sealed.key))
            return key.decrypt(sealed.body[:NONCE_BYTES], sealed.body[NONCE_BYTES:], None)
        except InvalidTag as error:
            raise SetupError(
                "A sealed record does not open: the master key is not the one it was sealed with."
            ) from error

    def rewrapped(self, key: RecordKey) -> RecordKey:
        """The same key, wrapped under the newest master key.

        Raises:
            SetupError: The master key that wrapped it is not held (any more).
        """
        try:
            return self._wrap(key.key_id, self._unwrap(key), os.urandom(NONCE_BYTES))
        except InvalidTag as error:
            raise SetupError(
                "A record's key does not open: the master key is not the one it was wrapped with."
            ) from error

    def _wrap(self, key_id: UUID, key: bytes, nonce: bytes) -> RecordKey:
        return RecordKey(key_id, self.version, nonce + self._aes(self.version).encrypt(nonce, key, None))

    def _unwrap(self, key: RecordKey) -> bytes:
        return self._aes(key.version).decrypt(key.wrapped[:NONCE_BYTES], key.wrapped[NONCE_BYTES:], None)

    def _aes(self, version: int) -> AESGCM:
        found = self._wrapping.get(version)
        if found is None:
            found = self._wrapping[version] = AESGCM(self.derive(b"record keys", version))
        return found


def login_passwords(keys: Keys) -> dict[Login, str]:
    """The passwords of the web's logins, derived from the identity key: nobody has to keep them."""
    return {login: keys.lasting(f"login {login}".encode()).hex() for login in LOGINS}


def to_bytes(body: dict[str, Any]) -> bytes:
    """One record as JSON.

    What orjson refuses (lone surrogates, huge integers) is written in ASCII with escapes; values of unknown types as
    text.
    """
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError:
        return json.dumps(body, default=str).encode("ascii")
