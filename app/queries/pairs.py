"""What is told of pairs beyond ``dyads`` and ``flags``: whom an incident names, where rungs lay, if any lie elsewhere.

Person-level, under the viewer's own scope: an area chief's rungs are those that the database shows (design section 9).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from app.domain.dyad import Dyad, by_last_report
from app.domain.errors import BadInput
from app.domain.flags import Flag
from app.domain.window import KINDS, Window
from app.queries.believed import PROTECTED, believed, not_ended
from app.queries.dyads import dyads_with, rungs
from app.queries.flags import flags_of
from app.queries.links import canonical
from app.queries.scope import Arguments

if TYPE_CHECKING:
    from app.db import Connection

Several = Literal["victim", "suspect"]
Held = tuple[Dyad, tuple[Flag, ...]]
"""A pair and its flags."""

NAMED = """
select distinct o.victim, o.suspect
from incident as i join incident_version as v using (incident_id) join incident_offence as o using (version_id)
where i.uid = {uid} and i.kind = {kind} and o.victim is not null and o.suspect is not null and {believed} and {open_o}
"""

# The address only where nobody is protected: by what was known then, and by what is known now. A marker is of a report,
# but where it says that somebody is in hiding, their other reports tell no address either.
PLACES = """
select i.uid, a.name as area_name, d.code as district, d.name as district_name,
    v.protected or not coalesce(now_.open, false) as protected,
    case when not v.protected and now_.open and not exists (
        select from incident_offence as named, link_persons_of(array[named.victim], null) as same
        where named.version_id = v.version_id and named.victim is not null and {hidden}
    ) then v.place_text end as address
from incident as i join incident_version as v using (incident_id) join area as a using (area_id)
left join lateral (
    select area.code, area.name from area_within as w join area on area.area_id = w.ancestor_id
    where w.area_id = v.area_id and area.kind = 'lokalpolisomrade'
        and w.valid_from <= v.day and (w.valid_to is null or v.day < w.valid_to)
    limit 1
) as d on true
left join lateral (
    select bool_and(not latest.protected) as open from incident_version as latest
    where latest.incident_id = i.incident_id and not latest.repeats and latest.superseded_at is null
) as now_ on true
where i.uid = any({uids}) and {believed}
"""

AREA_IDS = "select coalesce(array_agg(area_id), '{}') from area where code = $1"

ELSEWHERE = "select coalesce(pair_elsewhere($1, $2, $3), false)"


@dataclass(frozen=True)
class Place:
    """Where a rung lay. ``address`` is None where it is not known or may not be told."""

    area_name: str
    district: str | None
    district_name: str | None
    address: str | None
    protected: bool


async def again(
    connection: Connection,
    window: Window,
    at_least: int,
    within_days: int,
    flag: str | None = None,
    *,
    opened_only: bool = False,
    area: str | None = None,
    several: Several | None = None,
) -> list[Held]:
    """Pairs reported again (``dyads.dyads_with``), the last reported first, each with its flags.

    ``flag``: only pairs for which this rule holds. ``opened_only``: only those that a flag opens (``Rule.opens``).
    ``area`` (a code): only pairs with ``at_least`` reports there in the window itself, whatever ``within_days``.
    ``several``: only pairs whose victim, or whose suspect, is in more than one of those that are left.

    Raises:
        BadInput: ``at_least`` below 1 or ``within_days`` below 0, or no such area.
    """
    days = within_days if area is None else (window.last - window.first).days
    dyads = await dyads_with(connection, window, at_least, days)
    if area is not None:
        dyads = _within(dyads, await _area_ids(connection, area), window, at_least)
    if several is not None:
        often = Counter(getattr(dyad, several) for dyad in dyads)
        dyads = [dyad for dyad in dyads if often[getattr(dyad, several)] > 1]
    found = await flags_of(connection, dyads, window.known_at)
    if flag is not None:
        found = [held for held in found if flag in {one.rule for one in held[1]}]
    return opened(found) if opened_only else found


async def _area_ids(connection: Connection, area: str) -> frozenset[int]:
    found = frozenset(await connection.fetchval(AREA_IDS, area))
    if not found:
        raise BadInput(
            f"There is no area {area!r}; /api/v1/areas lists the codes.",
            sv=f"Det finns inget område {area!r}; välj ett i listan.",
        )
    return found


def _within(dyads: Iterable[Dyad], areas: frozenset[int], window: Window, at_least: int) -> list[Dyad]:
    """The pairs with so many reports that lay in one of the areas and happened in the window."""
    return [
        dyad
        for dyad in dyads
        if sum(window.first <= rung.day <= window.last for rung in dyad.rungs if rung.area_ids & areas)
        >= at_least
    ]


def opened(found: Iterable[Held]) -> list[Held]:
    """Those that a flag opens."""
    return [(dyad, held) for dyad, held in found if any(flag.opens for flag in held)]


async def one(
    connection: Connection, victim: bytes, suspect: bytes, known_at: datetime | None = None
) -> Held | None:
    """One pair with its flags; None where no report names it, or none that may come up or be seen."""
    chain = await rungs(connection, victim, suspect, known_at)
    if not chain:
        return None
    return (await flags_of(connection, [Dyad(victim, suspect, chain)], known_at))[0]


async def of_incident(connection: Connection, uid: UUID, known_at: datetime | None = None) -> list[Held]:
    """The pairs that one report names, as known at ``known_at`` (None: now), the last reported first."""
    arguments = Arguments()
    statement = NAMED.format(
        uid=arguments.add(uid),
        kind=arguments.add(KINDS["report"]),
        believed=believed(arguments, known_at),
        open_o=not_ended("o"),
    )
    told = [(row["victim"], row["suspect"]) for row in await connection.fetch(statement, *arguments)]
    stands = await canonical(connection, {person for pair in told for person in pair}, known_at)
    found = [
        Dyad(*pair, chain)
        for pair in dict.fromkeys((stands[victim], stands[suspect]) for victim, suspect in told)
        if (chain := await rungs(connection, *pair, known_at))
    ]
    return await flags_of(connection, by_last_report(found), known_at)


async def places(
    connection: Connection, incidents: Sequence[UUID], known_at: datetime | None = None
) -> dict[UUID, Place]:
    """Where these reports lay, as known at ``known_at`` (None: now), in the area's and the district's words."""
    arguments = Arguments()
    statement = PLACES.format(
        uids=arguments.add(list(incidents)),
        believed=believed(arguments, known_at),
        hidden=PROTECTED.format(person="same.member"),
    )
    return {
        row["uid"]: Place(
            row["area_name"], row["district"], row["district_name"], row["address"], row["protected"]
        )
        for row in await connection.fetch(statement, *arguments)
    }


async def elsewhere(
    connection: Connection, victim: bytes, suspect: bytes, known_at: datetime | None = None
) -> bool:
    """For an area chief: whether the pair has a report outside of the own areas. Not how many, where or when.

    The database answers only for a pair that the log's row of this transaction names; for other roles it is False.
    """
    found: bool = await connection.fetchval(ELSEWHERE, victim, suspect, known_at)
    return found
