"""A push is answered when everything in it is committed, and to send it again changes nothing."""

from __future__ import annotations

import asyncio
import gzip
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from app import main
from app.api import examples, push
from app.db import open_pool
from app.main import Pushes
from etl.receipt import Receipt
from etl.run import Intake
from tests.ledger.plain_feed import plain_feed

if TYPE_CHECKING:
    import asyncpg
    import httpx

    from etl.keep import Keys

PATH = "/api/v1/feeds/uppdrag/records"
CALL = {
    "HAENDELSE_ID": "S-2026-0000901", "DATUM": "2026-11-20", "TID": "18:03", "HAENDELSETYP": "Lägenhetsbråk",
    "PRIO_SLUTLIG": "2", "KOMMUN": "Stockholm", "LATITUDE": 59.3142, "LONGITUDE": 18.0735, "STATUS": "Aktiv",
    "REGISTRERAD": "2026-11-20T18:04:10+01:00",
}  # fmt: skip
WINDOW = {"from": "2026-11-20", "to": "2026-11-20", "kind": "call"}


def line(**changed: Any) -> bytes:
    return json.dumps({**CALL, **changed}).encode()


async def incidents(client: httpx.AsyncClient) -> int:
    return int((await client.get("/api/v1/counts", params=WINDOW)).json()["rows"][0]["incidents"])


async def test_what_was_answered_is_there(client: httpx.AsyncClient, db: asyncpg.Connection):
    before = await incidents(client)
    answer = await client.post(
        PATH, content=line(HAENDELSE_ID="A1") + b"\n" + line(HAENDELSE_ID="A2", TID="25:99")
    )
    assert answer.status_code == 202
    told = answer.json()
    assert set(told) == set(examples.RECEIPT[202]["content"]["application/json"]["example"])
    assert (told["read"], told["loaded"], told["quarantined"]) == (2, 1, 1)
    assert await incidents(client) == before + 1
    stored = await db.fetchrow("select * from delivery where delivery_id = $1", told["delivery"])
    assert (stored["read"], stored["loaded"], stored["archive"]) == (2, 1, False)


async def test_the_same_again_changes_nothing(client: httpx.AsyncClient):
    await client.post(PATH, content=line(HAENDELSE_ID="B1"))
    before = await incidents(client)
    answers = await asyncio.gather(*(client.post(PATH, content=line(HAENDELSE_ID="B1")) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [202] * 4
    assert all(answer.json()["loaded"] == 0 for answer in answers)
    assert await incidents(client) == before


async def test_there_and_back_are_three_versions(client: httpx.AsyncClient):
    for priority in ("2", "1", "2"):
        answer = await client.post(PATH, content=line(HAENDELSE_ID="C1", PRIO_SLUTLIG=priority))
        assert answer.json()["loaded"] == 1
    rows = (await client.get("/api/v1/incidents", params=WINDOW)).json()["rows"]
    one = next(row for row in rows if row["known_at"] == max(row["known_at"] for row in rows))
    assert [
        row["priority"] for row in (await client.get(f"/api/v1/incidents/{one['uid']}")).json()["rows"]
    ] == [2, 1, 2]


async def test_gzip_and_a_name_are_taken(client: httpx.AsyncClient, db: asyncpg.Connection):
    answer = await client.post(
        PATH, params={"name": "natt.ndjson"}, content=gzip.compress(line(HAENDELSE_ID="D1"))
    )
    assert answer.json()["loaded"] == 1
    assert (
        await db.fetchval("select name from delivery where delivery_id = $1", answer.json()["delivery"])
        == "natt.ndjson"
    )


@pytest.mark.parametrize("content", [b"\xff\xfe\x00garbage\x00", b"{not json", b"[1, 2"])
async def test_what_cannot_be_read_is_kept_and_nothing_is_lost(client: httpx.AsyncClient, content: bytes):
    told = (await client.post(PATH, content=content)).json()
    assert told["read"] == told["loaded"] + told["unchanged"] + told["quarantined"] + told["outside"]
    assert told["loaded"] == 0
    assert told["quarantined"] >= 1


@pytest.mark.parametrize("feed", ["nowhere", "demo", "..%2Fdemo", "uppdrag%00"])
async def test_an_unknown_feed_is_not_found(client: httpx.AsyncClient, feed: str):
    answer = await client.post(f"/api/v1/feeds/{feed}/records", content=line())
    assert answer.status_code == 404
    assert "error" in answer.json()


async def test_too_large_a_delivery_is_refused_before_it_is_held(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(push, "LIMIT_BYTES", 1024**2)

    async def endless() -> Any:
        while True:
            yield b" " * 65536

    answer = await client.post(PATH, content=endless())
    assert answer.status_code == 413
    assert "1 MB" in answer.json()["error"]


async def test_what_unpacks_to_more_than_the_limit_is_kept_unread_with_one_sentence(
    fresh_dsn: str, keys: Keys
):
    async with open_pool(fresh_dsn, size=2) as pool:
        intake = Intake(pool, keys, unpack_limit_bytes=1_000)
        content = gzip.compress(b" " * 1_001)
        receipt = await intake.ingest(plain_feed("bomb"), content, name="bomb", fetched_at=datetime.now(UTC))
        assert (receipt.read, receipt.quarantined) == (1, 1)
        reason = await pool.fetchval("select reason from quarantine where feed = 'bomb'")
    assert reason == "The file is larger than 1,000 bytes when unpacked; send it in parts."


async def test_of_many_pushes_at_once_two_are_unpacked_at_a_time():
    now, most = 0, 0

    class Slow(Intake):
        async def ingest(self, *_: Any, **__: Any) -> Receipt:
            nonlocal now, most
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.01)
            now -= 1
            return Receipt("uppdrag", "slow", repeated=True)

    door = Pushes(Slow.__new__(Slow), "stockholm")
    await asyncio.gather(*(door.push("uppdrag", b"", str(number)) for number in range(6)))
    assert most == main.PUSHES_AT_ONCE == 2
