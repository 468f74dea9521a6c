"""A feed's health over HTTP is what was sent, as known at any moment; its example has the answer's form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app.api.feed_health_examples import TOLD

HEADER = "HAENDELSE_ID;DATUM;TID;HAENDELSETYP;KOMMUN;REGISTRERAD\n"


async def send(client: httpx.AsyncClient) -> None:
    at = datetime.now(UTC) - timedelta(hours=2)
    rows = [f"U{n};{at:%Y-%m-%d};{at:%H:%M};Lägenhetsbråk;Stockholm;{at.isoformat()}" for n in range(3)]
    wrong = f"U9;{at:%Y-%m-%d};25:71;Lägenhetsbråk;Stockholm;{at.isoformat()}"
    sent = await client.post(
        "/api/v1/feeds/uppdrag/records", content=(HEADER + "\n".join([*rows, wrong])).encode()
    )
    assert sent.status_code == 202, sent.text


async def test_what_was_sent_is_told(client: httpx.AsyncClient) -> None:
    before = datetime.now(UTC) - timedelta(minutes=1)
    await send(client)
    told: dict[str, Any] = (await client.get("/api/v1/feeds/uppdrag/health")).json()
    assert set(told) == set(TOLD)
    assert set(told["delay"]) == set(TOLD["delay"])
    (today,) = told["days"]
    assert set(today) == set(TOLD["days"][0])
    assert (today["new"], today["quarantined"]) == (3, 1)
    assert (told["state"], told["floor_s"], told["quarantine_open"]) == ("good", 1800, 1)
    assert told["delay"]["incidents"] == 3 == sum(told["delay"]["steps"])
    earlier = await client.get("/api/v1/feeds/uppdrag/health", params={"known_at": before.isoformat()})
    assert (earlier.json()["state"], earlier.json()["days"]) == ("never", [])


@pytest.mark.parametrize("feed", ["demo", "nobody"])
async def test_what_is_no_feed_of_its_own_is_not_there(client: httpx.AsyncClient, feed: str) -> None:
    assert (await client.get(f"/api/v1/feeds/{feed}/health")).status_code == 404
    wrong = await client.get(
        "/api/v1/feeds/uppdrag/health", params={"from": "2026-02-02", "to": "2026-02-01"}
    )
    assert wrong.status_code == 400
