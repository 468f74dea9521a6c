"""Load: one transaction takes a part of a delivery from records to ledger, rollup, cursor and the wake-up call.

The ledger of an incident is what its versions say it should be, minus what it says already: the difference is
appended. So a correction, a move, a withdrawal and an archive that fits in between are one case, and nothing that
stands in the ledger is ever changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.domain.window import Position
from etl import match

if TYPE_CHECKING:
    from app.db import Connection
    from etl.feed import Feed
    from etl.keep import Sealed

RAW_RECORDS = f"""
with kept as (
    insert into raw_record (raw_id, delivery_id, number, body, key_version)
    select chain.raw_id, $1::bigint, arriving.number, arriving.body, arriving.key_version
    from chain join arriving on arriving.number = chain.ref
    where chain.origin = {match.ARRIVAL} and chain.says_new
    order by arriving.number
)
insert into record_key (raw_id, wrapped)
select chain.raw_id, arriving.wrapped from chain join arriving on arriving.number = chain.ref
where chain.origin = {match.ARRIVAL} and chain.says_new and arriving.wrapped is not null
"""

VERSIONS = f"""
insert into incident_version (
    version_id, incident_id, known_at, state, occurred_from, occurred_to, reported_at, day, hour, area_id,
    rollup_area_id, precision, geom, cx, cy, offence_id, protected, title, summary, place_text, url, priority,
    attributes, content_hash, delivery_id, raw_id)
select chain.version_id, chain.incident_id, a.known_at, a.state, a.occurred_from, a.occurred_to, a.reported_at,
       a.day, a.hour, a.area_id, a.rollup_area_id, a.precision,
       st_setsrid(st_makepoint(a.easting_m, a.northing_m), 3006), a.cx, a.cy, a.offence_id, a.protected,
       a.title, a.summary, a.place_text, a.url, a.priority, a.attributes, a.content_hash, $1::bigint, chain.raw_id
from chain join arriving as a on a.number = chain.ref
where chain.origin = {match.ARRIVAL} and chain.says_new
order by chain.version_id
"""

OFFENCES = f"""
insert into incident_offence (version_id, number, offence_id, count, victim, suspect, relation)
select chain.version_id, o.place_in_record, o.offence_id, o.count, o.victim, o.suspect, o.relation
from chain join arriving_offence as o on o.number = chain.ref
where chain.origin = {match.ARRIVAL} and chain.says_new
order by chain.version_id, o.place_in_record
"""

# An archive's record that says nothing new is remembered: a file loaded later may come to stand before it.
SIGHTINGS = f"""
insert into sighting (version_id, incident_id, known_at, content_hash)
select version_id, incident_id, known_at, content_hash from chain where origin = {match.ARRIVAL} and not says_new
"""

# A sighting that has become news, because something else now stands before it, becomes a version.
PROMOTE = f"""
with promoted as (
    select chain.*, (
        select twin.version_id from incident_version as twin
        where twin.incident_id = chain.incident_id and twin.content_hash = chain.content_hash
        order by twin.version_id limit 1) as twin_id
    from chain where origin = {match.SIGHTING} and says_new
), versions as (
    insert into incident_version (
        version_id, incident_id, known_at, state, occurred_from, occurred_to, reported_at, day, hour, area_id,
        rollup_area_id, precision, geom, cx, cy, offence_id, protected, title, summary, place_text, url, priority,
        attributes, content_hash, delivery_id, raw_id)
    select p.version_id, p.incident_id, p.known_at, t.state, t.occurred_from, t.occurred_to, t.reported_at, t.day,
           t.hour, t.area_id, t.rollup_area_id, t.precision, t.geom, t.cx, t.cy, t.offence_id, t.protected, t.title,
           t.summary, t.place_text, t.url, t.priority, t.attributes, t.content_hash, t.delivery_id, t.raw_id
    from promoted as p join incident_version as t on t.version_id = p.twin_id
), moved as (
    delete from sighting using promoted where sighting.version_id = promoted.version_id
)
insert into incident_offence (version_id, number, offence_id, count, victim, suspect, relation)
select p.version_id, o.number, o.offence_id, o.count, o.victim, o.suspect, o.relation
from promoted as p join incident_offence as o on o.version_id = p.twin_id
"""

REPEATS = f"""
update incident_version set repeats = not chain.says_new
from chain
where chain.origin = {match.VERSION} and incident_version.version_id = chain.ref
  and chain.repeated = chain.says_new
"""

LEDGER = f"""
with touched as (
    select distinct incident_id from chain where says_new and origin <> {match.VERSION} or repeated = says_new
), told as (
    select v.*, lag(v.version_id) over (
        partition by v.incident_id order by v.known_at, v.version_id) as before_id
    from incident_version as v join touched using (incident_id) where not v.repeats
), believed as (
    select told.version_id, told.incident_id, told.day, told.hour, told.area_id, told.rollup_area_id,
           o.offence_id, told.cx, told.cy, sum(o.count) as offences,
           case when o.offence_id = told.offence_id then 1 else 0 end as incidents
    from told join incident_offence as o using (version_id) where told.state = 'active'
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, told.offence_id
), should_be as (
    select told.version_id, told.known_at, b.incident_id, b.day, b.hour, b.area_id, b.rollup_area_id, b.offence_id,
           b.cx, b.cy, b.offences, b.incidents
    from told join believed as b on b.version_id = told.version_id
    union all
    select told.version_id, told.known_at, b.incident_id, b.day, b.hour, b.area_id, b.rollup_area_id, b.offence_id,
           b.cx, b.cy, -b.offences, -b.incidents
    from told join believed as b on b.version_id = told.before_id
    union all
    select l.version_id, l.known_at, l.incident_id, l.day, l.hour, l.area_id, l.rollup_area_id, l.offence_id,
           l.cx, l.cy, -l.offences, -l.incidents
    from ledger as l join touched using (incident_id)
), appended as (
    insert into ledger (known_at, day, hour, kind, area_id, rollup_area_id, offence_id, offences, incidents, cx, cy,
                        incident_id, version_id, backfilled)
    select known_at, day, hour, $1::smallint, area_id, rollup_area_id, offence_id, sum(offences), sum(incidents),
           cx, cy, incident_id, version_id, $2::boolean
    from should_be
    group by known_at, day, hour, area_id, rollup_area_id, offence_id, cx, cy, incident_id, version_id
    having sum(offences) <> 0 or sum(incidents) <> 0
    order by known_at, version_id, sum(offences)
    returning *
), daily as (
    insert into rollup_daily as r (day, rollup_area_id, kind, offence_id, known_day, offences, incidents)
    select day, rollup_area_id, kind, offence_id, (known_at at time zone $3)::date, sum(offences), sum(incidents)
    from appended group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
    on conflict (kind, day, rollup_area_id, offence_id, known_day) do update
    set offences = r.offences + excluded.offences, incidents = r.incidents + excluded.incidents
), cells as (
    insert into cell_monthly as c (month, kind, offence_id, cx, cy, offences, incidents)
    select date_trunc('month', day)::date, kind, offence_id, cx, cy, sum(offences), sum(incidents)
    from appended where cx is not null group by 1, 2, 3, 4, 5 order by 1, 2, 4, 5, 3
    on conflict (kind, month, cx, cy, offence_id) do update
    set offences = c.offences + excluded.offences, incidents = c.incidents + excluded.incidents
)
select pg_current_xact_id()::text::bigint as xid, coalesce(max(ledger_id), 0) as ledger_id from appended
"""


RESOLVE = """
update quarantine set resolved_at = now(), replayed_delivery_id = $2 where quarantine_id = $1
"""

NOTE_FEED = """
insert into feed_state as s (feed, cursor, last_fetch_at, last_success_at, last_news_at)
values ($1, coalesce($3::jsonb, '{}'), $2::timestamptz, now(), case when $4::boolean then $2 end)
on conflict (feed) do update set
    cursor = coalesce($3::jsonb, s.cursor),
    last_fetch_at = greatest(s.last_fetch_at, excluded.last_fetch_at),
    last_success_at = excluded.last_success_at,
    last_news_at = greatest(s.last_news_at, excluded.last_news_at),
    message = null
"""


@dataclass(frozen=True)
class Delivery:
    """One delivery on its way in.

    ``fetched_at`` is the records' known-at. In an ``archive`` it lies in the past, and the ledger marks its rows as
    back-filled. ``once``: the same bytes at any other time are the same delivery. ``cursor`` is where the fetcher of
    the feed ``fetched_by`` (else of this feed) goes on after a restart; it is stored with the last part.
    ``replayed`` is the quarantined record that this delivery settles.
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


@dataclass(frozen=True)
class Arrival:
    """One record that has come through every step: a row for ``arriving`` and rows for ``arriving_offence``."""

    row: tuple[Any, ...]
    offences: tuple[tuple[Any, ...], ...]


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


async def prepare(connection: Connection) -> None:
    """Make the temporary tables of this session, once."""
    await connection.execute(match.ARRIVING)


async def load(connection: Connection, part: Part, delivery: Delivery) -> Loaded:
    """Load one part inside the caller's transaction; the caller holds the feed's lock."""
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
    await connection.execute(RAW_RECORDS, delivery_id)
    await connection.execute(VERSIONS, delivery_id)
    await connection.execute(OFFENCES)
    await connection.execute(PROMOTE)
    await connection.execute(REPEATS)
    if delivery.archive:
        await connection.execute(SIGHTINGS)
    xid, ledger_id = await connection.fetchrow(
        LEDGER, feed.kind_number, delivery.archive, feed.region.zone.key
    )
    await refuse(connection, part.refusals, feed.name, delivery_id)
    if delivery.replayed is not None:
        await connection.execute(RESOLVE, delivery.replayed, delivery_id)
    cursor = delivery.cursor if part.last else None
    for name in {feed.name, delivery.fetched_by or feed.name}:
        own = cursor if name == (delivery.fetched_by or feed.name) else None
        await connection.execute(NOTE_FEED, name, delivery.fetched_at, own, loaded > 0)
    if loaded:
        await connection.execute("select pg_notify('ledger', $1)", feed.name)
    return Loaded(
        delivery_id, part.read, loaded, unchanged, len(part.refusals), outside, Position(xid, ledger_id)
    )


async def _copy(connection: Connection, part: Part) -> None:
    await connection.copy_records_to_table("arriving", records=[arrival.row for arrival in part.arrivals])
    await connection.copy_records_to_table(
        "arriving_offence", records=[row for arrival in part.arrivals for row in arrival.offences]
    )
    await connection.execute("analyze arriving (number, source_key, state)")
    await connection.execute("analyze arriving_offence")


async def refuse(connection: Connection, refusals: Sequence[Refusal], feed: str, delivery_id: int) -> None:
    """Put refused records into quarantine, kept whole."""
    for refusal in refusals:
        raw_id = await connection.fetchval(
            "insert into raw_record (delivery_id, number, body, key_version) values ($1, $2, $3, $4) returning raw_id",
            delivery_id, refusal.number, refusal.kept.body, refusal.kept.key_version,
        )  # fmt: skip
        if refusal.kept.wrapped is not None:
            await connection.execute(
                "insert into record_key (raw_id, wrapped) values ($1, $2)", raw_id, refusal.kept.wrapped
            )
        await connection.execute(
            """insert into quarantine (feed, delivery_id, raw_id, step, field, value, reason)
               values ($1, $2, $3, $4, $5, $6, $7)""",
            feed, delivery_id, raw_id, refusal.step, refusal.field, refusal.value, refusal.reason,
        )  # fmt: skip
