"""Nothing lost: every record of every delivery is loaded, unchanged, outside, or in quarantine with its reason."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import pytest

from app.db import Connection, Pool
from app.domain.errors import NotFound
from etl import quarantine
from etl.keep import Keys
from etl.load import Delivery
from etl.run import PART_RECORDS, Intake, read_records
from tests.ledger.plain_feed import lines, plain_feed

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
FEED = plain_feed("nothing_lost")
SEALED = plain_feed("sealed", holds_identities=True)


def report(key: str, **more: Any) -> dict[str, Any]:
    return {
        "source_key": key, "occurred_from": "2026-11-23T20:00:00+00:00", "areas": ["Nacka"],
        "offences": [{"code": "9365"}], **more,
    }  # fmt: skip


BAD = {
    "no key": ({"source_key": ""}, "validate", "source_key"),
    "no offence": ({"offences": []}, "validate", "offences"),
    "unknown code": ({"offences": [{"code": "9999"}]}, "validate", "offences.code"),
    "time runs backwards": ({"occurred_to": "2026-11-22T20:00:00+00:00"}, "validate", "occurred_to"),
    "in the future": ({"occurred_from": "2027-11-22T20:00:00+00:00"}, "validate", "occurred_from"),
    "not a moment": ({"occurred_from": "i går"}, "parse", "record"),
    "half a position": ({"latitude": 59.3}, "validate", "latitude"),
    "at sea, elsewhere": ({"latitude": 0.0, "longitude": 0.0, "areas": []}, "locate", "position"),
    "unknown place": ({"areas": ["Kiruna"]}, "locate", "areas"),
    "wrong check digit": (
        {"offences": [{"code": "9365", "victim": "18991231-1111"}]},
        "identify",
        "offences.victim",
    ),
    "a NUL": ({"summary": "a\0b"}, "validate", "summary"),
    "unknown field": ({"shoe_size": 43}, "validate", "shoe_size"),
    "a number too large": (
        {"offences": [{"code": "9365", "count": 100_000}]},
        "validate",
        "offences.0.count",
    ),
}


@pytest.mark.parametrize("case", BAD)
async def test_what_is_wrong_waits_in_quarantine_with_step_field_and_reason(
    case: str, intake: Intake, pool: Pool
) -> None:
    wrong, step, field = BAD[case]
    receipt = await intake.ingest(
        FEED, lines(report(f"ok {case}"), report(case, **wrong)), name=case, fetched_at=NOW
    )
    assert (receipt.read, receipt.loaded, receipt.quarantined) == (2, 1, 1)
    async with pool.acquire() as connection:
        entry = (await quarantine.list_open(connection, FEED.name))[-1]
    assert (entry.step, entry.field) == (step, field)
    assert entry.reason


async def test_a_file_that_cannot_be_read_is_kept_whole(intake: Intake, pool: Pool) -> None:
    receipt = await intake.ingest(FEED, b"\x1f\x8bnot gzip at all", name="broken.gz", fetched_at=NOW)
    assert (receipt.read, receipt.quarantined) == (1, 1)
    async with pool.acquire() as connection:
        entry = (await quarantine.list_open(connection, FEED.name))[-1]
    assert (entry.delivery, entry.number, entry.field) == ("broken.gz", 0, "file")


async def test_a_repeated_file_changes_nothing(intake: Intake, db: Connection) -> None:
    content = lines(*(report(f"R{number}") for number in range(5)))
    first = await intake.ingest(FEED, content, name="a", fetched_at=NOW, once=True)
    before = await db.fetchrow("select count(*), sum(offences) from ledger")
    again = await intake.ingest(FEED, content, name="b", fetched_at=NOW + timedelta(hours=1), once=True)
    assert first.loaded == 5
    assert again.repeated
    assert await db.fetchrow("select count(*), sum(offences) from ledger") == before


async def test_a_then_b_then_a_is_three_versions(intake: Intake, db: Connection) -> None:
    for hour, summary in enumerate(["A", "A", "B", "A"]):
        await intake.ingest(
            FEED, lines(report("ABA", summary=summary)), name="push", fetched_at=NOW + timedelta(hours=hour)
        )
    versions = await db.fetch(
        """select summary from incident_version join incident using (incident_id)
           where source_key = 'ABA' order by known_at"""
    )
    assert [version["summary"] for version in versions] == ["A", "B", "A"]


async def test_the_absence_of_a_record_is_never_a_withdrawal(intake: Intake, db: Connection) -> None:
    await intake.ingest(FEED, lines(report("here"), report("gone")), name="full", fetched_at=NOW)
    await intake.ingest(FEED, lines(report("here")), name="short", fetched_at=NOW + timedelta(hours=1))
    await intake.ingest(FEED, b"", name="empty", fetched_at=NOW + timedelta(hours=2))
    left = await db.fetchval(
        "select sum(l.incidents) from ledger as l join incident using (incident_id) where source_key = 'gone'"
    )
    assert left == 1


async def test_a_large_file_is_committed_in_parts_and_an_interrupted_one_goes_on(
    intake: Intake, db: Connection
) -> None:
    content = lines(*(report(f"L{number}") for number in range(PART_RECORDS + 10)))
    receipt = await intake.ingest(FEED, content, name="large", fetched_at=NOW)
    assert (receipt.read, receipt.loaded, len(receipt.delivery_ids)) == (
        PART_RECORDS + 10,
        PART_RECORDS + 10,
        2,
    )
    # A kill between the parts leaves the first one behind; the same file, given again, brings the rest.
    other = plain_feed("interrupted")
    delivery = Delivery(other, "large", hashlib.sha256(content).digest(), NOW)
    await intake.take(delivery, islice(read_records(other, content), PART_RECORDS))
    rest = await intake.ingest(other, content, name="large", fetched_at=NOW)
    assert (rest.read, rest.loaded) == (10, 10)
    whole = await db.fetchval("select count(*) from incident where feed = 'interrupted'")
    assert whole == PART_RECORDS + 10


async def test_a_mended_record_comes_back_by_replay_and_leaves_quarantine(
    intake: Intake, pool: Pool, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    await intake.ingest(FEED, lines(report("K-replay", areas=["Nacka by"])), name="f", fetched_at=NOW)
    async with pool.acquire() as connection:
        entry = (await quarantine.list_open(connection, FEED.name))[-1]
        again = await quarantine.replay(pool, keys, entry.quarantine_id, lambda _: FEED)
        assert again.quarantined == 1  # still wrong: the new refusal stands in the old one's place
        fresh = (await quarantine.list_open(connection, FEED.name))[-1]
        assert fresh.quarantine_id > entry.quarantine_id
        # The authority adds the place to its areas; now the same record is welcome.
        await connection.execute(
            """insert into area (kind, code, name, valid_from, source, rollup_area_id)
               select 'delomrade', 'del-nacka-by', 'Nacka by', '1900-01-01', 'test', area_id
               from area where code = '0182'"""
        )
        loaded = await quarantine.replay(pool, keys, fresh.quarantine_id, lambda _: FEED)
        assert (loaded.loaded, loaded.quarantined) == (1, 0)
        with pytest.raises(NotFound):
            await quarantine.replay(pool, keys, fresh.quarantine_id, lambda _: FEED)


async def test_identities_are_sealed_and_masked_wherever_they_are_kept(
    intake: Intake, pool: Pool, keys: Keys
) -> None:
    person, stranger = "18640823-3234", "18640823-3233"  # the second one's check digit is wrong
    good = report("S1", offences=[{"code": "9365", "victim": person}])
    bad = report("S2", offences=[{"code": "9365", "victim": stranger}])
    receipt = await intake.ingest(SEALED, lines(good, bad), name="sealed", fetched_at=NOW)
    assert (receipt.loaded, receipt.quarantined) == (1, 1)
    async with pool.acquire() as connection:
        entry = (await quarantine.list_open(connection, SEALED.name))[-1]
        assert entry.value == "99999999-9999"
        for table in (
            "raw_record",
            "incident_version",
            "incident_offence",
            "quarantine",
            "delivery",
        ):
            for row in await connection.fetch(f"select t::text as whole from {table} as t"):
                for secret in ("640823", "3234", "3233"):
                    hexed = secret.encode().hex()
                    assert secret + "-" not in row["whole"]
                    assert f"640823-{secret}" not in row["whole"]
                    assert b"640823".hex() not in row["whole"], hexed
        bodies = await connection.fetch(
            "select body, key_id from raw_record where delivery_id = any($1)",
            list(receipt.delivery_ids),
        )
    opened = [keys.open(row["body"], row["key_id"]) for row in bodies]
    assert any(person.encode() in body for body in opened)
    assert len(opened) == 2


async def test_a_protected_person_leaves_no_place_behind(intake: Intake, db: Connection) -> None:
    secret = report(
        "P1",
        protected=True,
        latitude=59.3137,
        longitude=18.0745,
        place_text="Hemliga gatan 1",
        summary="bor på Hemliga gatan",
    )
    await intake.ingest(FEED, lines(secret), name="protected", fetched_at=NOW)
    row = await db.fetchrow(
        "select v.*, a.kind from incident_version as v join incident using (incident_id) join area as a using (area_id)"
        " where source_key = 'P1'"
    )
    assert row["kind"] in {"delomrade", "kommun"}
    assert (row["geom"], row["cx"], row["place_text"], row["summary"]) == (None, None, None, None)


async def test_no_row_of_the_record_tables_is_an_orphan(intake: Intake, db: Connection) -> None:
    orphans = """
        select 'version' from incident_version left join incident using (incident_id) where incident.uid is null
        union all select 'offence' from incident_offence left join incident_version as v using (version_id)
            where v.day is null
        union all select 'raw' from raw_record left join delivery using (delivery_id) where delivery.feed is null
        union all select 'ledger' from ledger left join incident_version as v using (version_id) where v.day is null
        union all select 'area' from ledger left join area using (area_id) where area.code is null
    """
    assert await db.fetchval("select count(*) from ledger") > 0
    assert await db.fetch(orphans) == []


OPEN = {
    "latitude": 59.3137,
    "longitude": 18.0745,
    "place_text": "Hemliga gatan 1",
    "summary": "bor där",
    "title": "x",
}


@pytest.mark.parametrize("marker_first", [False, True])
async def test_a_marker_of_protection_reaches_back_and_no_count_is_lost(
    intake: Intake, db: Connection, marker_first: bool
) -> None:
    feed = plain_feed(f"marker_{marker_first}")
    told = [(NOW, report("P", **OPEN)), (NOW + timedelta(hours=2), report("P", protected=True, **OPEN))]
    for when, draft in reversed(told) if marker_first else told:
        await intake.ingest(feed, lines(draft), name="f", fetched_at=when, archive=True)
    rows = await db.fetch(
        """select v.*, a.kind from incident_version as v join incident as i using (incident_id)
           join area as a using (area_id) where i.feed = $1""",
        feed.name,
    )
    assert len(rows) == 2
    for row in rows:
        assert row["protected"]
        assert row["kind"] in {"delomrade", "kommun"}
        assert {
            row[name] for name in ("geom", "cx", "cy", "title", "summary", "place_text", "url", "attributes")
        } == {None}
    shown = await db.fetch(
        """select l.known_at <= $2 as early, l.cx, sum(l.incidents) as n from ledger as l
           join incident as i using (incident_id) where i.feed = $1 group by 1, 2 having sum(l.incidents) <> 0""",
        feed.name,
        NOW + timedelta(hours=1),
    )
    assert [tuple(row) for row in shown] == [(True, None, 1)]  # known from the beginning, nowhere on the map


async def test_what_is_protected_or_not_understood_is_kept_sealed_in_every_feed(
    intake: Intake, db: Connection
) -> None:
    feed = plain_feed("sealing")
    receipt = await intake.ingest(
        feed,
        lines(report("A", protected=True, **OPEN), report("B", areas=["Hemliga byn"])),
        name="f",
        fetched_at=NOW,
    )
    assert (receipt.loaded, receipt.quarantined) == (1, 1)
    kept = await db.fetch(
        "select body from raw_record where delivery_id = any($1)", list(receipt.delivery_ids)
    )
    assert len(kept) == 2
    assert not any(b"Hemliga" in row["body"] for row in kept)
    assert await db.fetchval("select value from quarantine where feed = $1", feed.name) == "xxxxxxx xxx"


async def test_a_source_that_repeated_itself_live_is_not_overruled_by_an_archive_from_before(
    intake: Intake, db: Connection
) -> None:
    feed = plain_feed("repeats_live")
    for hour in (0, 1, 2):
        await intake.ingest(
            feed, lines(report("K", summary="A")), name="poll", fetched_at=NOW + timedelta(hours=hour)
        )
    await intake.ingest(
        feed,
        lines(report("K", summary="B")),
        name="old",
        fetched_at=NOW + timedelta(minutes=30),
        archive=True,
    )
    told = await db.fetch(
        """select v.summary from incident_version as v join incident as i using (incident_id)
           where i.feed = $1 and not repeats order by v.known_at""",
        feed.name,
    )
    assert [row["summary"] for row in told] == ["A", "B", "A"]


async def test_a_replay_of_what_came_live_does_not_take_the_sources_word_for_when_it_was_known(
    intake: Intake, pool: Pool, keys: Keys
) -> None:
    feed = plain_feed("replayed_live")
    draft = report("K", known_at="2026-11-23T21:00:00+00:00", offences=[{"code": "8888"}])
    await intake.ingest(feed, lines(draft), name="push", fetched_at=NOW)
    async with pool.acquire() as connection:
        entry = (await quarantine.list_open(connection, feed.name))[-1]
        await connection.execute(
            """insert into offence (code, kind, name_sv, name_en, group_code, group_sv, group_en, severity)
               values ('8888', 1, 'Prov', 'Test', 'prov', 'Prov', 'Test', 1)"""
        )
    await quarantine.replay(pool, keys, entry.quarantine_id, lambda _: feed)
    async with pool.acquire() as connection:
        known = await connection.fetchval(
            "select known_at from incident_version join incident using (incident_id) where feed = $1",
            feed.name,
        )
    assert known == NOW


async def test_a_file_from_an_archive_says_nothing_about_how_fresh_a_feed_is(
    intake: Intake, db: Connection
) -> None:
    feed = plain_feed("fresh")
    await intake.ingest(feed, lines(report("K")), name="old", fetched_at=NOW, archive=True)
    assert await db.fetchval("select last_success_at from feed_state where feed = $1", feed.name) is None
    await intake.ingest(feed, lines(report("K2")), name="poll", fetched_at=NOW)
    heard = await db.fetchval("select last_success_at from feed_state where feed = $1", feed.name)
    assert heard is not None
