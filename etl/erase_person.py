"""Erase one person: pseudonyms, mentions, and every record and text that may tell of them by their number.

Mentions without a number go too where somebody judged them to be of this person.

The number is searched for where it cannot be found by its pseudonym: in all sealed records, opened one by one, and in
all texts. A report found so keeps what counts are made of and the other people's pseudonyms; its words go. A person who
is only written about by name, in a report that tells of others, is not found (docs/identity.md).
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from app.domain.errors import BadInput
from etl import erase, versions
from etl.feed import Problem
from etl.identify import NUMBER, Pseudonyms, normal
from etl.keep import Sealed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.db import Connection, Pool
    from etl.erase import Counts, Order
    from etl.keep import Keys

RULE = "one person, by a decision"
READ_AT_ONCE = 2_000

# The person, and the mentions without a number that somebody judged to be of the same one.
SAME = "select distinct member from link_persons_of($1::bytea[], null)"
NAMED = """
select v.incident_id from incident_version as v join incident_offence as o using (version_id)
where o.victim = any($1::bytea[]) or o.suspect = any($1)
union
select v.incident_id from incident_version as v join person_mention as m using (version_id)
where m.person = any($1)
"""
# PostgreSQL's own regular expressions: the same as Python's for this pattern.
WRITTEN = """
select distinct incident_id from incident_version
where erased_at is null and concat_ws(' ', title, summary, place_text, url, attributes::text) ~ $1
"""
RAW = """
select raw_id, body, key_id from raw_record where raw_id > $1 and erased_at is null order by raw_id limit $2
"""
INCIDENTS_OF = "select distinct incident_id from incident_version where raw_id = any($1::bigint[])"
THESE = "select raw_id, key_id from raw_record where raw_id = any($1::bigint[]) and erased_at is null"


async def erase_person(pool: Pool, keys: Keys, number: str, reason: str, order: Order) -> Counts:
    """Erase whoever has this personnummer or samordningsnummer; what was erased, also in the protocol.

    Raises:
        BadInput: It is no such number, or no reason is given.
        SetupError: The key file is not this database's.
    """
    if not reason.strip():
        raise BadInput("An erasure needs a reason, for the protocol.")
    try:
        digits = normal(number, "number")
    except Problem as problem:
        raise BadInput(problem.reason) from None  # the problem itself quotes the number
    if not NUMBER.fullmatch(number.strip()):
        raise BadInput("That is no personnummer or samordningsnummer.")
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(f"select {versions.HOLD}")
        held, version = await versions.current(connection, keys)
        person = Pseudonyms(held, version).of(digits, "number")
        people = [row[0] for row in await connection.fetch(SAME, [person])]
        pattern = written_forms(digits)
        raws = await _records_with(connection, held, pattern)
        incidents = {row[0] for row in await connection.fetch(NAMED, people)}
        incidents |= {row[0] for row in await connection.fetch(WRITTEN, pattern)}
        incidents |= {row[0] for row in await connection.fetch(INCIDENTS_OF, raws)}
        done = await erase.erase_incidents(connection, held.ring, sorted(incidents), order.now, people)
        done.records += await erase.erase_raw(connection, held.ring, THESE, raws, order.now)
        done.others += await erase.forget_people(connection, people)
        await erase.protocol(connection, order, "person", RULE, done, reason.strip())
    async with pool.acquire() as connection:
        await connection.execute(f"vacuum {erase.LEFTOVERS}")
    return done


def written_forms(digits: str) -> str:
    """A regular expression for the ways of writing a number, told in twelve digits."""
    century, day, last = digits[:2], digits[2:8], digits[8:]
    return f"(?:{century})?{day}[-+ ]?{last}"


async def _records_with(connection: Connection, keys: Keys, pattern: str) -> list[int]:
    """The raw records that hold a number, sealed or not."""
    wanted = re.compile(pattern.encode())
    found: list[int] = []
    after = 0
    while rows := await connection.fetch(RAW, after, READ_AT_ONCE):
        after = rows[-1]["raw_id"]
        found += await asyncio.to_thread(_matching, keys, rows, wanted)
    return found


def _matching(keys: Keys, rows: Sequence[Any], wanted: re.Pattern[bytes]) -> list[int]:
    held = keys.ring.many([row["key_id"] for row in rows if row["key_id"] is not None])
    found: list[int] = []
    for row in rows:
        raw_id, body, key_id = row["raw_id"], row["body"], row["key_id"]
        if key_id is not None and key_id not in held:
            continue  # its key is gone already: nobody can read it
        plain = keys.unseal(Sealed(body, held[key_id])) if key_id is not None else body
        if wanted.search(plain):
            found.append(raw_id)
    return found
