"""The only way to read about persons: the log is written first, in the same transaction, or nothing is read.

``consult`` opens the transaction, writes the row, and gives the connection out; without the row the database shows no
person (``audited()`` in ``migrations/sql/0022_audit.sql``). Whatever fails inside takes the row back with it, and then
nothing was given out either. A denied attempt is a row and a transaction of its own.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal

from app.domain.personal_number import without_numbers
from app.domain.reasons import Given, parse

if TYPE_CHECKING:
    from uuid import UUID

    from app.db import Connection, Reader

Action = Literal["read", "search", "export", "change"]

FOUND = "select reading_found($1, $2, $3, $4)"
DENIED = """
insert into read_log (session_ref, action, what, reason_text, filter, found) values ($1, 'denied', $2, $3, $4, $5)
"""
UNKNOWN_A_MINUTE = 60
"""Denied attempts of people who have not signed in that are written one by one; further ones are counted."""


@dataclass(frozen=True)
class Consultation:
    """What somebody wants to read, and why.

    ``what`` names the route or the query; ``filter`` holds codes, days and opaque ids, never content. ``reason`` is
    needed for whatever concerns persons (``app/domain/reasons.toml`` or a sentence). ``persons``: the pseudonyms that
    are asked for, where they are known beforehand; ``areas``: the codes of the areas.
    """

    action: Action
    what: str
    reason: str = ""
    filter: Mapping[str, Any] = field(default_factory=dict)
    persons: Iterable[bytes] = ()
    areas: Iterable[str] = ()


class Consulted:
    """An open reading: the connection, and what is yet to be said about it in the log."""

    def __init__(self, connection: Connection, log_id: int, consultation: Consultation) -> None:
        self.connection = connection
        self.log_id = log_id
        self._found: int | None = None
        self._persons = dict.fromkeys(consultation.persons)
        self._areas = dict.fromkeys(consultation.areas)

    def found(self, n: int) -> None:
        """So many rows are given out."""
        self._found = n

    def concerns(self, persons: Iterable[bytes | None], areas: Iterable[str] = ()) -> None:
        """What is given out is about these people (pseudonyms), in these areas (codes)."""
        self._persons.update(dict.fromkeys(person for person in persons if person is not None))
        self._areas.update(dict.fromkeys(areas))

    async def close(self) -> None:
        """Write what was found, as the last statement of the transaction."""
        await self.connection.execute(FOUND, self.log_id, self._found, list(self._persons), list(self._areas))


@asynccontextmanager
async def consult(reader: Reader, consultation: Consultation) -> AsyncIterator[Consulted]:
    """Read about persons. What was found is in the log before the block's end is.

    Raises:
        BadInput: No reason, or none that says anything.
        NotAllowed: The viewer's role reads no persons.
        Unavailable: The database does not answer; nothing may be given out.
    """
    given = parse(consultation.reason)
    async with _logged(reader, consultation, given, persons=True) as consulted:
        yield consulted


@asynccontextmanager
async def logged(reader: Reader, consultation: Consultation) -> AsyncIterator[Consulted]:
    """A search, an export or a change without persons, under the viewer's ordinary scope; a reason may be given."""
    given = parse(consultation.reason) if consultation.reason else Given("")
    async with _logged(reader, consultation, given, persons=False) as consulted:
        yield consulted


@asynccontextmanager
async def _logged(
    reader: Reader, consultation: Consultation, given: Given, *, persons: bool
) -> AsyncIterator[Consulted]:
    row = (
        session_reference(reader.viewer.session), consultation.action, consultation.what, given.id,
        masked(given.text), masked(dict(consultation.filter)), list(consultation.persons), list(consultation.areas),
    )  # fmt: skip
    async with reader.logged(row, persons=persons) as (connection, log_id):
        consulted = Consulted(connection, log_id, consultation)
        yield consulted
        await consulted.close()


async def note_denied(
    reader: Reader, what: str, why: str, asked: Mapping[str, Any] | None = None, *, times: int = 1
) -> None:
    """Write that somebody tried and was refused: a transaction of its own, committed at once.

    ``times``: how many attempts the row stands for.

    Raises:
        Unavailable: The database does not answer.
    """
    async with reader.writing() as connection:
        await connection.execute(
            DENIED, session_reference(reader.viewer.session), what[:200], masked(why[:MOST_WHY]),
            masked(dict(asked or {})), times,
        )  # fmt: skip


MOST_WHY = 300


class Flood:
    """Keeps attempts of people who never signed in from filling the log: some a minute, then only their number."""

    def __init__(self, most: int = UNKNOWN_A_MINUTE) -> None:
        self._most = most
        self._minute = -1
        self._written = 0
        self._held = 0

    def times(self, now_s: float | None = None) -> int:
        """For how many attempts a row is due now; 0: this one is counted and told with a later one."""
        minute = int((time.monotonic() if now_s is None else now_s) // 60)
        if minute != self._minute:
            self._minute, self._written = minute, 0
        if self._written >= self._most:
            self._held += 1
            return 0
        self._written += 1
        told, self._held = self._held + 1, 0
        return told


def session_reference(session: UUID | None) -> str | None:
    """What the log keeps of a session: enough to tell two apart, nothing to use one with."""
    return (
        None if session is None else blake2b(session.bytes, digest_size=8, person=b"session ref").hexdigest()
    )


def masked(value: Any) -> Any:
    """The same without personal numbers, wherever one was written: the log holds pseudonyms only."""
    if isinstance(value, str):
        return without_numbers(value.replace("\0", ""))
    if isinstance(value, Mapping):
        return {str(masked(str(key))): masked(held) for key, held in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [masked(held) for held in value]
    return value if isinstance(value, (int, float, bool, type(None))) else masked(str(value))
