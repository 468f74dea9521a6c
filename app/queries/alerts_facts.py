"""What an alert rule is evaluated on, read from the picture: the ledger's rows with both clocks, as arrays.

For the engine and the replay, on a login that sees the whole picture, from one snapshot. What became known after
``until`` is not read. Counts come from the ledger, what is normal from its daily sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from app.alerts.facts import Daily, Facts, Signed
from app.alerts.rule import Counted, Delivery, Deviation, Geofence, Repeat, Rule, Silence, Threshold
from app.domain.window import KINDS
from app.queries.scope import Arguments

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.region import Region

DISTRICTS = "lokalpolisomrade"
MOST_SOURCES = 200
HAPPENED = "extract(epoch from (l.day + make_interval(hours => l.hour)) at time zone {zone})::float8"
ON_DAY = "place.valid_from <= {row}.day and ({row}.day < place.valid_to or place.valid_to is null)"
DAY = "({row}.day - date '1970-01-01')"

COLUMNS = """
select array_agg(key) as key, array_agg(known) as known, array_agg(happened) as happened, array_agg(day) as day,
    array_agg(n) as n, array_agg(incident) as incident from ({rows}) as told where key >= 0
"""
"""One row of arrays: a year of calls is a million rows."""
SIGNED = """
select {key} as key, extract(epoch from l.known_at)::float8 as known, {happened} as happened, {day} as day,
    l.incidents as n, l.incident_id as incident
from ledger as l {join}
where l.kind = {kind} and l.day between {first} and {last} and l.known_at <= {until} and l.incidents <> 0 {wanted}
"""
DAILY = """
select {key} as key, {day} as day, l.known_day - date '1970-01-01' as known_day, sum(l.incidents)::float8 as n
from rollup_daily as l {join}
where l.kind = {kind} and l.day between {first} and {last} and l.known_day <= {until} and l.incidents <> 0 {wanted}
group by 1, l.day, 3
"""
# What lies within a fence, each version believed from when it was known until it was superseded. The kilometre squares
# that the fence touches find them; what is protected has no point.
FENCED = """
with fence as materialized (
    select g, floor(st_xmin(g) / 1000)::integer as west, floor(st_xmax(g) / 1000)::integer as east,
        floor(st_ymin(g) / 1000)::integer as south, floor(st_ymax(g) / 1000)::integer as north
    from (select {fence} as g) as drawn
), near as materialized (
    select distinct l.incident_id from fence join ledger as l on l.kind = {kind} and l.day between {first} and {last}
        and l.cx between fence.west and fence.east and l.cy between fence.south and fence.north
    where l.known_at <= {until}
)
select '' as key, coalesce(place.code, '') as place, extract(epoch from turn.at)::float8 as known,
    extract(epoch from v.occurred_from)::float8 as happened, {day} as day, turn.n, v.incident_id as incident, i.uid
from near join incident_version as v using (incident_id) join incident as i using (incident_id) join fence
    on st_intersects(v.geom, fence.g)
left join rollup_place as place on place.kind = '{districts}' and place.area_id = v.rollup_area_id and {on_day}
cross join lateral (values (v.known_at, 1), (v.superseded_at, -1)) as turn (at, n)
where v.state = 'active' and not v.repeats and not v.protected and turn.at <= {until} {wanted}
"""
OFFENCES = """
select offence_id from offence
where kind = $1 and (cardinality($2::text[]) = 0 or code = any($2) or group_code = any($2))
    and (not $3 or close_relationship)
"""
CODES = """
select distinct code from rollup_place where kind = $1 and valid_from <= $3 and (valid_to is null or valid_to > $2)
order by code
"""
BELIEVED = """
select i.uid from (
    select l.incident_id, max(l.known_at) as known_at from ledger as l {join}
    where l.kind = {kind} and l.day between {first} and {last} and l.known_at <= {until} and l.incidents <> 0
        and {happened} > {since} {wanted}
    group by 1 having sum(l.incidents) > 0 order by 2 desc limit {most}
) as found join incident as i using (incident_id)
"""


@dataclass(frozen=True)
class Read:
    """What is read: up to when it was looked at, and up to when it is looked at now."""

    connection: Connection
    region: Region
    since: datetime
    until: datetime

    def day(self, moment: datetime, back: float = 0) -> date:
        """The region's day so many days before a moment."""
        return self.region.day(moment - timedelta(days=back))


async def facts_for(read: Read, rule: Rule, *, linked_at: datetime | None = None) -> Facts:
    """What the rule may know between the two moments.

    Args:
        read: From where, and of what time.
        rule: Which.
        linked_at: Who was judged to be one person by then is so; None: by ``until``. A replay tells its beginning, so
            that nothing that was judged later is in it.
    """
    from app.queries.alerts_heard import heard  # noqa: PLC0415 - each kind's reading knows this module
    from app.queries.alerts_repeats import repeated  # noqa: PLC0415

    if isinstance(rule, Silence):
        return await heard(read, rule)
    if isinstance(rule, Repeat):
        return await repeated(read, rule, linked_at or read.until)
    if isinstance(rule, Geofence):
        return await _fenced(read, rule)
    if isinstance(rule, Delivery):
        return Facts(read.region.zone)
    return await _counted(read, rule)


async def _counted(read: Read, rule: Threshold | Deviation) -> Facts:
    back = rule.window_days if isinstance(rule, Deviation) else rule.window_hours / 24
    first, last = read.day(read.since, back + 1), read.day(read.until)
    keys = await keys_of(read, rule, first, last)
    arguments = Arguments()
    parts = await _parts(read, rule, arguments, first, last)
    parts["key"] = f"array_position({arguments.add(list(keys))}::text[], {parts['key']}) - 1"
    rows = SIGNED.format(until=arguments.add(read.until), **parts)
    row = await read.connection.fetchrow(COLUMNS.format(rows=rows), *arguments)
    signed = _signed(row)
    daily = await _daily(read, rule, keys) if isinstance(rule, Deviation) else Daily()
    return Facts(read.region.zone, keys, (), signed, daily)


async def _daily(read: Read, rule: Deviation, keys: Sequence[str]) -> Daily:
    arguments = Arguments()
    first = read.day(read.since, (rule.windows_before + 1) * rule.window_days + 1)
    parts = await _parts(read, rule, arguments, first, read.day(read.until))
    until = arguments.add(read.day(read.until))
    rows = await read.connection.fetch(DAILY.format(until=until, **parts), *arguments)
    number = {key: index for index, key in enumerate(keys)}
    kept = [row for row in rows if row["key"] in number]
    return Daily(
        np.asarray([number[row["key"]] for row in kept], dtype=np.int64),
        np.asarray([row["day"] for row in kept], dtype=np.int64),
        np.asarray([row["known_day"] for row in kept], dtype=np.int64),
        np.asarray([row["n"] for row in kept], dtype=np.float64),
    )


async def keys_of(read: Read, rule: Threshold | Deviation, first: date, last: date) -> tuple[str, ...]:
    """The series of a rule: the areas that it names, or every district; one without a name for all together."""
    if rule.together:
        return ("",)
    if rule.areas:
        return tuple(sorted(set(rule.areas)))
    return tuple(row["code"] for row in await read.connection.fetch(CODES, DISTRICTS, first, last))


async def _parts(
    read: Read, rule: Threshold | Deviation, arguments: Arguments, first: date, last: date
) -> dict[str, str]:
    """What a statement on ledger rows is made of."""
    join, key, wanted = "", "''", ""
    codes = sorted(set(rule.areas))
    if rule.together and codes:
        wanted = (
            f" and exists (select from rollup_place as place where place.code = any({arguments.add(codes)}) "
            f"and place.area_id = l.rollup_area_id and {ON_DAY.format(row='l')})"
        )
    elif not rule.together:
        which = f"place.code = any({arguments.add(codes)})" if codes else f"place.kind = '{DISTRICTS}'"
        which += f" and place.area_id = l.rollup_area_id and {ON_DAY.format(row='l')}"
        join = f"join rollup_place as place on {which}"
        key = "place.code"
    return {
        "join": join,
        "key": key,
        "kind": arguments.add(KINDS[rule.incidents]),
        "first": arguments.add(first),
        "last": arguments.add(last),
        "happened": HAPPENED.format(zone=f"'{read.region.zone.key}'"),
        "day": DAY.format(row="l"),
        "wanted": wanted + await offence_condition(read.connection, rule, arguments, "l"),
    }


async def offence_condition(
    connection: Connection, rule: Counted | Geofence, arguments: Arguments, row: str
) -> str:
    """SQL: the gravest offence is one of those that the rule looks at; nothing where it looks at all."""
    if not rule.offences and not rule.close:
        return ""
    rows = await connection.fetch(OFFENCES, KINDS[rule.incidents], list(rule.offences), rule.close)
    return f" and {row}.offence_id = any({arguments.add([one['offence_id'] for one in rows])})"


async def _fenced(read: Read, rule: Geofence) -> Facts:
    rows = await _fence_rows(read, rule)
    return Facts(
        read.region.zone, ("",), places := tuple(sorted({row["place"] for row in rows})), signed_of(rows, ("",), places)
    )  # fmt: skip


async def _fence_rows(read: Read, rule: Geofence) -> list[Any]:
    arguments = Arguments()
    if rule.fence.point is not None:
        lon, lat = (arguments.add(one) for one in rule.fence.point)
        point = f"st_transform(st_setsrid(st_makepoint({lon}::float8, {lat}::float8), 4326), 3006)"
        fence = f"st_buffer({point}, {arguments.add(rule.fence.radius_m)}::float8, 32)"
    else:
        ring = [*rule.fence.polygon, rule.fence.polygon[0]]
        text = ", ".join(f"{lon} {lat}" for lon, lat in ring)
        drawn = f"st_geomfromtext({arguments.add(f'POLYGON(({text}))')}, 4326)"
        fence = f"st_makevalid(st_transform({drawn}, 3006))"
    statement = FENCED.format(
        fence=fence,
        kind=arguments.add(KINDS[rule.incidents]),
        first=arguments.add(read.day(read.since, rule.window_hours / 24 + 1)),
        last=arguments.add(read.day(read.until)),
        until=arguments.add(read.until),
        day=DAY.format(row="v"),
        districts=DISTRICTS,
        on_day=ON_DAY.format(row="v"),
        wanted=await offence_condition(read.connection, rule, arguments, "v"),
    )
    return list(await read.connection.fetch(statement, *arguments))


def _signed(row: Any) -> Signed:
    if row["key"] is None:
        return Signed()
    return Signed(
        key=np.asarray(row["key"], dtype=np.int64),
        place=np.full(len(row["key"]), -1, dtype=np.int64),
        known=np.asarray(row["known"], dtype=np.float64),
        happened=np.asarray(row["happened"], dtype=np.float64),
        day=np.asarray(row["day"], dtype=np.int64),
        n=np.asarray(row["n"], dtype=np.int64),
        incident=np.asarray(row["incident"], dtype=np.int64),
    )


def signed_of(rows: Iterable[Any], keys: Sequence[str], places: Sequence[str] = ()) -> Signed:
    """Rows as arrays, with keys and places numbered; rows of other keys are left out. No place is −1."""
    key_number = {key: index for index, key in enumerate(keys)}
    place_number = {place: index for index, place in enumerate(places) if place}
    kept = [row for row in rows if row["key"] in key_number]
    integers = np.asarray(
        [
            (
                key_number[row["key"]],
                place_number.get(row["place"], -1),
                row["day"],
                row["n"],
                row["incident"],
            )
            for row in kept
        ],
        dtype=np.int64,
    ).reshape(-1, 5)
    return Signed(
        key=integers[:, 0],
        place=integers[:, 1],
        known=np.asarray([row["known"] for row in kept], dtype=np.float64),
        happened=np.asarray([row["happened"] for row in kept], dtype=np.float64),
        day=integers[:, 2],
        n=integers[:, 3],
        incident=integers[:, 4],
    )


async def sources_of(read: Read, rule: Rule, key: str, at: datetime) -> list[Any]:
    """The incidents that a firing rests on, as known at its moment: their opaque ids, the newest first."""
    if isinstance(rule, Geofence):
        earliest = (at - timedelta(hours=rule.window_hours)).timestamp()
        rows = await _fence_rows(Read(read.connection, read.region, at, at), rule)
        held: dict[Any, int] = {}
        for row in rows:
            if row["happened"] > earliest:
                held[row["uid"]] = held.get(row["uid"], 0) + row["n"]
        return [uid for uid, n in held.items() if n > 0][:MOST_SOURCES]
    if not isinstance(rule, Threshold | Deviation):
        return []
    one = rule if rule.together else rule.model_copy(update={"areas": (key,)})
    days = rule.window_days if isinstance(rule, Deviation) else rule.window_hours / 24
    since = (
        read.region.midnight(read.region.day(at) - timedelta(days=rule.window_days - 1))
        - timedelta(seconds=1)
        if isinstance(rule, Deviation)
        else at - timedelta(hours=rule.window_hours)
    )
    arguments = Arguments()
    parts = await _parts(read, one, arguments, read.day(at, days + 1), read.day(at))
    statement = BELIEVED.format(
        until=arguments.add(at), since=arguments.add(since.timestamp()), most=MOST_SOURCES, **parts
    )
    return [row["uid"] for row in await read.connection.fetch(statement, *arguments)]
