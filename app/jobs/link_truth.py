"""Judge the proposals in the database by the demo's planted truth: real reports have no such file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from app.linkage.evaluate import Judged

if TYPE_CHECKING:
    from app.db import Connection

# Who is named on the planted reports, as last known, in which role.
NAMED = """
select i.source_key, m.role, m.person
from incident as i join incident_version as v using (incident_id) join person_mention as m using (version_id)
where i.source_key = any($1::text[]) and v.state = 'active' and not v.repeats and v.superseded_at is null
    and not v.protected and m.sealed is not null and m.role in ('victim', 'suspect')
"""

PROPOSED = "select a, b from link_proposal where withdrawn_at is null"


async def judge_proposals(connection: Connection, truth: bytes) -> Judged:
    """How many of the links planted among the reports in the database are proposed, and how many proposals are right.

    ``truth`` is the demo's truth.json. A planted link is of two pseudonyms of one person, one of them without a number.
    """
    planted = orjson.loads(truth)["links"]
    people = {
        (told["report"], told["role"]): number
        for number, one in enumerate(planted)
        for told in one["mentions"]
    }
    numbered = {
        (told["report"], told["role"]) for one in planted for told in one["mentions"] if told["numbered"]
    }
    rows = await connection.fetch(NAMED, [report for report, _ in people])
    of_person: dict[int, dict[bytes, bool]] = {}
    for row in rows:
        told = (row["source_key"], row["role"])
        if told in people:
            of_person.setdefault(people[told], {})[row["person"]] = told in numbered
    true = {
        frozenset((a, b))
        for pseudonyms in of_person.values()
        for a, a_numbered in pseudonyms.items()
        for b, b_numbered in pseudonyms.items()
        if a != b and not (a_numbered and b_numbered)
    }
    proposed = {frozenset((row["a"], row["b"])) for row in await connection.fetch(PROPOSED)}
    return Judged(len(true), len(proposed), len(true & proposed))
