"""Links between mentions: proposed by the linkage, decided by people, known at T, undone as if they had not been."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.commands.consult import Consultation, consult
from app.commands.links import judge_pair, judge_proposal
from app.db import Pool, Reader, open_pool, set_codecs
from app.domain.errors import BadInput, NotFound
from app.domain.link import Decision
from app.domain.window import Window
from app.jobs.link import Proposed, propose
from app.logins import login_url
from app.queries.dyads import dyads_of_suspect, dyads_of_victim, dyads_with, repeats, rungs
from app.queries.links import canonical, judgements, same, waiting
from etl.feed import get_feed
from etl.identify import Pseudonyms
from etl.keep import Keys
from etl.run import Intake
from tests.access.people import OWN, viewer
from tests.queries.picture import OneConnection

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HEAD = (
    "ID;BROTTSKOD;BROTTSDATUMTID_START;KOMMUN;MALSAGANDE;MISSTANKT;SKYDDAD;STATUS;"
    "MALSAGANDE_NAMN;MALSAGANDE_FODD;MALSAGANDE_TEL;MALSAGANDE_GATA;MALSAGANDE_POSTNR"
)
VICTIM, OTHER, SUSPECT = "189103122041", "189509013588", "188807211175"
NAMED = "Solveig Tornfeldt;1891-03-12;07012345678;Provgatan 12;11111"
SLIP = "Solvieg Tornfelt;1891-03-12;07012345678;Provgatan 12;11111"
STRANGER = "Fatima Lindgren;1870-10-02;07099999999;Annangatan 3;19911"
Pair = tuple[bytes, bytes]


def report(number: int, day: int, victim: str, told: str, protected: str = "N", state: str = "Aktiv") -> str:
    return f"0201-K{number}-26;9365;2026-11-{day:02d} 20:00;Stockholm;{victim};{SUSPECT};{protected};{state};{told}"


@pytest.fixture
async def web(dsn: str) -> AsyncIterator[Pool]:
    """The pool of all reads, by its own login."""
    async with open_pool(login_url(dsn, "web", "x"), size=2, name="tests web") as pool:
        yield pool


@pytest.fixture
async def own(fresh_dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A database of the test's own, in which what is done is committed: a second load needs the first's commit."""
    connection = await asyncpg.connect(fresh_dsn)
    await set_codecs(connection)
    yield connection
    await connection.close()


@pytest.fixture
def names(keys: Keys) -> Pseudonyms:
    return Pseudonyms(keys)


FOUR = (
    report(1, 3, VICTIM, NAMED), report(2, 9, "", SLIP), report(3, 15, VICTIM, NAMED), report(4, 16, OTHER, STRANGER),
)  # fmt: skip


class Reports:
    """Loads reports and proposes links, on the test's connection."""

    def __init__(self, db: asyncpg.Connection, keys: Keys, names: Pseudonyms) -> None:
        self._db, self._keys, self._names = db, keys, names
        self._intake = Intake(OneConnection(db), keys)  # type: ignore[arg-type]

    async def load(self, *rows: str) -> None:
        receipt = await self._intake.ingest(
            get_feed("anmalan"), "\n".join([HEAD, *rows]).encode(), name="file", fetched_at=datetime.now(UTC)
        )
        assert receipt.quarantined == 0

    async def propose(self) -> Proposed:
        def unnumbered(feed: str, source_key: str, role: str, person: bytes) -> bool:
            return any(self._names.of_mention(feed, source_key, role, nth) == person for nth in (1, 2))

        return await propose(self._db, self._keys.open, unnumbered)

    def alone(self, number: int) -> bytes:
        """The pseudonym of a report's victim without a number."""
        return self._names.of_mention("anmalan", f"0201-K{number}-26", "victim", 1)


@pytest.fixture
async def reports(db: asyncpg.Connection, keys: Keys, names: Pseudonyms) -> Reports:
    told = Reports(db, keys, names)
    await told.load(*FOUR)
    return told


@pytest.fixture
def pair(names: Pseudonyms) -> Pair:
    victim, suspect = names.of(VICTIM, ""), names.of(SUSPECT, "")
    assert victim is not None
    assert suspect is not None
    return victim, suspect


async def moment(db: asyncpg.Connection) -> datetime:
    now: datetime = await db.fetchval("select clock_timestamp()")
    return now


async def test_a_proposal_is_made_with_evidence_and_nobody_is_merged(
    db: asyncpg.Connection, reports: Reports, pair: Pair
):
    assert await reports.propose() == Proposed(mentions=3, proposed=1, standing=0, withdrawn=0)
    (found,) = await waiting(db)
    assert {found.a, found.b} == {pair[0], reports.alone(2)}
    assert found.probability > 0.9
    assert found.evidence["born"]["level"] == "same"
    assert "Tornf" not in str(found.evidence)
    assert len(await rungs(db, *pair)) == 2
    assert await canonical(db, [found.a, found.b]) == {found.a: found.a, found.b: found.b}
    assert await reports.propose() == Proposed(mentions=3, proposed=0, standing=1, withdrawn=0)


async def test_accepted_two_are_one_as_known_from_then_on_and_undone_they_are_two_again(
    db: asyncpg.Connection, reports: Reports, pair: Pair
):
    await reports.propose()
    (found,) = await waiting(db)
    before = await moment(db)
    await judge_proposal(db, found.proposal, "accept", "same telephone, same day of birth")
    accepted = await moment(db)
    under_all = [(victim, pair[1]) for victim in (pair[0], reports.alone(2))]
    for under in under_all:
        assert [rung.day.day for rung in await rungs(db, *under)] == [3, 9, 15]
        assert len(await rungs(db, *under, accepted)) == 3
    assert [len(await rungs(db, *under, before)) for under in under_all] == [2, 1]
    assert await waiting(db) == []
    await judge_proposal(db, found.proposal, "undo", "another telephone after all")
    assert [len(await rungs(db, *under)) for under in under_all] == [2, 1]
    assert [len(await rungs(db, *under, accepted)) for under in under_all] == [
        3,
        3,
    ]  # what was believed then, stays
    assert [told.decision for told in await judgements(db, [pair[0]])] == ["undo", "accept"]
    assert [one.proposal for one in await waiting(db)] == [found.proposal]


async def test_lists_counts_and_searches_are_of_persons(db: asyncpg.Connection, reports: Reports, pair: Pair):
    window = Window(datetime(2026, 11, 9, tzinfo=UTC).date(), datetime(2026, 11, 9, tzinfo=UTC).date())
    year = Window(datetime(2026, 1, 1, tzinfo=UTC).date(), datetime(2026, 11, 24, tzinfo=UTC).date())
    assert await dyads_with(db, window, 2, 30) == []
    assert await repeats(db, year) == {1: 2, 2: 1}
    await judge_pair(db, pair[0], reports.alone(2), "accept", "told by the victim")
    stands = (await canonical(db, [pair[0]]))[pair[0]]
    (listed,) = await dyads_with(db, window, 2, 30)
    assert (listed.victim, len(listed.rungs)) == (stands, 3)
    assert await repeats(db, year) == {1: 1, 3: 1}
    assert {dyad.victim for dyad in await dyads_of_suspect(db, pair[1])} >= {stands}
    assert len(await dyads_of_suspect(db, pair[1])) == 2
    for victim in (pair[0], reports.alone(2)):
        (mine,) = await dyads_of_victim(db, victim)
        assert [rung.day.day for rung in mine.rungs] == [3, 9, 15]
        assert all(rung.offences and not rung.beside for rung in mine.rungs)


async def test_who_is_protected_is_so_under_every_pseudonym(
    own: asyncpg.Connection, keys: Keys, names: Pseudonyms, pair: Pair
):
    told = Reports(own, keys, names)
    await told.load(*FOUR)
    await judge_pair(own, pair[0], told.alone(2), "accept", "told by the victim")
    await told.load(report(5, 20, VICTIM, NAMED, protected="J"))
    for victim in (pair[0], told.alone(2)):
        assert await dyads_of_victim(own, victim) == []
    year = Window(datetime(2026, 1, 1, tzinfo=UTC).date(), datetime(2026, 11, 24, tzinfo=UTC).date())
    assert [len(dyad.rungs) for dyad in await dyads_with(own, year, 1, 0)] == [1]  # the stranger's
    assert [len(dyad.rungs) for dyad in await dyads_of_suspect(own, pair[1])] == [1]


async def test_a_corrected_report_takes_its_proposal_back(
    own: asyncpg.Connection, keys: Keys, names: Pseudonyms
):
    told = Reports(own, keys, names)
    await told.load(*FOUR)
    await told.propose()
    await told.load(report(2, 9, "", STRANGER.replace("Fatima", "Hodan")))
    done = await told.propose()
    assert (done.withdrawn, done.standing) == (1, 0)
    assert await waiting(own) == []


async def test_what_somebody_rejected_is_not_proposed_again_until_it_is_undone(
    db: asyncpg.Connection, reports: Reports
):
    await reports.propose()
    (found,) = await waiting(db)
    await judge_proposal(db, found.proposal, "reject", "mother and daughter")
    assert await waiting(db) == []
    await reports.propose()
    assert await waiting(db) == []
    await judge_pair(db, found.b, found.a, "undo", "it was the daughter's report")
    await reports.propose()
    assert len(await waiting(db)) == 1


async def test_two_on_one_report_and_two_numbers_are_two_people(
    db: asyncpg.Connection, keys: Keys, names: Pseudonyms
):
    told = Reports(db, keys, names)
    twice = NAMED.replace("Provgatan 12", "")
    await told.load(report(7, 3, VICTIM, NAMED), report(7, 3, "", twice), report(8, 4, OTHER, NAMED))
    done = await told.propose()
    found = await waiting(db)
    assert done.mentions == 3
    assert {frozenset((one.a, one.b)) for one in found} == {
        frozenset((names.of(OTHER, ""), names.of_mention("anmalan", "0201-K7-26", "victim", 2)))
    }


@pytest.mark.parametrize(
    ("decision", "reason", "sentence"),
    [("merge", "x", "judged by one of"), ("accept", "  ", "Say why"), ("undo", "x", "nothing to undo")],
)
async def test_what_makes_no_sense_is_refused(
    db: asyncpg.Connection, decision: Decision, reason: str, sentence: str
):
    with pytest.raises(BadInput, match=sentence):
        await judge_pair(db, bytes(16), bytes([1] * 16), decision, reason)
    with pytest.raises(BadInput, match="one person already"):
        await judge_pair(db, bytes(16), bytes(16), "accept", "x")
    with pytest.raises(NotFound):
        await judge_proposal(db, UUID(int=0), "accept", "x")
    await judge_pair(db, bytes(16), bytes([1] * 16), "accept", "x")
    with pytest.raises(BadInput, match="holds already"):
        await judge_pair(db, bytes([1] * 16), bytes(16), "accept", "x")


async def test_who_is_one_at_any_moment_is_what_a_plain_recount_says(db: asyncpg.Connection):
    some = random.Random(4)  # noqa: S311 - repeatable, not secret
    people = [uuid4().bytes for _ in range(14)]
    log: list[tuple[datetime, frozenset[bytes], str]] = []
    for _ in range(90):
        one, other = some.sample(people, 2)
        decision: Decision = some.choice(["accept", "accept", "reject", "undo"])
        try:
            await judge_pair(db, one, other, decision, "by dice")
        except BadInput:
            continue
        log.append((await moment(db), frozenset((one, other)), decision))
    for at in [None, *(some.choice(log)[0] for _ in range(12)), log[0][0] - timedelta(hours=1)]:
        last = {two: decided for when, two, decided in log if at is None or when <= at}
        groups = {person: {person} for person in people}
        for two, decided in last.items():
            if decided == "accept":
                one, other = two
                whole = groups[one] | groups[other]
                groups |= dict.fromkeys(whole, whole)
        assert await same(db, people, at) == {person: frozenset(groups[person]) for person in people}
        stored = await db.fetch("select person, canonical from link_persons($1)", at)
        assert {row["person"]: row["canonical"] for row in stored} == {
            person: min(groups[person]) for person in people if len(groups[person]) > 1
        }


async def test_links_are_seen_with_a_row_in_the_log_only_and_decided_by_the_region(pool: Pool, web: Pool):
    async with pool.acquire() as connection:
        roles = {role: await viewer(connection, role, *([OWN] if role == "area_chief" else [])) for role in
                 ("analyst", "area_chief", "auditor", "feed_admin")}  # fmt: skip
        one, other = uuid4().bytes, uuid4().bytes
        await judge_pair(connection, one, other, "accept", "x")
        await connection.execute(
            """insert into link_proposal (a, b, probability, evidence, model_version)
               values ($1, $2, 0.9, '{}', '1')""", one, other)  # fmt: skip
    asked = Consultation("change", "links", "samordning av en utredning")
    async with consult(Reader(web, roles["analyst"]), asked) as open_:
        assert len(await judgements(open_.connection, [one])) == 1
        made = await judge_pair(open_.connection, other, one, "undo", "not the same")
        (latest, _) = await judgements(open_.connection, [one])
        assert (latest.judgement, latest.name) == (made, "analyst")
    async with consult(Reader(web, roles["area_chief"]), asked) as open_:
        assert await canonical(open_.connection, [one]) == {one: one}
        assert await open_.connection.fetchval("select count(a) from link_judgement") == 2
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with open_.connection.transaction():
                await judge_pair(open_.connection, one, other, "accept", "x")
        open_.found(0)
    for somebody in roles.values():
        async with Reader(web, somebody).transaction() as connection:
            for table in ("link_proposal", "link_judgement"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with connection.transaction():
                        await connection.fetch(f"select a from {table}")
