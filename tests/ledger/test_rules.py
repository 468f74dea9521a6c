"""The loader's rules, each by itself: what counts as news, what is remembered, who is told, where a fetcher goes on."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from app.db import Connection, Pool
from etl.receipt import Receipt
from etl.run import PART_RECORDS, Intake
from tests.faults.check import SUMS
from tests.ledger.plain_feed import PlainFeed, lines, plain_feed

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
PEOPLE = ("189103122041", "188807211175")


@pytest.fixture
def feed() -> PlainFeed:
    """A feed of the test's own, so that what it says starts from nothing."""
    return plain_feed(f"rules_{uuid.uuid4().hex[:8]}")


def said(key: str = "K1", **more: Any) -> dict[str, Any]:
    return {
        "source_key": key, "occurred_from": "2026-11-23T20:00:00+00:00", "areas": ["Nacka"],
        "offences": [{"code": "9365"}], **more,
    }  # fmt: skip


async def tell(
    intake: Intake, feed: PlainFeed, at: datetime, *drafts: dict[str, Any], **more: Any
) -> Receipt:
    body = lines(*drafts) + b" " * int(more.pop("space", 0))  # other bytes that say the same
    return await intake.ingest(feed, body, name=f"{at:%H:%M}", fetched_at=at, **more)


async def versions(db: Connection, feed: PlainFeed) -> list[tuple[str, str | None, bool]]:
    rows = await db.fetch(
        """select v.state, v.summary, v.repeats from incident_version as v join incident as i using (incident_id)
           where i.feed = $1 order by v.known_at, v.version_id""",
        feed.name,
    )
    return [tuple(row) for row in rows]


async def ledger(db: Connection, feed: PlainFeed) -> list[dict[str, Any]]:
    rows = await db.fetch(
        """select l.*, o.code, a.code as area from ledger as l join incident as i using (incident_id)
           join offence as o using (offence_id) join area as a on a.area_id = l.area_id
           where i.feed = $1 order by l.xid, l.ledger_id""",
        feed.name,
    )
    return [dict(row) for row in rows]


# -- what counts as news --------------------------------------------------------------------------------------


async def test_the_same_said_at_the_same_moment_in_another_file_is_nothing_new(
    intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    await tell(intake, feed, NOW, *(said(f"K{number}") for number in range(9)), archive=True)
    again = await tell(intake, feed, NOW, said("K8"), archive=True)
    assert (again.loaded, again.unchanged) == (0, 1)
    assert await versions(db, feed) == [("active", None, False)] * 9


async def test_of_two_things_said_at_the_same_moment_the_later_told_stands(
    intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    await tell(intake, feed, NOW, said(summary="A"), archive=True)
    await tell(intake, feed, NOW, said(summary="B", areas=["Solna"]), archive=True)
    assert [summary for _, summary, _ in await versions(db, feed)] == ["A", "B"]
    assert [(row["area"], row["offences"]) for row in await ledger(db, feed)] == [
        ("0182", 1),
        ("0182", -1),
        ("0184", 1),
    ]


async def test_of_two_things_said_of_one_incident_in_one_file_the_last_stands(
    intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    await tell(intake, feed, NOW, said(summary="A"), said(summary="B", areas=["Solna"]))
    assert [summary for _, summary, _ in await versions(db, feed)] == ["A", "B"]
    assert [row["area"] for row in await ledger(db, feed)] == ["0182", "0182", "0184"]


CHANGES: dict[str, dict[str, Any]] = {
    "state": {"state": "withdrawn"},
    "time": {"occurred_from": "2026-11-23T20:01:00+00:00"},
    "end": {"occurred_to": "2026-11-23T21:00:00+00:00"},
    "reported": {"reported_at": "2026-11-23T21:00:00+00:00"},
    "text": {"summary": "rättad"},
    "title": {"title": "Misshandel"},
    "place in words": {"place_text": "Storgatan 1"},
    "address on the web": {"url": "https://example.org/1"},
    "priority": {"priority": 1},
    "area": {"areas": ["Solna"]},
    "position": {"latitude": 59.3137, "longitude": 18.0745},
    "protection": {"protected": True},
    "offence": {"offences": [{"code": "9367"}]},
    "number of offences": {"offences": [{"code": "9365", "count": 2}]},
    "one offence more": {"offences": [{"code": "9365"}, {"code": "9440"}]},
    "victim": {"offences": [{"code": "9365", "victim": PEOPLE[0]}]},
    "suspect": {"offences": [{"code": "9365", "suspect": PEOPLE[1]}]},
    "relation": {"offences": [{"code": "9365", "relation": "sambo"}]},
    "other facts": {"attributes": {"type": "x"}},
}


@pytest.mark.parametrize("change", CHANGES)
async def test_each_thing_that_changes_makes_a_version(
    change: str, intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    await tell(intake, feed, NOW, said())
    other = await tell(intake, feed, NOW + HOUR, said(**CHANGES[change]))
    back = await tell(intake, feed, NOW + 2 * HOUR, said())
    assert (other.loaded, back.loaded) == (1, 1)
    assert len(await versions(db, feed)) == 3


async def test_noise_beyond_a_metre_makes_none(intake: Intake, db: Connection, feed: PlainFeed) -> None:
    await tell(intake, feed, NOW, said(latitude=59.313700, longitude=18.074500))
    noise = await tell(intake, feed, NOW + HOUR, said(latitude=59.313700000000004, longitude=18.0745000001))
    assert (noise.loaded, noise.unchanged) == (0, 1)


async def test_one_feeds_number_is_another_incident_in_another_feed(intake: Intake, db: Connection) -> None:
    first, second = (plain_feed(f"rules_{uuid.uuid4().hex[:8]}") for _ in range(2))
    await tell(intake, first, NOW, said())
    receipt = await tell(intake, second, NOW, said(summary="another"))
    assert receipt.loaded == 1
    assert [len(await versions(db, feed)) for feed in (first, second)] == [1, 1]


async def test_what_leaves_the_region_is_a_version_and_what_never_was_in_it_is_none(
    intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    await tell(intake, feed, NOW, said())
    gone = await tell(
        intake, feed, NOW + HOUR, said(state="outside", areas=[]), said("K2", state="outside", areas=[])
    )
    assert (gone.read, gone.loaded, gone.outside) == (2, 1, 1)
    assert [state for state, _, _ in await versions(db, feed)] == ["active", "outside"]
    assert sum(row["offences"] for row in await ledger(db, feed)) == 0


async def test_an_offence_committed_three_times_counts_three(
    intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    await tell(intake, feed, NOW, said(offences=[{"code": "9365", "count": 3}, {"code": "9365"}]))
    assert [(row["offences"], row["incidents"]) for row in await ledger(db, feed)] == [(4, 1)]


# -- archives in any order ------------------------------------------------------------------------------------


async def test_an_archive_that_fits_in_between_turns_a_repeat_into_news_and_back(
    intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    """A at 06, seen again at 08; then 07 comes in and says B: the sighting at 08 was news after all."""
    await tell(intake, feed, NOW, said(summary="A"), archive=True)
    seen = await tell(intake, feed, NOW + 2 * HOUR, said(summary="A"), archive=True)
    assert (seen.loaded, seen.unchanged) == (0, 1)
    await tell(intake, feed, NOW + HOUR, said(summary="B", areas=["Solna"]), archive=True)
    assert await versions(db, feed) == [
        ("active", "A", False),
        ("active", "B", False),
        ("active", "A", False),
    ]
    assert (
        await db.fetchval(
            "select count(*) from sighting join incident using (incident_id) where feed = $1", feed.name
        )
        == 0
    )
    offences = await db.fetchval(
        """select count(*) from incident_offence join incident_version using (version_id)
           join incident using (incident_id) where feed = $1""",
        feed.name,
    )
    assert offences == 3
    rows = await ledger(db, feed)
    assert sorted((row["known_at"].hour, row["area"], row["offences"]) for row in rows) == [
        (6, "0182", 1), (7, "0182", -1), (7, "0184", 1), (8, "0182", 1), (8, "0184", -1),
    ]  # fmt: skip


async def test_a_version_becomes_a_repeat_when_an_archive_says_it_was_known_before(
    intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    """A at 06, B at 08; then 07 says B already: the one at 08 is no news, and comes to be again when 07:30 says A."""
    await tell(intake, feed, NOW, said(summary="A"), archive=True)
    await tell(intake, feed, NOW + 2 * HOUR, said(summary="B"), archive=True)
    await tell(intake, feed, NOW + HOUR, said(summary="B"), archive=True, space=1)
    assert await versions(db, feed) == [("active", "A", False), ("active", "B", False), ("active", "B", True)]
    await tell(intake, feed, NOW + 1.5 * HOUR, said(summary="A"), archive=True, space=2)
    assert [repeats for _, _, repeats in await versions(db, feed)] == [False, False, False, False]


async def test_what_a_source_says_it_knew_is_believed_in_archives_only(
    intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    early = (NOW - 5 * HOUR).isoformat()
    await tell(intake, feed, NOW, said("old", known_at=early), archive=True)
    await tell(intake, feed, NOW, said("live", known_at=early))
    rows = await db.fetch(
        "select source_key, known_at from incident_version join incident using (incident_id) where feed = $1",
        feed.name,
    )
    assert dict(tuple(row) for row in rows) == {"old": NOW - 5 * HOUR, "live": NOW}
    assert {row["known_at"]: row["backfilled"] for row in await ledger(db, feed)} == {
        NOW - 5 * HOUR: True, NOW: False
    }  # fmt: skip


async def test_what_is_taken_back_stands_before_what_is_believed_instead(
    intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    drafts = [said(f"K{number}") for number in range(5)]
    await tell(intake, feed, NOW, *drafts)
    await tell(intake, feed, NOW + HOUR, *(draft | {"areas": ["Solna"]} for draft in drafts))
    signs = [row["offences"] for row in await ledger(db, feed)]
    assert signs == [1] * 5 + [-1, 1] * 5


async def test_a_change_of_which_offence_is_gravest_moves_the_incident_and_no_offence(
    intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    await tell(intake, feed, NOW, said(offences=[{"code": "9440"}]))
    await tell(intake, feed, NOW + HOUR, said(offences=[{"code": "9440"}, {"code": "9365"}]))
    assert [(row["code"], row["offences"], row["incidents"]) for row in await ledger(db, feed)] == [
        ("9440", 1, 1), ("9440", 0, -1), ("9365", 1, 1),
    ]  # fmt: skip


# -- who is told, and where a fetcher goes on -----------------------------------------------------------------


async def test_a_batch_wakes_listeners_once_and_nothing_new_wakes_nobody(
    intake: Intake, dsn: str, feed: PlainFeed
) -> None:
    heard: list[str] = []
    listener = await asyncpg.connect(dsn)
    await listener.add_listener("ledger", lambda *told: heard.append(told[3]))
    try:
        await tell(intake, feed, NOW, *(said(f"K{number}") for number in range(20)))
        await tell(intake, feed, NOW + HOUR, *(said(f"K{number}") for number in range(20)))
        await listener.fetchval("select 1")
        await asyncio.sleep(0.2)
    finally:
        await listener.close()
    assert heard == [feed.name]


async def test_the_cursor_is_that_of_the_last_part_and_of_the_feed_that_fetched(
    intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    async def cursors() -> dict[str, Any]:
        rows = await db.fetch(
            "select feed, cursor from feed_state where feed = any($1)", [feed.name, "the_fetcher"]
        )
        return {row["feed"]: row["cursor"] for row in rows}

    await db.execute("delete from feed_state where feed = 'the_fetcher'")
    many = [said(f"K{number}") for number in range(PART_RECORDS + 1)]
    await tell(intake, feed, NOW, *many, cursor={"page": 1}, fetched_by="the_fetcher")
    assert await cursors() == {feed.name: {}, "the_fetcher": {"page": 1}}


async def test_a_cursor_is_not_moved_before_all_of_a_delivery_is_in(
    intake: Intake, db: Connection, feed: PlainFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second part fails: what is in the database is the first part and no cursor."""
    from etl import run

    real = run.load.load

    async def fails_later(connection: Any, part: Any, *more: Any) -> Any:
        if part.number == 1:
            raise OSError("the disk is full")
        return await real(connection, part, *more)

    monkeypatch.setattr(run.load, "load", fails_later)
    many = [said(f"K{number}") for number in range(PART_RECORDS + 1)]
    with pytest.raises(OSError, match="full"):
        await tell(intake, feed, NOW, *many, cursor={"page": 1})
    state = await db.fetchrow("select cursor from feed_state where feed = $1", feed.name)
    assert state["cursor"] == {}
    monkeypatch.undo()
    rest = await tell(intake, feed, NOW, *many, cursor={"page": 1})
    assert rest.loaded == 1
    state = await db.fetchrow("select cursor from feed_state where feed = $1", feed.name)
    assert state["cursor"] == {"page": 1}


async def test_a_feed_tells_apart_that_it_was_asked_and_that_it_had_news(
    intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    await tell(intake, feed, NOW, said())
    await tell(intake, feed, NOW + HOUR, said())
    state = await db.fetchrow("select last_fetch_at, last_news_at from feed_state where feed = $1", feed.name)
    assert (state["last_fetch_at"], state["last_news_at"]) == (NOW + HOUR, NOW)


async def test_two_who_load_the_same_feed_at_once_wait_for_each_other(
    intake: Intake, pool: Pool, db: Connection, feed: PlainFeed, keys: Any
) -> None:
    """Two doors (web and ETL) correct the same known incidents at the same moment, each in its own way."""
    doors = [Intake(pool, keys) for _ in range(4)]
    drafts = [said(f"K{number}") for number in range(300)]
    for door in doors:  # all have read the areas, so that they start together
        await tell(door, feed, NOW, *drafts)
    places = ("Solna", "Täby", "Ekerö", "Gotland")
    receipts = await asyncio.gather(
        *(
            tell(door, feed, NOW + HOUR, *(draft | {"areas": [place]} for draft in drafts))
            for door, place in zip(doors, places, strict=True)
        )
    )
    assert [receipt.loaded for receipt in receipts] == [300] * 4
    assert sum(row["offences"] for row in await ledger(db, feed)) == 300
    doubled = await db.fetch(
        """select incident_id from ledger join incident using (incident_id) where feed = $1
           group by 1 having sum(offences) <> 1 or sum(incidents) <> 1""",
        feed.name,
    )
    assert doubled == []


@pytest.mark.parametrize("table", SUMS)
async def test_every_sum_that_is_kept_is_the_ledger(
    table: str, intake: Intake, db: Connection, feed: PlainFeed
) -> None:
    """After corrections and moves across two deliveries of the same days and places."""
    here, there = ({"latitude": 59.3137, "longitude": 18.0745}, {"latitude": 59.36, "longitude": 18.0009})
    for hour, where in enumerate((here, there, here)):
        await tell(intake, feed, NOW + hour * HOUR, *(said(f"K{hour + n}", **where) for n in range(4)))
    assert await db.fetchval(f"select count(*) from {table}") > 0
    assert await db.fetch(SUMS[table]) == []


async def test_a_loader_waits_until_the_one_before_it_has_committed(
    intake: Intake, pool: Pool, db: Connection, feed: PlainFeed
) -> None:
    """Else both would compare with the same version before, and the ledger would take it back twice."""
    await tell(intake, feed, NOW, said())
    async with pool.acquire() as other:
        transaction = other.transaction()
        await transaction.start()
        await other.execute("select pg_advisory_xact_lock(hashtext('load'), hashtext($1))", feed.name)
        loading = asyncio.create_task(tell(intake, feed, NOW + HOUR, said(areas=["Solna"])))
        done, _ = await asyncio.wait([loading], timeout=0.7)
        assert not done
        await transaction.commit()
    assert (await loading).loaded == 1
