"""Propose links: read what reports tell of people, link it in memory, store which pseudonyms may be of one person.

What is sealed is opened here and goes nowhere: stored are pseudonyms, a probability of identity, and by field which
level held. Nothing is merged; proposals wait until somebody decides (``app.commands.links``).
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from app.domain.errors import NotFound
from app.linkage.link import link
from app.linkage.mention import frame
from app.linkage.model import Model, read
from app.queries.links import canonical

if TYPE_CHECKING:
    import pandas as pd

    from app.db import Connection

Open = Callable[[bytes, UUID], bytes]
"""Opens what is sealed (``etl.keep.Keys.open``); raises ``NotFound`` for what was erased."""
Unnumbered = Callable[[str, str, str, bytes], bool]
"""Whether a pseudonym is of one mention without a number: of feed, source key, role and the pseudonym."""

# What is believed now, of reports that stand.
TOLD = """
select m.person, m.role, m.sealed, m.key_id, i.incident_id, i.feed, i.source_key
from person_mention as m join incident_version as v using (version_id) join incident as i using (incident_id)
where m.sealed is not null and v.state = 'active' and not v.repeats and v.superseded_at is null and not v.protected
order by m.mention_id
"""

# Two people on one report are two: whoever wrote it saw both.
TOGETHER = """
select distinct v.incident_id, p.person
from incident_version as v
join lateral (
    select m.person from person_mention as m where m.version_id = v.version_id
    union select o.victim from incident_offence as o where o.version_id = v.version_id and o.victim is not null
    union select o.suspect from incident_offence as o where o.version_id = v.version_id and o.suspect is not null
) as p on true
where p.person = any($1::bytea[]) and not v.repeats
"""

DECIDED = """
select distinct on (least(a, b), greatest(a, b)) a, b, decision from link_judgement
order by least(a, b), greatest(a, b), known_at desc, judgement_id desc
"""

STANDING = "select proposal_id, a, b from link_proposal where withdrawn_at is null"

WITHDRAW = "update link_proposal set withdrawn_at = clock_timestamp() where proposal_id = any($1::uuid[])"

INSERT = """
insert into link_proposal (a, b, probability, evidence, model_version) values ($1, $2, $3, $4, $5)
"""
ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended('link_proposal', 0))"

Two = frozenset[bytes]


@dataclass(frozen=True)
class Proposed:
    """What a run did: mentions read, pairs newly proposed, proposals that stand as before, and those withdrawn."""

    mentions: int
    proposed: int
    standing: int
    withdrawn: int


@dataclass(frozen=True)
class Told:
    """One person as one report or several tell of them."""

    person: bytes
    unnumbered: bool
    fields: dict[str, str]


async def propose(
    connection: Connection, open_sealed: Open, unnumbered: Unnumbered, model: Model | None = None
) -> Proposed:
    """Link all mentions that reports tell of now, and bring the proposals up to date, in one transaction.

    Not proposed: two pseudonyms with a number each (they are two people by their numbers), two on one report, what
    somebody has decided about and not undone, and who is linked already. A proposal that is no longer found is
    withdrawn.
    """
    chosen = model or read()
    async with connection.transaction():
        await connection.execute(ONE_AT_A_TIME)
        mentions = await _told(connection, open_sealed, unnumbered)
        found = await asyncio.to_thread(link, frame([told.fields for told in mentions]), chosen)
        best = _by_persons(found, mentions)
        for two in await _apart(connection, best):
            del best[two]
        standing = {
            frozenset((row["a"], row["b"])): row["proposal_id"] for row in await connection.fetch(STANDING)
        }
        gone = [proposal for two, proposal in standing.items() if two not in best]
        await connection.execute(WITHDRAW, gone)
        fresh = {two: best[two] for two in best if two not in standing}
        await connection.executemany(
            INSERT,
            [
                (*sorted(two), probability, evidence, chosen.version)
                for two, (probability, evidence) in fresh.items()
            ],
        )
    return Proposed(len(mentions), len(fresh), len(standing) - len(gone), len(gone))


async def _told(connection: Connection, open_sealed: Open, unnumbered: Unnumbered) -> list[Told]:
    """Every different thing that is told of a person, once."""
    found: dict[tuple[bytes, bytes], Told] = {}
    async for row in connection.cursor(TOLD, prefetch=1_000):
        try:
            body = open_sealed(row["sealed"], row["key_id"])
        except NotFound:
            continue  # erased since: its key is gone
        if (row["person"], body) not in found:
            alone = unnumbered(row["feed"], row["source_key"], row["role"], row["person"])
            found[row["person"], body] = Told(row["person"], alone, orjson.loads(body))
    return list(found.values())


def _by_persons(found: pd.DataFrame, mentions: list[Told]) -> dict[Two, tuple[float, Any]]:
    """By two pseudonyms, of which one at least has no number, the best of what their mentions show."""
    best: dict[Two, tuple[float, Any]] = {}
    for one, other, probability, evidence in zip(
        found["a"], found["b"], found["probability"].tolist(), found["evidence"], strict=True
    ):
        a, b = mentions[one], mentions[other]
        two = frozenset((a.person, b.person))
        if len(two) == 2 and (a.unnumbered or b.unnumbered) and probability > best.get(two, (0.0, None))[0]:
            best[two] = (probability, evidence)
    return best


async def _apart(connection: Connection, pairs: dict[Two, tuple[float, Any]]) -> set[Two]:
    """Of these pairs, those that are not to be proposed: on one report together, decided about, or linked already."""
    persons = {person for two in pairs for person in two}
    reports: dict[bytes, set[int]] = defaultdict(set)
    for row in await connection.fetch(TOGETHER, list(persons)):
        reports[row["person"]].add(row["incident_id"])
    stands = await canonical(connection, persons)
    decided = {
        frozenset((row["a"], row["b"]))
        for row in await connection.fetch(DECIDED)
        if row["decision"] != "undo"
    }
    found = set()
    for two in pairs:
        one, other = two
        if two in decided or stands[one] == stands[other] or reports[one] & reports[other]:
            found.add(two)
    return found
