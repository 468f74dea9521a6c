"""Who is one person with whom, by the judgements known at T; what waits for somebody to decide. Person-level.

Nothing is stored of who is whom but the judgements themselves (``migrations/sql/0024_links.sql``): an undone one, or an
erased person, is out of the next answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.link import Decided, Judgement, Proposal
from app.queries.scope import Arguments

if TYPE_CHECKING:
    from app.db import Connection

OF = "link_persons_of({persons}::bytea[], {known}::timestamptz)"
ALL = "link_persons({known}::timestamptz)"

CANONICAL = f"select person, member from {OF}"

OPEN = """
p.withdrawn_at is null and coalesce((
    select j.decision from link_judgement as j
    where least(j.a, j.b) = least(p.a, p.b) and greatest(j.a, j.b) = greatest(p.a, p.b)
    order by j.known_at desc, j.judgement_id desc limit 1), 'undo') = 'undo'
"""

WAITING = f"""
select p.proposal_id, p.a, p.b, p.probability, p.evidence, p.model_version, p.proposed_at
from link_proposal as p
where {OPEN} and ($1::timestamptz is null or p.proposed_at < $1 or (p.proposed_at = $1 and p.proposal_id > $2))
order by p.proposed_at desc, p.proposal_id limit $3
"""

HOW_MANY = f"select count(*) from link_proposal as p where {OPEN}"

# The last decision of two pseudonyms, where it is no undoing; each by the proposal that it was about, so that it can be
# undone by its opaque id. What somebody joined without a proposal has none, and is not in it.
DECIDED = """
select p.proposal_id, j.a, j.b, j.probability, j.evidence, j.model_version, p.proposed_at,
    j.decision, j.reason, j.known_at, j.name
from link_judgement as j
join lateral (
    select proposal_id, proposed_at from link_proposal
    where (a = j.a and b = j.b) or (a = j.b and b = j.a) order by proposed_at desc, proposal_id limit 1
) as p on true
where j.decision <> 'undo' and j.probability is not null and not exists (
    select from link_judgement as later
    where least(later.a, later.b) = least(j.a, j.b) and greatest(later.a, later.b) = greatest(j.a, j.b)
        and (later.known_at, later.judgement_id) > (j.known_at, j.judgement_id))
order by j.known_at desc, j.judgement_id limit $1
"""

HISTORY = """
select j.judgement_id, j.a, j.b, j.decision, j.reason, j.known_at, j.name, j.probability
from link_judgement as j
where (j.a = any($1::bytea[]) or j.b = any($1::bytea[])) and ($2::timestamptz is null or j.known_at <= $2)
order by j.known_at desc, j.judgement_id
"""


async def canonical(
    connection: Connection, pseudonyms: Iterable[bytes], known_at: datetime | None = None
) -> dict[bytes, bytes]:
    """For each pseudonym the one that stands for its person at ``known_at`` (None: now): itself, unless it is linked.

    Which of the linked stands for all is settled by their bytes, and so the same whoever is asked for.
    """
    return {
        person: min(members) for person, members in (await same(connection, pseudonyms, known_at)).items()
    }


async def same(
    connection: Connection, pseudonyms: Iterable[bytes], known_at: datetime | None = None
) -> dict[bytes, frozenset[bytes]]:
    """For each pseudonym all that are of the same person by the judgements known at ``known_at``, itself included."""
    arguments = Arguments()
    statement = CANONICAL.format(persons=arguments.add(list(pseudonyms)), known=arguments.add(known_at))
    found: dict[bytes, set[bytes]] = {}
    for row in await connection.fetch(statement, *arguments):
        found.setdefault(row["person"], set()).add(row["member"])
    return {person: frozenset(members) for person, members in found.items()}


async def waiting(
    connection: Connection, *, before: datetime | None = None, after: UUID | None = None, limit: int = 100
) -> list[Proposal]:
    """Proposals about which nobody has decided, the latest first: by when they were proposed, and nothing else.

    ``before``: the next page begins at this moment, at the proposals that stand after ``after`` among those of it.
    """
    return [Proposal(*row) for row in await connection.fetch(WAITING, before, after, limit)]


async def newest_mention(connection: Connection) -> int | None:
    """The number of the last person mentioned; None where nobody is. A new version of a report mentions anew."""
    found: int | None = await connection.fetchval("select max(mention_id) from person_mention")
    return found


async def how_many_wait(connection: Connection) -> int:
    """How many proposals there are about which nobody has decided."""
    found: int = await connection.fetchval(HOW_MANY)
    return found


async def decided(connection: Connection, *, limit: int = 100) -> list[Decided]:
    """What holds of what was decided about proposals, the last decided first."""
    return [
        Decided(Proposal(*row[:7]), *row[7:]) for row in map(tuple, await connection.fetch(DECIDED, limit))
    ]


async def judgements(
    connection: Connection, pseudonyms: Iterable[bytes], known_at: datetime | None = None
) -> list[Judgement]:
    """What was decided about these pseudonyms by ``known_at`` (None: now), the latest first."""
    return [Judgement(*row) for row in await connection.fetch(HISTORY, list(pseudonyms), known_at)]


REPORTS = """
select m.person, i.uid, m.role, v.day
from person_mention as m join incident_version as v using (version_id) join incident as i using (incident_id)
where m.person = any($1::bytea[]) and v.state = 'active' and not v.repeats and v.superseded_at is null
order by v.day desc, i.uid, m.role
"""


async def reports_of(
    connection: Connection, pseudonyms: Iterable[bytes]
) -> dict[bytes, list[dict[str, object]]]:
    """Which reports (opaque ids) name each pseudonym now, in which role: what somebody looks at before judging."""
    found: dict[bytes, list[dict[str, object]]] = {}
    for row in await connection.fetch(REPORTS, list(pseudonyms)):
        found.setdefault(row["person"], []).append(
            {"uid": str(row["uid"]), "role": row["role"], "day": row["day"]}
        )
    return found
