"""The log as its auditor sees it: who read whom, when and why. Persons are short digits, the same for the same person.

Each function takes a connection of a reader with the permission ``log`` and reads no case.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal

from app.domain.unusual import Colleague, Reading
from app.queries.scope import Arguments

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from app.db import Connection

Action = Literal["read", "search", "export", "denied", "change"]
ACTIONS: tuple[Action, ...] = ("read", "search", "export", "denied", "change")

PAGE = """
select l.log_id, l.at, l.actor, l.name, l.role, l.action, l.what, l.reason, l.reason_text, l.filter, l.persons,
    l.areas, l.found, exists (select from read_seal as s where s.log_id = l.log_id) as sealed
from read_log as l where {where} order by l.log_id desc limit {limit}
"""
READINGS = """
select log_id, at, actor, name, role, action, what, reason, persons, areas, found from read_log
where at >= $1 and at < $2 order by log_id desc limit $3
"""
MOST_READINGS = 200_000
"""Rows of the log that the rules look at in one go."""
ACTORS = (
    "select actor, max(name) as name from read_log where at >= $1 and at < $2 group by actor order by 2, 1"
)
NOTES = """
select note_id, at, actor, name, rule, about, log_ids, outcome, note from review_note
where log_ids && $1::bigint[] order by note_id
"""
STATE = """
select s.sealed, s.sealed_to, s.sealed + w.unsealed as rows, w.waiting, c.at as checked_at, c.rows as checked_rows,
    c.sealed_to as checked_to, coalesce(c.findings, '[]') as findings
from (select coalesce(max(seal_no), 0) as sealed, max(sealed_at) as sealed_to
      from (select seal_no, sealed_at from read_seal order by seal_no desc limit 1) as last) as s
cross join (
    select count(*) as unsealed, count(*) filter (where l.at < now() - interval '10 seconds') as waiting
    from read_log as l
    where l.at > now() - interval '1 day' and not exists (select from read_seal as s where s.log_id = l.log_id)) as w
left join (select * from audit_check order by check_id desc limit 1) as c on true
"""
"""Counts what is sealed by the number of the last seal, so that a long log is not read through for it."""


@dataclass(frozen=True)
class LogFilters:
    """Which rows of the log: between two moments, of one actor, of one action, or these numbers."""

    since: datetime
    until: datetime
    actor: str | None = None
    action: Action | None = None
    log_ids: tuple[int, ...] | None = None


async def page(
    connection: Connection, filters: LogFilters, before: int | None = None, limit: int = 200
) -> list[dict[str, Any]]:
    """Rows of the log, newest first; ``before``: those with a lower number only. ``at`` is UTC.

    ``persons`` are digits (see ``digits``), ``sealed`` whether the row is in the chain yet.
    """
    arguments = Arguments()
    where = [
        f"l.at >= {arguments.add(filters.since)}", f"l.at < {arguments.add(filters.until)}"
    ]  # fmt: skip
    if filters.actor is not None:
        where.append(f"l.actor = {arguments.add(filters.actor)}")
    if filters.action is not None:
        where.append(f"l.action = {arguments.add(filters.action)}")
    if filters.log_ids is not None:
        where.append(f"l.log_id = any({arguments.add(list(filters.log_ids))}::bigint[])")
    if before is not None:
        where.append(f"l.log_id < {arguments.add(before)}")
    statement = PAGE.format(where=" and ".join(where), limit=arguments.add(limit))
    return [
        {**dict(row), "persons": digits(row["persons"])}
        for row in await connection.fetch(statement, *arguments)
    ]


async def readings(connection: Connection, since: datetime, until: datetime) -> list[Reading]:
    """What the rules of unusual reading look at: the newest ``MOST_READINGS`` rows of the window."""
    rows = await connection.fetch(READINGS, since, until, MOST_READINGS)
    return await asyncio.to_thread(_shaped, rows)


def _shaped(rows: list[Any]) -> list[Reading]:
    return [
        Reading(**{
            **dict(row), "persons": frozenset(row["persons"]), "areas": frozenset(row["areas"])
        })
        for row in rows
    ]  # fmt: skip


async def colleagues(connection: Connection) -> list[Colleague]:
    """Those who have a login and whose own pseudonym or home area is recorded."""
    rows = await connection.fetch("select actor, person, home_areas from log_colleagues()")
    return [Colleague(row["actor"], row["person"], frozenset(row["home_areas"])) for row in rows]


async def actors(connection: Connection, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Who has rows in the log, by name."""
    return [dict(row) for row in await connection.fetch(ACTORS, since, until)]


async def notes(connection: Connection, log_ids: Iterable[int]) -> list[dict[str, Any]]:
    """The auditor's notes on any of these rows, oldest first."""
    return [dict(row) for row in await connection.fetch(NOTES, list(log_ids))]


async def state(connection: Connection) -> dict[str, Any]:
    """How far the chain has come, and what the last check of all of it found.

    ``sealed`` counts the seals, ``rows`` those and the last day's rows without one, ``waiting`` those of them that are
    older than ten seconds; ``checked_at`` (None: never yet), ``checked_rows``, ``checked_to`` and ``findings`` are the
    last check's.
    """
    return dict(await connection.fetchrow(STATE))


def digits(persons: Iterable[bytes]) -> list[str]:
    """Eight digits for each person, the same each time; other than those on the pages of cases."""
    return sorted(blake2b(person, digest_size=4, person=b"read_log digits").hexdigest() for person in persons)
