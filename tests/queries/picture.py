"""A made-up picture for the queries, and the plainest possible recount of it, straight from the versions."""

# ruff: noqa: ASYNC110 - a test looks until it sees
from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg

from app.db import set_codecs
from app.domain.window import Filters, Position, Window
from app.queries.ledger import held_back, latest_position
from etl.feed import Feed
from etl.keep import Keys
from etl.run import Intake
from tests.ledger.plain_feed import lines, plain_feed

BORDER = date(2025, 1, 1)  # Stockholm City was divided anew
START = datetime(2024, 12, 10, tzinfo=UTC)
DAYS = 45
CODES = ("9365", "9367", "9440", "0412", "0310", "9456")
PLACES: tuple[dict[str, Any], ...] = (
    {"latitude": 59.3137, "longitude": 18.0745},  # Södermalm
    {"latitude": 59.3373, "longitude": 18.0560},  # Norrmalm
    {"latitude": 59.3330, "longitude": 18.0200},  # Kungsholmen: another district from 2025 on
    {"latitude": 59.4040, "longitude": 17.9440},  # Kista
    {"latitude": 57.6348, "longitude": 18.2948},  # Visby
    {"areas": ["Nacka"]},
    {"areas": ["Stockholm"]},
    {"areas": ["Stockholms län"]},
    {"areas": ["Södermalm"]},
    {},
)


class OneConnection:
    """What the intake takes for a pool, where everything happens on one connection."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    def acquire(self) -> OneConnection:
        return self

    async def __aenter__(self) -> asyncpg.Connection:
        return self._connection

    async def __aexit__(self, *_: object) -> None:
        return None


def say(random_: random.Random, key: str) -> dict[str, Any]:
    """One thing that the source says about one report."""
    place = dict(random_.choice(PLACES))
    if "latitude" in place:
        place["latitude"] += random_.uniform(-0.01, 0.01)
        place["longitude"] += random_.uniform(-0.01, 0.01)
    happened = START + timedelta(minutes=random_.randrange(DAYS * 24 * 60))
    return {
        "source_key": key,
        "state": random_.choice(["active"] * 7 + ["withdrawn"]),
        "occurred_from": happened.isoformat(),
        "offences": [
            {"code": random_.choice(CODES), "count": random_.randint(1, 3)}
            for _ in range(random_.randint(1, 3))
        ],
        "summary": random_.choice(["", "rättad"]),
        "protected": random_.random() < 0.05,
        **place,
    }


async def load(dsn: str, seed: int, *, keys: range, files: int, feed: Feed | None = None) -> None:
    """Load some files, each with its own moment of knowing, in any order."""
    random_ = random.Random(seed)  # noqa: S311 - repeatable, not secret
    connection = await asyncpg.connect(dsn)
    await set_codecs(connection)
    intake = Intake(OneConnection(connection), Keys(bytes(range(32))))  # type: ignore[arg-type]
    for number in range(files):
        known = START + timedelta(hours=random_.randrange(DAYS * 24 + 400))
        chosen = random_.sample(keys, min(len(keys), random_.randint(1, 60)))
        content = lines(*(say(random_, f"K{key}") for key in chosen))
        await intake.ingest(
            feed or plain_feed(), content, name=f"{seed}-{number}", fetched_at=known, archive=True
        )
    await connection.close()


async def head_of(connection: asyncpg.Connection) -> Position:
    """The ledger's end, once no row waits: other tests' transactions on the server hold rows back too."""
    while await held_back(connection, head := await latest_position(connection)):
        await asyncio.sleep(0.02)
    return head


async def settled(dsn: str) -> None:
    """Wait until all that is loaded is told."""
    connection = await asyncpg.connect(dsn)
    await set_codecs(connection)
    await head_of(connection)
    await connection.close()


@dataclass(frozen=True)
class Naive:
    """Everything there is, read whole; questions are answered by walking over it."""

    versions: list[asyncpg.Record]
    offences: dict[int, list[tuple[str, int]]]
    areas: dict[int, asyncpg.Record]
    within: list[asyncpg.Record]
    groups: dict[str, str]
    weights: dict[str, float]

    @classmethod
    async def read(cls, connection: asyncpg.Connection) -> Naive:
        offences: dict[int, list[tuple[str, int]]] = {}
        for row in await connection.fetch(
            "select version_id, code, count from incident_offence join offence using (offence_id)"
        ):
            offences.setdefault(row["version_id"], []).append((row["code"], row["count"]))
        return cls(
            await connection.fetch(
                """select v.*, i.kind, i.uid, o.code from incident_version v join incident i using (incident_id)
                   join offence o using (offence_id) where not repeats order by incident_id, known_at, version_id"""
            ),
            offences,
            {row["area_id"]: row for row in await connection.fetch("select * from area")},
            await connection.fetch("select * from area_within"),
            dict(await connection.fetch("select code, group_code from offence")),
            dict(
                await connection.fetch(
                    """select code, weight from harm_weight join offence using (offence_id) where index_name = 'bsi'
                       and version = (select max(version) from harm_weight where index_name = 'bsi')"""
                )
            ),
        )

    def believed(self, window: Window, filters: Filters) -> list[asyncpg.Record]:
        """The last version of each incident known by then, if it is active and in the window."""
        last: dict[int, asyncpg.Record] = {}
        for version in self.versions:
            if window.known_at is None or version["known_at"] <= window.known_at:
                last[version["incident_id"]] = version
        kinds = {"report": 1, "call": 2, "notice": 3}
        return [
            version
            for version in last.values()
            if version["state"] == "active"
            and (window.first, window.first_hour) <= (version["day"], version["hour"])
            and (version["day"], version["hour"]) <= (window.last, window.last_hour)
            and version["kind"] == kinds[filters.kind]
            and (not filters.areas or self.lies_in(version["area_id"], version["day"], filters.areas))
        ]

    def ancestors(self, area_id: int, day: date) -> Iterable[asyncpg.Record]:
        for row in self.within:
            begun = row["area_id"] == area_id and row["valid_from"] <= day
            if begun and (row["valid_to"] is None or day < row["valid_to"]):
                yield self.areas[row["ancestor_id"]]

    def lies_in(self, area_id: int, day: date, codes: Iterable[str]) -> bool:
        return any(area["code"] in codes for area in self.ancestors(area_id, day))

    def area(self, area_id: int, day: date, kind: str) -> str | None:
        found = [area["code"] for area in self.ancestors(area_id, day) if area["kind"] == kind]
        assert len(found) <= 1, found
        return found[0] if found else None

    def counts(
        self, window: Window, filters: Filters, by: Iterable[str], area_kind: str = "lokalpolisomrade"
    ) -> dict[tuple[Any, ...], tuple[int, int, float]]:
        incidents: Counter[tuple[Any, ...]] = Counter()
        offences: Counter[tuple[Any, ...]] = Counter()
        harm: Counter[tuple[Any, ...]] = Counter()
        for version in self.believed(window, filters):
            of_version: dict[str, Callable[[str], Any]] = {
                "day": lambda _, v=version: v["day"],
                "week": lambda _, v=version: v["day"] - timedelta(days=v["day"].weekday()),
                "hour": lambda _, v=version: v["hour"],
                "area": lambda _, v=version: self.area(v["area_id"], v["day"], area_kind),
                "area_kind": lambda _, v=version: self.areas[v["area_id"]]["kind"],
                "offence": lambda code: code,
                "kind": lambda _: filters.kind,
            }

            def wanted(code: str) -> bool:
                return (
                    not filters.offences or code in filters.offences or self.groups[code] in filters.offences
                )

            for code, count in self.offences[version["version_id"]]:
                if wanted(code):
                    key = tuple(of_version[name](code) for name in by)
                    offences[key] += count
                    harm[key] += count * self.weights.get(code, 0)
            if wanted(version["code"]):
                incidents[tuple(of_version[name](version["code"]) for name in by)] += 1
        return {key: (incidents[key], offences[key], round(harm[key], 4)) for key in offences}
