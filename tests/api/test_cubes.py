"""What partners are given over HTTP: several months with corrections, attacked with nothing but the answers."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import httpx
import pytest

from app.commands.tokens import create_token
from app.config import ROOT
from app.db import open_pool
from app.disclosure import ledger
from app.disclosure.ledger import AlreadyPublished
from app.disclosure.recover import recover
from app.domain.errors import BadInput
from app.domain.region import Region
from app.jobs.cube_state import Mismatch
from app.jobs.publish import attack_published, declared_cubes, publish_period
from app.queries import cubes as queries
from etl.keep import Keys
from etl.run import Intake
from tests.api.conftest import BASE
from tests.ledger.plain_feed import lines, plain_feed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from app.db import Pool

pytestmark = pytest.mark.timeout(
    900
)  # solving a quarter and its corrections takes half a minute on idle cores

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
PLACES = ["Södermalm", "Nacka", "Solna", "Täby", "Sollentuna", "Huddinge", "Haninge", "Stockholm", "Gotland"]
WEIGHTS = [9, 5, 4, 1, 3, 2, 1, 2, 1]
CODES = ["9365", "9367", "9440", "0412"]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def small_cubes():
    """The region's own cubes, but for the kommuner, and with two offence groups: quick to solve."""
    declared = declared_cubes(REGION)
    offences = {code: declared.offences[code] for code in ("vald", "ovrigt")}
    brott, dygn = declared.cubes
    return replace(
        declared,
        offences=offences,
        cubes=(replace(brott, areas=("region", "polisomrade", "lokalpolisomrade")), dygn),
    )


class Source:
    """A feed that corrects itself: reports are late, move, and are withdrawn."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._told: list[dict[str, Any]] = []

    def month(self, first: datetime, number: int) -> bytes:
        """Reports of a month."""
        new = []
        for _ in range(number):
            new.append(
                {
                    "source_key": f"C{len(self._told) + len(new)}",
                    "state": "active",
                    "occurred_from": (
                        first + timedelta(hours=self._chance.randrange(24 * 27) + 12)
                    ).isoformat(),
                    "offences": [{"code": self._chance.choice(CODES), "count": 1}],
                    "areas": self._chance.choices(PLACES, WEIGHTS),
                }
            )
        self._told += new
        return lines(*new)

    def corrections(self, number: int) -> bytes:
        """Some that moved, some that are withdrawn."""
        chosen = self._chance.sample(self._told, number)
        for report in chosen:
            report["areas" if self._chance.random() < 0.6 else "state"] = (
                self._chance.choices(PLACES, WEIGHTS) if self._chance.random() < 2 else []
            )
            if report["state"] != "active":
                report["state"] = "withdrawn"
        return lines(*chosen)


async def publish_everything(dsn: str) -> None:
    """A quarter month by month, each with late reports and corrections after it, and corrections published."""
    source = Source(11)
    cubes = small_cubes()
    async with open_pool(dsn, size=2) as pool:
        intake = Intake(pool, Keys(bytes(range(32))))

        async def take(content: bytes, at: datetime) -> None:
            await intake.ingest(plain_feed(), content, name=f"{at}", fetched_at=at, archive=True)

        async def out(period: str, at: datetime, *, correct: bool = False) -> None:
            await publish_period(pool, REGION, cubes, period, now=NOW, as_of=at, correct=correct)

        for month in (7, 8, 9):
            first = datetime(2026, month, 1, tzinfo=UTC)
            after = datetime(2026, month + 1, 10, tzinfo=UTC)
            await take(source.month(first, 90), after - timedelta(days=5))
            await out(f"2026-{month:02d}", after)
            await take(source.corrections(6), after + timedelta(days=1))
            await take(source.month(first, 25), after + timedelta(days=2))
        await out("2026-08", datetime(2026, 10, 20, tzinfo=UTC), correct=True)
        await take(source.corrections(9), datetime(2026, 10, 21, tzinfo=UTC))
        await out("2026-Q3", datetime(2026, 10, 25, tzinfo=UTC), correct=True)


@pytest.fixture(scope="module")
def dsn(dsn: str) -> str:
    asyncio.run(publish_everything(dsn))
    return dsn


@pytest.fixture
async def as_role(app: ASGIApp, pool: Pool) -> AsyncIterator[Any]:
    """Make a client in some role."""
    opened: list[httpx.AsyncClient] = []

    async def client(role: str) -> httpx.AsyncClient:
        async with pool.acquire() as connection:
            token = await create_token(connection, role, f"a {role}")
        made = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=BASE, headers={"Authorization": f"Bearer {token}"}
        )
        opened.append(made)
        return made

    yield client
    for one in opened:
        await one.aclose()


@pytest.fixture
async def partner(as_role: Any) -> httpx.AsyncClient:
    client: httpx.AsyncClient = await as_role("partner")
    return client


async def everything(client: httpx.AsyncClient) -> list[dict[str, Any]]:
    """All editions that a partner can download."""
    found = []
    for cube in (await client.get("/api/v1/cubes")).json()["rows"]:
        heads = (await client.get(f"/api/v1/cubes/{cube['cube']}/editions")).json()["rows"]
        assert len(heads) == cube["editions"]
        for head in heads:
            answer = await client.get(f"/api/v1/cubes/{cube['cube']}/editions/{head['edition_id']}")
            assert answer.status_code == 200, answer.text
            found.append(answer.json())
    return found


async def test_a_partner_with_every_edition_recovers_nothing(partner: httpx.AsyncClient) -> None:
    documents = await everything(partner)
    assert {(one["cube"], one["period"], one["version"]) for one in documents} == {
        *(("brott", f"2026-0{month}", 1) for month in (7, 8, 9)),
        ("brott", "2026-Q3", 1), ("dygn", "2026-Q3", 1), ("brott", "2026-08", 2),
        *(("brott", f"2026-0{month}", 3) for month in (7, 8, 9)), ("brott", "2026-Q3", 3), ("dygn", "2026-Q3", 3),
    }  # fmt: skip
    found = recover(documents)
    assert found.nothing, found
    assert len(found.wide) > 20
    # Something was corrected, or the rest would prove little.
    assert any(row["version"] == 3 for one in documents for row in one["rows"])


async def test_json_and_csv_say_the_same_and_hidden_is_told_as_hidden(partner: httpx.AsyncClient) -> None:
    head = (await partner.get("/api/v1/cubes/brott/editions", params={"period": "2026-07"})).json()["rows"][
        -1
    ]
    path = f"/api/v1/cubes/brott/editions/{head['edition_id']}"
    document = (await partner.get(path)).json()
    for answer in (
        await partner.get(path, params={"format": "csv"}),
        await partner.get(path, headers={"Accept": "text/csv"}),
    ):
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
        assert [row["Antal anmälningar"] for row in rows] == [
            ".." if row["figure"] is None else str(row["figure"]) for row in document["rows"]
        ]
        assert {row["Status"] for row in rows if row["Antal anmälningar"] == ".."} == {"dolt"}
    assert head["hidden"] == sum(row["figure"] is None for row in document["rows"]) > 0
    assert all(
        row.keys() == {"area", "offence", "hour", "month", "figure", "version"} for row in document["rows"]
    )


async def test_an_edition_that_somebody_has_is_not_sent_again_and_other_roles_have_other_tags(
    partner: httpx.AsyncClient, as_role: Any
) -> None:
    head = (await partner.get("/api/v1/cubes/dygn/editions")).json()["rows"][0]
    path = f"/api/v1/cubes/dygn/editions/{head['edition_id']}"
    first = await partner.get(path)
    again = await partner.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    analyst = await (await as_role("analyst")).get(path, headers={"If-None-Match": first.headers["etag"]})
    assert analyst.status_code == 200
    assert analyst.headers["etag"] != first.headers["etag"]
    assert analyst.json()["rows"] == first.json()["rows"]


@pytest.mark.parametrize("role", ["wall", "feed_admin", "auditor"])
async def test_who_needs_no_statistics_gets_none(as_role: Any, role: str) -> None:
    client = await as_role(role)
    for path in ("cubes", "cubes/brott/editions", "cubes/brott/editions/1"):
        assert (await client.get(f"/api/v1/{path}")).status_code == 403


async def test_a_partner_gets_nothing_else(partner: httpx.AsyncClient) -> None:
    for path in ("counts", "incidents", "feeds", "changes?since=2026-11-01T00:00:00Z", "log"):
        assert (await partner.get(f"/api/v1/{path}")).status_code == 403, path


async def test_what_is_not_there_or_not_understood_is_said(partner: httpx.AsyncClient) -> None:
    statuses = {
        "cubes/nothing/editions": 404,
        "cubes/brott/editions/999999": 404,
        "cubes/brott/editions/x": 404,
        "cubes/brott/editions/99999999999999999999999": 400,
        "cubes/brott/editions/1?format=xml": 400,
        "cubes/brott/editions/1?area=0180": 400,
        "cubes?offence=9365": 400,
    }
    got = {path: (await partner.get(f"/api/v1/{path}")).status_code for path in statuses}
    assert got | {"cubes/brott/editions/99999999999999999999999": 400} == statuses
    answer = await partner.get("/api/v1/cubes/brott/editions/1", headers={"Accept": "image/png"})
    assert answer.status_code == 406


async def test_every_download_is_in_the_log(partner: httpx.AsyncClient, pool: Pool) -> None:
    head = (await partner.get("/api/v1/cubes/brott/editions")).json()["rows"][0]
    await partner.get(f"/api/v1/cubes/brott/editions/{head['edition_id']}", params={"format": "csv"})
    async with pool.acquire() as connection:
        row = await connection.fetchrow(
            "select * from read_log where action = 'export' order by log_id desc limit 1"
        )
    assert row["role"] == "partner"
    assert row["what"] == f"cubes/brott/editions/{head['edition_id']}"
    assert row["found"] == head["cells"]
    told = row["filter"] if isinstance(row["filter"], dict) else json.loads(row["filter"])
    assert told == {"cube": "brott", "period": head["period"], "version": head["version"], "format": "csv"}


async def test_an_edition_can_be_neither_changed_nor_deleted(pool: Pool) -> None:
    for statement in (
        "update cube_edition set content = '{}'",
        "delete from cube_edition",
        "truncate cube_edition",
        "delete from cube_pin",
    ):
        async with pool.acquire() as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                await connection.execute(statement)


async def test_a_month_is_published_once_and_when_it_is_over(pool: Pool) -> None:
    cubes = small_cubes()
    with pytest.raises(AlreadyPublished):
        await publish_period(pool, REGION, cubes, "2026-07", now=NOW)
    for period, sentence in (
        ("2026-11", "not over"),
        ("2026-Q2", "publish 2026-04"),
        ("2026-13", "no period"),
    ):
        with pytest.raises(BadInput, match=sentence):
            await publish_period(pool, REGION, cubes, period, now=NOW)
    with pytest.raises(BadInput, match="future"):
        await publish_period(pool, REGION, cubes, "2026-10", now=NOW, as_of=NOW + timedelta(days=1))
    other = replace(cubes, cubes=(replace(cubes.cubes[0], areas=("region",)), cubes.cubes[1]))
    with pytest.raises(BadInput, match="than it is declared"):
        await publish_period(pool, REGION, other, "2026-10", now=NOW)


async def test_a_ledger_that_gives_other_figures_at_its_pins_stops_publishing(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = queries.signed

    async def some(*asked: Any) -> list[dict[str, Any]]:
        return (await whole(*asked))[40:]

    monkeypatch.setattr(queries, "signed", some)
    with pytest.raises(Mismatch):
        await publish_period(pool, REGION, small_cubes(), "2026-10", now=NOW)


async def test_publishing_without_complements_is_found_by_the_same_attack(
    fresh_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_the_small(counts: Any, policy: Any, **_: Any) -> frozenset[Any]:
        return frozenset(cell for cell, number in counts.items() if policy.small(number))

    monkeypatch.setattr(ledger, "suppress", only_the_small)
    source = Source(11)
    july = datetime(2026, 7, 1, tzinfo=UTC)
    async with open_pool(fresh_dsn, size=2) as pool:
        await Intake(pool, Keys(bytes(range(32)))).ingest(
            plain_feed(),
            source.month(july, 90),
            name="x",
            fetched_at=datetime(2026, 8, 5, tzinfo=UTC),
            archive=True,
        )
        with pytest.raises(ledger.GivesAway):  # The publication attacks itself before anything is stored,
            await publish_period(pool, REGION, small_cubes(), "2026-07", now=NOW)
        monkeypatch.setattr(ledger, "gives_away", lambda *_: None)
        await publish_period(pool, REGION, small_cubes(), "2026-07", now=NOW)
        async with pool.acquire() as connection:
            found = await attack_published(connection)  # and so does whoever has what came out.
    assert found.exact
