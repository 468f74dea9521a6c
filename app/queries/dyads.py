"""Pairs (dyads): their reports as known at T, across districts and addresses, and which pairs were reported again.

Person-level reads: they go by ``app/commands/pairs.py``, which writes the log first. Everything is asked of the
versions themselves, so a correction, a withdrawal or an ended suspicion is in the next answer. Only reports count:
calls and notices name no pair, and kinds are never added up. A window's ``until`` does not bind here, as for
incidents (``incidents.page``).

A pair is of persons, not of pseudonyms: who was judged to be one person by the moment asked for (``links``) is one
here, whichever of the pseudonyms a report names. What is protected is so under all of them, by what is judged now.
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
from app.queries.links import canonical
from app.queries.scope import Arguments

if TYPE_CHECKING:
    from app.db import Connection

Pair = tuple[bytes, bytes]

# Everybody asked for, with all who are the same person.
RUNGS = """
with linked as materialized (
    select person, member from link_persons_of({victims}::bytea[] || {suspects}::bytea[], {known}::timestamptz)
), named as (
    select distinct pair.victim, pair.suspect, o.version_id
    from unnest({victims}::bytea[], {suspects}::bytea[]) as pair (victim, suspect)
    join linked as lv on lv.person = pair.victim join linked as ls on ls.person = pair.suspect
    join incident_offence as o on o.victim = lv.member and o.suspect = ls.member
    join incident_version as v using (version_id)
    where {believed} and {open_o}
)
select named.victim, named.suspect, i.uid, i.feed, v.occurred_from, v.occurred_to, v.day, v.reported_at, v.known_at,
    v.protected, a.code as area, v.version_id,
    (select min(f.known_at) from incident_version as f where f.incident_id = v.incident_id) as first_known_at,
    array(select w.ancestor_id from area_within as w where w.area_id = v.area_id
        and w.valid_from <= v.day and (w.valid_to is null or v.day < w.valid_to)) as area_ids,
    lv.member is not null and ls.member is not null as own,
    f.code, f.group_code, f.name_sv, f.name_en, f.severity, c.count, c.relation
from named join incident_version as v using (version_id)
join incident as i on i.incident_id = v.incident_id and i.kind = {kind}
join area as a on a.area_id = v.area_id
join incident_offence as c on c.version_id = v.version_id
join offence as f on f.offence_id = c.offence_id
left join linked as lv on lv.person = named.victim and lv.member = c.victim
left join linked as ls on ls.person = named.suspect and ls.member = c.suspect
where c.suspect is null or {open_c}
order by v.occurred_from, i.uid, f.severity desc, f.code, c.number
"""

# Who is one person with whom, and of each offence the persons that its pseudonyms are of.
LINKED = "linked as materialized (select person, canonical from link_persons({known}::timestamptz))"
PERSONS = "coalesce(lv.canonical, o.victim) as victim, coalesce(ls.canonical, o.suspect) as suspect"
OF_OFFENCE = "left join linked as lv on lv.person = o.victim left join linked as ls on ls.person = o.suspect"

# The pairs of which a report happened in the window, with their reports of the time before it that may still count:
# under the pseudonyms that stand for the persons, and then under the others that are linked to these.
AGAIN = f"""
with {LINKED}, linked_now as materialized (
    select person, canonical from link_persons(null)
), hidden as materialized (
    select me.person from linked_now as me join linked_now as other using (canonical) where not {{open_other}}
), recent as (
    select distinct {PERSONS}
    from incident_version as v join incident_offence as o using (version_id) join incident as i using (incident_id)
    {OF_OFFENCE}
    where {{happened}} and i.kind = {{kind}} and o.victim is not null and o.suspect is not null
        and {{believed}} and {{open_o}}
), named as (
    select victim, suspect, o.version_id, o.victim as told_victim, o.suspect as told_suspect
    from recent join incident_offence as o using (victim, suspect)
    union
    select recent.victim, recent.suspect, o.version_id, o.victim, o.suspect
    from recent
    left join linked as lv on lv.canonical = recent.victim left join linked as ls on ls.canonical = recent.suspect
    join incident_offence as o
        on o.victim = coalesce(lv.person, recent.victim) and o.suspect = coalesce(ls.person, recent.suspect)
    where lv.person is not null or ls.person is not null
), report as (
    select distinct named.victim, named.suspect, v.incident_id, v.day, v.hour
    from named join incident_offence as o
        on o.version_id = named.version_id and o.victim = named.told_victim and o.suspect = named.told_suspect
    join incident_version as v on v.version_id = o.version_id join incident as i using (incident_id)
    where v.day between {{first}}::date - {{days}}::integer and {{last}} and {{not_later}} and i.kind = {{kind}}
        and {{believed}} and {{open_o}}
), counted as (
    select victim, suspect, day, hour, count(*) over (
        partition by victim, suspect order by day
        range between make_interval(days => {{days}}) preceding and current row
    ) as reports
    from report
)
select distinct victim, suspect from counted
where (day, hour) >= ({{first}}, {{first_hour}}) and reports >= {{at_least}} and {{open_pair}}
    and victim not in (select person from hidden)
"""

HOW_OFTEN = f"""
with {LINKED}, report as (
    select distinct {PERSONS}, v.incident_id
    from incident_version as v join incident_offence as o using (version_id) join incident as i using (incident_id)
    {OF_OFFENCE}
    where {{happened}} and i.kind = {{kind}} and o.victim is not null and o.suspect is not null
        and {{believed}} and {{open_o}}
), pair as (
    select count(*) as reports from report group by victim, suspect
)
select reports, count(*) as pairs from pair group by reports order by reports
"""

OF_PERSON = """
select distinct o.victim, o.suspect from incident_offence as o join incident_version as v using (version_id)
where o.{role} = any(array(select member from link_persons_of(array[{person}]::bytea[], {known}::timestamptz)))
    and o.victim is not null and o.suspect is not null and {believed} and {open_o} and {open_pair} and {nobody}
"""

# Nobody who is, by what is judged now, the person of a pseudonym is protected.
NOBODY_LINKED = """not exists (
    select from link_persons_of(array[{person}]::bytea[], null) as one where not {open_one})"""

REPORT = KINDS["report"]


async def rungs(
    connection: Connection, victim: bytes, suspect: bytes, known_at: datetime | None = None
) -> tuple[Rung, ...]:
    """The reports that name this pair, as they were known at ``known_at`` (None: now), in the order they happened.

    From every district; ``app.domain.dyad.for_scope`` keeps what a chief may see. Reports by which the suspicion has
    since ended are left out, whatever ``known_at``. Empty where nothing (more) names the pair. Any pseudonym of a
    person will do.
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
        raise BadInput(
            "Ask for at least 1 report within 0 days or more.",
            sv="Fråga efter minst 1 anmälan inom 0 dagar eller mer.",
        )
    arguments = Arguments()
    values = _window(arguments, window)
    statement = AGAIN.format(
        **values,
        days=arguments.add(within_days),
        at_least=arguments.add(at_least),
        open_pair=not_protected("counted"),
        open_other=nobody_protected("other.person"),
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
        known=arguments.add(known_at),
        nobody=_nobody_linked(named),
        believed=believed(arguments, known_at),
        open_o=not_ended("o"),
        open_pair=_nobody_linked("o.victim"),
    )
    told = [(row["victim"], row["suspect"]) for row in await connection.fetch(statement, *arguments)]
    stands = await canonical(connection, {person for pair in told for person in pair}, known_at)
    pairs = list(dict.fromkeys((stands[victim], stands[suspect]) for victim, suspect in told))
    return await _dyads(connection, pairs, known_at)


def _nobody_linked(person: str) -> str:
    return NOBODY_LINKED.format(person=person, open_one=nobody_protected("one.member"))


def _window(arguments: Arguments, window: Window) -> dict[str, str]:
    first, last = arguments.add(window.first), arguments.add(window.last)
    first_hour, last_hour = f"{window.first_hour}::smallint", f"{window.last_hour}::smallint"
    happened, not_later = f"v.day between {first} and {last}", "true"
    if not window.by_day:
        not_later = f"(v.day, v.hour) <= ({last}, {last_hour})"
        happened += f" and (v.day, v.hour) >= ({first}, {first_hour}) and {not_later}"
    return {
        "first": first,
        "last": last,
        "first_hour": first_hour,
        "happened": happened,
        "not_later": not_later,
        "kind": arguments.add(REPORT),
        "known": arguments.add(window.known_at),
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
        known=arguments.add(known_at),
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
