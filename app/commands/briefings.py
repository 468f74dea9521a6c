"""Store a morning's editions. They are written once and never changed; one made anew is the day's next number."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from app.briefing.edition import FORM, canonical

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from app.briefing.edition import Edition
    from app.db import Connection
    from app.queries.measure_frames import Pin

BRIEFING = 7_160_031
"""The lock that one who makes editions at a time holds."""

INSERT = """
insert into briefing (area_id, day, number, known_at, xid, ledger_id, form, sha256, content, made_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning edition_id
"""
NUMBER = "select coalesce(max(number), 0) + 1 from briefing where day = $1"


class Stored(NamedTuple):
    """An edition as it was stored."""

    edition_id: int
    area: str | None
    number: int


async def store(
    connection: Connection, day: date, pin: Pin, editions: Sequence[tuple[int | None, Edition]], now: datetime
) -> list[Stored]:
    """Write the editions of one morning, all with the day's next number: all of them or none.

    Args:
        connection: On a login that may write; no transaction is open on it.
        day: Whose editions they are.
        pin: The picture that they tell of.
        editions: Each with the id of its area, None for the region's.
        now: When they were made.
    """
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", BRIEFING)
        number = await connection.fetchval(NUMBER, day)
        found = []
        for area_id, edition in editions:
            content = canonical(edition)
            digest = hashlib.sha256(content.encode()).digest()
            edition_id = await connection.fetchval(
                INSERT, area_id, day, number, *pin, FORM, digest, content, now
            )
            found.append(Stored(edition_id, edition.area, number))
        return found
