"""The log over HTTP, through the whole server: who may see it, what it says, and that refusals stand in it."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.api import audit_examples
from app.commands.tokens import create_token
from app.config import Settings
from app.db import Pool
from app.domain.viewer import ROLES
from app.main import create_app
from tests.api.conftest import BASE, running


@pytest.fixture
async def clients(loaded: str, pool: Pool, tmp_path: Path) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """A client of each role, and one who has not signed in."""
    async with pool.acquire() as connection:
        tokens = {
            role: await create_token(
                connection, role, role, areas=("lpo-sodermalm",) if role == "area_chief" else ()
            )
            for role in ROLES
        }
    app = create_app(Settings(var=tmp_path), loaded)
    async with running(app):
        found = {
            role: httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url=f"{BASE}/api/v1",
                headers={"Authorization": f"Bearer {token}"} if token else {},
            )
            for role, token in {**tokens, "nobody": ""}.items()
        }
        yield found
        for client in found.values():
            await client.aclose()


async def newest(pool: Pool, n: int = 1) -> list[Any]:
    async with pool.acquire() as connection:
        rows = await connection.fetch("select * from read_log order by log_id desc limit $1", n)
    return list(rows)


def same_form(example: Any, real: Any) -> None:
    """The example has the fields that the real answer has, of the same types."""
    if isinstance(example, dict) and isinstance(real, dict):
        assert set(example) == set(real)
        for name in set(example) - {"filter"}:
            same_form(example[name], real[name])
    elif isinstance(example, list) and example and real:
        same_form(example[0], real[0])
    elif example is not None and real is not None:
        assert type(example) is type(real)


async def test_only_auditors_read_the_log(clients: dict[str, httpx.AsyncClient]):
    for path in ("log", "log/unusual", "log/state", "log.csv"):
        for role, client in clients.items():
            status = (await client.get(f"/{path}")).status_code
            assert status == (200 if role == "auditor" else 401 if role == "nobody" else 403), (path, role)


async def test_who_asks_for_the_log_stands_in_it(clients: dict[str, httpx.AsyncClient], pool: Pool):
    for path, action, what in (
        ("log", "search", "log"), ("log/unusual", "search", "log/unusual"), ("log.csv", "export", "log.csv")
    ):  # fmt: skip
        answer = await clients["auditor"].get(f"/{path}", params={"from": "2026-11-01", "to": "2027-11-01"})
        assert answer.status_code == 200
        row = (await newest(pool))[0]
        assert (row["action"], row["what"], row["role"], row["name"]) == (action, what, "auditor", "auditor")
        assert row["filter"]["since"] == "2026-10-31T23:00:00+00:00"


async def test_a_refusal_is_in_the_log_with_who_and_what(clients: dict[str, httpx.AsyncClient], pool: Pool):
    asked = {"reason": "follow_up"}
    for role, method, path, status in (
        ("partner", "GET", "/incidents", 403), ("auditor", "GET", "/counts", 403), ("analyst", "GET", "/log", 403),
        ("analyst", "POST", "/pairs/nothing", 404), ("nobody", "POST", "/pairs/nothing", 401),
        ("nobody", "GET", "/log", 401),
    ):  # fmt: skip
        answer = await clients[role].request(method, path, json=asked if method == "POST" else None)
        assert answer.status_code == status, answer.text
        row = (await newest(pool))[0]
        assert (row["action"], row["role"], row["reason_text"]) == ("denied", role, str(status)), (role, path)
        assert row["what"].startswith(f"{method} /")
    assert "{pair}" in (await newest(pool, 3))[2]["what"]
    assert (await newest(pool, 3))[2]["filter"] == {"pair": "nothing"}


async def test_what_is_no_refusal_is_not_noted(clients: dict[str, httpx.AsyncClient], pool: Pool):
    before = (await newest(pool))[0]["log_id"]
    assert (await clients["analyst"].get("/counts")).status_code == 200
    assert (await clients["analyst"].get("/counts", params={"x": "1"})).status_code == 400
    assert (await clients["analyst"].get("/no/such/path")).status_code == 404
    assert (await clients["nobody"].get("/counts")).status_code == 401, "an ended session, as all day long"
    assert (await newest(pool))[0]["log_id"] == before


async def test_rows_pages_and_filters(clients: dict[str, httpx.AsyncClient], pool: Pool):
    auditor = clients["auditor"]
    for _ in range(4):
        await clients["partner"].get("/incidents")
    first = (await auditor.get("/log", params={"limit": 2})).json()
    second = (await auditor.get("/log", params={"limit": 2, "after": first["next"]})).json()
    numbers = [row["log_id"] for row in first["rows"] + second["rows"]]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) == 4
    denied = (await auditor.get("/log", params={"action": "denied"})).json()["rows"]
    assert {row["action"] for row in denied} == {"denied"}
    actor = denied[0]["actor"]
    own = (await auditor.get("/log", params={"actor": actor, "action": "denied"})).json()["rows"]
    assert {row["actor"] for row in own} == {actor}
    assert (await auditor.get("/log", params={"from": "2020-01-01", "to": "2020-02-01"})).json()["rows"] == []
    for wrong in ({"action": "x"}, {"from": "x"}, {"from": "2026-11-24", "to": "2026-11-23"}, {"after": "0"}):
        assert (await auditor.get("/log", params=wrong)).status_code == 400, wrong


async def test_persons_are_digits_that_no_case_shows(clients: dict[str, httpx.AsyncClient], pool: Pool):
    person = bytes(range(16))
    async with pool.acquire() as connection:
        await connection.execute(
            "insert into read_log (action, what, reason, persons) values ('read', 'x', 'other', $1)",
            [person, person],
        )
    answer = await clients["auditor"].get("/log")
    digits = answer.json()["rows"][1]["persons"]
    assert len(digits) == 2
    assert digits[0] == digits[1]
    assert len(digits[0]) == 8
    assert person.hex()[:8] not in answer.text


async def test_unusual_readings_name_rule_and_rows(clients: dict[str, httpx.AsyncClient]):
    for _ in range(6):
        await clients["partner"].get("/incidents")
    rows = (await clients["auditor"].get("/log/unusual")).json()["rows"]
    told = next(row for row in rows if row["rule"] == "denied" and row["name"] == "partner")
    assert told["count"] >= 6
    assert "Nekades" in told["text_sv"]
    same_form(audit_examples.FINDING, told)


async def test_the_examples_have_the_form_of_real_answers(clients: dict[str, httpx.AsyncClient]):
    same_form(audit_examples.ROW, (await clients["auditor"].get("/log")).json()["rows"][0])
    state = (await clients["auditor"].get("/log/state")).json()
    same_form(audit_examples.STATE_EXAMPLE, state)
    assert state["rows"] > 0


async def test_the_export_is_safe_to_open(clients: dict[str, httpx.AsyncClient], pool: Pool):
    async with pool.acquire() as connection:
        await connection.execute(
            "insert into read_log (action, what, reason, reason_text) values ('read', 'x', 'other', '=1+1')"
        )
    answer = await clients["auditor"].get("/log.csv", params={"action": "read", "lang": "en"})
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0]["reason_text"] == "'=1+1"
    assert int(answer.headers["x-rows"]) == len(rows)
    for wrong in ({"delimiter": "x"}, {"lang": "x"}):
        assert (await clients["auditor"].get("/log.csv", params=wrong)).status_code == 400
