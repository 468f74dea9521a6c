"""Review one case: a consultation about persons, in the log before anything is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from app.commands.consult import Consultation, consult
from app.domain.errors import NotAllowed, NotFound
from app.domain.flags import flag_rules
from app.domain.follow_up import kinds as follow_up_kinds
from app.domain.log_book import kinds as entry_kinds
from app.domain.review import Event, Review, Words, merged, review
from app.queries import ledger, log_book, pairs
from app.queries.alerts import fired_for
from app.queries.follow_ups import follow_ups
from app.queries.review import Where, looks, places

if TYPE_CHECKING:
    from app.db import Connection, Reader
    from app.domain.follow_up import FollowUp
    from app.queries.pairs import Held

ROLES = frozenset({"analyst", "commander"})
"""Who reviews: a case may lie in several districts, of which a chief sees the own one."""
NO_SUCH_CASE = "There is no such case, or none that you may review."
NO_SUCH_CASE_SV = "Det finns inget sådant ärende, eller inget som du får gå igenom."


@dataclass(frozen=True)
class Case:
    """A case as it became known until ``until``; ``places`` are by the code of a report's area; ``pairs``: how many."""

    incident: UUID
    review: Review
    places: dict[str, Where]
    pairs: int
    until: datetime


async def case(reader: Reader, uid: UUID, reason: str) -> Case:
    """All that became known of the pairs that one report names, and what was noted and fired about their reports.

    Raises:
        BadInput: No reason.
        NotAllowed: The viewer's role reviews no case.
        NotFound: There is no such report, it names no pair, or none that the viewer may see.
    """
    if reader.viewer.role not in ROLES:
        raise NotAllowed(
            "A case is reviewed by the region's analyst or commander; ask one of them.",
            sv="Ett ärende gås igenom av regionens analytiker eller regionchefen; be någon av dem.",
        )
    asked = {"incident": str(uid)}
    async with consult(reader, Consultation("read", "review/case", reason, asked)) as consulted:
        connection = consulted.connection
        found = await pairs.of_incident(connection, uid)
        if reader.viewer.role == "commander":
            found = pairs.opened(found)
        if not found:
            raise NotFound(NO_SUCH_CASE, sv=NO_SUCH_CASE_SV)
        until, _ = await ledger.moment(connection)
        told = [await _of_pair(connection, held, until) for held in found]
        rungs = [rung for one in told for state in one.states for rung in state.rungs]
        for dyad, _ in found:
            consulted.concerns((dyad.victim, dyad.suspect))
        consulted.concerns((), sorted({rung.area for rung in rungs}))
        consulted.found(len({rung.incident for rung in rungs}))
        return Case(uid, merged(told), await places(connection, rungs), len(found), until)


async def _of_pair(connection: Connection, held: Held, until: datetime) -> Review:
    dyad, _ = held
    pair = (dyad.victim, dyad.suspect)
    seen = await looks(connection, pair)
    incidents = sorted({rung.incident for look in seen for rung in look.rungs})
    noted = [_follow_up(one) for one in await follow_ups(connection, *pair)]
    beside = [*await _entries(connection, incidents), *await _alerts(connection, incidents)]
    return review(seen, flag_rules(), noted, beside, until)


def _follow_up(one: FollowUp) -> Event:
    kind, entry = follow_up_kinds().get(one.entry.kind), one.entry
    more = " ".join(part for part in (entry.text, entry.decided) if part)
    words = Words(kind.sv, kind.en, more) if kind else Words(entry.kind, entry.kind, more)
    return Event(one.noted_at, "follow_up", incident=one.incident, words=words)


async def _entries(connection: Connection, incidents: list[UUID]) -> list[Event]:
    found = []
    for uid in incidents:
        for row in await log_book.entries(connection, incident=uid):
            kind = entry_kinds()[row["kind"]]
            found.append(
                Event(row["noted_at"], "entry", incident=uid, words=Words(kind.sv, kind.en, row["text"]))
            )
    return found


async def _alerts(connection: Connection, incidents: list[UUID]) -> list[Event]:
    """Rules that fired on any of the reports: known when the house noticed; they became true by then or before."""
    return [
        Event(
            max(row["noticed_at"], row["fired_at"]),
            "alert",
            (row["fired_at"], row["fired_at"]),
            words=Words(row["title_sv"], row["title_en"]),
        )
        for row in await fired_for(connection, incidents)
    ]
