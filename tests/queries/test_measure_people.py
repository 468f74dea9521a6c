"""Who was reported again, as numbers: the same groups as a recount of the versions, and never a pseudonym."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from app.commands.suspicions import state_suspicion
from app.db import open_pool
from app.queries import measure_people as people
from app.queries.ledger import moment
from app.queries.measure_frames import Pin, Span
from etl.identify import Pseudonyms
from etl.keep import Keys
from tests.pairs_world import PAIRS, load

if TYPE_CHECKING:
    import asyncpg

KEYS = Keys(bytes(range(32)))
TODAY = datetime.now(UTC).date()
FIRST, BEYOND = TODAY - timedelta(days=60), TODAY + timedelta(days=1)


@pytest.fixture(scope="module", autouse=True)
def world(dsn: str) -> None:
    async def fill() -> None:
        async with open_pool(dsn, size=2, name="world") as pool:
            await load(pool, KEYS)

    asyncio.run(fill())


async def spanned(connection: asyncpg.Connection, at: datetime) -> Span:
    _, position = await moment(connection)
    return Span(FIRST, BEYOND, Pin(at, position.xid, position.ledger_id))


async def recounted(connection: asyncpg.Connection, at: datetime, of: str) -> Counter[tuple[date, ...]]:
    """The days of each group's reports, by walking over the versions that were known then."""
    last: dict[int, Any] = {}
    for row in await connection.fetch(
        """select v.incident_id, v.version_id, v.day, v.state, v.protected, v.precision, st_x(v.geom) as x,
               st_y(v.geom) as y, g.close_relationship as close
           from incident_version as v join offence as g on g.offence_id = v.offence_id
           where not v.repeats and v.known_at <= $1 order by v.known_at, v.version_id""",
        at,
    ):
        last[row["incident_id"]] = row
    named = defaultdict(set)
    for row in await connection.fetch("select version_id, victim, suspect from incident_offence"):
        named[row["version_id"]].add((row["victim"], row["suspect"]))
    ended = {
        (row["incident_id"], row["suspect"])
        for row in await connection.fetch(
            "select incident_id, suspect from suspicion_statement where reason <> 'reopened'"
        )
    }
    groups: dict[Any, list[date]] = defaultdict(list)
    for version in last.values():
        if version["state"] != "active" or not version["close"] or not FIRST <= version["day"] < BEYOND:
            continue
        for key in _keys(version, named[version["version_id"]], ended, of):
            groups[key].append(version["day"])
    return Counter(tuple(sorted(days)) for days in groups.values())


def _keys(version: Any, named: Iterable[tuple[Any, Any]], ended: set[tuple[int, Any]], of: str) -> set[Any]:
    if of == "address":
        hidden = version["protected"] or version["x"] is None or version["precision"] != "point"
        return set() if hidden else {(round(version["x"]), round(version["y"]))}
    if of == "victim":
        return {victim for victim, _ in named if victim}
    return {
        (victim, suspect)
        for victim, suspect in named
        if victim and suspect and (version["incident_id"], suspect) not in ended
    }


async def told(connection: asyncpg.Connection, at: datetime, of: people.Of) -> Counter[tuple[date, ...]]:
    table = await people.reports(connection, await spanned(connection, at), of, "lokalpolisomrade")
    assert set(table) == {"id", "day", "severity", "weight", "area"}
    districts = {
        code for (code,) in await connection.fetch("select code from area where kind = 'lokalpolisomrade'")
    }
    assert set(table["area"]) <= {*districts, ""}
    groups: dict[int, list[date]] = defaultdict(list)
    for number, day in zip(table["id"], table["day"], strict=True):
        groups[number].append(day)
    assert sorted(groups) == list(range(1, len(groups) + 1)), "running numbers, and nothing else"
    assert all(isinstance(number, int) for number in table["id"])
    return Counter(tuple(sorted(days)) for days in groups.values())


@pytest.mark.parametrize("of", ["dyad", "victim", "address"])
@pytest.mark.parametrize("days_ago", [0, 3, 9, 25, 50])
async def test_groups_are_those_of_a_recount_as_known_then(
    db: asyncpg.Connection, of: people.Of, days_ago: int
) -> None:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    expected = await recounted(db, at, of)
    assert await told(db, at, of) == expected
    if days_ago == 0:
        assert sum(expected.values()) >= 2


async def test_a_suspicion_that_ended_is_of_no_pair_but_the_victim_is_still_one(
    db: asyncpg.Connection,
) -> None:
    now = datetime.now(UTC)
    before, victims = await told(db, now, "dyad"), await told(db, now, "victim")
    suspect = Pseudonyms(KEYS).of(PAIRS["court"][1], "")
    incidents = await db.fetch(
        """select distinct i.incident_id, i.uid from incident_offence as o join incident_version as v using (version_id)
           join incident as i using (incident_id) where o.suspect = $1""",
        suspect,
    )
    for incident in incidents:
        await state_suspicion(
            db, incident["uid"], suspect, "acquitted", final_on=TODAY, source="test", recorded_by="test"
        )
    after = await told(db, now, "dyad")
    assert after == await recounted(db, now, "dyad")
    assert sum(before.values()) - sum(after.values()) == 1
    assert await told(db, now, "victim") == victims


async def test_two_pseudonyms_that_were_judged_to_be_one_person_are_one(db: asyncpg.Connection) -> None:
    now = datetime.now(UTC)
    names = Pseudonyms(KEYS)
    one, other = (names.of(PAIRS[pair][0], "") for pair in ("plain", "court"))
    before = await told(db, now, "victim")
    await db.execute(
        "insert into link_judgement (a, b, decision, evidence, reason, known_at) "
        "values ($1, $2, 'accept', '{}', 'test', $3)",
        one, other, now - timedelta(minutes=1),
    )  # fmt: skip
    after = await told(db, now, "victim")
    assert sum(before.values()) - sum(after.values()) == 1
    assert max(map(len, after)) >= 4
    assert await told(db, now - timedelta(minutes=2), "victim") == before, "as known before it was judged"
