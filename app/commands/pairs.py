"""Consultations about pairs: each opens the log, reads under the viewer's scope, and says in the log what it gave out.

The API and the page Par both read by these, so that they see, log and refuse the same. A pair that is not there, or not
to be seen by the asker, is an error that takes the row back: the attempt is then logged as denied by the faces
(``app/gate/denials.py``). A commander is given flagged pairs only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from app.commands.consult import Consultation, consult
from app.commands.follow_ups import note_follow_up
from app.commands.suspicions import state_suspicion
from app.domain.dyad import place_in_list
from app.domain.errors import BadInput, NotFound
from app.domain.flags import flag_rules
from app.domain.follow_up import Entry, FollowUp, checked
from app.queries import dyads, ledger, pairs
from app.queries.flags import flags_of
from app.queries.follow_ups import follow_ups

if TYPE_CHECKING:
    from app.commands.consult import Consulted
    from app.db import Connection, Reader
    from app.domain.pair_id import Pair, PairIds
    from app.domain.suspicion import Statement
    from app.domain.window import Position, Window
    from app.queries.pairs import Held, Place

NO_SUCH_PAIR = "There is no such pair, or none that you may see."
NO_SUCH_PAIR_SV = "Det finns inget sådant par, eller inget som du får se."
Role = Literal["victim", "suspect"]


@dataclass(frozen=True)
class Listed:
    """Pairs, the last reported first, and for which moment and position it is true; ``rest`` asks for the next page."""

    pairs: Sequence[Held]
    places: dict[UUID, Place]
    known_at: datetime
    position: Position
    rest: str | None = None


@dataclass(frozen=True)
class Told:
    """One pair with all that may be told of it."""

    held: Held
    places: dict[UUID, Place]
    follow_ups: tuple[FollowUp, ...]
    elsewhere: bool
    known_at: datetime
    position: Position


async def search(
    reader: Reader,
    ids: PairIds,
    window: Window,
    reason: str,
    *,
    at_least: int = 2,
    within_days: int = 365,
    flag: str | None = None,
    area: str | None = None,
    several: Role | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Listed:
    """Pairs reported again in the window, page by page; with ``area`` and ``several`` as in ``queries.pairs.again``.

    Raises:
        BadInput: No reason, no such flag, no such page, or figures that make no sense.
        NotAllowed: The viewer's role reads no persons.
    """
    if flag is not None and flag not in {rule.id for rule in flag_rules()}:
        raise BadInput(
            f"There is no flag {flag!r}; choose one of {', '.join(rule.id for rule in flag_rules())}.",
            sv=f"Det finns ingen flagga {flag!r}; välj en i listan.",
        )
    begin = _mark(ids, after) if after is not None else None
    asked = {
        "from": window.first,
        "to": window.last,
        "known_at": window.known_at,
        "at_least": at_least,
        "within_days": within_days,
        "flag": flag,
        "area": area,
        "several": several,
    }
    async with consult(reader, Consultation("search", "pairs/search", reason, _filled(asked))) as consulted:
        found = await pairs.again(
            consulted.connection,
            window,
            at_least,
            within_days,
            flag,
            opened_only=_flagged_only(reader),
            area=area,
            several=several,
        )
        page = [held for held in found if begin is None or place_in_list(held[0]) < begin]
        rest = None if len(page) <= limit else _written(ids, page[limit - 1])
        return await _listed(consulted, page[:limit], window.known_at, rest)


async def of_incident(reader: Reader, uid: UUID, known_at: datetime | None, reason: str) -> Listed:
    """The pairs that one report names: none where there is no such report, or none that the viewer may see.

    Raises:
        BadInput: No reason.
        NotAllowed: The viewer's role reads no persons.
    """
    asked = _filled({"incident": uid, "known_at": known_at})
    async with consult(reader, Consultation("read", "pairs/of-incident", reason, asked)) as consulted:
        found = await pairs.of_incident(consulted.connection, uid, known_at)
        return await _listed(consulted, _allowed(reader, found), known_at)


async def of_person(
    reader: Reader, person: bytes, role: Role, known_at: datetime | None, reason: str
) -> Listed:
    """The pairs in which somebody is the victim or the suspect.

    A suspicion that ended does not come up (förordning 2018:1942, 3 §), nor anybody who is protected; nothing tells
    those from somebody of whom nothing is known.

    Raises:
        BadInput: No reason.
        NotAllowed: The viewer's role reads no persons.
    """
    asked = _filled({"role": role, "known_at": known_at})
    async with consult(
        reader, Consultation("search", "persons/search", reason, asked, [person])
    ) as consulted:
        read = dyads.dyads_of_suspect if role == "suspect" else dyads.dyads_of_victim
        found = await read(consulted.connection, person, known_at)
        held = await flags_of(consulted.connection, found, known_at)
        return await _listed(consulted, _allowed(reader, held), known_at)


async def read(reader: Reader, ids: PairIds, pair_id: str, known_at: datetime | None, reason: str) -> Told:
    """One pair: its rungs, flags and follow-ups as known then, and for a chief whether anything lies elsewhere.

    Raises:
        BadInput: No reason.
        NotAllowed: The viewer's role reads no persons.
        NotFound: No such pair, or none that the viewer may see.
    """
    pair = _named(ids, pair_id)
    asked = _filled({"pair": pair_id, "known_at": known_at})
    async with consult(reader, Consultation("read", "pairs/read", reason, asked, pair)) as consulted:
        connection = consulted.connection
        now, position = await ledger.moment(connection)
        held = await _one(reader, connection, pair, known_at)
        where = await _told(consulted, [held], known_at)
        consulted.found(len(held[0].rungs))
        return Told(
            held,
            where,
            await follow_ups(connection, *pair, known_at),
            await pairs.elsewhere(connection, *pair, known_at),
            known_at or now,
            position,
        )


async def note(
    reader: Reader, ids: PairIds, pair_id: str, entry: Entry, reason: str, incident: UUID | None = None
) -> FollowUp:
    """Note a follow-up after one of the pair's reports, the last reported where none is named.

    Raises:
        BadInput: No reason, or nothing that can be noted.
        NotAllowed: The viewer's role reads no persons.
        NotFound: No such pair or report, or none that the viewer may see.
    """
    pair, wanted = _named(ids, pair_id), checked(entry)
    asked = _filled({"pair": pair_id, "kind": wanted.kind, "incident": incident})
    async with consult(reader, Consultation("change", "pairs/follow-ups", reason, asked, pair)) as consulted:
        dyad, _ = await _one(reader, consulted.connection, pair)
        reports = {rung.incident: rung for rung in dyad.rungs}
        last = max(dyad.rungs, key=lambda rung: (rung.told_at, rung.incident))
        chosen = last if incident is None else reports.get(incident)
        if chosen is None:
            raise NotFound(NO_SUCH_PAIR, sv=NO_SUCH_PAIR_SV)
        consulted.concerns((), [chosen.area])
        consulted.found(1)
        return await note_follow_up(consulted.connection, pair, chosen.incident, wanted)


async def state(
    reader: Reader,
    ids: PairIds,
    pair_id: str,
    incident: UUID,
    statement: Statement,
    final_on: date,
    *,
    source: str,
    reason: str,
    offence: str | None = None,
) -> int:
    """Record what a court decided about the suspicion in one of the pair's reports; gives the statement's number.

    Raises:
        BadInput: No reason, or no such statement or offence.
        NotAllowed: The viewer's role reads no persons.
        NotFound: No such pair or report, or none that the viewer may see.
    """
    pair = _named(ids, pair_id)
    asked = _filled({"pair": pair_id, "incident": incident, "statement": statement})
    async with consult(reader, Consultation("change", "suspicions", reason, asked, pair)) as consulted:
        consulted.found(1)
        try:
            return await state_suspicion(
                consulted.connection, incident, pair[1], statement, final_on,
                source=source, recorded_by=reader.viewer.actor, offence=offence,
            )  # fmt: skip
        except NotFound:
            raise NotFound(NO_SUCH_PAIR, sv=NO_SUCH_PAIR_SV) from None  # in the same words as for a pair


def _named(ids: PairIds, pair_id: str) -> Pair:
    pair = ids.read(pair_id)
    if pair is None:
        raise NotFound(NO_SUCH_PAIR, sv=NO_SUCH_PAIR_SV)
    return pair


async def _one(reader: Reader, connection: Connection, pair: Pair, known_at: datetime | None = None) -> Held:
    held = await pairs.one(connection, *pair, known_at)
    if held is None or not _allowed(reader, [held]):
        raise NotFound(NO_SUCH_PAIR, sv=NO_SUCH_PAIR_SV)
    return held


def _flagged_only(reader: Reader) -> bool:
    return reader.viewer.role == "commander"


def _allowed(reader: Reader, found: Sequence[Held]) -> Sequence[Held]:
    return pairs.opened(found) if _flagged_only(reader) else found


async def _listed(
    consulted: Consulted, found: Sequence[Held], known_at: datetime | None, rest: str | None = None
) -> Listed:
    now, position = await ledger.moment(consulted.connection)
    where = await _told(consulted, found, known_at)
    consulted.found(len(found))
    return Listed(found, where, known_at or now, position, rest)


async def _told(consulted: Consulted, found: Sequence[Held], known_at: datetime | None) -> dict[UUID, Place]:
    """Say in the log whom this is about, and look up where it was."""
    for dyad, _ in found:
        consulted.concerns((dyad.victim, dyad.suspect), sorted({rung.area for rung in dyad.rungs}))
    return await pairs.places(
        consulted.connection, [rung.incident for dyad, _ in found for rung in dyad.rungs], known_at
    )


def _filled(asked: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) for name, value in asked.items() if value is not None}


def _written(ids: PairIds, held: Held) -> str:
    told, last, victim, suspect = place_in_list(held[0])
    return f"{told.isoformat()}_{last}_{ids.of(victim, suspect)}"


def _mark(ids: PairIds, after: str) -> tuple[datetime, UUID, bytes, bytes]:
    told, _, rest = after.partition("_")
    last, _, pair_id = rest.partition("_")
    try:
        moment, incident, pair = datetime.fromisoformat(told), UUID(last), ids.read(pair_id)
    except ValueError:
        pair = None
    if pair is None or moment.tzinfo is None:
        raise BadInput(
            "after is not the `next` of an earlier page; leave it out to begin.",
            sv="Fortsättningen av listan kunde inte läsas; läs listan från början.",
        )
    return (moment, incident, *pair)
