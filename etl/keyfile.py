"""The key file: one identity key that never changes, and one or more versions of the master key.

One line of 64 hexadecimal digits is a file of version 1, as it is made at the first start. With the first re-key it
becomes JSON: ``{"identity": hex, "masters": {"1": hex, "2": hex}}``. It is only ever replaced whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.domain.errors import SetupError

KEY_BYTES = 32


@dataclass(frozen=True)
class KeyFile:
    """What the file holds."""

    identity: bytes
    masters: Mapping[int, bytes]


def identity_of(master: bytes) -> bytes:
    """The identity key of a file that has only its first master key."""
    return hashlib.blake2b(b"lagesbild", key=master, person=b"pseudonyms", digest_size=KEY_BYTES).digest()


def read(path: Path) -> KeyFile:
    """Read the key file; make one, readable by its owner only, where there is none.

    Raises:
        SetupError: The file is there but is no key file, or cannot be read or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            fresh = _written_beside(path, secrets.token_hex(KEY_BYTES))
            try:
                os.link(fresh, path)  # of several processes that start at once, one makes the key
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return _parsed(path.read_text(encoding="ascii").strip(), path)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SetupError(
            f"The master key {path} cannot be read ({error}); restore it: without it no sealed record opens."
        ) from error


def add_version(path: Path) -> int:
    """Add a new random master key and return its version.

    Raises:
        SetupError: The file cannot be read or written.
    """
    held = read(path)
    version = max(held.masters) + 1
    _replace(path, KeyFile(held.identity, {**held.masters, version: secrets.token_bytes(KEY_BYTES)}))
    return version


def drop_version(path: Path, version: int) -> None:
    """Delete a master key from the file: what is still wrapped under it, in whatever old copy, opens no more.

    Raises:
        SetupError: The file cannot be read or written.
    """
    held = read(path)
    _replace(path, KeyFile(held.identity, {n: key for n, key in held.masters.items() if n != version}))


def _parsed(text: str, path: Path) -> KeyFile:
    if text.startswith("{"):
        told = json.loads(text)
        held = KeyFile(
            bytes.fromhex(told["identity"]),
            {int(version): bytes.fromhex(key) for version, key in told["masters"].items()},
        )
    else:
        master = bytes.fromhex(text)
        held = KeyFile(identity_of(master) if master else b"", {1: master})
    for key in (held.identity, *held.masters.values()):
        if len(key) != KEY_BYTES:
            raise SetupError(
                f"The master key {path} is {len(key)} bytes, not {KEY_BYTES}; restore it from its copy."
            )
    if not held.masters:
        raise SetupError(f"The key file {path} holds no master key; restore it from its copy.")
    return held


def _replace(path: Path, held: KeyFile) -> None:
    told = {
        "identity": held.identity.hex(),
        "masters": {str(version): key.hex() for version, key in sorted(held.masters.items())},
    }
    try:
        _written_beside(path, json.dumps(told)).replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise SetupError(f"The key file {path} cannot be written ({error}); nothing was changed.") from error


def _written_beside(path: Path, text: str) -> Path:
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    return fresh
