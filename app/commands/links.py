"""Judge whether two pseudonyms are of one person. Nothing is overwritten and no event is merged; all can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import UUID

from app.domain.errors import BadInput, NotFound
from app.domain.link import DECISIONS, Decision
from app.domain.personal_number import holds_number

if TYPE_CHECKING:
    from app.db import Connection

PROPOSAL = "select a, b, evidence, model_version, probability from link_proposal where proposal_id = $1"

STANDING = """
select decision from link_judgement
where least(a, b) = least($1::bytea, $2::bytea) and greatest(a, b) = greatest($1::bytea, $2::bytea)
order by known_at desc, judgement_id desc limit 1
"""

SHOWN = """
select evidence, model_version, probability from link_judgement
where least(a, b) = least($1::bytea, $2::bytea) and greatest(a, b) = greatest($1::bytea, $2::bytea)
order by known_at desc, judgement_id desc limit 1
"""

# No two people decide about one pair at once: the second sees what the first decided.
ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('link_judgement', 0))"

INSERT = """
insert into link_judgement (a, b, decision, evidence, model_version, probability, reason)
values ($1, $2, $3, $4, $5, $6, $7) returning judgement_id
"""
MOST_REASON = 500
DECIDED_SV = {"accept": "samma person", "reject": "olika personer"}


class Overtaken(BadInput):
    """Another decision holds than the judge saw."""


async def judge_proposal(
    connection: Connection, proposal: UUID, decision: Decision, reason: str, seen: Decision | None = None
) -> UUID:
    """Accept or reject what the linkage proposed, or undo what was decided about it; the judgement's id.

    The evidence is kept with the judgement as it was shown. ``seen``: what held when the judge looked (``undo``: that
    nothing was decided); somebody else's decision since then is not overruled unseen.

    Raises:
        BadInput: No such decision, no reason, a number of a person in it, or the decision already holds.
        Overtaken: Another decision holds than was seen.
        NotFound: There is no such proposal, or none that the viewer may see.
    """
    row = await connection.fetchrow(PROPOSAL, proposal)
    if row is None:
        raise NotFound("There is no such proposal.", sv="Det finns inget sådant förslag.")
    return await _judge(
        connection, (row["a"], row["b"]), decision, reason,
        (row["evidence"], row["model_version"], row["probability"]), seen,
    )  # fmt: skip


async def judge_pair(
    connection: Connection, one: bytes, other: bytes, decision: Decision, reason: str
) -> UUID:
    """Decide about two pseudonyms without a proposal, or undo what was decided about them; the judgement's id.

    Raises:
        BadInput: No such decision, no reason, a number of a person in it, one and the same pseudonym, or the decision
            already holds.
    """
    if one == other:
        raise BadInput(
            "One pseudonym is one person already.", sv="En pseudonym är redan en och samma person."
        )
    shown = await connection.fetchrow(SHOWN, one, other) if decision == "undo" else None
    return await _judge(
        connection, (one, other), decision, reason, tuple(shown) if shown else ({}, None, None)
    )


async def _judge(
    connection: Connection,
    pair: tuple[bytes, bytes],
    decision: Decision,
    reason: str,
    shown: tuple[object, ...],
    seen: Decision | None = None,
) -> UUID:
    if decision not in DECISIONS:
        raise BadInput(
            f"A link is judged by one of {', '.join(DECISIONS)}, not by {decision!r}.",
            sv="Välj om det är samma person, olika personer eller ett beslut som ska ångras.",
        )
    if not 1 <= len(reason.strip()) <= MOST_REASON:
        raise BadInput(
            f"Say why, in at most {MOST_REASON} letters.", sv=f"Skriv varför, med högst {MOST_REASON} tecken."
        )
    if holds_number(reason):
        raise BadInput(
            "Leave the personnummer out: the proposal is known already, and reasons hold no identities.",
            sv="Ta bort personnumret: förslaget är redan känt, och skäl innehåller inga identiteter.",
        )
    await connection.execute(ONE_AT_A_TIME)
    standing = await connection.fetchval(STANDING, *pair) or "undo"
    if seen is not None and standing != seen:
        raise Overtaken(
            "Somebody has decided about this since you looked; look again.",
            sv="Någon har bestämt om förslaget sedan du läste det; läs det på nytt.",
        )
    if standing == decision:
        raise BadInput(
            "There is nothing to undo." if decision == "undo" else f"That holds already: {decision}.",
            sv="Det finns inget att ångra."
            if decision == "undo"
            else f"Det gäller redan: {DECIDED_SV[decision]}.",
        )
    made = await connection.fetchval(INSERT, *pair, decision, *shown, reason.strip())
    return cast("UUID", made)
