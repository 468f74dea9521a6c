"""Who mends feeds sees what was refused by its shape only, and takes it back in; nobody else sees it at all."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.commands.tokens import create_token
from app.db import Pool
from app.domain.viewer import ROLES, Role
from tests.api.conftest import BASE

REFUSED = "HAENDELSE_ID;DATUM;TID;HAENDELSETYP;KOMMUN\nQ1;2026-11-20;25:71;Lägenhetsbråk hos Sjöbrå-Kanarie;Stockholm\n"


@pytest.fixture
async def mender(app: object, pool: Pool) -> AsyncIterator[httpx.AsyncClient]:
    async with pool.acquire() as connection:
        token = await create_token(connection, "feed_admin", "test")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),  # type: ignore[arg-type]
        base_url=BASE,
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        yield client


async def test_what_was_refused_is_told_by_its_shape_and_can_be_taken_in_again(mender: httpx.AsyncClient):
    sent = await mender.post("/api/v1/feeds/uppdrag/records", content=REFUSED.encode())
    assert sent.json()["quarantined"] == 1
    answer = await mender.get("/api/v1/quarantine", params={"feed": "uppdrag"})
    (row,) = answer.json()["rows"]
    assert (row["feed"], row["field"]) == ("uppdrag", "DATUM")
    assert "Kanarie" not in answer.text
    assert "25:71" not in row["value"]
    again = await mender.post(f"/api/v1/quarantine/{row['quarantine_id']}/replay")
    assert again.status_code == 202
    assert again.json()["quarantined"] == 1  # nothing was mended: it waits anew
    (waits,) = (await mender.get("/api/v1/quarantine", params={"feed": "uppdrag"})).json()["rows"]
    assert waits["quarantine_id"] > row["quarantine_id"]
    settled = await mender.post(f"/api/v1/quarantine/{row['quarantine_id']}/replay")
    assert settled.status_code == 404


@pytest.mark.parametrize("role", [role for role in ROLES if role != "feed_admin"])
async def test_nobody_else_sees_or_mends_it(app: object, pool: Pool, role: Role):
    async with pool.acquire() as connection:
        token = await create_token(
            connection, role, "test", ("lpo-sodermalm",) if role == "area_chief" else ()
        )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),  # type: ignore[arg-type]
        base_url=BASE,
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        assert (await client.get("/api/v1/quarantine")).status_code == 403
        assert (await client.post("/api/v1/quarantine/1/replay")).status_code == 403
