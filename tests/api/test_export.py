"""The view as a file: all of it, safe to open, logged, and nothing of what is protected."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx
import orjson
import pytest

from app.api import export
from app.commands.tokens import create_token
from app.domain.spreadsheet import DELIMITERS
from etl.feed import get_feed
from tests.domain.test_spreadsheet import begins_a_formula, cells

if TYPE_CHECKING:
    import asyncpg
    from starlette.types import ASGIApp

    from app.db import Pool
    from etl.run import Intake

URL = "/api/v1/incidents.csv?kind=call&from=2026-11-01&to=2026-11-24&known_at=2026-11-24T12:00:00Z"
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


def call(number: int, **changes: Any) -> bytes:
    return orjson.dumps(
        {
            "ID": f"U{number:05d}", "DATUM": f"2026-11-{1 + number % 20:02d}", "TID": "08:00",
            "HAENDELSETYP": "Lägenhetsbråk", "KOMMUN": "Stockholm", "LATITUDE": 59.31, "LONGITUDE": 18.07,
        }
        | changes
    )  # fmt: skip


async def put_in(intake: Intake, *calls: bytes) -> None:
    receipt = await intake.ingest(
        get_feed("uppdrag"), b"\n".join(calls), name="calls.ndjson", fetched_at=NOON, archive=True
    )
    assert (receipt.loaded, receipt.quarantined) == (len(calls), 0)


async def saved(client: httpx.AsyncClient, url: str) -> tuple[httpx.Response, list[dict[str, str]]]:
    answer = await client.get(url)
    assert answer.status_code == 200, answer.text
    text = answer.content.decode("utf-8-sig")
    return answer, list(csv.DictReader(io.StringIO(text), delimiter=";"))


async def test_all_of_the_view_is_in_the_file_and_the_file_is_in_the_log(
    client: httpx.AsyncClient, intake: Intake, db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "PAGE", 7)
    await put_in(intake, *(call(number) for number in range(30)))
    answer, rows = await saved(client, URL)
    assert (len(rows), answer.headers["x-rows"], answer.headers["x-left-out"]) == (30, "30", "0")
    assert len({row["Händelse"] for row in rows}) == 30
    assert rows[0]["Inträffat från"] == "2026-11-20 08:00:00", "the region's time, the last day first"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert answer.content.startswith(b"\xef\xbb\xbf"), "Excel reads it as UTF-8"
    logged = await db.fetch("select action, what, filter, found from read_log order by log_id desc limit 1")
    told = {"kind": "call", "from": "2026-11-01", "to": "2026-11-24", "offences": []}
    assert [tuple(row) for row in logged] == [("export", "incidents.csv", told, 30)]


async def test_no_text_of_a_source_is_a_formula_in_any_delimiter(
    client: httpx.AsyncClient, intake: Intake
) -> None:
    bad = [
        "=1+1",
        "@SUM(1)",
        "＝1",
        "\t=1",
        "a;=1",
        "a,+1",
        "a\t-1",
        'x"=1',
        "=cmd|' /C calc'!A0",
        "line\r\n=1",
    ]
    await put_in(
        intake, *(call(100 + n, HAENDELSETYP=text, FRITEXT=text, GATA=text) for n, text in enumerate(bad))
    )
    for written in DELIMITERS:
        answer = await client.get(f"{URL}&delimiter={written}&lang=en")
        text = answer.content.decode("utf-8-sig")
        assert "cmd|" in text, "it is there, as text"
        for opened in (*DELIMITERS.values(), "|"):
            assert [cell for cell in cells(text, opened) if begins_a_formula(cell)] == []


async def test_what_is_protected_is_in_no_file(client: httpx.AsyncClient, intake: Intake) -> None:
    before = (await saved(client, URL))[0].headers
    await put_in(intake, call(200, SKYDDAD="J", FRITEXT="KANARIE", GATA="Kanariegatan"))
    answer, rows = await saved(client, URL)
    assert b"anarie" not in answer.content.lower()
    assert answer.headers["x-rows"] == before["x-rows"] == str(len(rows))
    assert int(answer.headers["x-left-out"]) == int(before["x-left-out"]) + 1


async def test_more_than_an_export_may_hold_is_refused_in_words(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST", 3)
    answer = await client.get(URL)
    assert answer.status_code == 400
    assert "an export at most 3" in answer.json()["error"]


async def test_whose_role_sees_figures_only_gets_no_file(app: ASGIApp, pool: Pool) -> None:
    async with pool.acquire() as connection:
        headers = {"Authorization": f"Bearer {await create_token(connection, 'commander', 'chief')}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client:
        assert (await client.get(URL)).status_code == 403
