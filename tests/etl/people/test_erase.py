"""Erasure by the rules and of one person: nothing that names them is left in any table, and the counts stay."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.db import Pool, open_pool
from app.domain.errors import BadInput, NotFound, SetupError
from etl import erase, quarantine
from etl.erase import Order
from etl.erase_person import erase_person
from etl.gallring import Category, months_before, read_rules
from etl.identify import Pseudonyms
from etl.keep import Keys
from etl.rekey import rekey
from etl.run import Intake
from tests.etl.people.killing import killed_at
from tests.etl.people.world import (
    ANMALAN,
    NOW,
    OTHER,
    SUSPECT,
    VICTIM,
    mentions_of,
    pairs_of,
    tell,
    traces,
    whole_database,
)

ZONE = ANMALAN.region.zone
OLD = datetime(2019, 3, 1, 12, 0, tzinfo=UTC)
CANARY = {
    "MALSAGANDE": VICTIM, "MISSTANKT": SUSPECT, "FRITEXT": "Kanarifågel har ringt", "GATA": "Kanarivägen",
    "MALSAGANDE_NAMN": "Kanarina Fjäder", "MISSTANKT_NAMN": "Kanarius Vinge", "VITTNE_NAMN": "Kanariko Näbb",
    "ANMALARE": OTHER, "ANMALARE_TEL": "070-7777777", "BROTTSDATUMTID_START": "2019-02-17 21:40",
}  # fmt: skip
LEDGER = "select day, area_id, offence_id, offences, incidents, cx, cy from ledger order by ledger_id"
RUN = """
        from etl import erase, gallring
        from etl.erase import Order
        order = Order.of(gallring.read_rules(), datetime.now(UTC), date(2026, 11, 24), 'test')
        whole = erase.erase_incidents
        async def telling(*told, **more):
            return await whole(*told, **{**more, 'tell': tell})
        erase.erase_incidents = telling
        await erase.run(pool, keys.ring, order, ZoneInfo('Europe/Stockholm'), dry=False, tell=tell)
"""


def order() -> Order:
    return Order.of(read_rules(), datetime.now(UTC), NOW.date(), "test")


@pytest.fixture
async def place(fresh_dsn: str, tmp_path: Path) -> AsyncIterator[tuple[Pool, Keys, str, Path]]:
    """An old report with two versions, a young one about the same victim, and an old one that waits in quarantine."""
    path = tmp_path / "master.key"
    keys = Keys.read(path)
    async with open_pool(fresh_dsn, size=4, name="tests") as pool:
        intake = Intake(pool, keys)
        await tell(intake, {"ID": "old", **CANARY}, at=OLD, archive=True)
        await tell(
            intake,
            {"ID": "old", **CANARY, "MALSAGANDE_GATA": "Burgatan"},
            at=OLD + timedelta(days=9),
            archive=True,
        )
        await tell(intake, {"ID": "wrong", **CANARY, "VITTNE": "18910312-2042"}, at=OLD, archive=True)
        await tell(
            intake, {"ID": "young", "MALSAGANDE": VICTIM, "MISSTANKT": OTHER, "FRITEXT": "Ungt"}, at=NOW
        )
        async with pool.acquire() as db:
            await db.execute("update quarantine set created_at = $1", OLD)
            await db.execute(
                """insert into follow_up (victim, suspect, incident_id, kind, text)
                   select $1, $2, incident_id, 'contact', 'Kanarian ringde' from incident where source_key = 'old'""",
                Pseudonyms(keys).of(VICTIM, ""),
                Pseudonyms(keys).of(SUSPECT, ""),
            )
        yield pool, keys, fresh_dsn, path


async def _old_is_gone(pool: Pool, keys: Keys) -> None:
    names = Pseudonyms(keys)
    suspect = names.of(SUSPECT, "")
    assert suspect is not None
    async with pool.acquire() as db:
        everything = await whole_database(db)
        for trace in [*traces("Kanari", "Fjäder", "Näbb", "7777777", "Burgatan"), suspect.hex()]:
            assert trace not in everything
        assert {tuple(row)[1:] for row in await pairs_of(db, "old")} == {(None, None)}
        assert await mentions_of(db, "old") == []
        rows = await db.fetch(
            """select v.precision, v.geom, v.cx, v.erased_at, r.body, r.key_id from incident as i
               join incident_version as v using (incident_id) join raw_record as r using (raw_id)
               where i.source_key = 'old'"""
        )
        assert [(row["precision"], row["geom"], row["body"], row["key_id"]) for row in rows] == [
            ("regso", None, b"", None)
        ] * 2
        assert all(row["erased_at"] and row["cx"] for row in rows)
        ((_, victim, other),) = await pairs_of(db, "young")
        assert (victim, other) == (names.of(VICTIM, ""), names.of(OTHER, ""))
    assert keys.ring.counts() == {1: 1}  # that of the young report


async def test_what_is_old_by_the_rules_is_erased_and_the_counts_stay(
    place: tuple[Pool, Keys, str, Path],
) -> None:
    pool, keys, _, _ = place
    async with pool.acquire() as db:
        before = await db.fetch(LEDGER)
    due = await erase.run(pool, keys.ring, order(), ZONE, dry=True)
    assert (due["report_with_suspect"].incidents, due["quarantine"].records) == (1, 1)
    assert due["report"].incidents == 0
    async with pool.acquire() as db:
        assert "Kanari" in await whole_database(db)  # a dry run only counts
        assert await erase.entries(db, 9) == []

    done = await erase.run(pool, keys.ring, order(), ZONE, dry=False)
    found = done["report_with_suspect"]
    assert (found.incidents, found.records, found.mentions, found.pseudonyms) == (1, 2, 8, 4)
    assert found.others == 1
    await _old_is_gone(pool, keys)
    async with pool.acquire() as db:
        assert await db.fetch(LEDGER) == before
        entries = await erase.entries(db, 9)
        assert {entry["category"] for entry in entries} == {"report_with_suspect", "quarantine"}
        assert all("provisional" in entry["rule"] and len(entry["rule_version"]) == 12 for entry in entries)
    again = await erase.run(pool, keys.ring, order(), ZONE, dry=False)
    assert all(counts == erase.Counts() for counts in again.values())


async def test_a_replay_of_what_was_erased_says_so(place: tuple[Pool, Keys, str, Path]) -> None:
    pool, keys, _, _ = place
    await erase.run(pool, keys.ring, order(), ZONE, dry=False)
    async with pool.acquire() as db:
        assert await quarantine.list_open(db) == []
        await db.execute("update quarantine set resolved_at = null")
        (entry,) = await quarantine.list_open(db)
    with pytest.raises(NotFound, match="was erased"):
        await quarantine.replay(pool, keys, entry.quarantine_id, lambda _: ANMALAN)


async def test_an_erased_report_that_is_sent_again_unchanged_does_not_come_back(
    place: tuple[Pool, Keys, str, Path],
) -> None:
    pool, keys, _, _ = place
    await erase.run(pool, keys.ring, order(), ZONE, dry=False)
    again = await tell(Intake(pool, keys), {"ID": "old", **CANARY, "MALSAGANDE_GATA": "Burgatan"}, at=NOW)
    assert (again.loaded, again.unchanged) == (0, 1)
    await _old_is_gone(pool, keys)


@pytest.mark.parametrize(
    "line",
    ["keys of mentions are deleted", "keys of records are deleted", "report_with_suspect: 1 incidents"],
)
async def test_a_run_that_was_killed_is_finished_by_the_next(
    place: tuple[Pool, Keys, str, Path], line: str
) -> None:
    pool, keys, dsn, path = place
    await killed_at(line, RUN, dsn, path)
    await erase.run(pool, keys.ring, order(), ZONE, dry=False)
    await _old_is_gone(pool, keys)
    async with pool.acquire() as db:
        entries = await erase.entries(db, 9)
    assert sum(entry["incidents"] for entry in entries) == 1
    assert {entry["category"] for entry in entries} == {"report_with_suspect", "quarantine"}


async def _person_is_gone(pool: Pool, keys: Keys) -> None:
    async with pool.acquire() as db:
        everything = await whole_database(db, "read_log")
        pseudonym = Pseudonyms(keys).of(VICTIM, "")
        assert pseudonym is not None
        for trace in [
            *traces("Kanarina", "910312", "Kanarivägen", "Burgatan", "Kanarifågel"),
            pseudonym.hex(),
        ]:
            assert trace not in everything
        for row in await db.fetch("select body, key_id from raw_record where erased_at is null"):
            assert b"910312" not in keys.open(row["body"], row["key_id"])


async def test_one_person_is_erased_wherever_the_number_stands_and_others_stay(
    place: tuple[Pool, Keys, str, Path],
) -> None:
    pool, keys, _, _ = place
    intake = Intake(pool, keys)
    # Written about in somebody else's report, and there only in words.
    await tell(intake, {"ID": "words", "MALSAGANDE": OTHER, "FRITEXT": "sambo 910312+2041 nämns"}, at=NOW)
    await tell(
        intake,
        {"ID": "apart", "MALSAGANDE": OTHER, "MISSTANKT_NAMN": "Annan", "FRITEXT": "Opåverkad"},
        at=NOW,
    )
    async with pool.acquire() as db:
        before = await db.fetch(LEDGER)
        await db.execute(
            "insert into read_log (action, what, persons) values ('read', 'test', array[$1::bytea])",
            Pseudonyms(keys).of(VICTIM, ""),
        )
    done = await erase_person(pool, keys, VICTIM, "decision 17/2026", order())
    assert done.incidents == 3
    await _person_is_gone(pool, keys)
    names = Pseudonyms(keys)
    async with pool.acquire() as db:
        assert await db.fetch(LEDGER) == before
        assert {tuple(row)[1:] for row in await pairs_of(db, "old")} == {(None, names.of(SUSPECT, ""))}
        assert {row["role"] for row in await mentions_of(db, "old")} == {"suspect", "witness", "reporter"}
        assert await db.fetchval("select count(*) from follow_up") == 0
        ((_, victim, _),) = await pairs_of(db, "words")
        assert victim == names.of(OTHER, "")
        assert "Opåverkad" in await whole_database(db)
        (mention,) = await mentions_of(db, "apart")
        assert b"Annan" in keys.open(mention["sealed"], mention["key_id"])
        (entry,) = await erase.entries(db, 9)
        assert (entry["category"], entry["reason"]) == ("person", "decision 17/2026")
        assert await db.fetchval("select count(*) from read_log") == 1


async def test_who_is_left_after_the_erasure_of_one_is_erased_in_time(
    place: tuple[Pool, Keys, str, Path],
) -> None:
    pool, keys, _, _ = place
    await erase_person(pool, keys, VICTIM, "decision", order())
    done = await erase.run(pool, keys.ring, order(), ZONE, dry=False)
    assert done["report_with_suspect"].incidents == 1
    async with pool.acquire() as db:
        everything = await whole_database(db)
        suspect = Pseudonyms(keys).of(SUSPECT, "")
        assert suspect is not None
        for trace in [*traces("Kanari", "Näbb", "Vinge", "7777777"), suspect.hex()]:
            assert trace not in everything


async def test_mentions_that_were_judged_to_be_of_the_person_go_too(
    place: tuple[Pool, Keys, str, Path],
) -> None:
    pool, keys, _, _ = place
    await tell(
        Intake(pool, keys), {"ID": "linked", "MALSAGANDE_NAMN": "Utan Nummer", "FRITEXT": "Länkat"}, at=NOW
    )
    await tell(
        Intake(pool, keys), {"ID": "alike", "MALSAGANDE_NAMN": "Utan Nummer", "FRITEXT": "Olänkat"}, at=NOW
    )
    names = Pseudonyms(keys)
    async with pool.acquire() as db:
        for key, decision in (("linked", "accept"), ("alike", "reject")):
            await db.execute(
                "insert into link_judgement (a, b, decision, evidence, reason) values ($1, $2, $3, '{}', 'same')",
                names.of(VICTIM, ""), names.of_mention("anmalan", key, "victim", 1), decision,
            )  # fmt: skip
    await erase_person(pool, keys, VICTIM, "decision", order())
    await _person_is_gone(pool, keys)
    async with pool.acquire() as db:
        everything = await whole_database(db)
        assert "Olänkat" in everything
        assert "Länkat" not in everything
        assert names.of_mention("anmalan", "linked", "victim", 1).hex() not in everything
        assert await mentions_of(db, "linked") == []
        assert len(await mentions_of(db, "alike")) == 1
        assert await db.fetchval("select count(*) from link_judgement") == 0


async def test_one_person_is_erased_after_a_rekey_too(place: tuple[Pool, Keys, str, Path]) -> None:
    pool, _, _, path = place
    await rekey(pool, Keys.read(path))
    keys = Keys.read(path)
    await erase_person(pool, keys, "189103122041", "decision", order())
    await _person_is_gone(pool, keys)


@pytest.mark.parametrize(
    ("number", "reason", "says"),
    [
        ("18910312-2042", "x", "check digit"),
        ("P-17", "x", "no personnummer"),
        (VICTIM, " ", "needs a reason"),
    ],
)
async def test_an_erasure_that_is_not_well_ordered_does_nothing(
    place: tuple[Pool, Keys, str, Path], number: str, reason: str, says: str
) -> None:
    pool, keys, _, _ = place
    with pytest.raises(BadInput, match=says) as told:
        await erase_person(pool, keys, number, reason, order())
    assert number not in str(told.value)
    async with pool.acquire() as db:
        assert await erase.entries(db, 9) == []


@pytest.mark.parametrize(
    ("known", "as_of", "due"),
    [
        (date(2019, 3, 1), date(2024, 12, 31), False),
        (date(2019, 3, 1), date(2025, 1, 1), True),
        (date(2019, 12, 31), date(2025, 1, 1), True),
        (date(2020, 1, 1), date(2025, 12, 31), False),
    ],
)
def test_five_years_are_counted_from_the_end_of_the_year(known: date, as_of: date, due: bool) -> None:
    rule = Category("x", "x", "x", 1, None, 60, year_end=True, source="x")
    moment = datetime(known.year, known.month, known.day, 12, tzinfo=ZONE)
    assert (moment < rule.cutoff(as_of, ZONE)) == due


def test_months_end_with_the_month() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2024, 3, 30), 1) == date(2024, 2, 29)
    assert months_before(date(2026, 1, 15), 12) == date(2025, 1, 15)


def test_rules_that_cannot_be_read_are_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text('[[category]]\nname = "x"\nof = "nothing"\n')
    with pytest.raises(SetupError, match="cannot be read"):
        read_rules(file)
