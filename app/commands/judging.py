"""Consultations about links: what waits, what was decided, and the judgement; each is in the log first."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.commands.consult import Consultation, consult
from app.commands.links import judge_proposal
from app.domain.errors import BadInput
from app.queries import ledger
from app.queries.links import decided, how_many_wait, reports_of, waiting
from app.queries.pairs import places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.commands.consult import Consulted
    from app.db import Reader
    from app.domain.link import Decision, Proposal
    from app.domain.window import Position


@dataclass(frozen=True)
class Waiting:
    """One page of what waits; ``waiting``: how many there are in all; ``rest`` asks for the next page."""

    rows: list[dict[str, Any]]
    waiting: int
    now: datetime
    position: Position
    rest: str | None


async def proposals(reader: Reader, reason: str, *, after: str | None = None, limit: int = 50) -> Waiting:
    """Proposals that nobody has judged, the latest first, each with the reports of either side.

    Of the two people no pseudonym is told and no value: only which fields agree, and how well. ``after``: ``rest`` of
    the page before, or a moment: what was proposed before it.

    Raises:
        BadInput: No reason, or no such page.
    """
    begin = (None, None) if after is None else _mark(after)
    asked = {} if after is None else {"after": after}
    async with consult(reader, Consultation("search", "links/waiting", reason, asked)) as consulted:
        connection = consulted.connection
        now, position = await ledger.moment(connection)
        found = await waiting(connection, before=begin[0], after=begin[1], limit=limit + 1)
        rows = await _told(consulted, found[:limit])
        last = found[limit - 1] if len(found) > limit else None
        return Waiting(
            rows,
            await how_many_wait(connection),
            now,
            position,
            None if last is None else f"{last.proposed_at.isoformat()}_{last.proposal}",
        )


async def decisions(
    reader: Reader, reason: str, *, limit: int = 50
) -> tuple[list[dict[str, Any]], datetime, Position]:
    """What holds of what was decided about proposals, the last decided first; now and the position.

    Told as ``proposals`` does. Each can be undone by its proposal's id.

    Raises:
        BadInput: No reason.
    """
    async with consult(reader, Consultation("search", "links/decided", reason)) as consulted:
        now, position = await ledger.moment(consulted.connection)
        found = await decided(consulted.connection, limit=limit)
        told = await _told(consulted, [one.proposal for one in found])
        rows = [
            {
                **row,
                "decision": one.decision,
                "reason": one.reason,
                "decided_at": one.known_at,
                "name": one.name,
            }
            for row, one in zip(told, found, strict=True)
        ]
    return rows, now, position


async def judge(
    reader: Reader, proposal: UUID, decision: Decision, reason: str, seen: Decision | None = None
) -> UUID:
    """Accept or reject a proposal, or undo what was decided about it; the judgement's id.

    ``seen``: what held when the judge looked (``undo``: nothing was decided); None decides whatever holds.

    Raises:
        BadInput: No reason, a number of a person in it, or the decision already holds.
        Overtaken: Another decision holds than was seen.
        NotFound: There is no such proposal.
    """
    asked = {"proposal": str(proposal), "decision": decision}
    async with consult(reader, Consultation("change", "links/judge", reason, asked)) as consulted:
        made = await judge_proposal(consulted.connection, proposal, decision, reason, seen)
        consulted.found(1)
    return made


async def _told(consulted: Consulted, found: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Proposals without their pseudonyms, with the reports of either side; said in the log."""
    people = [person for proposal in found for person in (proposal.a, proposal.b)]
    reports = await reports_of(consulted.connection, people)
    uids = {UUID(str(report["uid"])) for held in reports.values() for report in held}
    where = await places(consulted.connection, list(uids))
    for held in reports.values():
        for report in held:
            place = where.get(UUID(str(report["uid"])))
            report["district"] = None if place is None else place.district_name or place.area_name
    consulted.concerns(people)
    consulted.found(len(found))
    return [
        {
            **{name: value for name, value in asdict(proposal).items() if name not in {"a", "b"}},
            "proposal": str(proposal.proposal),
            "one": reports.get(proposal.a, []),
            "other": reports.get(proposal.b, []),
        }
        for proposal in found
    ]


def _mark(after: str) -> tuple[datetime, UUID | None]:
    moment, _, proposal = after.partition("_")
    try:
        begin, number = datetime.fromisoformat(moment), UUID(proposal) if proposal else None
    except ValueError:
        begin, number = None, None
    if begin is None or begin.tzinfo is None:
        raise BadInput(
            "after is neither the `next` of an earlier page nor a moment with its zone; leave it out.",
            sv="Fortsättningen av listan kunde inte läsas; läs listan från början.",
        )
    return begin, number
