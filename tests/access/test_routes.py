"""Every route, tile, stream and callback, asked in every role: who may not is refused, and nothing foreign is told.

What is asked is read from the server's own description and from Dash's, so a route that is added is in it by itself.
What may not be told is marked: every text of a foreign incident holds a canary, and persons have numbers of their own.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio

from app.commands.tokens import create_token
from app.db import Pool, open_pool
from app.domain.permissions import GRANTED
from app.domain.viewer import ROLES, Role
from etl.keep import Keys
from etl.run import Intake
from tests.access import planted
from tests.access.asking import (
    AWAY,
    HOME,
    KNOWN,
    MEASURED,
    PERSONS,
    PLACES,
    SHOWS_RESULTS,
    Asked,
    ask,
    body_of,
    filled,
    path_of,
    report,
    routes,
    told_too_much,
    values,
)
from tests.access.payloads import payload
from tests.access.people import FOREIGN, OWN
from tests.access.planted import plant
from tests.api.test_stream import serving
from tests.ledger.plain_feed import lines, plain_feed


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
        rows = await plant(pool, {planted.HERE: uids[f"{HOME}1"], planted.THERE: uids[f"{AWAY}1"]})
        async with httpx.AsyncClient(base_url=base) as client:
            answer = await client.get(
                "/api/v1/openapi.json", headers={"Authorization": f"Bearer {tokens['analyst']}"}
            )
        yield Asked(base, tokens, uids, answer.json(), rows)


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
            path = path_of(route, asked, mark)
            if path.endswith("/stream"):
                path += "?from=0-0"
            operation = (
                asked.spec["paths"].get("/v1" + route.path.removeprefix("/v1"), {}).get(method.lower(), {})
            )
            status, text = await ask(client, method, path, body_of(operation, own))
            allowed = route.permission == "public" or route.permission in GRANTED[role]
            assert status < 500, (role, path, text)
            further = (role, method, path) in REFUSED_FURTHER or "points" in path
            assert (status == 403) <= (not allowed) or further, (role, method, path, status, text[-300:])
            assert allowed or status in {403, 429}, (role, method, path, status, text[-300:])
            assert told_too_much(role, text) == [], (role, method, path)


REFUSED_FURTHER: set[tuple[Role, str, str]] = {("wall", "POST", "/api/v1/views")}
"""Where a role that holds the permission is refused all the same: a wall that everybody passes keeps nothing."""


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


@pytest.mark.parametrize("role", ROLES)
async def test_what_is_written_alerted_and_kept_is_told_to_whom_it_concerns(asked: Asked, role: Role):
    places = planted.ALERTS.values(), asked.planted.editions.values()
    paths = [
        "log-book", "log-book?open=true", f"log-book?area={FOREIGN}", "log-book?kind=intervention", "log-book/handover",
        "alerts", "alerts?closed=true", *(f"alerts/{uid}" for uid in places[0]), "alerts/rules",
        f"alerts/rules/{asked.planted.rules[planted.THERE]}/versions", f"alerts/rules/replay/{asked.planted.trial}",
        "briefings", f"briefings?area={FOREIGN}", *(f"briefings/{edition}" for edition in places[1]),
        *(f"briefings/{edition}.html?lang=en" for edition in places[1]), "views",
        f"districts/summary?district={FOREIGN}",
    ]  # fmt: skip
    told: set[str] = set()
    async with asked.client(role) as client:
        client.headers["accept-encoding"] = "identity"
        for path in paths:
            status, text = await ask(client, "GET", f"/api/v1/{path}")
            assert status in {200, 403, 404}, (path, text)
            assert told_too_much(role, text) == [], (role, path)
            told.update(mark for mark in planted.TOLD if mark in text)
    assert told == {mark for mark, roles in planted.TOLD.items() if role in roles} - planted.ON_PAGES_ONLY


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
async def test_a_callback_tells_nothing_foreign(asked: Asked, role: Role, caplog: pytest.LogCaptureFixture):
    async with asked.client(role) as client:
        client.headers["accept-encoding"] = "identity"
        wiring = await client.get("/_dash-dependencies")
        assert wiring.status_code == 200
        called, told = 0, set()
        for callback in wiring.json():
            if callback.get("clientside_function"):
                continue
            for mark in PLACES:
                sent = payload(callback, filled(asked, mark))
                status, text = await ask(client, "POST", "/_dash-update-component", sent)
                assert status < 500, (callback["output"], text)
                assert told_too_much(role, text) == [], (role, callback["output"])
                called += status == 200
                told.update(one for one in planted.TOLD if one in text)
        failed = [record.exc_text for record in caplog.records if record.name == "dashboards.main"]
        assert failed == [], "the page is told a sentence, and our own log the error"
        assert called >= len(PLACES) or role in {"auditor", "partner"}
        assert told == {one for one, roles in planted.TOLD.items() if role in roles} - planted.ON_NO_PAGE


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
