"""Real snapshots of polisen.se, loaded with their fetch times, equal a recount of the raw files, to the last one.

The recount shares no code with the feed: it goes through the raw JSON with its own list of the region's names and its
own idea of when a position is the same. It knows nothing of versions, only what each body said and when.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import unicodedata
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.db import Pool, open_pool
from app.domain.window import Filters, Window
from app.queries.counts import counts
from etl.feed import get_feed
from etl.keep import Keys
from etl.receipt import Receipt
from etl.run import Intake

OURS = {
    "botkyrka", "danderyd", "ekerö", "gotland", "gotlands län", "haninge", "huddinge", "järfälla", "lidingö", "nacka",
    "norrtälje", "nykvarn", "nynäshamn", "salem", "sigtuna", "sollentuna", "solna", "stockholm", "stockholms län",
    "sundbyberg", "södertälje", "tyresö", "täby", "upplands väsby", "upplands-bro", "vallentuna", "vaxholm", "värmdö",
    "österåker",
}  # fmt: skip

WINDOW = (date(2015, 1, 1), date(2027, 12, 31))


class Snapshot(NamedTuple):
    """One body of the interface and when it was fetched."""

    fetched_at: datetime
    items: list[dict[str, Any]]

    @property
    def body(self) -> bytes:
        return json.dumps(self.items, ensure_ascii=False).encode()


class Recount(NamedTuple):
    """What is believed at a moment: the number of items, and of each type."""

    incidents: int
    types: Counter[str]


def real_snapshots(shared: Path) -> list[Snapshot]:
    """The monthly bodies as they came; their names tell when."""
    found = []
    for file in sorted((shared / "data" / "polisen_se").glob("monthly_*.json.gz")):
        fetched_at = datetime.strptime(file.name, "monthly_%Y-%m-%dT%H%M%SZ.json.gz").replace(tzinfo=UTC)
        found.append(Snapshot(fetched_at, json.loads(gzip.decompress(file.read_bytes()))))
    assert len(found) >= 11
    return found


def version_snapshots(shared: Path) -> list[Snapshot]:
    """The 5,500 real versions as bodies of at most 500 items: each at its first sight and, if later, at its last.

    A version that is seen after its successor was (there are 20) is a return to what was said before.
    """
    file = shared / "data" / "polisen_se" / "region_stockholm_event_versions_2022_2024.jsonl.gz"
    rows = [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    sightings = sorted(
        (datetime.fromisoformat(moment), row["version"], place)
        for place, row in enumerate(rows)
        for moment in {row["first_seen"], row["last_seen"]}
    )
    bodies: list[tuple[datetime, dict[int, dict[str, Any]]]] = []
    for moment, _, place in sightings:
        event = rows[place]["event"]
        # A body holds an id once, and the next body is of a later moment.
        if not bodies or event["id"] in bodies[-1][1] or len(bodies[-1][1]) == 500:
            bodies.append((moment, {}))
        last = bodies[-2][0] + timedelta(seconds=1) if len(bodies) > 1 else moment
        bodies[-1][1][event["id"]] = event
        bodies[-1] = (max(moment, last), bodies[-1][1])
    return [Snapshot(moment, list(body.values())) for moment, body in bodies]


# -- the recount ----------------------------------------------------------------------------------------------


def is_ours(item: dict[str, Any]) -> bool:
    return item["location"]["name"].strip().casefold() in OURS


def said(item: dict[str, Any]) -> tuple[Any, ...]:
    """What an item says; its position to the micro-degree, which is what the source writes."""
    gps = tuple(round(Decimal(part), 6) for part in item["location"]["gps"].split(","))
    return (
        *(item[name] for name in ("datetime", "name", "summary", "url", "type")),
        item["location"]["name"],
        gps,
    )


def recount(snapshots: list[Snapshot], known_at: datetime) -> Recount:
    latest: dict[int, dict[str, Any]] = {}
    for snapshot in sorted(snapshots, key=lambda one: one.fetched_at):
        if snapshot.fetched_at <= known_at:
            latest |= {item["id"]: item for item in snapshot.items}
    ours = [item for item in latest.values() if is_ours(item)]
    return Recount(len(ours), Counter(code_of(item["type"]) for item in ours))


def code_of(kind: str) -> str:
    ascii_only = unicodedata.normalize("NFKD", kind.casefold()).encode("ascii", "ignore").decode()
    return "polisen:" + "-".join(re.findall("[a-z0-9]+", ascii_only))


def changes(snapshots: list[Snapshot]) -> int:
    """How often an item of ours came, or came to say something else than the time before."""
    latest: dict[int, tuple[Any, ...]] = {}
    found = 0
    for snapshot in sorted(snapshots, key=lambda one: one.fetched_at):
        for item in snapshot.items:
            if item["id"] in latest or is_ours(item):
                found += latest.get(item["id"]) != said(item)
                latest[item["id"]] = said(item)
    return found


# -- the picture ----------------------------------------------------------------------------------------------


async def picture(pool: Pool, known_at: datetime) -> Recount:
    async with pool.acquire() as connection:
        window = Window(*WINDOW, known_at)
        total = await counts(connection, window, Filters(kind="notice"), by=[])
        types = await counts(connection, window, Filters(kind="notice"), by=["offence"])
        days = await counts(connection, window, Filters(kind="notice"), by=["day", "area"])
    assert sum(row["incidents"] for row in days) == total[0]["incidents"] == total[0]["offences"]
    return Recount(total[0]["incidents"], Counter({row["offence"]: row["incidents"] for row in types}))


async def deliver(intake: Intake, body: bytes, fetched_at: datetime) -> Receipt:
    return await intake.ingest(
        get_feed("polisen"), body, name=f"{fetched_at:%FT%TZ}.json", fetched_at=fetched_at, archive=True
    )


@pytest.fixture
async def place(fresh_dsn: str, keys: Keys) -> AsyncIterator[tuple[Pool, Intake]]:
    async with open_pool(fresh_dsn, size=3) as pool:
        yield pool, Intake(pool, keys)


@pytest.fixture(params=["real", "versions"])
def snapshots(request: pytest.FixtureRequest, shared: Path) -> list[Snapshot]:
    return (real_snapshots if request.param == "real" else version_snapshots)(shared)


def shuffled(snapshots: list[Snapshot]) -> Iterator[Snapshot]:
    return iter(random.Random(20261124).sample(snapshots, len(snapshots)))  # noqa: S311 - an order


async def agree_at_every_snapshot(pool: Pool, snapshots: list[Snapshot]) -> None:
    """At each snapshot, and just before it; at 40 of them, and the last, when there are many more."""
    moments = [snapshot.fetched_at for snapshot in snapshots]
    some = [*moments[:: 1 + len(moments) // 40], moments[-1]]
    for moment in [*some, *(moment - timedelta(microseconds=1) for moment in some)]:
        assert await picture(pool, moment) == recount(snapshots, moment), moment
    async with pool.acquire() as connection:
        ours = {item["id"] for snapshot in snapshots for item in snapshot.items if is_ours(item)}
        keys = {int(row["source_key"]) for row in await connection.fetch("select source_key from incident")}
        versions = await connection.fetchval("select count(*) from incident_version where not repeats")
    assert keys == ours
    assert versions == changes(snapshots)


async def test_in_the_order_of_their_fetching(place: tuple[Pool, Intake], snapshots: list[Snapshot]) -> None:
    pool, intake = place
    for snapshot in snapshots:
        receipt = await deliver(intake, snapshot.body, snapshot.fetched_at)
        assert receipt.quarantined == 0
        assert receipt.read == len(snapshot.items) == receipt.loaded + receipt.unchanged + receipt.outside
    await agree_at_every_snapshot(pool, snapshots)


async def test_in_any_order(place: tuple[Pool, Intake], snapshots: list[Snapshot]) -> None:
    pool, intake = place
    for snapshot in shuffled(snapshots):
        await deliver(intake, snapshot.body, snapshot.fetched_at)
    await agree_at_every_snapshot(pool, snapshots)


async def test_what_is_cut_off_empty_or_noise_between_them_changes_nothing(
    place: tuple[Pool, Intake], shared: Path
) -> None:
    pool, intake = place
    snapshots = real_snapshots(shared)
    chance = random.Random(1)  # noqa: S311 - where a body is cut
    for snapshot in snapshots:
        await deliver(intake, snapshot.body, snapshot.fetched_at)
        between = snapshot.fetched_at + timedelta(minutes=1)
        cut = snapshot.body[: chance.randrange(1, len(snapshot.body))]
        for body in (b"", b"  \n", cut, b"null", b"<html>503 Service Unavailable</html>"):
            receipt = await deliver(intake, body, between)
            assert (receipt.read, receipt.quarantined) == (1, 1)
            between += timedelta(minutes=1)
        short = await deliver(intake, Snapshot(between, snapshot.items[:40]).body, between)
        nothing = await deliver(intake, b"[]", between)
        noise = await deliver(
            intake,
            Snapshot(between, [with_noise(item) for item in snapshot.items]).body,
            between + timedelta(minutes=1),
        )
        assert short.loaded == nothing.loaded == noise.loaded == 0
    await agree_at_every_snapshot(pool, snapshots)


def with_noise(item: dict[str, Any]) -> dict[str, Any]:
    """The same position with the last bits of its floats astray: 58.345364 and 58.345364000000004."""
    gps = ",".join(f"{float(part) + 4e-15:.15f}" for part in item["location"]["gps"].split(","))
    return {**item, "location": {**item["location"], "gps": gps}}


def test_the_recount_tells_a_difference(shared: Path) -> None:
    snapshots = real_snapshots(shared)
    at = snapshots[-1].fetched_at
    whole = recount(snapshots, at)
    assert whole.incidents > 500
    lost = [
        snapshot._replace(items=[i for i in snapshot.items if not is_ours(i)][:1]) for snapshot in snapshots
    ]
    assert recount(lost, at).incidents == 0
    assert recount(snapshots, snapshots[-2].fetched_at).incidents < whole.incidents
