"""The steps of the pipeline, in their order: keep, parse, validate, locate, identify, match, load.

``Intake.ingest`` takes one delivery of one feed from bytes to a receipt. A large delivery is committed in parts of a
fixed size, each exactly once; a process that dies in the middle and is given the same file again goes on with the
part that is missing.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count, islice
from typing import TYPE_CHECKING, Any

from app.domain.errors import Unavailable, UnreadableFile
from etl import load, versions
from etl.feed import Feed, Problem, Record
from etl.helpers.encodings import GZIP_MAGIC, gunzip
from etl.load import Delivery
from etl.receipt import Receipt
from etl.steps import Workshop

if TYPE_CHECKING:
    from app.db import Connection, Pool
    from etl.keep import Keys
    from etl.load import Part

PART_RECORDS = 2_000
"""Records a transaction: large enough for set-based SQL, small enough that a live report never waits a second."""

FILE_LIMIT_BYTES = 2 * 1024**3

UNREADABLE = "unreadable"
"""The one field of a record that is a whole delivery which could not be read; its bytes as Latin-1."""


class Intake:
    """The door by which every delivery enters, whether fetched, pushed, read from a file or made up."""

    def __init__(self, pool: Pool, keys: Keys, *, unpack_limit_bytes: int = FILE_LIMIT_BYTES) -> None:
        """``unpack_limit_bytes``: the most that a gzipped delivery given to `ingest` may unpack to."""
        self._pool = pool
        self._keys = keys
        self._unpack_limit_bytes = unpack_limit_bytes
        self._workshop: Workshop | None = None
        self._pack: str | None = None

    @property
    def pool(self) -> Pool:
        """Where it loads to."""
        return self._pool

    @property
    def keys(self) -> Keys:
        """What it seals with."""
        return self._keys

    async def ingest(
        self,
        feed: Feed,
        content: bytes,
        *,
        name: str,
        fetched_at: datetime,
        after: Awaitable[object] | None = None,
        **more: Any,
    ) -> Receipt:
        """Load one delivery from its bytes, perhaps gzipped. ``more`` are the other fields of ``Delivery``."""
        delivery = Delivery(feed, name, hashlib.sha256(content).digest(), fetched_at, **more)
        records = read_records(feed, content, self._unpack_limit_bytes)
        return await self.take(delivery, records, after=after)

    async def take(
        self, delivery: Delivery, records: Iterator[Record], *, after: Awaitable[object] | None = None
    ) -> Receipt:
        """Load a delivery from its records; the receipt is given only when all of it is committed.

        It is prepared at once but loaded only when ``after`` is done, and not at all when that fails.
        """
        workshop = await self._open_workshop()
        receipt = Receipt(delivery.feed.name, delivery.name, repeated=True)
        loading: asyncio.Task[load.Loaded | None] | None = None
        parts = _parts(workshop, delivery, records)
        try:
            while True:  # prepare one part while the one before is loading
                part = await asyncio.to_thread(next, parts, None)
                if after is not None:
                    await after
                    after = None
                if loading is not None:
                    receipt = _add(receipt, await loading)
                    loading = None
                if part is None:
                    return receipt
                loading = asyncio.create_task(self._load(part, delivery, workshop.pseudonyms.version))
        finally:
            if loading is not None:
                await asyncio.gather(loading, return_exceptions=True)

    async def _load(self, part: Part, delivery: Delivery, version: int) -> load.Loaded | None:
        """Load one part in its own transaction; None when it was loaded before.

        ``version``: of the keys, under which the part's pseudonyms are.

        Raises:
            Unavailable: There was a re-key since; the delivery, given again, is prepared under the new keys.
        """
        async with self._pool.acquire() as connection:
            await load.prepare(connection)
            async with connection.transaction():
                # One loader a feed at a time: its chains of versions are read and extended undisturbed.
                await connection.execute(
                    f"select pg_advisory_xact_lock(hashtext('load'), hashtext($1)), {versions.HOLD}",
                    delivery.feed.name,
                )
                if await _loaded_before(connection, part, delivery, version):
                    return None
                loaded = await load.load(connection, part, delivery, self._keys.ring)
        if loaded.erased_keys:
            await asyncio.to_thread(self._keys.ring.erase, loaded.erased_keys)
        return loaded

    async def _open_workshop(self) -> Workshop:
        """Areas and offences as the database has them now; read again when a pack was loaded since."""
        async with self._pool.acquire() as connection:
            pack = await connection.fetchval(
                "select string_agg(checksum || loaded_at, ' ' order by region) || "
                "coalesce((select version from identity_key where retired_at is null), 0) from region_pack"
            )
            if self._workshop is None or pack != self._pack:
                self._workshop = await Workshop.open(connection, self._keys)
                self._keys = self._workshop.keys
                self._pack = pack
        return self._workshop


def _parts(workshop: Workshop, delivery: Delivery, records: Iterator[Record]) -> Iterator[Part]:
    """Cut a delivery into parts that are ready to load; an empty one is a part too."""
    batch = list(islice(records, PART_RECORDS))
    for number in count():
        following = list(islice(records, PART_RECORDS))
        part = workshop.prepare(
            batch,
            delivery.feed,
            part=number,
            fetched_at=delivery.fetched_at,
            archive=delivery.honours_known_at,
        )
        yield part if following else replace(part, last=True)
        if not following:
            return
        batch = following


async def _loaded_before(connection: Connection, part: Part, delivery: Delivery, version: int) -> bool:
    row = await connection.fetchrow(
        """select exists (select from delivery where feed = $1 and sha256 = $2 and part = $3
                          and ($4 or fetched_at = $5)) as before,
                  (select version from identity_key where retired_at is null) as version""",
        delivery.feed.name, delivery.sha256, part.number, delivery.once, delivery.fetched_at,
    )  # fmt: skip
    if row["version"] != version:
        raise Unavailable("The keys were changed while this was being prepared; give it again.")
    return bool(row["before"])


def read_records(feed: Feed, content: bytes, unpack_limit_bytes: int = FILE_LIMIT_BYTES) -> Iterator[Record]:
    """The records of a delivery. What cannot be read at all becomes one record that holds the bytes."""
    try:
        plain = gunzip(content, unpack_limit_bytes) if content.startswith(GZIP_MAGIC) else content
        yield from feed.parser().records(plain, feed)
    except UnreadableFile as error:
        yield Record(
            0,
            {UNREADABLE: content.decode("latin-1")},
            Problem("parse", "file", f"{len(content)} bytes", str(error)),
        )


def _add(receipt: Receipt, loaded: load.Loaded | None) -> Receipt:
    if loaded is None:
        return receipt
    return replace(
        receipt,
        delivery_ids=(*receipt.delivery_ids, loaded.delivery_id),
        read=receipt.read + loaded.read,
        loaded=receipt.loaded + loaded.loaded,
        unchanged=receipt.unchanged + loaded.unchanged,
        quarantined=receipt.quarantined + loaded.quarantined,
        outside=receipt.outside + loaded.outside,
        repeated=False,
        position=loaded.position,
    )
