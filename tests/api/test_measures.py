"""The ready results of the measures over HTTP: who sees which, as of which day, and that nothing is worked out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from app.commands.tokens import create_token
from app.config import ROOT
from app.db import open_pool
from app.domain.region import Region
from app.jobs import measuring
from app.jobs.questions import QUESTIONS
from app.measures import all_measures
from tests.access.people import FOREIGN, OWN
from tests.api.conftest import BASE
from tests.measures.made_up import at_once
from tests.queries.picture import load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from app.db import Pool

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
TODAY = REGION.day(datetime.now(UTC))
DAYS = (TODAY - timedelta(days=2), TODAY - timedelta(days=1))
NAME = QUESTIONS[0].name
ASKED = (replace(QUESTIONS[0], each=True, divide=()),)


async def fill(dsn: str) -> None:
    """Two days' runs, the second with an edition of the afternoon."""
    await load(dsn, 7, keys=range(150), files=40)
    async with open_pool(dsn, size=3) as pool:
        await pool.execute(
            "update ledger set day = day + $1::integer, known_at = known_at + $1 * interval '1 day'", 640
        )
        for day in DAYS:
            await measuring.run(pool, REGION, ASKED, day, measuring.moment(REGION, day), how=at_once)
        later = measuring.moment(REGION, DAYS[1]) + timedelta(hours=8)
        await measuring.run(pool, REGION, ASKED, DAYS[1], later, how=at_once)


@pytest.fixture(scope="module")
def dsn(dsn: str) -> str:
    asyncio.run(fill(dsn))
    return dsn


@pytest.fixture
async def as_role(app: ASGIApp, pool: Pool) -> AsyncIterator[Any]:
    """Make a client in some role."""
    opened: list[httpx.AsyncClient] = []

    async def client(role: str) -> httpx.AsyncClient:
        areas = (OWN,) if role == "area_chief" else ()
        async with pool.acquire() as connection:
            token = await create_token(connection, role, f"a {role}", areas)
        opened.append(
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app),
                base_url=BASE,
                headers={"Authorization": f"Bearer {token}"},
            )
        )
        return opened[-1]

    yield client
    for one in opened:
        await one.aclose()


async def test_the_measures_are_listed_with_what_they_take_and_how_they_are_meant(
    client: httpx.AsyncClient,
) -> None:
    rows = (await client.get("/api/v1/measures")).json()["rows"]
    assert [row["measure"] for row in rows] == sorted(all_measures())
    asked = {name for row in rows for name in row["questions"]}
    assert asked == {question.name for question in QUESTIONS}
    for row in rows:
        answer = await client.get(row["schema"])
        assert answer.status_code == 200
        told = answer.json()
        method = told.pop("method")
        assert told == all_measures()[row["measure"]].schema()
        assert "## What it does not say" in method
        assert "doi.org" in method
    assert (await client.get("/api/v1/measures/nothing")).status_code == 404
    assert (await client.get("/api/v1/measures/nowcast?x=1")).status_code == 400


async def test_the_newest_of_each_question_and_area_is_told_in_words(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/api/v1/measures/results")).json()
    rows = answer["rows"]
    assert {row["question"] for row in rows} == {NAME}
    areas = [row["area"] for row in rows]
    assert areas[0] is None
    assert {OWN, FOREIGN} < set(areas)
    assert len(set(areas)) == len(areas)
    assert {row["day"] for row in rows} == {DAYS[1].isoformat()}
    own = next(row for row in rows if row["area"] == OWN)
    assert own["title"] == QUESTIONS[0].title._asdict()
    assert own["words"] == [{"sv": "Det är som vanligt.", "en": "This is as usual."}]
    assert own["state"] == "told"
    assert "content" not in own
    assert datetime.fromisoformat(own["known_at"]) == measuring.moment(REGION, DAYS[1]) + timedelta(hours=8)
    earlier = (await client.get(f"/api/v1/measures/results?day={DAYS[0]}")).json()
    assert {row["day"] for row in earlier["rows"]} == {DAYS[0].isoformat()}
    assert (await client.get("/api/v1/measures/results?day=2020-01-01")).json()["rows"] == []


async def test_a_result_is_told_whole_and_of_several_editions_the_one_that_is_asked_for(
    client: httpx.AsyncClient,
) -> None:
    path = f"/api/v1/measures/results/{NAME}"
    newest = (await client.get(path)).json()
    assert newest["content"] == {"n": 1}
    assert newest["area"] is None
    assert len(newest["editions"]) == 3
    morning = measuring.moment(REGION, DAYS[1])
    for query, known in (
        ({}, morning + timedelta(hours=8)),
        ({"known_at": (morning + timedelta(hours=1)).isoformat()}, morning),
        ({"day": DAYS[0].isoformat()}, measuring.moment(REGION, DAYS[0])),
        ({"area": OWN}, morning + timedelta(hours=8)),
    ):
        told = (await client.get(path, params=query)).json()
        assert datetime.fromisoformat(told["known_at"]) == known, query
        assert told["area"] == query.get("area")
    for query in ({"day": "2020-01-01"}, {"area": "nowhere"}, {"area": "po-city"}):
        assert (await client.get(path, params=query)).status_code == 404, query
    for query in ({"day": "x"}, {"known_at": "2026-01-01T00:00"}, {"nothing": "1"}):
        assert (await client.get(path, params=query)).status_code == 400, query


async def test_what_somebody_has_is_not_sent_again(client: httpx.AsyncClient, as_role: Any) -> None:
    path = f"/api/v1/measures/results/{NAME}"
    first = await client.get(path)
    again = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "no-store"
    wall = await (await as_role("wall")).get(path, headers={"If-None-Match": first.headers["etag"]})
    assert wall.status_code == 200
    other = await client.get(path, params={"area": OWN}, headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


@pytest.mark.parametrize("role", ["analyst", "commander", "wall"])
async def test_who_sees_the_region_sees_all_results(as_role: Any, role: str) -> None:
    client = await as_role(role)
    rows = (await client.get("/api/v1/measures/results")).json()["rows"]
    assert {None, OWN, FOREIGN} < {row["area"] for row in rows}
    assert (await client.get(f"/api/v1/measures/results/{NAME}?area={FOREIGN}")).status_code == 200


async def test_a_chief_sees_the_results_of_the_own_area_and_no_other(as_role: Any) -> None:
    client = await as_role("area_chief")
    rows = (await client.get("/api/v1/measures/results")).json()["rows"]
    assert {row["area"] for row in rows} == {OWN}
    assert (await client.get(f"/api/v1/measures/results/{NAME}?area={OWN}")).status_code == 200
    for query in ("", f"?area={FOREIGN}", "?area=po-city", f"?area={FOREIGN}&day={DAYS[0]}"):
        answer = await client.get(f"/api/v1/measures/results/{NAME}{query}")
        assert answer.status_code == 404, query


@pytest.mark.parametrize(("role", "status"), [("feed_admin", 200), ("auditor", 403), ("partner", 403)])
async def test_who_needs_no_results_gets_none(as_role: Any, role: str, status: int) -> None:
    client = await as_role(role)
    answer = await client.get("/api/v1/measures/results")
    assert answer.status_code == status
    assert answer.json().get("rows", []) == []
    assert (await client.get(f"/api/v1/measures/results/{NAME}")).status_code == (
        404 if status == 200 else 403
    )


async def test_reading_works_nothing_out(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for measure in all_measures().values():
        monkeypatch.setitem(measure.__dict__, "run", None)
        monkeypatch.setitem(measure.__dict__, "say", None)
    assert (await client.get("/api/v1/measures/results")).status_code == 200
    assert (await client.get(f"/api/v1/measures/results/{NAME}?area={OWN}")).status_code == 200
