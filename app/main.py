"""The server, as a contents page: the gate outermost, the API under /api, the pages under /."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.routing import Mount

from app.api.closing import close_streams_when_told_to_stop
from app.api.main import create_api
from app.api.services import ApiServices
from app.config import ROOT
from app.db import Door, open_pool
from app.domain.errors import BadInput, NotFound
from app.domain.intake import PushReceipt
from app.domain.pair_id import PairIds
from app.domain.region import Region
from app.gate import build_gate
from app.gate.denials import Denials
from app.logins import login_url
from app.queries.live import Live, follow_ledger
from dashboards.main import create_dash
from dashboards.services import Services
from etl import versions
from etl.feed import Problem, get_feed, iterate_feeds
from etl.identify import Pseudonyms, normal
from etl.keep import Keys, login_passwords
from etl.quarantine import replay
from etl.run import Intake

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from app.config import Settings
    from app.db import Pool
    from etl.receipt import Receipt

POOL_SIZE = 12
DOOR_POOL_SIZE = 6
INTAKE_POOL_SIZE = 3

UNPACKED_PUSH_BYTES = 256 * 1024**2
"""What one push may unpack to, in the process that also serves the pages."""
PUSHES_AT_ONCE = 2
"""More wait their turn: each may hold its whole delivery, unpacked, in memory."""

NO_NUMBER = "That is no personnummer or samordningsnummer; write it with ten or twelve digits."


def create_app(settings: Settings, dsn: str) -> ASGIApp:
    """The whole server on the database at ``dsn``, the owner's URL: only what is pushed goes in by it.

    People read by the login ``lagesbild_web``, the gate looks up by ``lagesbild_door``; ``app.logins`` says why.
    """
    region = Region.read(ROOT / "geodata" / "regions" / settings.region)
    keys = Keys.read(settings.master_key_file)
    live = Live()
    passwords = login_passwords(keys)
    door = Door()
    door_dsn = login_url(dsn, "door", passwords["door"])
    pair_ids = PairIds(keys.lasting(b"pair ids"))
    facts = {feed.name: feed.facts() for feed in iterate_feeds(settings.region)}
    api = ApiServices(region, live, pair_ids, feeds=facts)
    pages = Services(region, settings.feed_names, pair_ids, feeds=facts, rhythms=api.rhythms)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        pooler = settings.pooler_url
        async with (
            open_pool(
                pooler.get_secret_value() if pooler else login_url(dsn, "web", passwords["web"]),
                size=POOL_SIZE, name="lagesbild web", pooler=pooler is not None,
            ) as pool,
            open_pool(door_dsn, size=DOOR_POOL_SIZE, name="lagesbild door") as door.pool,
            open_pool(dsn, size=INTAKE_POOL_SIZE, name="lagesbild intake") as intake_pool,
            follow_ledger(live, door_dsn),
        ):  # fmt: skip
            api.pool = pages.pool = pool
            api.intake = pages.intake = Pushes(
                Intake(intake_pool, keys, unpack_limit_bytes=UNPACKED_PUSH_BYTES), settings.region
            )
            api.naming = pages.naming = Naming(intake_pool, keys)
            with close_streams_when_told_to_stop(live):
                yield
            api.pool = pages.pool = api.intake = pages.intake = api.naming = pages.naming = None
        door.pool = None

    server = Starlette(
        routes=[Mount("/api", create_api(api)), Mount("/", create_dash(settings, pages))], lifespan=lifespan
    )
    noted = Denials(server, api.reader)
    gate = build_gate(noted, settings, region.facts["name_sv"], door, live, keys.derive(b"sessions"))
    return Denials(gate, api.reader, outside=True)


class Pushes:
    """Lets the API's pushes into the pipeline."""

    def __init__(self, intake: Intake, region: str) -> None:
        self._intake = intake
        self._region = region
        self._turns = asyncio.Semaphore(PUSHES_AT_ONCE)

    async def push(self, feed: str, content: bytes, name: str) -> PushReceipt:
        """Load one delivery; what was known with it is known from now on."""
        chosen = get_feed(feed, self._region)
        if chosen.settings.get("demo"):
            raise NotFound(
                f"Nothing can be sent to {feed}: it writes its own; send to the feed whose format it is."
            )
        async with self._turns:
            receipt = await self._intake.ingest(chosen, content, name=name, fetched_at=datetime.now(UTC))
        return _told(receipt)

    async def replay(self, quarantine_id: int) -> PushReceipt:
        """Take one refused record through the steps again, with the known-at of its own delivery."""
        async with self._turns:
            receipt = await replay(
                self._intake.pool, self._intake.keys, quarantine_id, lambda name: get_feed(name, self._region)
            )
        return _told(receipt)


def _told(receipt: Receipt) -> PushReceipt:
    return PushReceipt(
        receipt.feed, receipt.delivery_ids, receipt.read, receipt.loaded, receipt.unchanged, receipt.quarantined,
        receipt.outside, receipt.position,
    )  # fmt: skip


class Naming:
    """Lets the API turn a personal number into a pseudonym, under the version that the database's are under."""

    def __init__(self, pool: Pool, keys: Keys) -> None:
        self._pool = pool
        self._keys = keys

    async def pseudonym(self, number: str) -> bytes:
        """The pseudonym of a personnummer or samordningsnummer; no error repeats what was sent."""
        try:
            twelve = normal(number, "personnummer")
            if len(twelve) != 12 or not twelve.isdecimal():
                raise BadInput(NO_NUMBER)
            async with self._pool.acquire() as connection:
                held, version = await versions.current(connection, self._keys)
            found = Pseudonyms(held, version).of(twelve, "personnummer")
        except Problem:
            raise BadInput(NO_NUMBER) from None
        if found is None:
            raise BadInput(NO_NUMBER)
        return found
