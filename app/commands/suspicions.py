"""Record what became of a suspicion. Nothing is overwritten: a new statement stands beside the old ones."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.errors import BadInput, NotFound
from app.domain.suspicion import STATEMENTS, Statement

if TYPE_CHECKING:
    from app.db import Connection

NAMED = """
select i.incident_id from incident as i where i.uid = $1 and exists (
    select from incident_version as v join incident_offence as o using (version_id)
    where v.incident_id = i.incident_id and o.suspect = $2)
"""

INSERT = """
insert into suspicion_statement (incident_id, suspect, offence_id, reason, final_on, source, recorded_by)
values ($1, $2, $3, $4, $5, $6, $7) returning statement_id
"""


async def state_suspicion(
    connection: Connection,
    incident: UUID,
    suspect: bytes,
    reason: Statement,
    final_on: date,
    *,
    source: str,
    recorded_by: str,
    offence: str | None = None,
) -> int:
    """Record that a suspicion ended, or was taken up again, and return the statement's number.

    From then on no search brings it up, at whatever moment it asks for. ``final_on``: when the decision gained
    legal force. ``offence``: a code, where only this one of several has ended. ``source``: which court or feed says so.

    Raises:
        BadInput: No such reason or offence.
        NotFound: No report has ever named this suspect under this id.
    """
    if reason not in STATEMENTS:
        raise BadInput(f"A suspicion ends or goes on by one of {', '.join(STATEMENTS)}, not by {reason!r}.")
    incident_id = await connection.fetchval(NAMED, incident, suspect)
    if incident_id is None:
        raise NotFound(f"No report {incident} names this suspect.")
    offence_id = None
    if offence is not None:
        offence_id = await connection.fetchval("select offence_id from offence where code = $1", offence)
        if offence_id is None:
            raise BadInput(f"There is no offence {offence!r}; see /api/v1/offences.")
    number: int = await connection.fetchval(
        INSERT, incident_id, suspect, offence_id, reason, final_on, source, recorded_by
    )
    return number
