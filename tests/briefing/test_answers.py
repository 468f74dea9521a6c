"""The editions over HTTP: a list, one whole, as a document, as a PDF; in whose role; each file in the log."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from pypdf import PdfReader

from app.commands.tokens import create_token
from app.db import open_pool
from app.jobs import briefing
from tests.access.people import FOREIGN, OWN
from tests.api.conftest import BASE, app, var  # noqa: F401 - fixtures
from tests.briefing.test_made import DAY, KNOWN, NOW
from tests.measures.daily import REGION
from tests.queries.picture import load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from app.db import Pool


async def fill(dsn: str) -> None:
    await load(dsn, 7, keys=range(150), files=40)
    async with open_pool(dsn, size=3) as pool:
        await briefing.make(pool, REGION, DAY, KNOWN, now=NOW)


@pytest.fixture(scope="module")
def dsn(dsn: str) -> str:
    asyncio.run(fill(dsn))
    return dsn


@pytest.fixture
async def as_role(app: Any, pool: Pool) -> AsyncIterator[Any]:  # noqa: F811
    clients: list[httpx.AsyncClient] = []

    async def client(role: Any, *areas: str) -> httpx.AsyncClient:
        async with pool.acquire() as connection:
            token = await create_token(connection, role, "tests", areas)
        made = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=BASE, headers={"Authorization": f"Bearer {token}"}
        )
        clients.append(made)
        return made

    yield client
    for one in clients:
        await one.aclose()


async def test_the_list_is_of_what_the_asker_may_see(as_role: Any) -> None:
    analyst, chief, wall = await as_role("analyst"), await as_role("area_chief", OWN), await as_role("wall")
    rows = (await analyst.get("/api/v1/briefings")).json()["rows"]
    assert rows[0]["area"] is None
    assert len(rows) > 15
    assert [one["area"] for one in (await chief.get("/api/v1/briefings")).json()["rows"]] == [OWN]
    assert (await wall.get("/api/v1/briefings")).json()["rows"] == []
    early = {"known_at": "2025-01-01T07:00:00+01:00"}
    assert (await analyst.get("/api/v1/briefings", params=early)).json()["rows"] == []


async def test_one_is_given_whole_as_a_document_and_as_a_pdf_and_each_file_is_logged(
    as_role: Any, pool: Pool
) -> None:
    chief = await as_role("area_chief", OWN)
    (head,) = (await chief.get("/api/v1/briefings", params={"area": OWN})).json()["rows"]
    path = f"/api/v1/briefings/{head['edition_id']}"
    whole = (await chief.get(path)).json()
    assert whole["content"]["first"]["source"]["query"] == "briefing.needs"
    assert whole["content"]["area"] == OWN
    document = await chief.get(f"{path}.html", params={"lang": "en"})
    assert document.headers["content-type"] == "text/html; charset=utf-8"
    assert "Morning briefing" in document.text
    assert "sha256-" in document.headers["content-security-policy"]
    made = await chief.get(f"{path}.pdf")
    assert made.headers["content-type"] == "application/pdf"
    assert f"lagesbild-{DAY}-{OWN}-1-sv.pdf" in made.headers["content-disposition"]
    assert len(PdfReader(BytesIO(made.content)).pages) >= 2
    async with pool.acquire() as connection:
        logged = await connection.fetch(
            "select filter ->> 'format' as format from read_log where action = 'export' and what = $1 order by at",
            f"briefings/{head['edition_id']}",
        )
    assert [row["format"] for row in logged] == ["html", "pdf"]


async def test_another_district_s_edition_is_as_one_that_is_not_there(as_role: Any) -> None:
    analyst, chief = await as_role("analyst"), await as_role("area_chief", OWN)
    (foreign,) = (await analyst.get("/api/v1/briefings", params={"area": FOREIGN})).json()["rows"]
    for form in ("", ".html", ".pdf"):
        refused = await chief.get(f"/api/v1/briefings/{foreign['edition_id']}{form}")
        nothing = await chief.get(f"/api/v1/briefings/999999{form}")
        assert refused.status_code == nothing.status_code == 404
    partner = await as_role("partner")
    assert (await partner.get("/api/v1/briefings")).status_code == 403


@pytest.mark.parametrize(
    ("path", "said"), [("?day=2025-13-01", "not a day"), ("/1.pdf?lang=de", "sv or en"), ("/x", "no edition")]
)
async def test_what_cannot_be_understood_is_said(as_role: Any, path: str, said: str) -> None:
    answer = await (await as_role("analyst")).get(f"/api/v1/briefings{path}")
    assert answer.status_code in {400, 404}
    assert said in answer.json()["error"]
