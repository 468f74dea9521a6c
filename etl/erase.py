"""Erase: what is old by the rules (gallring), or what is about one person, and the protocol of it.

The keys go first: from then on nothing sealed opens, in whatever copy of the database. Then the rows, in a transaction
with their line in the protocol. A run that is cut off in between is taken up by the next. What stays of an incident is
what counts are made of: time, area and kilometre, offences. The ledger holds no person and is not touched.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from etl import pseudonyms, versions
from etl.gallring import Category, Rules

if TYPE_CHECKING:
    from app.db import Connection, Pool
    from etl.keyring import Keyring

BATCH = 2_000
UNUSED_AFTER = timedelta(days=1)
"""A key that opens nothing is taken away when it is this old: a younger one may be of a load that is under way."""

DUE = """
select i.incident_id from incident as i
where i.kind = $1 and i.incident_id > $2
    and exists (select from incident_version as v where v.incident_id = i.incident_id and v.erased_at is null)
    and not exists (select from incident_version as v where v.incident_id = i.incident_id and v.known_at >= $3)
    and ($4::boolean is null or $4 = exists (
        select from incident_version as v left join incident_offence as o using (version_id)
        left join person_mention as m on m.version_id = v.version_id and m.role = 'suspect'
        where v.incident_id = i.incident_id and (o.suspect is not null or m.person is not null)))
order by i.incident_id limit $5
"""
DUE_RAW = """
select q.quarantine_id from quarantine as q join raw_record as r using (raw_id)
where q.quarantine_id > $1 and q.created_at < $2 and r.erased_at is null order by q.quarantine_id limit $3
"""
# Of an incident's raw records also those that waited in quarantine under the same number: a replay's twin.
RAW_OF_INCIDENTS = """
select distinct r.raw_id, r.key_id from incident_version as v join raw_record as r using (raw_id)
where v.incident_id = any($1::bigint[]) and r.erased_at is null
"""
RAW_OF_QUARANTINE = """
select r.raw_id, r.key_id from quarantine as q join raw_record as r using (raw_id)
where q.quarantine_id = any($1::bigint[]) and r.erased_at is null
"""
EMPTY_RAW = "update raw_record set body = '', key_id = null, erased_at = $2 where raw_id = any($1::bigint[])"
EMPTY_QUARANTINE = """
update quarantine set value = '', resolved_at = coalesce(resolved_at, $2) where raw_id = any($1::bigint[])
"""
# ``erased_at`` says that nothing of anybody is left; after the erasure of one person the others' time is still to come.
EMPTY_VERSIONS = """
update incident_version as v set title = null, summary = null, place_text = null, url = null, attributes = null,
    geom = null, erased_at = coalesce(v.erased_at, $2),
    precision = case when v.precision = 'point' then (
        select case when a.kind in ('regso', 'delomrade', 'lokalpolisomrade', 'kommun', 'polisomrade', 'lan')
            then a.kind else 'none' end
        from area as a where a.area_id = v.area_id) else v.precision end
where v.incident_id = any($1::bigint[]) and v.erased_at is null
"""
# Of these incidents: all people, or those of the given pseudonyms.
MENTION_KEYS = """
select m.mention_id, m.key_id, m.person from person_mention as m join incident_version as v using (version_id)
where v.incident_id = any($1::bigint[]) and ($2::bytea[] is null or m.person = any($2))
"""
OFFENCES = """
with named as (
    select o.version_id, o.number, o.victim, o.suspect
    from incident_offence as o join incident_version as v using (version_id)
    where v.incident_id = any($1::bigint[]) and ($2::bytea[] is null or o.victim = any($2) or o.suspect = any($2))
        and (o.victim is not null or o.suspect is not null)
    for update of o
), emptied as (
    update incident_offence as o set
        victim = case when $2 is null or n.victim = any($2) then null else n.victim end,
        suspect = case when $2 is null or n.suspect = any($2) then null else n.suspect end
    from named as n where n.version_id = o.version_id and n.number = o.number
)
select victim as person from named where victim is not null and ($2 is null or victim = any($2))
union all
select suspect from named where suspect is not null and ($2 is null or suspect = any($2))
"""
OF_INCIDENT = "delete from {table} where incident_id = any($1::bigint[])"
HELD_BY_INCIDENT = ("suspicion_statement", "follow_up")
"""What is written about a report's people, and goes with the report."""
NAMED_STILL = """
select p.person from unnest($1::bytea[]) as p (person)
where not exists (select from incident_offence where victim = p.person)
    and not exists (select from incident_offence where suspect = p.person)
    and not exists (select from person_mention as m where m.person = p.person)
"""
PROTOCOL = """
insert into erasure_protocol (run_id, erased_at, as_of, category, rule, rule_version, reason, recorded_by, incidents,
                              records, mentions, pseudonyms, others)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
UNUSED = """
select held.key_id from held left join raw_record as r using (key_id)
left join person_mention as m on m.key_id = held.key_id
where r.key_id is null and m.key_id is null
"""
LEFTOVERS = "incident_version, incident_offence, person_mention, raw_record, quarantine, suspicion_statement, follow_up"


@dataclass
class Counts:
    """How much was erased: incidents, raw records, mentions, places of a pseudonym, rows of other tables."""

    incidents: int = 0
    records: int = 0
    mentions: int = 0
    pseudonyms: int = 0
    others: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Order:
    """Who has what erased, and when; it stands in each line of the protocol."""

    run_id: UUID
    now: datetime
    as_of: date
    recorded_by: str
    rules: Rules

    @classmethod
    def of(cls, rules: Rules, now: datetime, as_of: date, recorded_by: str) -> Order:
        """A new order."""
        return cls(uuid4(), now, as_of, recorded_by, rules)


async def run(
    pool: Pool,
    ring: Keyring,
    order: Order,
    zone: ZoneInfo,
    *,
    dry: bool,
    tell: Callable[[str], None] = lambda _: None,
) -> dict[str, Counts]:
    """Carry the rules out; ``dry`` only counts what is due. The counts by category.

    ``zone``: of the region, in which days and years end. ``tell`` is given a line at each step.
    """
    done: dict[str, Counts] = {}
    for category in order.rules.categories:
        done[category.name] = await _category(pool, ring, order, category, zone, dry=dry, tell=tell)
    if dry:
        return done
    async with pool.acquire() as connection:
        done["unused keys"] = await sweep(connection, ring, order)
        tell("rows that were emptied are overwritten")
        await connection.execute(f"vacuum {LEFTOVERS}")
    return done


async def _category(
    pool: Pool,
    ring: Keyring,
    order: Order,
    category: Category,
    zone: ZoneInfo,
    *,
    dry: bool,
    tell: Callable[[str], None],
) -> Counts:
    total, after = Counts(), 0
    cutoff = category.cutoff(order.as_of, zone)
    while True:
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(f"select {versions.HOLD}")
            if category.kind is None:
                rows = await connection.fetch(DUE_RAW, after, cutoff, BATCH)
            else:
                rows = await connection.fetch(DUE, category.kind, after, cutoff, category.suspect, BATCH)
            due = [row[0] for row in rows]
            if not due:
                return total
            after = due[-1]
            if dry:
                total += Counts(records=len(due)) if category.kind is None else Counts(incidents=len(due))
                continue
            if category.kind is None:
                found = Counts(records=await erase_raw(connection, ring, RAW_OF_QUARANTINE, due, order.now))
            else:
                found = await erase_incidents(connection, ring, due, order.now, tell=tell)
            await protocol(connection, order, category.name, category.rule, found)
        total += found
        tell(f"{category.name}: {total.incidents} incidents, {total.records} records erased")


async def erase_incidents(
    connection: Connection,
    ring: Keyring,
    incident_ids: Sequence[int],
    now: datetime,
    people: Sequence[bytes] | None = None,
    *,
    tell: Callable[[str], None] = lambda _: None,
) -> Counts:
    """Erase what incidents tell of people, inside the caller's transaction.

    ``people``: only these pseudonyms are taken out, and only their mentions; what is written in words, which may be
    about anybody, goes altogether, and so do the raw records.
    """
    mentions = await connection.fetch(MENTION_KEYS, incident_ids, people)
    keys = [row["key_id"] for row in mentions if row["key_id"] is not None]
    if keys:
        await asyncio.to_thread(ring.erase, keys)
    tell(f"{len(keys)} keys of mentions are deleted")
    records = await erase_raw(connection, ring, RAW_OF_INCIDENTS, incident_ids, now, tell=tell)
    await connection.execute(
        "delete from person_mention where mention_id = any($1::bigint[])",
        [row["mention_id"] for row in mentions],
    )
    named = [row["person"] for row in await connection.fetch(OFFENCES, incident_ids, people)]
    await connection.execute(EMPTY_VERSIONS, incident_ids, now if people is None else None)
    others = 0
    if people is None:
        for table in HELD_BY_INCIDENT:
            others += _count(await connection.execute(OF_INCIDENT.format(table=table), incident_ids))
    gone = await connection.fetch(NAMED_STILL, list({*named, *(row["person"] for row in mentions)}))
    others += await forget_people(connection, [row["person"] for row in gone])
    return Counts(len(incident_ids), records, len(mentions), len(named), others)


async def erase_raw(
    connection: Connection,
    ring: Keyring,
    which: str,
    ids: Sequence[int],
    now: datetime,
    *,
    tell: Callable[[str], None] = lambda _: None,
) -> int:
    """Delete the keys of raw records, then empty them; how many. ``which``: the statement that finds them by ids."""
    raws = await connection.fetch(which, ids)
    keys = [row["key_id"] for row in raws if row["key_id"] is not None]
    if keys:
        await asyncio.to_thread(ring.erase, keys)
    tell(f"{len(keys)} keys of records are deleted")
    raw_ids = [row["raw_id"] for row in raws]
    await connection.execute(EMPTY_RAW, raw_ids, now)
    await connection.execute(EMPTY_QUARANTINE, raw_ids, now)
    return len(raw_ids)


async def forget_people(connection: Connection, people: Sequence[bytes]) -> int:
    """Take people whom no report names any more out of all other tables; how many rows."""
    rows = 0
    for place in pseudonyms.PLACES if people else ():
        if place.table in pseudonyms.REPORTS:
            continue
        if place.erased == "row":
            statement = f"delete from {place.table} where {place.column} = any($1::bytea[])"
        else:
            statement = (
                f"update {place.table} set {place.column} = null where {place.column} = any($1::bytea[])"
            )
        rows += _count(await connection.execute(statement, people))
    return rows


async def sweep(connection: Connection, ring: Keyring, order: Order) -> Counts:
    """Delete keys that open nothing: of loads that were killed before they committed, and of what became protected."""
    before = int((order.now - UNUSED_AFTER).timestamp())
    async with connection.transaction():
        await connection.execute("create temporary table held (key_id uuid primary key) on commit drop")
        for ids in ring.ids_made_before(before):
            await connection.copy_records_to_table("held", records=[(key_id,) for key_id in ids])
        await connection.execute("analyze held")
        unused = [row["key_id"] for row in await connection.fetch(UNUSED)]
        if not unused:
            return Counts()
        found = Counts(records=await asyncio.to_thread(ring.erase, unused))
        await protocol(connection, order, "unused_keys", "keys that open nothing that is stored", found)
    return found


async def protocol(
    connection: Connection, order: Order, category: str, rule: str, counts: Counts, reason: str | None = None
) -> None:
    """Note what was erased: counts and rules, never who."""
    await connection.execute(
        PROTOCOL, order.run_id, order.now, order.as_of, category, rule, order.rules.version, reason,
        order.recorded_by, counts.incidents, counts.records, counts.mentions, counts.pseudonyms, counts.others,
    )  # fmt: skip


async def entries(connection: Connection, limit: int) -> list[Any]:
    """The newest lines of the protocol."""
    rows = await connection.fetch("select * from erasure_protocol order by entry_id desc limit $1", limit)
    return list(rows)


def _count(done: str) -> int:
    return int(done.rpartition(" ")[2])
