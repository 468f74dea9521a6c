"""One case out of the database: at any moment the reports that were known then; the log says who read it and why."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from app.commands.log_book import add_entry
from app.commands.review import case
from app.db import Pool, Reader, open_pool
from app.domain.errors import BadInput, NotAllowed, NotFound
from app.domain.log_book import NewEntry
from app.logins import login_url
from app.queries import dyads
from etl.feed import get_feed
from etl.identify import Pseudonyms
from etl.keep import Keys
from etl.run import Intake
from tests.access.people import OWN, one_of_each
from tests.pairs_world import COLUMNS, FOREIGN, PAIRS, load, report

if TYPE_CHECKING:
    import asyncpg

    from app.domain.pair_id import Pair
    from app.domain.viewer import Role, Viewer

REASON = "quality: granskning av ett dödsfall"


@pytest.fixture(scope="module", autouse=True)
def world(dsn: str) -> None:
    """Pairs; one of them was corrected, moved and withdrawn, each known at another moment."""

    async def fill() -> None:
        now = datetime.now(UTC)
        async with open_pool(dsn, size=2, name="world") as pool:
            keys = Keys(bytes(range(32)))
            await load(pool, keys)
            for changed in (
                report(14, 7, *PAIRS["moving"], code="9456", registered=now - timedelta(days=5)),
                report(15, 6.5, *PAIRS["moving"], place=FOREIGN, registered=now - timedelta(days=4)),
                report(14, 7, *PAIRS["moving"], status="Makulerad", registered=now - timedelta(days=3)),
                report(14, 7, *PAIRS["moving"], registered=now - timedelta(days=2)),
            ):
                await load_one(pool, keys, changed)

    asyncio.run(fill())


async def load_one(pool: Pool, keys: Keys, row: str) -> None:
    now = datetime.now(UTC)
    receipt = await Intake(pool, keys).ingest(
        get_feed("anmalan"), f"{COLUMNS}\n{row}".encode(), name=f"{now.isoformat()} {row[:20]}", fetched_at=now,
        archive=True,
    )  # fmt: skip
    assert receipt.loaded == 1, receipt


@pytest.fixture
async def web(dsn: str) -> AsyncIterator[Pool]:
    async with open_pool(login_url(dsn, "web", "x"), size=4, name="tests web") as pool:
        yield pool


@pytest.fixture
async def people(pool: Pool) -> dict[Role, Viewer]:
    async with pool.acquire() as connection:
        return await one_of_each(connection)


def pseudonyms(name: str) -> Pair:
    names = Pseudonyms(Keys(bytes(range(32))))
    victim, suspect = (names.of(one, "") for one in PAIRS[name])
    assert victim
    assert suspect
    return victim, suspect


async def uid_of(pool: Pool, name: str) -> UUID:
    """The last report of a pair."""
    uid: UUID = await pool.fetchval(
        "select i.uid from incident as i join incident_version as v using (incident_id) "
        "join incident_offence as o using (version_id) where o.victim = $1 and o.suspect = $2 "
        "and v.superseded_at is null and v.state = 'active' order by v.occurred_from desc limit 1", *pseudonyms(name),
    )  # fmt: skip
    return uid


@pytest.mark.parametrize("name", ["everywhere", "moving", "foreign", "hidden"])
async def test_at_any_moment_the_state_is_the_reports_that_were_known_then(
    web: Pool, pool: Pool, people: dict[Role, Viewer], db: asyncpg.Connection, name: str
):
    told = await case(Reader(web, people["analyst"]), await uid_of(pool, name), REASON)
    assert told.review.states
    dice = random.Random(name)  # noqa: S311 - repeatable, not secret
    first = told.review.states[0].at
    moments = [state.at for state in told.review.states]
    moments += [first + (told.until - first) * dice.random() for _ in range(25)]
    for at in [*moments, first - timedelta(seconds=1)]:
        state = told.review.state(at)
        wanted = await dyads.rungs(db, *pseudonyms(name), at)
        assert set(state.rungs if state else ()) == set(wanted), at


async def test_corrections_withdrawals_and_flags_are_told_when_they_became_known(
    web: Pool, pool: Pool, people: dict[Role, Viewer]
):
    told = await case(Reader(web, people["analyst"]), await uid_of(pool, "moving"), REASON)
    kinds = [event.kind for event in told.review.events]
    assert kinds.count("reported") == 3  # the third is what was withdrawn and came back
    assert "withdrawn" in kinds
    assert [event.fields for event in told.review.events if event.kind == "corrected"] == [
        ("offences",), ("area",),
    ]  # fmt: skip
    everywhere = await case(Reader(web, people["analyst"]), await uid_of(pool, "everywhere"), REASON)
    raised = next(event for event in everywhere.review.events if event.kind == "flag")
    third = [event for event in everywhere.review.events if event.kind == "reported"][2]
    assert raised.known_at == third.known_at
    assert {where.name for where in everywhere.places.values()} == {
        "Södermalm", "Järva",
    }  # fmt: skip


async def test_what_was_noted_in_the_log_book_of_a_report_is_in_its_case(
    web: Pool, pool: Pool, people: dict[Role, Viewer]
):
    analyst, uid = Reader(web, people["analyst"]), await uid_of(pool, "plain")
    before = await case(analyst, uid, REASON)
    assert "missing" in [event.kind for event in before.review.events]
    await add_entry(analyst, NewEntry("decision", "Skyddsbedömning görs om.", OWN, incident=uid))
    after = await case(analyst, uid, REASON)
    assert [event.kind for event in after.review.events][-1] == "entry"
    assert after.review.events[-1].words is not None
    assert after.review.events[-1].words.more == "Skyddsbedömning görs om."


async def test_persons_who_were_joined_are_one_case_from_the_judgement_on(
    web: Pool, pool: Pool, people: dict[Role, Viewer], db: asyncpg.Connection
):
    (victim, suspect), (other, _) = pseudonyms("court"), pseudonyms("beside")
    await pool.execute(
        "insert into link_judgement (a, b, decision, evidence, reason) values ($1, $2, 'accept', '{}', 'provad')",
        suspect, pseudonyms("beside")[1],
    )  # fmt: skip
    await pool.execute(
        "insert into link_judgement (a, b, decision, evidence, reason) values ($1, $2, 'accept', '{}', 'provad')",
        victim, other,
    )  # fmt: skip
    told = await case(Reader(web, people["analyst"]), await uid_of(pool, "court"), REASON)
    for state in told.review.states:
        wanted = await dyads.rungs(db, victim, suspect, state.at)
        assert {rung.incident for rung in wanted} == {rung.incident for rung in state.rungs}
    assert len(told.review.states[-1].rungs) > 2
    await pool.execute(
        "insert into link_judgement (a, b, decision, evidence, reason) values ($1, $2, 'undo', '{}', 'ångrad')",
        victim, other,
    )  # fmt: skip
    undone = await case(Reader(web, people["analyst"]), await uid_of(pool, "court"), REASON)
    assert len(undone.review.states[-1].rungs) == 2
    joined = [len(state.rungs) for state in undone.review.states]
    assert max(joined) > 2


async def test_reading_a_case_needs_a_reason_and_is_in_the_log_with_whom_it_concerned(
    web: Pool, pool: Pool, people: dict[Role, Viewer]
):
    uid = await uid_of(pool, "everywhere")
    with pytest.raises(BadInput):
        await case(Reader(web, people["analyst"]), uid, "")
    await case(Reader(web, people["commander"]), uid, REASON)
    row = await pool.fetchrow("select * from read_log order by log_id desc limit 1")
    assert (row["action"], row["what"], row["role"]) == ("read", "review/case", "commander")
    assert row["filter"] == {"incident": str(uid)}
    assert set(pseudonyms("everywhere")) <= set(row["persons"])
    assert row["found"] == 3


async def test_who_may_not_review_is_refused_and_told_nothing(
    web: Pool, pool: Pool, people: dict[Role, Viewer]
):
    uid = await uid_of(pool, "foreign")
    for role in ("area_chief", "feed_admin", "auditor", "partner", "wall"):
        with pytest.raises(NotAllowed):
            await case(Reader(web, people[role]), uid, REASON)
    with pytest.raises(NotFound):  # no flag opens this pair to a commander
        await case(Reader(web, people["commander"]), await uid_of(pool, "plain"), REASON)
    with pytest.raises(NotFound):
        await case(Reader(web, people["analyst"]), UUID(int=9), REASON)
