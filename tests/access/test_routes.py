"""Every route, tile, stream and callback, asked in every role: who may not is refused, and nothing foreign is told.

What is asked is read from the server's own description and from Dash's, so a route that is added is in it by itself.
What may not be told is marked: every text of a foreign incident holds a canary, and persons have numbers of their own.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from app.api.main import create_api
from app.api.routing import Route
from app.commands.tokens import create_token
from app.db import Pool, open_pool
from app.domain.permissions import GRANTED
from app.domain.viewer import ROLES, Role
from etl.keep import Keys
from etl.run import Intake
from tests.access.people import FOREIGN, OWN
from tests.api.test_stream import serving
from tests.ledger.plain_feed import lines, plain_feed

HOME = "kanariehem"
AWAY = "kanarieborta"
HIDDEN = "kanarieskydd"
PERSONS = ("18890118-9806", "188901189806", "18890219-9804", "18890320-9800")
SOURCE = "kanarienummer"
PLACES = {HOME: (59.3137, 18.0745), AWAY: (59.4040, 17.9440), HIDDEN: (59.4040, 17.9440)}
LINK = "00000000-0000-0000-0000-000000000000"
MEASURED = {"region": "kanariemattalla", OWN: "kanariematthem", FOREIGN: "kanariemattborta"}
"""Marks in ready results of measures: of the region, of the own district and of a foreign one."""
SHOWS_RESULTS: dict[str, set[str]] = {
    **{role: set(MEASURED.values()) for role in ("analyst", "commander", "wall")}, "area_chief": {MEASURED[OWN]},
}  # fmt: skip
SHOWS_INCIDENTS: tuple[Role, ...] = ("analyst", "area_chief")
KNOWN = datetime(2026, 11, 24, 9, tzinfo=UTC)


def report(mark: str, number: int) -> dict[str, Any]:
    latitude, longitude = PLACES[mark]
    words = f"{mark}{number}"
    victim = PERSONS[3 if mark == HIDDEN else 0]  # who is protected once is so on every report
    return {
        "source_key": f"{SOURCE}-{words}", "occurred_from": f"2026-11-{number:02}T20:00:00+01:00",
        "latitude": latitude + number / 9000, "longitude": longitude, "title": f"Misshandel {words}",
        "summary": f"Sammanfattning {words}", "place_text": f"{words}gatan 1", "url": f"https://example.org/{words}",
        "protected": mark == HIDDEN, "attributes": {"notering": words},
        "offences": [{"code": "9365", "victim": victim, "suspect": PERSONS[2], "relation": f"relation{words}"}],
    }  # fmt: skip


@dataclass
class Asked:
    """A server with marked incidents, a token of each role, and the public ids of incidents at home and away."""

    base: str
    tokens: dict[Role, str]
    uids: dict[str, str]
    spec: dict[str, Any]

    def client(self, role: Role) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        return httpx.AsyncClient(base_url=self.base, headers=headers, timeout=20)


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("var")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def asked(dsn: str, var: Path) -> AsyncIterator[Asked]:
    async with serving(dsn, var) as (base, _), open_pool(dsn, size=2, name="tests") as pool:
        await _load(pool, Keys.read(var / "keys" / "master.key"))
        async with pool.acquire() as connection:
            tokens = {
                role: await create_token(connection, role, role, (OWN,) if role == "area_chief" else ())
                for role in ROLES
            }
            uids = dict(await connection.fetch(UIDS))
        async with httpx.AsyncClient(base_url=base) as client:
            answer = await client.get(
                "/api/v1/openapi.json", headers={"Authorization": f"Bearer {tokens['analyst']}"}
            )
        yield Asked(base, tokens, uids, answer.json())


UIDS = """
select distinct on (mark) mark, uid::text from (
    select split_part(source_key, '-', 2) as mark, uid from incident where source_key like 'kanarienummer-%'
) as i order by mark
"""


async def _load(pool: Pool, keys: Keys) -> None:
    said = [report(mark, number) for mark in PLACES for number in range(1, 5)]
    receipt = await Intake(pool, keys).ingest(
        plain_feed(holds_identities=True), lines(*said), name="marked", fetched_at=KNOWN, archive=True
    )
    assert receipt.loaded == len(said)
    await pool.executemany(RESULT, [(place, {"told": mark}) for place, mark in MEASURED.items()])


RESULT = """
insert into measure_result (question, measure, version, area_id, day, known_at, xid, ledger_id, params, state, words,
    content, rows, seconds)
select 'canary', 'm', 1, (select area_id from area where code = $1 and $1 <> 'region'), current_date, now(), '1', 1, $2,
    'told', jsonb_build_array(jsonb_build_object('sv', $2::jsonb->>'told', 'en', $2::jsonb->>'told')), $2, 1, 1
"""


def routes() -> list[Route]:
    """Every route of the API, with the permission that it names."""
    api = create_api(None)  # type: ignore[arg-type]
    return [route for route in _all_routes(api.routes) if isinstance(route, Route)]


def _all_routes(found: Any) -> list[Any]:
    return list(
        itertools.chain.from_iterable(
            _all_routes(route.original_router.routes) if hasattr(route, "original_router") else [route]
            for route in found
        )
    )


def values(asked: Asked, mark: str) -> dict[str, str]:
    """What stands for the parameters of a path."""
    uid = next(uid for name, uid in asked.uids.items() if name.startswith(mark))
    return {
        "uid": uid, "feed": "uppdrag", "layer": "points", "z": "13", "x": "4505", "y": "2408", "name": "unknown",
        "pair": "unknown", "edition": "1", "edition_id": "1", "id": "1", "quarantine_id": "1",
        "proposal": LINK, "question": "canary", "view": LINK,
    }  # fmt: skip


def body_of(operation: dict[str, Any], mark_values: dict[str, str]) -> Any:
    """The example of a body, with the incident's id put in."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = content.get("example")
    if example is None and content.get("examples"):
        example = next(iter(content["examples"].values()))["value"]
    if isinstance(example, dict) and "uid" in example:
        example = {**example, "uid": mark_values["uid"]}
    return example


def told_too_much(role: Role, text: str) -> list[str]:
    """Marks in an answer that this role must never be told."""
    never = [HIDDEN, SOURCE, *PERSONS, "relationkanarie", *(() if role == "analyst" else (AWAY,))]
    if role not in SHOWS_INCIDENTS:
        never.append(HOME)
    never += set(MEASURED.values()) - SHOWS_RESULTS.get(role, set())
    return [mark for mark in never if mark in text]


async def ask(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> tuple[int, str]:
    """The status and the whole of the answer, of a stream what it tells in the first moment."""
    arguments = {"json": body} if body is not None else {"content": b"{}"} if method == "POST" else {}
    async with client.stream(method, path, **arguments) as answer:
        heard = b""
        try:
            async with asyncio.timeout(
                0.7 if "event-stream" in answer.headers.get("content-type", "") else 20
            ):
                async for chunk in answer.aiter_raw():
                    heard += chunk
        except TimeoutError:
            pass
        text = repr(dict(answer.headers)) + heard.decode("utf-8", "replace")
        if answer.headers.get("content-encoding") in {"gzip", "br", "deflate"}:
            raise AssertionError(f"{path} is compressed: the test would not see into it")
        return answer.status_code, text


@pytest.mark.parametrize("role", ROLES)
async def test_a_route_is_open_to_those_who_hold_its_permission_and_tells_nothing_foreign(
    asked: Asked, role: Role
):
    async with asked.client(role) as client:
        client.headers["accept-encoding"] = "identity"
        for route, mark in itertools.product(routes(), PLACES):
            if route.path.endswith("/stream") and mark != AWAY:
                continue  # it takes no parameter that the mark would change
            method = min(route.methods or {"GET"})
            own = values(asked, mark)
            path = "/api/v1" + route.path.removeprefix("/v1").format_map(_Filled(own))
            if path.endswith("/stream"):
                path += "?from=0-0"
            operation = (
                asked.spec["paths"].get("/v1" + route.path.removeprefix("/v1"), {}).get(method.lower(), {})
            )
            status, text = await ask(client, method, path, body_of(operation, own))
            allowed = route.permission == "public" or route.permission in GRANTED[role]
            assert status < 500, (role, path, text)
            assert (status == 403) <= (not allowed) or "points" in path, (
                role,
                method,
                path,
                status,
                text[-300:],
            )
            assert allowed or status in {403, 429}, (role, method, path, status, text[-300:])
            assert told_too_much(role, text) == [], (role, method, path)


class _Filled(dict[str, str]):
    def __missing__(self, name: str) -> str:
        raise AssertionError(f"a route has a parameter {name} that this test has no value for: give it one")


@pytest.mark.parametrize("role", ROLES)
async def test_reads_with_every_kind_of_question_tell_nothing_foreign(asked: Asked, role: Role):
    lists = "incidents", "changes?since=2026-11-01T00:00:00Z", "incidents?area=lpo-jarva", "incidents.csv"
    lists += "changes.csv?since=2026-11-01T00:00:00Z", "changes/counts?since=2026-11-01T00:00:00Z"
    tiles = "density", "points", "areas"
    told: set[str] = set()
    async with asked.client(role) as client:
        client.headers["accept-encoding"] = "identity"
        for path in [
            *(f"/api/v1/{name}" for name in lists),
            *(f"/api/v1/tiles/{layer}/{z}/{x}/{y}.mvt" for layer in tiles for z, x, y in TILES),
            *(
                f"/api/v1/counts?by={by}&area_kind=lokalpolisomrade"
                for by in ("area", "day,area", "hour", "offence")
            ),
        ]:
            status, text = await ask(client, "GET", path)
            assert status in {200, 204, 403, 404}, (path, text)
            assert told_too_much(role, text) == [], (role, path)
            told.update(mark for mark in PLACES if mark in text)
    assert told == {"analyst": {HOME, AWAY}, "area_chief": {HOME}}.get(role, set())


@pytest.mark.parametrize("role", ROLES)
async def test_a_result_of_a_measure_is_told_to_whom_it_concerns(asked: Asked, role: Role):
    told: set[str] = set()
    async with asked.client(role) as client:
        client.headers["accept-encoding"] = "identity"
        for query in ("", "/canary", f"/canary?area={OWN}", f"/canary?area={FOREIGN}", "?day=2100-01-01"):
            status, text = await ask(client, "GET", f"/api/v1/measures/results{query}")
            assert status in {200, 403, 404}, text
            assert told_too_much(role, text) == [], query
            told.update(mark for mark in MEASURED.values() if mark in text)
    assert told == SHOWS_RESULTS.get(role, set())


TILES = ((9, 281, 150), (11, 1126, 602), (13, 4505, 2408), (15, 18023, 9633))


async def test_a_chief_counts_the_own_area_and_nothing_else_whatever_is_asked(asked: Asked):
    async with asked.client("area_chief") as client:
        for query in (
            "",
            "&area=lpo-jarva",
            "&area=po-nord",
            "&area=stockholm",
            "&known_at=2026-11-24T10:00:00Z",
        ):
            answer = await client.get(f"/api/v1/counts?by=area&from=2026-11-01&to=2026-11-24{query}")
            rows = {row["area"]: row["incidents"] for row in answer.json()["rows"]}
            assert rows in ({OWN: 4}, {}), (query, rows)


@pytest.mark.parametrize("role", ROLES)
async def test_a_callback_tells_nothing_foreign(asked: Asked, role: Role):
    async with asked.client(role) as client:
        client.headers["accept-encoding"] = "identity"
        wiring = await client.get("/_dash-dependencies")
        assert wiring.status_code == 200
        called = 0
        for callback in wiring.json():
            if callback.get("clientside_function"):
                continue
            for mark in PLACES:
                status, text = await ask(
                    client, "POST", "/_dash-update-component", payload(callback, asked, mark)
                )
                assert status < 500, (callback["output"], text)
                assert told_too_much(role, text) == [], (role, callback["output"])
                called += status == 200
        assert called >= len(PLACES) or role in {"auditor", "partner"}


def payload(callback: dict[str, Any], asked: Asked, mark: str) -> dict[str, Any]:
    """What a browser would send, with answers to whatever a callback may ask for."""
    query = {
        "first": "2026-11-01", "last": "2026-11-24", "known": None, "kind": "report", "area": None, "offence": [],
    }  # fmt: skip
    uid = values(asked, mark)["uid"]
    number = PERSONS[3 if mark == HIDDEN else 0]
    known: dict[str, Any] = {
        "query.data": query, "view.data": {**query, "uid": uid}, "chosen.data": uid, "lang.data": "sv",
        "theme-now.data": "dark", "tick.data": 1, "again.data": 1, "place.pathname": "/", "place.search": "?lang=sv",
        "changed.data": {"since": "2026-11-01T00:00:00Z", "all": True}, "beat.n_intervals": 1,
        "table-download.n_clicks": 1,
        "choice.data": {"write": "1", "shift": "1", "case": uid}, "case-given.data": "quality",
        "par-given.data": "follow_up", "par-least.value": "1", "par-number.value": number, "par-role.value": "victim",
        "link-given.data": "quality", "link-text.value": "samma telefon", "link-open.data": LINK,
        "link-told.data": {"rows": [{"proposal": LINK}], "decided": [], "waiting": 1, "rest": None},
    }  # fmt: skip

    def filled(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {
                "id": entry["id"],
                "property": entry["property"],
                "value": known.get(f"{entry['id']}.{entry['property']}"),
            }
            for entry in entries
        ]

    names = callback["output"].strip(".").split("...")
    outputs = [
        dict(zip(("id", "property"), name.split("@")[0].rsplit(".", 1), strict=True)) for name in names
    ]
    return {
        "output": callback["output"], "outputs": outputs if callback["output"].startswith("..") else outputs[0],
        "inputs": filled(callback["inputs"]), "state": filled(callback.get("state", [])),
        "changedPropIds": [f"{entry['id']}.{entry['property']}" for entry in callback["inputs"][:1]],
    }  # fmt: skip


async def test_what_the_server_wrote_down_names_nobody(asked: Asked, pool: Pool, tmp_path: Path, caplog: Any):
    async with asked.client("analyst") as client:
        await client.get(f"/api/v1/incidents/{values(asked, AWAY)['uid']}")
        await client.get("/api/v1/incidents?area=kanarieborta1")
    assert not any(
        number in json.dumps([record.getMessage() for record in caplog.records]) for number in PERSONS
    )
    rows: list[asyncpg.Record] = []
    async with pool.acquire() as connection:
        rows = await connection.fetch("select number, encode(body, 'escape') as body from raw_record")
    assert rows
    assert not any(number in row["body"] for row in rows for number in PERSONS)
