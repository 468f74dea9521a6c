"""Each call is one row in the log, written before anything is read: without it there is nothing to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app import db
from app.domain.viewer import ROLES
from etl.identify import Pseudonyms
from etl.keep import Keys
from tests.pairs.asking import (
    ASKING,
    MAY,
    V1,
    WIDE,
    Clients,
    last_row,
    rows_after,
)
from tests.pairs_world import PAIRS

if TYPE_CHECKING:
    from app.db import Pool


@pytest.mark.parametrize("role", MAY)
async def test_each_call_is_one_row_that_says_who_was_read_about_and_why(
    clients: Clients, ids: dict[str, str], pool: Pool, held: Keys, role: str
):
    names = Pseudonyms(held)
    everywhere = {names.of(number, "") for number in PAIRS["everywhere"]}
    uid = (await clients.post("analyst", f"/pairs/{ids['everywhere']}"))["rungs"][0]["uid"]
    number = PAIRS["everywhere"][0]
    reports = 2 if role == "area_chief" else 3
    found = len((await clients.post(role, "/pairs/search", **WIDE))["rows"])
    for path, asked, action, expected in (
        ("/pairs/search", WIDE, "search", found),
        ("/pairs/of-incident", {"uid": uid}, "read", 1),
        (f"/pairs/{ids['everywhere']}", {}, "read", reports),
        (f"/pairs/{'A' * 64}", {}, "denied", 1),
        (
            "/persons/search",
            {"personnummer": number, "role": "victim"},
            "search",
            1,
        ),
        (f"/pairs/{ids['everywhere']}/follow-ups", {"kind": "contact", "text": "Ringt."}, "change", 1),
    ):
        before = await last_row(pool)
        await (await clients.of(role)).post(V1 + path, json={**asked, "reason": "ongoing: patrull på plats"})
        async with pool.acquire() as connection:
            rows = await rows_after(connection, before)
        assert len(rows) == 1, path
        row = rows[0]
        assert (row["action"], row["role"], row["name"]) == (action, role, f"en {role}")
        assert row["found"] == expected, path
        if action == "denied":
            assert (row["reason_text"], row["filter"]["pair"], row["persons"]) == ("404", "A" * 64, [])
        else:
            assert (row["reason"], row["reason_text"]) == ("ongoing", "patrull på plats")
            assert everywhere <= set(row["persons"])


@pytest.mark.parametrize("role", ROLES)
async def test_what_was_denied_is_in_the_log_with_the_id_that_was_asked_for(
    clients: Clients, ids: dict[str, str], pool: Pool, role: str
):
    before = await last_row(pool)
    await (await clients.of(role)).post(f"{V1}/pairs/{ids['foreign']}", json=ASKING)
    async with pool.acquire() as connection:
        rows = await rows_after(connection, before)
    assert [row["action"] for row in rows] == ["read" if role in {"analyst", "commander"} else "denied"]
    assert rows[0]["role"] == role
    assert rows[0]["filter"]["pair"] == ids["foreign"]


async def test_without_a_reason_nothing_is_read_and_nothing_is_logged(
    clients: Clients, ids: dict[str, str], pool: Pool
):
    before = await last_row(pool)
    for reason in ("", "x", "aaaaaaaaaaaa", " "):
        await clients.post("analyst", "/pairs/search", 400, reason=reason)
        await clients.post("analyst", f"/pairs/{ids['plain']}", 400, reason=reason)
    await clients.post("analyst", "/pairs/search", 400, window=WIDE["window"])
    assert await last_row(pool) == before


async def test_whoever_leaves_the_log_out_gets_nothing_from_the_database(
    clients: Clients, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    silent = (
        "select case when set_config('role', $1, true) || set_config('lagesbild.scope', $2, true) <> '' then 0 end, "
        "$3::text, $4::text, $5::text, $6::text, $7::text, $8::jsonb, $9::bytea[], $10::text[]"
    )
    monkeypatch.setattr(db, "ENTER_LOGGED", silent)
    for role in MAY:
        assert (await clients.post(role, "/pairs/search", **WIDE))["rows"] == []
        await clients.post(role, f"/pairs/{ids['everywhere']}", 404)
        told = await clients.post(
            role, "/persons/search", personnummer=PAIRS["everywhere"][0], role="victim", **ASKING
        )
        assert told["rows"] == []
