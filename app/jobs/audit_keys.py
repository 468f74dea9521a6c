"""The log's own keys: one for the chain, one that signs the heads.

They lie outside the database, and apart from the master key of the pseudonyms, so that a change of that key leaves the
log verifiable.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain.errors import SetupError


@dataclass(frozen=True)
class AuditKeys:
    """Both keys, derived from 32 secret bytes."""

    secret: bytes

    @classmethod
    def read(cls, path: Path, *, make: bool = False) -> AuditKeys:
        """Read the secret from ``path``; with ``make``, make one, readable by its owner only, where there is none.

        Raises:
            SetupError: There is none, it is no key, or it cannot be read or written.
        """
        try:
            if make:
                _make(path)
            secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise SetupError(
                f"The log's key {path} cannot be read ({error}); restore it: without it the log cannot be verified."
            ) from error
        if len(secret) != 32:
            raise SetupError(
                f"The log's key {path} is {len(secret)} bytes, not 32; restore it from its copy."
            )
        return cls(secret)

    @cached_property
    def chain(self) -> bytes:
        """The key of the chain's hashes."""
        return self._derive(b"chain")

    @cached_property
    def signing(self) -> Ed25519PrivateKey:
        """Signs the heads."""
        return Ed25519PrivateKey.from_private_bytes(self._derive(b"heads"))

    @property
    def public(self) -> Ed25519PublicKey:
        """Verifies the heads; no secret."""
        return self.signing.public_key()

    @property
    def public_hex(self) -> str:
        """The public key as 64 hexadecimal digits."""
        return self.public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()

    def _derive(self, purpose: bytes) -> bytes:
        return blake2b(b"lagesbild audit", key=self.secret, person=purpose, digest_size=32).digest()


def _make(path: Path) -> None:
    """Write a new secret, whole or not at all; of several processes that start at once, one makes it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.exists():
        return
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    fresh.touch(mode=0o600)
    fresh.write_text(secrets.token_hex(32), encoding="ascii")
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
