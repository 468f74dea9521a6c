"""The facts of a briefing, from one snapshot: counts, what the measures said, pairs, outcomes, feeds, the log book."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from app.briefing import facts as told
from app.briefing.edition import Text
from app.domain.window import Position
from app.jobs.briefing_measures import of_scope
from app.queries import briefing as queries
from app.queries import briefing_feeds as feeds
from app.queries import briefing_pairs, log_book, measure_frames
from app.queries.briefing import Hours, Part
from app.queries.measure_frames import Span
from app.queries.usual import WEEKS, weeks_known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.db import Connection
    from app.domain.region import Region
    from app.jobs.briefing_measures import Ready
    from app.queries.measure_frames import Pin

AT = time(6, 30)
"""When the morning's edition is made, in the region's time: an hour after the measures, half an hour before seven."""
MORNING, EVENING = 6, 22
"""The hours between which the night lies, and at which the day and night and the seven days end."""
SERIES: tuple[queries.Series, ...] = ("reports", "partner", "calls")
CHART_DAYS = 7 * 52
OUTCOME_DAYS = 90
PAIR_DAYS, PAIRS_LATELY = 372, 7
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Whose:
    """Whose edition: of the region (both None) or of a district."""

    area_id: int | None = None
    code: str | None = None


@dataclass(frozen=True)
class Asked:
    """For which morning, from which picture. ``made_at`` is the clock of what the picture itself does not hold."""

    connection: Connection
    region: Region
    day: date
    pin: Pin
    made_at: datetime
    demo: bool = False


@dataclass(frozen=True)
class Shared:
    """What is read once for all editions of a morning; counts by district and of the region (None)."""

    first_day: date | None
    hours: Mapping[told.Stretch, tuple[datetime, datetime]]
    weeks: int
    known: Mapping[tuple[int, told.Stretch], int]
    counted: Mapping[queries.Series, Mapping[str | None, Sequence[int]]]
    daily: Mapping[str | None, Mapping[date, int]]
    feeds: tuple[told.FeedState, ...]


def moment(region: Region, day: date) -> datetime:
    """Half past six of a day, UTC."""
    return datetime.combine(day, AT, region.zone).astimezone(UTC)


async def read(
    asked: Asked, whose: Whose, ready: Ready, names: Mapping[str, str], shared: Shared
) -> told.Facts:
    """Everything that the edition of the region or of one district tells.

    Args:
        asked: On a login that sees the whole picture, in one snapshot.
        whose: Of which area.
        ready: What the measures said.
        names: The districts' names by code.
        shared: What all editions of the morning share.
    """
    connection, part = asked.connection, Part(whose.code, asked.pin)
    before = moment(asked.region, asked.day - DAY)
    changes = await queries.changes(connection, part, before)
    facts = asked.region.facts
    region_name = Text(sv=facts["name_sv"], en=facts["name_en"])
    own = None if whose.code is None else names[whose.code]
    return told.Facts(
        region=asked.region.code,
        region_name=region_name,
        zone=asked.region.zone.key,
        area=whose.code,
        name=region_name if own is None else Text(sv=own, en=own),
        day=asked.day,
        known_at=asked.pin.known_at,
        before=before,
        position=f"{asked.pin.xid}-{asked.pin.ledger_id}",
        names=names,
        counted=_counted(shared, whose.code),
        daily=dict(shared.daily[whose.code]) if whose.code in shared.daily else {},
        first_day=shared.first_day,
        unplaced=await queries.unplaced(connection, part, asked.day - 7 * DAY, asked.day),
        measured=of_scope(ready, whose.code),
        asked=tuple(ready.asked(whose.code)),
        pairs=await _pairs(asked, part),
        outcomes=await _outcomes(asked, part),
        changes=_changes(changes, whose.code),
        added=sum(row["n"] for row in changes if _change(row, whose.code) == "added"),
        feeds=shared.feeds,
        log_book=await _log_book(asked, whose.code, before),
        demo=asked.demo,
    )


def stretches(region: Region, day: date) -> dict[told.Stretch, tuple[datetime, datetime]]:
    """The night, the day and night and the seven days that end in the morning of a day; aware, of the region's zone."""
    ends = datetime.combine(day, time(MORNING), region.zone)
    return {
        "night": (datetime.combine(day - DAY, time(EVENING), region.zone), ends),
        "day": (datetime.combine(day - DAY, time(MORNING), region.zone), ends),
        "week": (datetime.combine(day - 7 * DAY, time(MORNING), region.zone), ends),
    }


async def share(asked: Asked) -> Shared:
    """Read once what every edition of the morning tells its part of.

    Each stretch is counted with the same hours of the weeks before, by the region's clock, as known as long after: a
    week earlier on both clocks.
    """
    connection, zone = asked.connection, asked.region.zone
    span = Span(asked.day - timedelta(days=3 * 366), asked.day, asked.pin)
    first = await measure_frames.first_day(connection, span)
    whole = stretches(asked.region, asked.day)
    weeks = 0 if first is None else WEEKS
    moments = [
        (asked.pin.known_at.astimezone(zone) - 7 * number * DAY).astimezone(UTC)
        for number in range(weeks + 1)
    ]
    position = Position(asked.pin.xid, asked.pin.ledger_id)
    hours, known = [], {}
    for stretch, (begins, ends) in whole.items():
        for number, known_at in enumerate(moments):
            hours.append(Hours(begins - 7 * number * DAY, ends - 7 * number * DAY, known_at))
        length = ends.date() - begins.date() + DAY
        for kind in set(queries.KINDS.values()):
            known[kind, stretch] = await weeks_known(connection, kind, moments[1:], length, position)
    return Shared(
        first,
        {
            stretch: (begins.astimezone(UTC), ends.astimezone(UTC))
            for stretch, (begins, ends) in whole.items()
        },
        weeks,
        known,
        {series: await queries.counted(connection, asked.pin, series, hours, zone.key) for series in SERIES},
        await queries.daily(connection, asked.pin, asked.day - timedelta(days=CHART_DAYS), asked.day - DAY),
        await _feeds(asked),
    )


def _counted(shared: Shared, area: str | None) -> tuple[told.Counted, ...]:
    """Each series and stretch of an area."""
    found, step = [], 1 + shared.weeks
    for series in SERIES:
        counts = shared.counted[series].get(area, [0] * (step * len(shared.hours)))
        for place, (stretch, (begins, ends)) in enumerate(shared.hours.items()):
            n, *past = counts[place * step : (place + 1) * step]
            known = shared.known[queries.KINDS[series], stretch]
            found.append(told.Counted(series, stretch, begins, ends, n, tuple(past[:known][::-1])))
    return tuple(found)


async def _pairs(asked: Asked, part: Part) -> tuple[told.Pair, ...]:
    lately = asked.day - PAIRS_LATELY * DAY
    rows = await briefing_pairs.reports(
        asked.connection, part, asked.day - PAIR_DAYS * DAY, asked.day - DAY, lately
    )
    found: dict[int, list[told.Report]] = {}
    for row in rows:
        report = told.Report(row["day"], row["district"], row["severity"])
        found.setdefault(row["number"], []).append(report)
    return tuple(told.Pair(number, tuple(reports)) for number, reports in found.items())


async def _outcomes(asked: Asked, part: Part) -> tuple[told.Outcome, ...]:
    rows = await queries.outcomes(asked.connection, part, asked.day - OUTCOME_DAYS * DAY, asked.day)
    uids = [row["uid"] for row in rows]
    reviewed = await log_book.reviews(asked.connection, uids, asked.pin.known_at) if uids else {}
    return tuple(
        told.Outcome(
            row["day"], row["district"], row["fatal"], row["close"], str(row["uid"]) in reviewed, row["known_at"]
        )
        for row in rows
    )  # fmt: skip


def _change(row: Mapping[str, Any], area: str | None) -> str:
    """What kind of change it is to who sees only ``area``: what came from elsewhere is new there."""
    if area is not None and row["change"] == "moved" and row["district"] != area:
        return "added"
    return str(row["change"])


def _changes(rows: Sequence[Mapping[str, Any]], area: str | None) -> tuple[told.Change, ...]:
    """The changes; of what left the district nothing is told but that it did."""
    found = []
    for row in rows:
        change = _change(row, area)
        if change not in {"withdrawn", "moved", "corrected"}:
            continue
        left = area is not None and change == "moved"
        after = None if row["after_sv"] is None or left else Text(sv=row["after_sv"], en=row["after_en"])
        found.append(
            told.Change(
                change,  # type: ignore[arg-type]  # it is one of them, see above
                row["district"],
                None if left else row["to_district"],
                Text(sv=row["before_sv"], en=row["before_en"]),
                after,
                row["day_before"],
                None if left else row["day_after"],
                row["n"],
                row["known_at"],
            )
        )
    return tuple(found)


async def _feeds(asked: Asked) -> tuple[told.FeedState, ...]:
    connection, pin = asked.connection, asked.pin
    rhythm = await feeds.rhythm(connection, pin, asked.region.zone.key)
    last = await feeds.last_news(connection, pin)
    gaps = await feeds.gaps(connection, pin)
    held = await feeds.held_back(connection, asked.made_at)
    return tuple(
        told.FeedState(
            name,
            one["kind"],
            last.get(name),
            tuple(one["hourly"]),
            tuple(told.Gap(*gap) for gap in gaps.get(name, ())),
            held.get(name, 0),
        )
        for name, one in sorted(rhythm.items())
    )


async def _log_book(asked: Asked, area: str | None, before: datetime) -> told.LogBook:
    """What concerns the area: pinned to it, or said to everybody; for the region all of it."""
    known = asked.pin.known_at
    decided = await log_book.decisions(asked.connection, before, known)
    opened = await log_book.open_items(asked.connection, known)
    return told.LogBook(
        tuple(_entry(row) for row in decided if _concerns(row, area)),
        tuple(_entry(row) for row in opened if _concerns(row, area)),
    )


def _concerns(row: Mapping[str, Any], area: str | None) -> bool:
    return area is None or row["area"] == area or bool(row["for_all"])


def _entry(row: Mapping[str, Any]) -> told.Entry:
    """An entry; what is about a case is not quoted, for an edition is handed out."""
    return told.Entry(
        row["kind"],
        "" if row["incident"] else row["text"],
        row["area_name"],
        row["noted_at"],
        f"/loggbok?entry={row['entry']}",
        row["owner"] or "",
        row["due"],
    )
