"""The log book as known at T: entries, what is decided, what is open, what was done in an area, what was reviewed.

Every row is a plain dict with these keys:

* ``entry`` (opaque id, str), ``thread`` (id of the first of it and its corrections), ``kind`` (of
  ``app/domain/log_book.toml``), ``text``;
* where it is pinned: ``area`` (code) and ``area_name``, None of the whole region; ``for_all``: of the whole region and
  told to the chiefs too; ``incident`` (uid, str or None), ``view`` (page and search, or ""), ``known_at``, ``position``
  ("xid-id"), ``lon``, ``lat`` (WGS84 or None);
* a follow-up's ``owner`` and ``due`` (moment); an intervention's ``begins`` and ``ends`` (days; ends None: it goes on);
  a handover's ``figures``; a done's ``about`` (id of what it closes);
* ``corrects`` (id or None) and ``corrected`` (a later entry replaced it by T);
* ``noted_at``, ``name``, ``role`` of the writer; ``done_at``, ``done_by``, ``done_text``: when, by whom and with which
  words it was closed or acknowledged by T.

Moments are aware, UTC. ``at`` is the moment of knowing, None for now. The database shows each viewer what concerns them
(``migrations/sql/0029_log_book.sql``): no row tells of a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.queries.scope import Arguments

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from app.db import Connection

COLUMNS = """e.entry_id::text as entry, e.thread::text as thread, e.kind, e.text, a.code as area, a.name as area_name,
    e.for_all, e.incident::text as incident, e.view, e.known_at, e.xid::text || '-' || e.ledger_id as position,
    e.lon, e.lat, e.owner, e.due, e.begins, e.ends, e.figures, e.about::text as about, e.corrects::text as corrects,
    e.noted_at, e.name, e.role"""

# The first word that closed it counts; a correction of that word is the same word.
ROWS = f"""
select {COLUMNS}, {{corrected}} as corrected, d.noted_at as done_at, d.name as done_by, d.text as done_text
from log_entry as e left join area as a using (area_id)
left join lateral (
    select done.noted_at, done.name, done.text from log_entry as done
    where done.kind = 'done' and done.about = e.thread and {{known_done}}
    order by done.noted_at, done.entry_id limit 1
) as d on e.kind in ('follow_up', 'handover')
where {{wanted}}
order by {{order}} limit {{limit}}
"""
NEWEST = "e.noted_at desc, e.entry_id desc"

# As the area is asked for: itself, what lies within it, on the day that it was noted.
WITHIN = """exists (
    select from area_within as w join area as asked on asked.area_id = w.ancestor_id
    where asked.code = {code} and w.area_id = e.area_id and w.valid_from <= (e.noted_at at time zone 'UTC')::date
        and (w.valid_to is null or (e.noted_at at time zone 'UTC')::date < w.valid_to))"""
OPEN = "(e.kind <> 'follow_up' or d.noted_at is null)"
MOST = 1000


async def entries(
    connection: Connection,
    *,
    kinds: Sequence[str] = (),
    area: str | None = None,
    incident: UUID | None = None,
    open_only: bool = False,
    at: datetime | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
    corrected: bool = True,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """The log book, newest first.

    Args:
        connection: In a transaction on behalf of somebody.
        kinds: Only of these; empty for all.
        area: Pinned to this area (code) or to one within it.
        incident: Pinned to this incident.
        open_only: Only follow-ups that nobody has closed.
        at: As known at this moment; None for now.
        since: Noted after this moment.
        before: Noted before this moment: the ``noted_at`` of the last row of the page before.
        corrected: Also entries that a later one has replaced.
        limit: At most so many.
    """
    arguments = Arguments()
    wanted = []
    if kinds or open_only:
        wanted.append(f"e.kind = any({arguments.add(['follow_up'] if open_only else list(kinds))}::text[])")
    if open_only:
        wanted.append(OPEN)
    if area is not None:
        wanted.append(WITHIN.format(code=arguments.add(area)))
    if incident is not None:
        wanted.append(f"e.incident = {arguments.add(incident)}::uuid")
    if since is not None:
        wanted.append(f"e.noted_at > {arguments.add(since)}")
    if before is not None:
        wanted.append(f"e.noted_at < {arguments.add(before)}")
    return await _rows(
        connection, arguments, wanted, at, NEWEST, limit, corrected=corrected and not open_only
    )


async def one(connection: Connection, entry: UUID, at: datetime | None = None) -> dict[str, Any] | None:
    """One entry; None where there is none, or none that the viewer may see."""
    arguments = Arguments()
    found = await _rows(connection, arguments, [f"e.entry_id = {arguments.add(entry)}::uuid"], at, NEWEST, 1)
    return found[0] if found else None


async def decisions(
    connection: Connection, since: datetime, until: datetime | None = None
) -> list[dict[str, Any]]:
    """Decisions noted after ``since`` and known at ``until`` (None: now), as they then stood, in order of time."""
    arguments = Arguments()
    wanted = ["e.kind = 'decision'", f"e.noted_at > {arguments.add(since)}"]
    return await _rows(connection, arguments, wanted, until, "e.noted_at, e.entry_id", MOST, corrected=False)


async def open_items(connection: Connection, at: datetime | None = None) -> list[dict[str, Any]]:
    """Follow-ups that nobody has closed by ``at``, the first due first, each with ``overdue``: it was due by then."""
    moment = at or await connection.fetchval("select now()")
    wanted = ["e.kind = 'follow_up'", OPEN]
    found = await _rows(
        connection, Arguments(), wanted, at, "e.due, e.noted_at, e.entry_id", MOST, corrected=False
    )
    return [{**row, "overdue": row["due"] <= moment} for row in found]


async def interventions(
    connection: Connection, area_code: str | None = None, at: datetime | None = None
) -> list[dict[str, Any]]:
    """What was done in an area (a code; None: anywhere) or in one within it, the last begun first."""
    arguments = Arguments()
    wanted = ["e.kind = 'intervention'"]
    if area_code is not None:
        wanted.append(WITHIN.format(code=arguments.add(area_code)))
    order = "e.begins desc, e.noted_at desc, e.entry_id"
    return await _rows(connection, arguments, wanted, at, order, MOST, corrected=False)


async def reviews(
    connection: Connection, incident_uids: Sequence[UUID], at: datetime | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Who has reviewed these outcomes by ``at``: reviews in order by incident (uid, str); one without is not there."""
    arguments = Arguments()
    wanted = ["e.kind = 'review'", f"e.incident = any({arguments.add(list(incident_uids))}::uuid[])"]
    found: dict[str, list[dict[str, Any]]] = {}
    for row in await _rows(
        connection, arguments, wanted, at, "e.noted_at, e.entry_id", MOST, corrected=False
    ):
        found.setdefault(row["incident"], []).append(row)
    return found


async def area_name(connection: Connection, code: str) -> str | None:
    """What an area is called; None where there is none by that code."""
    name: str | None = await connection.fetchval("select name from area where code = $1", code)
    return name


async def _rows(
    connection: Connection,
    arguments: Arguments,
    wanted: list[str],
    at: datetime | None,
    order: str,
    limit: int,
    *,
    corrected: bool = True,
) -> list[dict[str, Any]]:
    moment = None if at is None else arguments.add(at)

    def known(row: str) -> str:
        return "true" if moment is None else f"{row}.noted_at <= {moment}"

    replaced = f"exists (select from log_entry as c where c.corrects = e.entry_id and {known('c')})"
    conditions = [*wanted, known("e"), *([] if corrected else [f"not {replaced}"])]
    statement = ROWS.format(
        corrected=replaced,
        known_done=known("done"),
        wanted=" and ".join(conditions),
        order=order,
        limit=arguments.add(min(limit, MOST)),
    )
    return [dict(row) for row in await connection.fetch(statement, *arguments)]
