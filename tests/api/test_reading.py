"""What is read over HTTP: the form of answers, the two clocks in an address, and errors in one sentence."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from app.api import change_examples, examples
from app.domain.errors import BadInput
from app.domain.window import Filters, Position, Window
from app.queries.counts import counts
from tests.queries.mvt import features
from tests.queries.picture import DAYS, START, load, settled

if TYPE_CHECKING:
    import httpx

V1 = "/api/v1"
FIRST, LAST = START.date(), START.date() + timedelta(days=DAYS)
WINDOW = {"from": str(FIRST), "to": str(LAST)}


@pytest.fixture(scope="module", autouse=True)
def loaded(dsn: str) -> None:
    asyncio.run(load(dsn, 7, keys=range(60), files=12))
    asyncio.run(settled(dsn))


async def get(client: httpx.AsyncClient, path: str, **asked: Any) -> Any:
    answer = await client.get(V1 + path, params=asked or None)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


async def test_counts_are_what_the_query_says(client: httpx.AsyncClient, db: asyncpg.Connection):
    told = await get(client, "/counts", by="day,area", **WINDOW)
    expected = await counts(db, Window(FIRST, LAST), Filters(), ["day", "area"])
    assert told["rows"] == [{**row, "day": str(row["day"])} for row in expected]
    assert datetime.fromisoformat(told["known_at"]) > datetime.now(UTC) - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2025-01-05T07:00:00+01:00", "2025-01-05T06:00:00Z"),
        ("2025-01-05T07:00:00 01:00", "2025-01-05T06:00:00Z"),  # a + that nobody encoded
        ("2025-01-05T06:00:00Z", "2025-01-05T06:00:00Z"),
        ("20250105T060000Z", "2025-01-05T06:00:00Z"),
        ("2025-01-05T06:00:00.25Z", "2025-01-05T06:00:00.250000Z"),
    ],
)
async def test_an_answer_says_for_which_moment_it_is_true(
    client: httpx.AsyncClient, written: str, meant: str
):
    answer = await client.get(f"{V1}/counts?from={FIRST}&to={LAST}&known_at={written}")
    assert answer.json()["known_at"] == meant


async def test_filters_may_be_repeated_or_have_commas(client: httpx.AsyncClient):
    one = await client.get(
        f"{V1}/counts", params={**WINDOW, "by": "day", "offence": "9365,9440", "area": "01"}
    )
    other = await client.get(
        f"{V1}/counts", params={**WINDOW, "by": ["day"], "offence": ["9365", "9440"], "area": ["01"]}
    )
    assert one.json()["rows"] == other.json()["rows"] != []


async def test_the_kind_is_report_unless_named_and_by_kind_tells_all_apart(client: httpx.AsyncClient):
    assert [row["kind"] for row in (await get(client, "/counts", by="kind", **WINDOW))["rows"]] == ["report"]
    assert (await get(client, "/counts", by="kind", kind="call", **WINDOW))["rows"] == []
    assert (await get(client, "/counts", kind="call", **WINDOW))["rows"] == [
        {"incidents": 0, "offences": 0, "harm": 0}
    ]


async def test_the_default_window_is_thirty_days_that_end_on_the_day_of_knowing(client: httpx.AsyncClient):
    known = {"known_at": "2025-01-10T23:30:00Z"}  # the 11th in the region
    told = await get(client, "/counts", by="day", **known)
    expected = await get(client, "/counts", by="day", **known, **{"from": "2024-12-13", "to": "2025-01-11"})
    assert told == expected


async def test_an_answer_can_be_pinned(client: httpx.AsyncClient, dsn: str):
    before = await get(client, "/counts", by="day", **WINDOW)
    await asyncio.to_thread(asyncio.run, load(dsn, 8, keys=range(70), files=3))
    await settled(dsn)
    pinned = await get(client, "/counts", by="day", until=before["position"], **WINDOW)
    assert (pinned["rows"], pinned["position"]) == (before["rows"], before["position"])
    assert (await get(client, "/counts", by="day", **WINDOW))["rows"] != before["rows"]


async def test_an_answer_is_pinned_by_its_position_while_an_older_delivery_is_still_open(
    client: httpx.AsyncClient, dsn: str
):
    before = await get(client, "/counts", by="day", **WINDOW)
    older = await asyncpg.connect(dsn)
    try:
        async with older.transaction():
            await older.execute("select pg_current_xact_id()")
            await asyncio.to_thread(asyncio.run, load(dsn, 9, keys=range(70), files=3))
            held = await get(client, "/counts", by="day", **WINDOW)
    finally:
        await older.close()
    await settled(dsn)
    assert (held["rows"], held["position"]) == (before["rows"], before["position"])
    after = await get(client, "/counts", by="day", **WINDOW)
    pinned = await get(client, "/counts", by="day", until=held["position"], **WINDOW)
    assert pinned["rows"] == held["rows"] != after["rows"]


async def test_pages_of_incidents_and_one_with_its_history(client: httpx.AsyncClient):
    seen, after = [], {}
    while True:
        told = await get(client, "/incidents", limit=7, **WINDOW, **after)
        seen += told["rows"]
        if told["next"] is None:
            break
        after = {"after": told["next"]}
    total = (await get(client, "/counts", **WINDOW))["rows"][0]["incidents"]
    assert len({row["uid"] for row in seen}) == len(seen) == total
    placed = next(row for row in seen if row["geometry"])
    assert placed["geometry"]["type"] == "Point"
    one = await get(client, f"/incidents/{placed['uid']}")
    assert one["rows"][-1]["geometry"] == placed["geometry"]
    assert set(one) == _keys(examples.INCIDENT)
    assert set(one["rows"][0]) == _keys(examples.INCIDENT, "rows")


async def test_changes_between_two_moments(client: httpx.AsyncClient):
    told = await get(client, "/changes", since="2024-12-20T00:00:00Z", until="2025-01-20T00:00:00Z")
    assert told["known_at"] == "2025-01-20T00:00:00Z"
    assert {row["change"] for row in told["rows"]} >= {"added", "moved"}
    assert set(told["rows"][0]) == _keys(change_examples.CHANGES, "rows")
    now = await get(client, "/changes", since="2025-01-20T00:00:00Z")
    assert now["known_at"] > "2025-01-20"


async def test_borders_come_as_geojson(client: httpx.AsyncClient):
    answer = await client.get(
        f"{V1}/areas", params={"kind": "lokalpolisomrade", "on": "2024-06-01", "geometry": "true"}
    )
    assert answer.headers["content-type"] == "application/geo+json"
    names = {feature["properties"]["code"] for feature in answer.json()["features"]}
    assert "lpo-norrmalm" in names
    assert "lpo-norra-innerstaden" not in names


@pytest.mark.parametrize(
    ("path", "example"),
    [
        ("/health", examples.HEALTH),
        ("/areas", examples.AREAS),
        ("/offences", examples.OFFENCES),
        ("/feeds?versions=true", examples.FEEDS),
        ("/counts?by=day,area&from=2024-12-01&to=2025-02-01", examples.COUNTS),
        ("/incidents?from=2024-12-01&to=2025-02-01", examples.INCIDENTS),
    ],
)
async def test_answers_look_like_their_examples(client: httpx.AsyncClient, path: str, example: Any):
    told = await get(client, path)
    assert set(told) == _keys(example)
    if "rows" in told:
        assert told["rows"]
        assert set(told["rows"][0]) == _keys(example, "rows")


async def test_incidents_and_versions_of_a_feed_can_be_recounted(
    client: httpx.AsyncClient, db: asyncpg.Connection
):
    told = {row["feed"]: row for row in (await get(client, "/feeds", versions="true"))["rows"]}
    seen: dict[str, list[int]] = {}
    for row in await db.fetch(
        "select incident_id, feed, repeats from incident_version join incident using (incident_id)"
    ):
        if not row["repeats"]:
            seen.setdefault(row["feed"], []).append(row["incident_id"])
    assert seen
    assert {feed: (row["incidents"], row["versions"]) for feed, row in told.items()} == {
        feed: (len(set(seen.get(feed, ()))), len(seen.get(feed, ()))) for feed in told
    }
    assert set(seen) <= set(told)
    for row in told.values():
        assert row["read"] == row["loaded"] + row["unchanged"] + row["quarantined"] + row["outside"]
    assert {"incidents", "versions"} & {
        key for row in (await get(client, "/feeds"))["rows"] for key in row
    } == set()


def _keys(example: Any, inside: str | None = None) -> set[str]:
    told = example[200]["content"]["application/json"]["example"]
    return set(told[inside][0] if inside else told)


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("/counts?from=2026-13-01", 400, "2026-13-01"),
        ("/counts?from=yesterday", 400, "YYYY-MM-DD"),
        ("/counts?from=2026-02-02&to=2026-02-01", 400, "swap"),
        ("/counts?known_at=2026-01-01T07:00:00", 400, "offset"),
        ("/counts?known_at=seven", 400, "seven"),
        ("/counts?kind=rumour", 400, "rumour"),
        ("/counts?by=month", 400, "month"),
        ("/counts?by=day&by=day&by=day", 200, ""),
        ("/counts?area=lpo-nowhere", 400, "lpo-nowhere"),
        ("/counts?offence=1%27%20or%201=1", 400, "no offence"),
        ("/counts?until=5", 400, "123-456"),
        ("/counts?colour=red", 400, "colour"),
        ("/health?colour=red", 400, "takes none"),
        ("/incidents?limit=0", 400, "limit"),
        ("/incidents?limit=100000", 400, "limit"),
        ("/incidents?after=x", 400, "next"),
        ("/incidents/5", 404, "5"),
        ("/incidents/4c9e5d1e-6a0b-4a53-9a1e-0c6f0f7b8f11", 404, "no incident"),
        ("/changes", 400, "since"),
        ("/changes?since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", 400, "swap"),
        ("/nowhere", 404, "no such path"),
        ("/", 404, "no such path"),
        ("/tiles/density/0/0/7.mvt", 400, "no tile"),
        ("/tiles/heat/0/0/0.mvt", 400, "no layer"),
        ("/tiles/density/x/0/0.mvt", 404, "no such path|z"),
        ("/feeds?kind=report", 400, "kind"),
    ],
)
async def test_what_is_wrong_is_said_in_one_sentence(
    client: httpx.AsyncClient, path: str, status: int, word: str
):
    answer = await client.get(V1 + path)
    if path == "/tiles/density/x/0/0.mvt":
        assert answer.status_code in {400, 404}
        return
    assert answer.status_code == status, answer.text
    if status != 200:
        told = answer.json()
        assert list(told) == ["error"]
        assert word in told["error"]
        assert "\n" not in told["error"]


async def test_a_method_that_a_path_lacks_is_refused(client: httpx.AsyncClient):
    answer = await client.delete(f"{V1}/counts")
    assert (answer.status_code, list(answer.json())) == (405, ["error"])


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v2/counts", "/api/v1/counts/"])
async def test_unknown_paths_of_the_api_never_reach_the_pages(client: httpx.AsyncClient, path: str):
    answer = await client.get(path, follow_redirects=False)
    assert answer.status_code in {404, 307}
    if answer.status_code == 404:
        assert "error" in answer.json()


async def test_a_tile_is_sent_again_only_when_the_ledger_went_on(client: httpx.AsyncClient, dsn: str):
    path = f"{V1}/tiles/density/6/35/18.mvt"
    first = await client.get(path, params={**WINDOW, "v": "1"})
    assert first.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert "content-encoding" not in first.headers
    total = (await get(client, "/counts", **WINDOW))["rows"][0]["incidents"]
    assert 0 < sum(feature["n"] for feature in features(first.content) if feature["own"]) <= total
    have = {"If-None-Match": first.headers["etag"]}
    assert (await client.get(path, params={**WINDOW, "v": "2"}, headers=have)).status_code == 304
    assert (await client.get(path, params={**WINDOW, "area": "0980"}, headers=have)).status_code == 200
    await asyncio.to_thread(asyncio.run, load(dsn, 11, keys=range(80), files=2))
    assert (await client.get(path, params=WINDOW, headers=have)).status_code == 200


@pytest.mark.parametrize("layer", ["density", "points", "areas"])
async def test_each_layer_is_served(client: httpx.AsyncClient, layer: str):
    answer = await client.get(
        f"{V1}/tiles/{layer}/6/35/18.mvt", params={**WINDOW, "known_at": "2025-01-10T00:00:00Z"}
    )
    assert answer.status_code == 200
    assert {feature["layer"] for feature in features(answer.content)} == {layer}


async def test_the_description_works_without_any_other_machine(client: httpx.AsyncClient):
    page = (await client.get(f"{V1}/docs")).text
    assert "http://" not in page
    assert "https://" not in page
    told = await get(client, "/openapi.json")
    for path in (
        "counts",
        "changes",
        "incidents",
        "incidents/{uid}",
        "stream",
        "areas",
        "offences",
        "feeds",
        "health",
    ):
        operation = told["paths"][f"/v1/{path}"]["get"]
        assert operation["responses"]["200"]["content"], path
        assert "example" in str(operation["responses"]["200"]["content"]), path
    assert told["servers"] == [{"url": "/api"}]


async def test_the_pages_answer_beside_the_api(client: httpx.AsyncClient):
    answer = await client.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "Lägesbild" in answer.text
    assert "connect-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "asked",
    [
        "/counts?known_at=9999-12-31T23:59:59Z", "/counts?known_at=9999-12-31T23:59:59-01:00",
        "/counts?known_at=0001-01-01T00:00:00%2B01:00", "/counts?to=0001-01-02", "/counts?from=1899-12-31",
        "/counts?from=2025-01-01&to=9999-12-31", "/areas?on=9999-12-31", "/counts?area=%00", "/counts?offence=a%00b",
        "/counts?area_kind=%00", "/areas?kind=%00", "/counts?until=1-9223372036854775808",
        "/counts?until=99999999999999999999999-1", "/stream?from=9223372036854775808-1",
        "/incidents?after=2025-01-01_9223372036854775808", "/incidents?after=2025-01-01_9_999_999_999_999_999_999_999",
        "/incidents?after=9999-12-31_1", "/changes?since=2025-01-01T00:00:00Z&after=0001-01-01T00:00:00%2B01:00_1",
        "/changes?since=9999-12-31T23:59:59-01:00",
    ],
)  # fmt: skip
async def test_what_the_database_cannot_take_is_refused_with_a_sentence(
    client: httpx.AsyncClient, asked: str
):
    answer = await client.get(V1 + asked)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")


def test_a_position_is_of_numbers_that_the_database_counts_with() -> None:
    assert Position.parse("1-9223372036854775807").ledger_id == 2**63 - 1
    with pytest.raises(BadInput):
        Position.parse("1-9223372036854775808")
