"""The tables of the daily questions: what is read from the picture for a measure, and over how long a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from app.queries import measure_frames as frames
from app.queries import measure_people as people
from app.queries import measure_points as points
from app.queries.measure_frames import Columns, District, Pin, Span

if TYPE_CHECKING:
    from app.db import Connection
    from app.domain.region import Region

DISTRICTS = "lokalpolisomrade"
STATISTICAL = "regso"
YEARS = 5
YEAR = 365
FOUR_WEEKS = 28
WEEKS, SEASON = 52, 3
"""Of a year, and to either side of the same time a year before."""
DEEPEST = 6
"""Years: five to compare with, and a year to compare."""


class Table(NamedTuple):
    """What a measure is given: columns, settings that depend on what is there, and areas' names by their codes."""

    columns: Columns
    params: Mapping[str, Any]
    names: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """For which day, from which picture. ``first`` is the first day of which anything is known."""

    connection: Connection
    region: Region
    day: date
    pin: Pin
    first: date
    districts: tuple[District, ...]

    def span(self, days: int | None = None, *, years: int = YEARS) -> Span:
        """The days before the day: so many, or so many years; none from before anything was known."""
        begins = self.day - timedelta(days=days) if days is not None else years_before(self.day, years)
        return Span(min(max(begins, self.first), self.day), self.day, self.pin)


Frame = Callable[[Asked], Awaitable[Table]]


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; 28 February for one that was not there."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _districts(asked: Asked) -> dict[str, str]:
    """The names of the districts and of what they are part of."""
    return {one.within: one.within_name for one in asked.districts} | {
        one.code: one.name for one in asked.districts
    }


async def by_week(asked: Asked) -> Table:
    """Counts of six years by district and whole week, which is named by its Monday."""
    told = await frames.weekly(asked.connection, asked.span(years=DEEPEST), DISTRICTS, asked.districts)
    within = {one.code: one.within for one in asked.districts}
    columns = {
        "area": told["area"],
        "region": [within[code] for code in told["area"]],
        "day": told["week"],
        "week": told["week"],
        "count": told["count"],
    }
    return Table(columns, {}, _districts(asked))


async def region_by_week(asked: Asked) -> Table:
    """The same of all districts together: one series, called by the region's name."""
    table = await by_week(asked)
    summed: dict[date, int] = {}
    for week, count in zip(table.columns["week"], table.columns["count"], strict=True):
        summed[week] = summed.get(week, 0) + count
    weeks = sorted(summed)
    name = str(asked.region.facts["name_sv"])
    columns: Columns = {
        "area": [name] * len(weeks),
        "day": weeks,
        "week": weeks,
        "t": list(range(1, len(weeks) + 1)),
        "count": [summed[week] for week in weeks],
    }
    return Table(columns, {}, {})


async def region_by_week_for_forecast(asked: Asked) -> Table:
    """The same, with the region's time zone."""
    table = await region_by_week(asked)
    return table._replace(params={"zone": asked.region.zone.key})


async def normal_by_week(asked: Asked) -> Table:
    """Counts by district and whole week, and which of the weeks are told: those of the last year."""
    span = asked.span(years=DEEPEST)
    told = await frames.weekly(asked.connection, span, DISTRICTS, asked.districts)
    columns = {name: told[name] for name in ("area", "t", "count")}
    return Table(columns, _last_year(len(span.weeks)), _districts(asked))


async def normal_of_region(asked: Asked) -> Table:
    """The same of all districts together."""
    table = await region_by_week(asked)
    columns = {name: table.columns[name] for name in ("area", "t", "count")}
    return Table(columns, _last_year(len(columns["t"])), {})


async def normal_by_group(asked: Asked) -> Table:
    """The same of the region by the group of the gravest offence."""
    span = asked.span(years=DEEPEST)
    return Table(await frames.weekly_by_group(asked.connection, span), _last_year(len(span.weeks)), {})


def _last_year(weeks: int) -> Mapping[str, Any]:
    """Farrington's settings for the last year's weeks, with as many years before them as there are, five at most."""
    years = max(1, min(YEARS, (weeks - WEEKS - SEASON) // WEEKS))
    told = {"b": years, "alpha": 0.025}
    return told if weeks <= (years + 1) * WEEKS + SEASON else {**told, "range": (weeks - WEEKS + 1, weeks)}


async def by_week_for_forecast(asked: Asked) -> Table:
    """The same, with the region's time zone."""
    table = await by_week(asked)
    return table._replace(params={"zone": asked.region.zone.key})


async def by_delay(asked: Asked) -> Table:
    """The reporting triangle of two years."""
    zone = asked.region.zone.key
    columns = await frames.triangle(asked.connection, asked.span(2 * YEAR), DISTRICTS, asked.districts, zone)
    return Table(columns, {"zone": zone}, _districts(asked))


async def delays(asked: Asked) -> Table:
    """The same of five years, each cell with the day on which it became known."""
    columns = await frames.triangle(
        asked.connection, asked.span(), DISTRICTS, asked.districts, asked.region.zone.key
    )
    named = {"area": "area", "occurred_day": "day", "known_day": "known_day", "n": "n"}
    return Table({ours: columns[theirs] for ours, theirs in named.items()}, {}, _districts(asked))


def reports_of(of: people.Of, unit: str) -> Frame:
    """The reports of five years by pair, victim or address."""

    async def read(asked: Asked) -> Table:
        told = await people.reports(asked.connection, asked.span(), of, DISTRICTS)
        last = (asked.day - timedelta(days=1)).isoformat()
        columns = {"id": told["id"], "day": told["day"], "harm": told["weight"], "area": told["area"]}
        return Table(columns, {"unit": unit, "known_at": last}, {})

    return read


async def small_areas(asked: Asked) -> Table:
    """The statistical areas with the cases of a year, their population and their borders."""
    told = await points.statistical_areas(
        asked.connection, asked.span(YEAR), STATISTICAL, asked.day, DISTRICTS
    )
    borders = await points.bordering(asked.connection, STATISTICAL, asked.day)
    columns = {
        "i": told["code"],
        "x": told["x"],
        "y": told["y"],
        "pop": told["population"],
        "cases": told["cases"],
    }
    return Table(
        columns,
        {"neighbours": borders, "both_ways": True},
        dict(zip(told["code"], told["name"], strict=True)),
    )


async def cases_by_area(asked: Asked) -> Table:
    """How many cases each statistical area had in a year."""
    told = await points.statistical_areas(
        asked.connection, asked.span(YEAR), STATISTICAL, asked.day, DISTRICTS
    )
    return Table({"id": told["code"], "n": told["cases"], "area": told["area"]}, {}, {})


def events(days: int, *, squares: bool = False, framed: bool = False) -> Frame:
    """Points and days, in the middles of squares if the result names places; ``framed`` says which days there are."""

    async def read(asked: Asked) -> Table:
        span = asked.span(days)
        columns = await points.points(asked.connection, span, DISTRICTS, squares=squares)
        params = {"start": 0, "end": len(span.days) - 1} if framed else {}
        return Table(columns, params, {})

    return read


async def harm(asked: Asked) -> Table:
    """The offences of four weeks and what each weighs."""
    told = dict(await frames.harm(asked.connection, asked.span(FOUR_WEEKS), DISTRICTS, asked.districts))
    told["provisional"] = ["true" if one else "false" for one in told["provisional"]]
    told["version"] = [one or "" for one in told["version"]]
    return Table(told, {}, _districts(asked))


async def hours(asked: Asked) -> Table:
    """When each of a year's events can have happened."""
    columns = await frames.intervals(asked.connection, asked.span(YEAR), DISTRICTS, asked.districts)
    return Table(columns, {"zone": asked.region.zone.key}, _districts(asked))
