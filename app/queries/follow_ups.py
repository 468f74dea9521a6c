"""Follow-ups on pairs as known at T. Person-level: the database shows them in audited transactions only.

A pair is of persons: what was noted under any pseudonym of either is found under all of them (``links``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.flags import Noted
from app.domain.follow_up import Entry, FollowUp
from app.queries.links import OF
from app.queries.scope import Arguments

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.pair_id import Pair

# What follows up a report by which the suspicion has since ended would bring that suspicion up, so it stays out, at
# whatever moment (förordning 2018:1942, 3 §). What was noted of a report that was withdrawn later was still noted.
OPEN = """not exists (
    select from suspicion_statement as s
    where s.incident_id = f.incident_id and s.suspect = f.suspect and s.reason <> 'reopened' and not exists (
        select from suspicion_statement as r where r.incident_id = s.incident_id and r.suspect = s.suspect
            and (r.offence_id is null or r.offence_id = s.offence_id)
            and (r.final_on, r.statement_id) > (s.final_on, s.statement_id)))"""

OF_PAIR = f"""
select f.follow_up_id, i.uid, f.kind, f.text, f.decided, f.due, f.corrects, f.noted_at, f.name, f.role,
    exists (select from follow_up as later where later.corrects = f.follow_up_id and {{known_later}}) as corrected
from follow_up as f join incident as i using (incident_id)
where f.victim = any(array(select member from {{same_victim}}))
    and f.suspect = any(array(select member from {{same_suspect}})) and {{known}} and {OPEN}
order by f.noted_at, f.follow_up_id
"""

MOMENTS = f"""
with linked as materialized (
    select person, member from link_persons_of({{victims}}::bytea[] || {{suspects}}::bytea[], {{known_at}}::timestamptz)
)
select pair.victim, pair.suspect, f.noted_at
from unnest({{victims}}::bytea[], {{suspects}}::bytea[]) as pair (victim, suspect)
join linked as lv on lv.person = pair.victim join linked as ls on ls.person = pair.suspect
join follow_up as f on f.victim = lv.member and f.suspect = ls.member
where {{known}} and f.corrects is null and {OPEN}
order by f.noted_at
"""


async def follow_ups(
    connection: Connection, victim: bytes, suspect: bytes, known_at: datetime | None = None
) -> tuple[FollowUp, ...]:
    """What was noted of a pair by ``known_at`` (None: now), in that order; what was corrected stays, and says so."""
    arguments = Arguments()
    at = arguments.add(known_at)
    statement = OF_PAIR.format(
        same_victim=OF.format(persons=f"array[{arguments.add(victim)}]", known=at),
        same_suspect=OF.format(persons=f"array[{arguments.add(suspect)}]", known=at),
        known=_known("f", arguments, known_at),
        known_later=_known("later", arguments, known_at),
    )
    return tuple(
        FollowUp(
            row["follow_up_id"],
            row["uid"],
            Entry(row["kind"], row["text"], row["decided"], row["due"], row["corrects"]),
            row["noted_at"],
            row["name"],
            row["role"],
            row["corrected"],
        )
        for row in await connection.fetch(statement, *arguments)
    )


async def noted(
    connection: Connection, pairs: Iterable[Pair], known_at: datetime | None = None
) -> dict[Pair, Noted]:
    """For each pair when anything was noted by ``known_at`` (None: now), for the flags."""
    asked: Sequence[Pair] = list(pairs)
    arguments = Arguments()
    statement = MOMENTS.format(
        victims=arguments.add([victim for victim, _ in asked]),
        suspects=arguments.add([suspect for _, suspect in asked]),
        known_at=arguments.add(known_at),
        known=_known("f", arguments, known_at),
    )
    moments: dict[Pair, list[datetime]] = defaultdict(list)
    for row in await connection.fetch(statement, *arguments):
        moments[row["victim"], row["suspect"]].append(row["noted_at"])
    at = known_at or await connection.fetchval("select now()")
    return {pair: Noted(at, tuple(moments[pair])) for pair in asked}


def _known(row: str, arguments: Arguments, known_at: datetime | None) -> str:
    return "true" if known_at is None else f"{row}.noted_at <= {arguments.add(known_at)}"
