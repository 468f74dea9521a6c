"""Consultations about links: what waits for a judgement, and the judgement, each in the log before anything is read."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.commands.consult import Consultation, consult
from app.commands.links import judge_proposal
from app.queries import ledger
from app.queries.links import reports_of, waiting

if TYPE_CHECKING:
    from app.db import Reader
    from app.domain.link import Decision
    from app.domain.window import Position


async def proposals(
    reader: Reader, reason: str, *, before: datetime | None = None, limit: int = 50
) -> tuple[list[dict[str, Any]], datetime, Position]:
    """Proposals that nobody has judged, the latest first, each with the reports of either side; now and the position.

    Of the two people no pseudonym is told and no value: only which fields agree, and how well.

    Raises:
        BadInput: No reason.
    """
    asked = {} if before is None else {"before": before.isoformat()}
    async with consult(reader, Consultation("search", "links/waiting", reason, asked)) as consulted:
        connection = consulted.connection
        now, position = await ledger.moment(connection)
        found = await waiting(connection, before=before, limit=limit)
        people = [person for proposal in found for person in (proposal.a, proposal.b)]
        reports = await reports_of(connection, people)
        consulted.concerns(people)
        consulted.found(len(found))
        rows = [
            {
                **{name: value for name, value in asdict(proposal).items() if name not in {"a", "b"}},
                "proposal": str(proposal.proposal),
                "one": reports.get(proposal.a, []),
                "other": reports.get(proposal.b, []),
            }
            for proposal in found
        ]
    return rows, now, position


async def judge(reader: Reader, proposal: UUID, decision: Decision, reason: str) -> UUID:
    """Accept or reject a proposal, or undo what was decided about it; the judgement's id.

    Raises:
        BadInput: No reason, or the decision already holds.
        NotFound: There is no such proposal.
    """
    asked = {"proposal": str(proposal), "decision": decision}
    async with consult(reader, Consultation("change", "links/judge", reason, asked)) as consulted:
        made = await judge_proposal(consulted.connection, proposal, decision, reason)
        consulted.found(1)
    return made
