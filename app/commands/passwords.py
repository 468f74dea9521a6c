"""Passwords: kept as argon2id only, and compared at the same cost whether there is such a user or not."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.errors import BadInput

SHORTEST, LONGEST = 12, 256
HASHER = PasswordHasher()  # argon2id with RFC 9106's second choice: 64 MiB, three passes, four lanes
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that can be mistaken for another


def require_good(password: str, username: str) -> None:
    """Refuse a password that is quickly guessed.

    Raises:
        BadInput: It is too short, too long, all one letter, or holds the user's name.
    """
    plain = _same(password)
    if len(plain) < SHORTEST:
        raise BadInput(f"A password has at least {SHORTEST} characters; three or four words will do.")
    if len(plain) > LONGEST:
        raise BadInput(f"A password has at most {LONGEST} characters.")
    if len(set(plain)) < 5 or username.casefold() in plain.casefold():
        raise BadInput("This password is too easily guessed: it repeats itself or holds the user's name.")


@cache
def nobodys() -> str:
    """What a password is compared with where there is no such user: the answer then takes as long."""
    return HASHER.hash(secrets.token_urlsafe(32))


def hash_password(password: str) -> str:
    """What is kept of a password; takes some tens of milliseconds and 64 MiB."""
    return HASHER.hash(_same(password))


def is_right(kept: str | None, password: str) -> bool:
    """Whether a password is the one that was kept. As slow without one: None is compared with nobody's."""
    try:
        HASHER.verify(kept or nobodys(), _same(password)[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def one_time_password() -> str:
    """Four groups of five letters and digits: 99 random bits, fit for reading out."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


def _same(password: str) -> str:
    """The same password from any keyboard: å is one character, however it was put together."""
    return unicodedata.normalize("NFC", password)
