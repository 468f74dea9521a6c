"""What the measures are worked out from: counts by area and time, from the ledger as known at a moment.

A measure's question is about reports of violence in close relationships: offences that the region's catalogue puts
into one. Incidents count (under their gravest offence), for harm offences. No person is in any of these tables but
those of ``measure_people``, and there they are running numbers.

A table is a mapping of a column's name to its values, all of one length. Days are days of the region's calendar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from app.db import Connection

Columns: TypeAlias = Mapping[str, Sequence[Any]]

WEEK = timedelta(days=7)


class Pin(NamedTuple):
    """A picture: as known at a moment, up to a position of the ledger."""

    known_at: datetime
    xid: int
    ledger_id: int


@dataclass(frozen=True)
class Span:
    """Days from ``first`` up to ``beyond``, which is not in it, as known at ``pin``."""

    first: date
    beyond: date
    pin: Pin

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.first + timedelta(days=number) for number in range((self.beyond - self.first).days)]

    @property
    def weeks(self) -> list[date]:
        """The Mondays of the weeks that lie in it whole."""
        begins = self.first + timedelta(days=-self.first.weekday() % 7)
        return [begins + number * WEEK for number in range(max(0, (self.beyond - begins).days // 7))]

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The values of ``HELD``."""
        return (self.first, self.beyond, *self.pin)


class District(NamedTuple):
    """An area whose rows are worked out by themselves.

    ``within`` is the code of the area that it is part of, ``since`` the first day on which it was there.
    """

    area_id: int
    code: str
    name: str
    within: str
    within_name: str
    since: date


# The ledger's rows of a span; $1 to $5 are those of Span.arguments.
ROWS = """ledger as l join offence as o using (offence_id)
where l.kind = 1 and o.close_relationship and l.day >= $1 and l.day < $2
    and l.known_at <= $3 and (l.xid, l.ledger_id) <= ($4::xid8, $5)"""
# The incidents that are believed then, each once, with their day and place.
HELD = f"""held as materialized (
    select l.incident_id, l.day, l.area_id, l.rollup_area_id
    from {ROWS} and l.incidents <> 0
    group by 1, 2, 3, 4 having sum(l.incidents) > 0
)"""
IN_DISTRICT = """rollup_place as place on place.kind = $6 and place.area_id = {row}.rollup_area_id
    and place.valid_from <= {row}.day and ({row}.day < place.valid_to or place.valid_to is null)"""

DISTRICTS = """
select a.area_id, a.code, a.name, coalesce(p.code, ''), coalesce(p.name, ''), a.valid_from
from area as a left join area as p on p.area_id = a.parent_id
where a.kind = $1 and a.valid_from <= $2 and (a.valid_to is null or $2 < a.valid_to) order by a.code
"""
BY_DAY = f"""
select place.code as area, l.day, sum(l.incidents)::integer as n
from {ROWS.replace("where", f"join {IN_DISTRICT.format(row='l')} where", 1)} and l.incidents <> 0
group by 1, 2 having sum(l.incidents) <> 0
"""
BY_GROUP = f"""
select o.group_code as area, l.day, sum(l.incidents)::integer as n
from {ROWS} and l.incidents <> 0 group by 1, 2 having sum(l.incidents) <> 0
"""
TRIANGLE = f"""
select place.code as area, l.day, greatest(0, (l.known_at at time zone $7)::date - l.day) as delay,
    sum(l.incidents)::integer as n
from {ROWS.replace("where", f"join {IN_DISTRICT.format(row='l')} where", 1)} and l.incidents <> 0
group by 1, 2, 3 having sum(l.incidents) <> 0 order by 1, 2, 3
"""
INTERVALS = f"""
with {HELD}
select place.code as area, v.occurred_from, v.occurred_to
from held join {IN_DISTRICT.format(row="held")}
join incident_version as v on v.incident_id = held.incident_id and not v.repeats and v.state = 'active'
    and v.known_at <= $3 and (v.superseded_at is null or v.superseded_at > $3)
order by 1, 2, 3, v.incident_id
"""
HARM = f"""
select place.code as area, l.day, o.code as offence, sum(l.offences)::integer as n, w.weight,
    coalesce(w.provisional, true) as provisional, w.version
from {
    ROWS.replace(
        "where",
        f"join {IN_DISTRICT.format(row='l')} left join harm_weight as w on w.offence_id = l.offence_id "
        "and w.index_name = 'bsi' and w.version = (select max(version) from harm_weight where index_name = 'bsi') "
        "where",
        1,
    )
}
group by 1, 2, 3, 5, 6, 7 having sum(l.offences) <> 0 order by 1, 2, 3
"""
MONTHS = f"""
select date_trunc('month', l.day)::date as month, min(l.day) as first, sum(l.incidents)::integer as n
from {ROWS} and l.incidents <> 0 group by 1 having sum(l.incidents) > 0 order by 1
"""
FEWEST = 0.25
"""A month with fewer, as a share of the middle month, is from before the reports were told of."""


async def districts(connection: Connection, kind: str, on: date) -> list[District]:
    """The areas of a kind that are there on a day, by code."""
    return [District(*row) for row in await connection.fetch(DISTRICTS, kind, on)]


async def first_day(connection: Connection, span: Span) -> date | None:
    """The first day of the span from which on the reports are told of; None where nothing is known.

    A report may be of something that happened years before the first feed began: a month with far fewer than the middle
    one is not taken for a quiet month.
    """
    months = await connection.fetch(MONTHS, *span.arguments)
    if not months:
        return None
    daily = [row["n"] / _days_within(row["month"], span) for row in months]
    enough = FEWEST * median(daily)
    first: date = next(row["first"] for row, n in zip(months, daily, strict=True) if n >= enough)
    return first


def _days_within(month: date, span: Span) -> int:
    """How many days of the month lie in the span."""
    after = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    return (min(after, span.beyond) - max(month, span.first)).days


async def counted(connection: Connection, span: Span, kind: str) -> dict[tuple[str, date], int]:
    """Incidents by area (its code) and day, areas as they lay on each day; only where there is something."""
    rows = await connection.fetch(BY_DAY, *span.arguments, kind)
    return {(row["area"], row["day"]): row["n"] for row in rows}


async def daily(connection: Connection, span: Span, kind: str, of: Sequence[District]) -> Columns:
    """``area`` (code), ``day``, ``t``, ``count``: a row for each day on which the district was there, zeros too.

    ``t`` numbers the span's days from 1.
    """
    return _grid(await counted(connection, span, kind), span.days, of)


async def weekly(connection: Connection, span: Span, kind: str, of: Sequence[District]) -> Columns:
    """``area`` (code), ``week`` (its Monday), ``t``, ``count``: a row for each whole week, if the district was there.

    ``t`` numbers the span's weeks from 1.
    """
    found: dict[tuple[str, date], int] = {}
    for (code, day), number in (await counted(connection, span, kind)).items():
        key = (code, day - timedelta(days=day.weekday()))
        found[key] = found.get(key, 0) + number
    grid = dict(_grid(found, span.weeks, of))
    grid["week"] = grid.pop("day")
    return grid


async def weekly_by_group(connection: Connection, span: Span) -> Columns:
    """The same of the whole region by the group of the gravest offence, whose code is in ``area``: every whole week."""
    found: dict[tuple[str, date], int] = {}
    for row in await connection.fetch(BY_GROUP, *span.arguments):
        key = (row["area"], row["day"] - timedelta(days=row["day"].weekday()))
        found[key] = found.get(key, 0) + row["n"]
    cells = [
        (group, number, week)
        for group in sorted({group for group, _ in found})
        for number, week in enumerate(span.weeks, 1)
    ]
    return {
        "area": [group for group, _, _ in cells],
        "t": [number for _, number, _ in cells],
        "count": [found.get((group, week), 0) for group, _, week in cells],
    }


def _grid(found: Mapping[tuple[str, date], int], times: Sequence[date], of: Sequence[District]) -> Columns:
    cells = [
        (one.code, number, time) for one in of for number, time in enumerate(times, 1) if time >= one.since
    ]
    return {
        "area": [code for code, _, _ in cells],
        "day": [time for _, _, time in cells],
        "t": [number for _, number, _ in cells],
        "count": [found.get((code, time), 0) for code, _, time in cells],
    }


async def triangle(
    connection: Connection, span: Span, kind: str, of: Sequence[District], time_zone: str
) -> Columns:
    """The reporting triangle: ``area``, ``day`` (happened), ``delay`` (days until known), ``known_day``, ``n``.

    ``n`` is how many more became known so many days after; below 0 where more was taken back or moved away than became
    known. Only cells with something in them.
    """
    rows = await connection.fetch(TRIANGLE, *span.arguments, kind, time_zone)
    there = {one.code for one in of}
    kept = [row for row in rows if row["area"] in there]
    cells = dict(_columns(kept, {"area": "area", "day": "day", "delay": "delay", "n": "n"}))
    cells["known_day"] = [row["day"] + timedelta(days=row["delay"]) for row in kept]
    return cells


async def intervals(connection: Connection, span: Span, kind: str, of: Sequence[District]) -> Columns:
    """``area``, ``occurred_from``, ``occurred_to`` (UTC) of each incident: between them it happened."""
    there = {one.code for one in of}
    rows = await connection.fetch(INTERVALS, *span.arguments, kind)
    kept = [row for row in rows if row["area"] in there]
    return _columns(kept, {name: name for name in ("area", "occurred_from", "occurred_to")})


async def harm(connection: Connection, span: Span, kind: str, of: Sequence[District]) -> Columns:
    """``area``, ``day``, ``offence`` (code), ``n`` offences, and what each weighs.

    ``weight`` is in months of sentence (None: none is set), ``provisional`` whether it is, ``version`` the index's.
    """
    there = {one.code for one in of}
    rows = await connection.fetch(HARM, *span.arguments, kind)
    kept = [row for row in rows if row["area"] in there]
    names = ("area", "day", "offence", "n", "weight", "provisional", "version")
    return _columns(kept, {name: name for name in names})


def _columns(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Columns:
    return {ours: [row[theirs] for row in rows] for ours, theirs in names.items()}
