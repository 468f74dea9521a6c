"""Load: one transaction takes a part of a delivery from records to ledger, rollup, cursor and the wake-up call."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.domain.window import Position
from etl import ledger, match, records

if TYPE_CHECKING:
    from app.db import Connection
    from etl.feed import Feed
    from etl.keep import Sealed
    from etl.keyring import Keyring, RecordKey

RESOLVE = """
update quarantine set resolved_at = now(), replayed_delivery_id = $2 where quarantine_id = $1
"""

NOTE_FEED = """
insert into feed_state as s (feed, cursor, last_fetch_at, last_success_at, last_news_at)
values ($1, coalesce($3::jsonb, '{}'), case when $5::boolean then $2::timestamptz end, case when $5 then now() end,
        case when $4::boolean then $2 end)
on conflict (feed) do update set
    cursor = coalesce($3::jsonb, s.cursor),
    last_fetch_at = greatest(s.last_fetch_at, excluded.last_fetch_at),
    last_success_at = coalesce(excluded.last_success_at, s.last_success_at),
    last_news_at = greatest(s.last_news_at, excluded.last_news_at),
    message = case when $5 then null else s.message end
"""


@dataclass(frozen=True)
class Delivery:
    """One delivery on its way in.

    ``fetched_at`` is the records' known-at. In an ``archive`` it lies in the past, and the ledger marks its rows as
    back-filled. ``once``: the same bytes at any other time are the same delivery. ``cursor`` is where the fetcher of
    the feed ``fetched_by`` (else of this feed) goes on after a restart; it is stored with the last part.
    ``replayed`` is the quarantined record that this delivery settles; when it had come live (``came_live``), the
    source's own known-at is not honoured in the replay either.
    """

    feed: Feed
    name: str
    sha256: bytes
    fetched_at: datetime
    archive: bool = False
    once: bool = False
    cursor: dict[str, Any] | None = None
    fetched_by: str | None = None
    replayed: int | None = None
    came_live: bool = False

    @property
    def honours_known_at(self) -> bool:
        """Whether the source is believed when it says since when it knew: in archives only."""
        return self.archive and not self.came_live

    @property
    def tells_of_now(self) -> bool:
        """Whether the source itself was heard: a file from an archive says nothing about how fresh a feed is."""
        return self.replayed is None and (not self.archive or self.fetched_by is not None)


@dataclass(frozen=True)
class Arrival:
    """One record that has come through every step: a row for ``arriving``, rows for its offences and its people.

    ``keys`` open what of it is sealed; they are put into the keyring when it says something new.
    """

    row: tuple[Any, ...]
    offences: tuple[tuple[Any, ...], ...]
    mentions: tuple[tuple[Any, ...], ...] = ()
    keys: tuple[RecordKey, ...] = ()
    protected: bool = False


@dataclass(frozen=True)
class Refusal:
    """One record that did not: what is wrong, and the record itself, sealed."""

    number: int
    step: str
    field: str
    value: str
    reason: str
    kept: Sealed


@dataclass(frozen=True)
class Part:
    """A part of a delivery, ready to be loaded."""

    number: int
    read: int
    arrivals: Sequence[Arrival]
    refusals: Sequence[Refusal]
    last: bool = False

    @property
    def mentions(self) -> list[tuple[Any, ...]]:
        """The rows for ``arriving_mention``."""
        return [row for arrival in self.arrivals for row in arrival.mentions]

    @property
    def is_unreadable(self) -> bool:
        """Whether all there is of it is a delivery that could not be read."""
        return self.read == 1 and any(refusal.number == 0 for refusal in self.refusals)


@dataclass(frozen=True)
class Loaded:
    """What became of a part. ``read = loaded + unchanged + quarantined + outside``, checked by the table too."""

    delivery_id: int
    read: int
    loaded: int
    unchanged: int
    quarantined: int
    outside: int
    position: Position
    erased_keys: Sequence[UUID] = ()
    """Keys of protected people's facts, to be deleted once it is committed."""


async def prepare(connection: Connection) -> None:
    """Make the temporary tables of this session, once."""
    await connection.execute(match.ARRIVING)


async def load(connection: Connection, part: Part, delivery: Delivery, ring: Keyring) -> Loaded:
    """Load one part inside the caller's transaction; the caller holds the feed's lock.

    The keys of what is sealed are on disk in ``ring`` when this returns, and so before the caller commits.
    """
    feed = delivery.feed
    await _copy(connection, part)
    await connection.execute(match.NEW_INCIDENTS, feed.name, feed.kind_number)
    await connection.execute(match.CHAIN, feed.name)
    await connection.execute("analyze chain")
    counts = await connection.fetchrow(match.COUNTS)
    loaded, unchanged, outside = counts["loaded"], counts["unchanged"], counts["outside"]
    delivery_id = await connection.fetchval(
        """insert into delivery (feed, name, sha256, fetched_at, archive, part, read, loaded, unchanged, quarantined,
                                 outside)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning delivery_id""",
        feed.name, delivery.name, delivery.sha256, delivery.fetched_at, delivery.archive, part.number, part.read,
        loaded, unchanged, len(part.refusals), outside,
    )  # fmt: skip
    await _keep_keys(connection, part, ring, all_new=loaded == len(part.arrivals))
    await connection.execute(records.RAW_RECORDS, delivery_id)
    await connection.execute(records.VERSIONS, delivery_id)
    await connection.execute(records.OFFENCES)
    if part.mentions:
        await connection.execute(records.MENTIONS)
    await connection.execute(records.PROMOTE)
    await connection.execute(records.STANDING)
    if not delivery.archive:
        await connection.execute(records.OLDER_SIGHTINGS)
    await connection.execute(records.SIGHTINGS, not delivery.archive)
    marked, spread, erased = await _protect(connection, part, feed, has_history=counts["has_history"])
    xid, ledger_id = await connection.fetchrow(
        ledger.LEDGER, feed.kind_number, delivery.archive, feed.region.zone.key, spread
    )
    if marked:
        ledger_id = await connection.fetchval(
            ledger.TELL_PROTECTED, list(marked), feed.kind_number, delivery.archive
        )
    await refuse(connection, part.refusals, feed.name, delivery_id)
    if delivery.replayed is not None and part.last:
        await connection.execute(RESOLVE, delivery.replayed, delivery_id)
    cursor = delivery.cursor if part.last else None
    for name in {feed.name, delivery.fetched_by or feed.name}:
        own = cursor if name == (delivery.fetched_by or feed.name) else None
        heard = delivery.tells_of_now and not part.is_unreadable
        await connection.execute(NOTE_FEED, name, delivery.fetched_at, own, loaded > 0, heard)
    if loaded:
        await connection.execute("select pg_notify('ledger', $1)", feed.name)
    return Loaded(
        delivery_id,
        part.read,
        loaded,
        unchanged,
        len(part.refusals),
        outside,
        Position(xid, ledger_id),
        erased,
    )


async def _protect(
    connection: Connection, part: Part, feed: Feed, *, has_history: bool
) -> tuple[set[int], list[int], list[UUID]]:
    """Take away what must not be told of protected people.

    Returns the incidents that became protected, those of them by another report of the same person, and the keys of
    their facts.
    """
    spread = [row["incident_id"] for row in await connection.fetch(records.ARRIVED_PROTECTED)]
    own = has_history or any(arrival.protected for arrival in part.arrivals)
    if not (own or spread):
        return set(), [], []
    marked = {row["incident_id"] for row in await connection.fetch(records.PROTECT, spread)}
    people = [row["person"] for row in await connection.fetch(records.PROTECTED_PERSONS)] if own else []
    if people:
        found = await connection.fetch(records.NAMING_PROTECTED, people, feed.name)
        spread = sorted({*spread, *(row["incident_id"] for row in found)})
        await connection.execute(records.PROTECT, spread)
    erased = [row["key_id"] for row in await connection.fetch(records.PROTECT_PEOPLE, spread)]
    return marked | set(spread), spread, erased


async def _copy(connection: Connection, part: Part) -> None:
    await connection.copy_records_to_table("arriving", records=[arrival.row for arrival in part.arrivals])
    await connection.copy_records_to_table(
        "arriving_offence", records=[row for arrival in part.arrivals for row in arrival.offences]
    )
    if mentions := part.mentions:
        await connection.copy_records_to_table("arriving_mention", records=mentions)
    await connection.execute("analyze arriving (number, source_key, state)")
    await connection.execute("analyze arriving_offence")


async def _keep_keys(connection: Connection, part: Part, ring: Keyring, *, all_new: bool) -> None:
    """Put the keys of what is going to be stored into the keyring, and of nothing else."""
    arrivals = [arrival for arrival in part.arrivals if arrival.keys]
    if arrivals and not all_new:
        news = {row["ref"] for row in await connection.fetch(records.NEWS)}
        arrivals = [arrival for arrival in arrivals if arrival.row[0] in news]
    keys = [key for arrival in arrivals for key in arrival.keys]
    keys += [refusal.kept.key for refusal in part.refusals if refusal.kept.key]
    if keys:
        await asyncio.to_thread(ring.put, keys)


async def refuse(connection: Connection, refusals: Sequence[Refusal], feed: str, delivery_id: int) -> None:
    """Put refused records into quarantine, kept whole."""
    for refusal in refusals:
        raw_id = await connection.fetchval(
            "insert into raw_record (delivery_id, number, body, key_id) values ($1, $2, $3, $4) returning raw_id",
            delivery_id, refusal.number, refusal.kept.body, refusal.kept.key_id,
        )  # fmt: skip
        await connection.execute(
            """insert into quarantine (feed, delivery_id, raw_id, step, field, value, reason)
               values ($1, $2, $3, $4, $5, $6, $7)""",
            feed, delivery_id, raw_id, refusal.step, refusal.field, refusal.value, refusal.reason,
        )  # fmt: skip
