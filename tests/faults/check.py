"""What must be true in the end, asked of the database and of the API."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date
from typing import Any

import asyncpg

from tests.faults.clients import Follower, Sender
from tests.faults.instance import Instance
from tests.faults.source import Delivery, Recount, Work

KIND_OF = {"anmalan": 1, "uppdrag": 2}
KIND_NAME = {"anmalan": "report", "uppdrag": "call"}

OFFENCES = """
select i.feed, l.day, o.code, sum(l.offences) as n from ledger as l join incident as i using (incident_id)
join offence as o using (offence_id) group by 1, 2, 3 having sum(l.offences) <> 0
"""
INCIDENTS = """
select i.feed, l.day, sum(l.incidents) as n from ledger as l join incident as i using (incident_id)
group by 1, 2 having sum(l.incidents) <> 0
"""
# Each sum that is kept beside the ledger, held against the ledger; a row is a difference.
SUMS = {
    "rollup_daily": """
        select * from (
            select day, rollup_area_id, kind, offence_id, (known_at at time zone 'Europe/Stockholm')::date as known_day,
                   sum(offences) as a, sum(incidents) as b from ledger group by 1, 2, 3, 4, 5) as l
        full join rollup_daily as r using (day, rollup_area_id, kind, offence_id, known_day)
        where (coalesce(a, 0), coalesce(b, 0)) <> (coalesce(r.offences, 0), coalesce(r.incidents, 0))""",
    "cell_monthly": """
        select * from (
            select date_trunc('month', day)::date as month, kind, offence_id, cx, cy, sum(offences) as a,
                   sum(incidents) as b from ledger where cx is not null group by 1, 2, 3, 4, 5) as l
        full join cell_monthly as c using (month, kind, offence_id, cx, cy)
        where (coalesce(a, 0), coalesce(b, 0)) <> (coalesce(c.offences, 0), coalesce(c.incidents, 0))""",
    "daily_total": """
        select * from (
            select kind, day, rollup_area_id, sum(offences) as a, sum(incidents) as b, sum(offences * micro) as c
            from ledger join harm_now using (offence_id) group by 1, 2, 3) as l
        full join daily_total as t using (kind, day, rollup_area_id)
        where (coalesce(a, 0), coalesce(b, 0), coalesce(c, 0))
            <> (coalesce(t.offences, 0), coalesce(t.incidents, 0), coalesce(t.harm_micro, 0))""",
    "cell_total": """
        select * from (
            select kind, date_trunc('month', day)::date as month, cx, cy, sum(offences) as a, sum(incidents) as b,
                   sum(offences * micro) as c
            from ledger join harm_now using (offence_id) where cx is not null group by 1, 2, 3, 4) as l
        full join cell_total as t using (kind, month, cx, cy)
        where (coalesce(a, 0), coalesce(b, 0), coalesce(c, 0))
            <> (coalesce(t.offences, 0), coalesce(t.incidents, 0), coalesce(t.harm_micro, 0))""",
}
UNBALANCED = "select * from delivery where read <> loaded + unchanged + quarantined + outside"
DELIVERED = """
select delivery.feed, sha256, sum(read) as read, array_agg(part order by part) as parts, sum(quarantined) as quarantined
from delivery where name like 'file %' group by 1, 2
"""
ORPHANS = """
select count(*) from incident_version as v
left join raw_record as r using (raw_id) left join delivery as d on d.delivery_id = v.delivery_id
left join incident as i using (incident_id)
where r.raw_id is null or d.delivery_id is null or i.uid is null
"""


async def the_picture_is_the_recount(connection: asyncpg.Connection, expected: Recount) -> None:
    keys = await connection.fetch("select feed, source_key from incident")
    assert len(keys) == len(expected.keys)
    assert {tuple(row) for row in keys} == expected.keys
    assert _differences(await _sums(connection, OFFENCES), expected.offences) == {}
    assert _differences(await _sums(connection, INCIDENTS), expected.incidents) == {}
    versions = await connection.fetch(
        "select feed, count(*) from incident_version join incident using (incident_id) where not repeats group by 1"
    )
    assert Counter(dict(tuple(row) for row in versions)) == expected.versions
    wrong = await connection.fetch("select feed, count(*) from quarantine group by 1")
    assert Counter(dict(tuple(row) for row in wrong)) == +expected.wrong
    assert await connection.fetchval(ORPHANS) == 0


async def every_sum_is_the_ledger(connection: asyncpg.Connection) -> None:
    for name, statement in SUMS.items():
        assert await connection.fetchval(f"select count(*) from {name}") > 0
        assert await connection.fetch(statement) == [], name


async def every_delivery_adds_up(connection: asyncpg.Connection, work: Work) -> None:
    assert await connection.fetch(UNBALANCED) == []
    said = await connection.fetchval("select sum(loaded) from delivery")
    assert said == await connection.fetchval("select count(*) from incident_version")
    expected = {_known(one): one for many in work.files.values() for one in many}
    found = {(row["feed"], row["sha256"]): row for row in await connection.fetch(DELIVERED)}
    assert found.keys() == expected.keys()
    for known, row in found.items():
        assert row["read"] == expected[known].records
        assert row["parts"] == list(range(len(row["parts"]))), "a part twice, or missing"
        assert row["quarantined"] == expected[known].wrong


async def no_acknowledged_push_is_lost(connection: asyncpg.Connection, sender: Sender) -> None:
    assert len(sender.receipts) == len(sender.deliveries)
    for receipt, delivery in zip(sender.receipts, sender.deliveries, strict=True):
        assert receipt["read"] == delivery.records
        assert (
            receipt["read"]
            == receipt["loaded"] + receipt["unchanged"] + receipt["quarantined"] + receipt["outside"]
        )
        rows = await connection.fetch(
            "select feed, sha256 from delivery where delivery_id = any($1)", receipt["deliveries"]
        )
        assert rows
        assert {tuple(row) for row in rows} == {_known(delivery)}


async def the_stream_told_each_row_once(connection: asyncpg.Connection, follower: Follower) -> None:
    rows = await connection.fetch("select xid, ledger_id from ledger order by xid, ledger_id")
    assert follower.resets == 0
    assert follower.rows == [f"{row['xid']}-{row['ledger_id']}" for row in rows]


async def the_api_says_the_same(instance: Instance, expected: Recount, today: date) -> None:
    span = {"from": str(today.replace(year=today.year - 1)), "to": str(today)}
    async with instance.client() as client:
        for feed, kind in KIND_NAME.items():
            rows = await _counts(client, **span, kind=kind, by="area", area_kind="kommun")
            names = {row["code"]: row["name"] for row in await _rows(client, "/areas", kind="kommun")}
            told = Counter({(feed, names[row["area"]]): row["incidents"] for row in rows})
            assert told == Counter({k: n for k, n in expected.kommuner.items() if k[0] == feed})
            (total,) = await _counts(client, **span, kind=kind)
            assert total["offences"] == sum(n for (f, _, _), n in expected.offences.items() if f == feed)


def _differences(found: Counter[Any], expected: Counter[Any]) -> dict[Any, tuple[int, int]]:
    """By key: what is there and what should be, where they differ."""
    keys = found.keys() | expected.keys()
    return {key: (found[key], expected[key]) for key in keys if found[key] != expected[key]}


async def _counts(client: Any, **asked: str) -> list[dict[str, Any]]:
    return await _rows(client, "/counts", **asked)


async def _rows(client: Any, path: str, **asked: str) -> list[dict[str, Any]]:
    answer = await client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


async def _sums(connection: asyncpg.Connection, statement: str) -> Counter[Any]:
    return Counter({tuple(row)[:-1]: row["n"] for row in await connection.fetch(statement)})


def _known(delivery: Delivery) -> tuple[str, bytes]:
    return delivery.feed, hashlib.sha256(delivery.body()).digest()
