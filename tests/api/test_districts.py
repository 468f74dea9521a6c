"""Districts over HTTP: as the examples say, a chief's own only, the same figures as the counts, and as known then."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from app.api import district_examples as examples
from app.commands.tokens import create_token
from app.config import ROOT
from app.db import open_pool
from app.domain.region import Region
from app.domain.viewer import ROLES
from app.jobs import measuring
from app.jobs.questions import QUESTIONS
from tests.access.people import FOREIGN, OWN
from tests.api.conftest import BASE
from tests.queries.picture import load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from app.db import Pool

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
V1 = "/api/v1/districts"
SPAN = {"from": "2024-12-01", "to": "2025-01-31"}
DAY = datetime(2025, 1, 25, tzinfo=UTC).date()
KNOWN = measuring.moment(REGION, DAY)


@pytest.fixture(scope="module")
def dsn(dsn: str) -> str:
    async def fill() -> None:
        await load(dsn, 7, keys=range(150), files=40)
        async with open_pool(dsn, size=3) as pool:
            wanted = [one for one in QUESTIONS if one.name in ("recurring", "similar")]
            await measuring.run(pool, REGION, wanted, DAY, KNOWN)
            await pool.execute(
                """insert into log_entry (kind, text, area_id, known_at, xid, ledger_id, begins)
                   select 'intervention', 'Insats i ' || name, area_id, now(), '1', 1, $2 from area
                   where code = any($1)""",
                [OWN, FOREIGN], DAY,
            )  # fmt: skip

    asyncio.run(fill())
    return dsn


@pytest.fixture
async def as_role(app: ASGIApp, pool: Pool) -> AsyncIterator[Any]:
    made: list[httpx.AsyncClient] = []

    async def client(role: str) -> httpx.AsyncClient:
        async with pool.acquire() as connection:
            token = await create_token(connection, role, role, [OWN] if role == "area_chief" else [])
        headers = {"Authorization": f"Bearer {token}"}
        made.append(httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE, headers=headers))
        return made[-1]

    yield client
    for one in made:
        await one.aclose()


def keys(example: dict[int | str, Any]) -> tuple[set[str], set[str]]:
    shown = example[200]["content"]["application/json"]["example"]
    return set(shown), set(shown["rows"][0])


async def got(client: httpx.AsyncClient, path: str = "", **asked: str) -> dict[str, Any]:
    answer = await client.get(V1 + path, params=asked)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_the_answers_have_the_form_of_the_examples(as_role: Any) -> None:
    client = await as_role("analyst")
    every = await got(client)
    areas = await got(client, "/areas", district=OWN, **SPAN)
    summary = await got(client, "/summary", district=OWN)
    for told, example in (
        (every, examples.DISTRICTS), (areas, examples.AREAS), (summary, examples.SUMMARY),
    ):  # fmt: skip
        whole, row = keys(example)
        assert set(told) == whole
        assert set(told["rows"][0]) == row
    shown = examples.SUMMARY[200]["content"]["application/json"]["example"]["to_follow_up"]
    assert set(summary["to_follow_up"]) == set(shown)


async def test_a_chief_is_answered_of_the_own_district_and_told_of_no_other(as_role: Any) -> None:
    client = await as_role("area_chief")
    assert [row["code"] for row in (await got(client))["rows"]] == [OWN]
    for path in ("/areas", "/summary"):
        answer = await client.get(
            V1 + path, params={"district": FOREIGN, **(SPAN if path == "/areas" else {})}
        )
        assert answer.status_code == 404
    told = await got(client, "/summary", district=OWN)
    assert [row["area"] for row in told["rows"]] == [OWN]
    assert set(told["to_follow_up"]["content"]["area"]) == {OWN}
    similar = told["similar"]["content"]
    assert set(similar["area"]) == {OWN}
    assert similar["similar"][0] >= 4
    assert FOREIGN not in (await client.get(f"{V1}/summary", params={"district": OWN})).text


async def test_the_areas_add_up_to_the_counts(as_role: Any) -> None:
    client = await as_role("area_chief")
    told = await got(client, "/areas", district=OWN, **SPAN)
    counted = (await client.get("/api/v1/counts", params={"area": OWN, **SPAN})).json()["rows"][0][
        "incidents"
    ]
    assert sum(row["n"] for row in told["rows"]) + told["without_area"] == counted > 0


async def test_before_it_was_known_there_is_no_answer(as_role: Any) -> None:
    client = await as_role("analyst")
    before = (KNOWN - timedelta(seconds=1)).isoformat()
    told = await got(client, "/summary", district=OWN, known_at=before)
    assert (told["to_follow_up"], told["similar"], told["rows"]) == (None, None, [])
    assert (await got(client, "/summary", district=OWN, known_at=KNOWN.isoformat()))["similar"] is not None


@pytest.mark.parametrize("role", ROLES)
async def test_who_sees_figures_is_answered_and_only_who_sees_incidents_gets_places(
    as_role: Any, role: str
) -> None:
    client = await as_role(role)
    answer = await client.get(f"{V1}/areas", params={"district": OWN, **SPAN})
    if role in ("auditor", "partner"):
        assert answer.status_code == 403
        return
    assert answer.status_code == 200
    assert (answer.json()["places"] is not None) == (role in ("analyst", "area_chief"))
    done = (await got(client, "/summary", district=OWN))["rows"]
    assert bool(done) == (role in ("analyst", "commander", "area_chief"))


async def test_what_is_no_district_is_not_found(as_role: Any) -> None:
    client = await as_role("analyst")
    for code in ("lpo-atlantis", "po-city", "0180"):
        assert (await client.get(f"{V1}/summary", params={"district": code})).status_code == 404
