"""Note a follow-up on a pair. Nothing is overwritten: a correction is an entry of its own beside the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.errors import BadInput, NotFound
from app.domain.follow_up import Entry, FollowUp

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.pair_id import Pair

EARLIER = """
select exists (select from follow_up where follow_up_id = $1
    and victim = any(array(select member from link_persons_of(array[$2]::bytea[], null)))
    and suspect = any(array(select member from link_persons_of(array[$3]::bytea[], null))))
"""

INSERT = """
insert into follow_up (victim, suspect, incident_id, kind, text, decided, due, corrects)
select $1, $2, i.incident_id, $4, $5, $6, $7, $8 from incident as i where i.uid = $3
returning follow_up_id, noted_at, name, role
"""


async def note_follow_up(connection: Connection, pair: Pair, incident: UUID, entry: Entry) -> FollowUp:
    """Note ``entry`` (already checked) on a pair, after the report ``incident``; who and when the database says.

    Raises:
        BadInput: The entry that it corrects is not of this pair.
        NotFound: There is no such report, or none that the viewer may see.
    """
    if entry.corrects is not None and not await connection.fetchval(EARLIER, entry.corrects, *pair):
        raise BadInput(
            "There is no such entry on this pair to correct; leave `corrects` out for a new one.",
            sv="Det finns ingen sådan notering om paret att rätta; gör en ny i stället.",
        )
    row = await connection.fetchrow(
        INSERT, *pair, incident, entry.kind, entry.text, entry.decided, entry.due, entry.corrects
    )
    if row is None:
        raise NotFound("There is no such report on this pair.", sv="Det finns ingen sådan anmälan om paret.")
    return FollowUp(row["follow_up_id"], incident, entry, row["noted_at"], row["name"], row["role"])
