"""Pairs (dyads): their reports as known at T, across districts and addresses, and which pairs were reported again.

Person-level reads: they go by ``app/commands/pairs.py``, which writes the log first. Everything is asked of the
versions themselves, so a correction, a withdrawal or an ended suspicion is in the next answer. Only reports count:
calls and notices name no pair, and kinds are never added up. A window's ``until`` does not bind here, as for
incidents (``incidents.page``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.domain.dyad import Act, Dyad, Rung, by_last_report
from app.domain.errors import BadInput
from app.domain.window import KINDS, Window
from app.queries.believed import believed, nobody_protected, not_ended, not_protected
from app.queries.scope import Arguments

if TYPE_CHECKING:
    from app.db import Connection

Pair = tuple[bytes, bytes]

RUNGS = """
with named as (
    select distinct o.victim, o.suspect, o.version_id
    from unnest({victims}::bytea[], {suspects}::bytea[]) as pair (victim, suspect)
    join incident_offence as o using (victim, suspect) join incident_version as v using (version_id)
    where {believed} and {open_o}
)
select named.victim, named.suspect, i.uid, i.feed, v.occurred_from, v.occurred_to, v.day, v.reported_at, v.known_at,
    v.protected, a.code as area, v.version_id,
    (select min(f.known_at) from incident_version as f where f.incident_id = v.incident_id) as first_known_at,
    array(select w.ancestor_id from area_within as w where w.area_id = v.area_id
        and w.valid_from <= v.day and (w.valid_to is null or v.day < w.valid_to)) as area_ids,
    (c.victim, c.suspect) is not distinct from (named.victim, named.suspect) as own,
    f.code, f.group_code, f.name_sv, f.name_en, f.severity, c.count, c.relation
from named join incident_version as v using (version_id)
join incident as i on i.incident_id = v.incident_id and i.kind = {kind}
join area as a on a.area_id = v.area_id
join incident_offence as c on c.version_id = v.version_id
join offence as f on f.offence_id = c.offence_id
where c.suspect is null or {open_c}
order by v.occurred_from, i.uid, f.severity desc, f.code, c.number
"""

# The pairs of which a report happened in the window, with their reports of the time before it that may still count.
AGAIN = """
with recent as (
    select distinct o.victim, o.suspect
    from incident_version as v join incident_offence as o using (version_id) join incident as i using (incident_id)
    where v.day between {first} and {last} and i.kind = {kind} and o.victim is not null and o.suspect is not null
        and {believed} and {open_o}
), report as (
    select distinct o.victim, o.suspect, v.incident_id, v.day
    from recent join incident_offence as o using (victim, suspect) join incident_version as v using (version_id)
    join incident as i using (incident_id)
    where v.day between {first}::date - {days}::integer and {last} and i.kind = {kind} and {believed} and {open_o}
), counted as (
    select victim, suspect, day, count(*) over (
        partition by victim, suspect order by day range between make_interval(days => {days}) preceding and current row
    ) as reports
    from report
)
select distinct victim, suspect from counted
where day >= {first} and reports >= {at_least} and {open_pair}
"""

HOW_OFTEN = """
with report as (
    select distinct o.victim, o.suspect, v.incident_id
    from incident_version as v join incident_offence as o using (version_id) join incident as i using (incident_id)
    where v.day between {first} and {last} and i.kind = {kind} and o.victim is not null and o.suspect is not null
        and {believed} and {open_o}
), pair as (
    select count(*) as reports from report group by victim, suspect
)
select reports, count(*) as pairs from pair group by reports order by reports
"""

OF_PERSON = """
select distinct o.victim, o.suspect from incident_offence as o join incident_version as v using (version_id)
where o.{role} = {person} and o.victim is not null and o.suspect is not null and {believed} and {open_o}
    and {open_pair} and {nobody}
"""

REPORT = KINDS["report"]


async def rungs(
    connection: Connection, victim: bytes, suspect: bytes, known_at: datetime | None = None
) -> tuple[Rung, ...]:
    """The reports that name this pair, as they were known at ``known_at`` (None: now), in the order they happened.

    From every district; ``app.domain.dyad.for_scope`` keeps what a chief may see. Reports by which the suspicion has
    since ended are left out, whatever ``known_at``. Empty where nothing (more) names the pair.
    """
    found = await _rungs(connection, [(victim, suspect)], known_at)
    return tuple(found.get((victim, suspect), ()))


async def dyads_with(connection: Connection, window: Window, at_least: int, within_days: int) -> list[Dyad]:
    """Pairs reported again: a report in the window is at least the ``at_least``-th within ``within_days`` days.

    Days are of what happened, in the region's calendar, both ends included; the earlier reports may lie before the
    window. The last reported pair first. Each with all its reports known at the window's moment, later ones too.
    Pairs whose victim is protected by any report are not listed.

    Raises:
        BadInput: ``at_least`` below 1 or ``within_days`` below 0.
    """
    if at_least < 1 or within_days < 0:
        raise BadInput("Ask for at least 1 report within 0 days or more.")
    arguments = Arguments()
    values = _window(arguments, window)
    statement = AGAIN.format(
        **values,
        days=arguments.add(within_days),
        at_least=arguments.add(at_least),
        open_pair=not_protected("counted"),
    )
    pairs = [(row["victim"], row["suspect"]) for row in await connection.fetch(statement, *arguments)]
    return await _dyads(connection, pairs, window.known_at)


async def repeats(connection: Connection, window: Window) -> dict[int, int]:
    """How many pairs had one report in the window, how many two, and so on: counts of pairs, no person.

    Protected pairs are counted too. ``{1: 700, 2: 61, 3: 9}``; a number of reports that no pair has is not there.
    """
    arguments = Arguments()
    statement = HOW_OFTEN.format(**_window(arguments, window))
    return {row["reports"]: row["pairs"] for row in await connection.fetch(statement, *arguments)}


async def dyads_of_suspect(
    connection: Connection, suspect: bytes, known_at: datetime | None = None
) -> list[Dyad]:
    """The pairs in which somebody is the suspect, the last reported first.

    A search for suspects (förordning 2018:1942, 3 §): what has ended does not come up, at whatever ``known_at``.
    """
    return await _of_person(connection, "suspect", suspect, known_at)


async def dyads_of_victim(
    connection: Connection, victim: bytes, known_at: datetime | None = None
) -> list[Dyad]:
    """The pairs in which somebody is the victim, the last reported first. It names suspects: what ended stays out."""
    return await _of_person(connection, "victim", victim, known_at)


async def _of_person(
    connection: Connection, role: str, person: bytes, known_at: datetime | None
) -> list[Dyad]:
    arguments = Arguments()
    named = arguments.add(person)
    statement = OF_PERSON.format(
        role=role,
        person=named,
        nobody=nobody_protected(named),
        believed=believed(arguments, known_at),
        open_o=not_ended("o"),
        open_pair=not_protected("o"),
    )
    pairs = [(row["victim"], row["suspect"]) for row in await connection.fetch(statement, *arguments)]
    return await _dyads(connection, pairs, known_at)


def _window(arguments: Arguments, window: Window) -> dict[str, str]:
    return {
        "first": arguments.add(window.first),
        "last": arguments.add(window.last),
        "kind": arguments.add(REPORT),
        "believed": believed(arguments, window.known_at),
        "open_o": not_ended("o"),
    }


async def _dyads(connection: Connection, pairs: Sequence[Pair], known_at: datetime | None) -> list[Dyad]:
    found = await _rungs(connection, pairs, known_at)
    return by_last_report(Dyad(*pair, tuple(chain)) for pair, chain in found.items())


async def _rungs(
    connection: Connection, pairs: Sequence[Pair], known_at: datetime | None
) -> dict[Pair, list[Rung]]:
    if not pairs:
        return {}
    arguments = Arguments()
    statement = RUNGS.format(
        victims=arguments.add([victim for victim, _ in pairs]),
        suspects=arguments.add([suspect for _, suspect in pairs]),
        kind=arguments.add(REPORT),
        believed=believed(arguments, known_at),
        open_o=not_ended("o"),
        open_c=not_ended("c"),
    )
    rows: dict[tuple[Pair, int], list[Any]] = defaultdict(list)
    for row in await connection.fetch(statement, *arguments):
        rows[(row["victim"], row["suspect"]), row["version_id"]].append(row)
    found: dict[Pair, list[Rung]] = defaultdict(list)
    for (pair, _), acts in rows.items():
        found[pair].append(_rung(acts))
    return found


def _rung(rows: Sequence[Any]) -> Rung:
    first = rows[0]
    acts = [(row["own"], _act(row)) for row in rows]
    return Rung(
        incident=first["uid"],
        feed=first["feed"],
        occurred_from=first["occurred_from"],
        occurred_to=first["occurred_to"],
        day=first["day"],
        reported_at=first["reported_at"],
        first_known_at=first["first_known_at"],
        known_at=first["known_at"],
        area=first["area"],
        area_ids=frozenset(first["area_ids"]),
        offences=tuple(act for own, act in acts if own),
        beside=tuple(act for own, act in acts if not own),
        protected=first["protected"],
    )


def _act(row: Any) -> Act:
    return Act(
        row["code"],
        row["group_code"],
        row["name_sv"],
        row["name_en"],
        row["severity"],
        row["count"],
        row["relation"],
    )
