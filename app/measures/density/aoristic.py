"""When in the week: events of which only an interval is known, shared out over the hours that it touches.

Ratcliffe 2000, https://doi.org/10.1080/136588100424963, and 2002, https://doi.org/10.1023/A:1013240828824: each hour
gets the part of the interval that lies in it. The hours are those of the clock on the wall, and a night when it is put
back has one hour twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from app.domain.errors import BadInput
from app.domain.measure import Params, Result, Sentence
from app.domain.words import CASE, Language, counted, number, percent, too_few
from app.statistics.compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SLOT_S = 900
"""A quarter of an hour: every zone's clock has stood a whole number of them off UTC since the times we count."""
CELLS = 7 * 24

WEEKDAYS = (
    Sentence("måndag", "Monday"),
    Sentence("tisdag", "Tuesday"),
    Sentence("onsdag", "Wednesday"),
    Sentence("torsdag", "Thursday"),
    Sentence("fredag", "Friday"),
    Sentence("lördag", "Saturday"),
    Sentence("söndag", "Sunday"),
)


class AoristicParams(Params):
    """Params of `aoristic`."""

    zone: str = Field("Europe/Stockholm", description="The time zone whose weekdays and hours are told.")
    max_hours: float = Field(
        24,
        gt=0,
        le=8784,
        description="An event whose interval is longer, in hours, is counted apart and not smeared over the week.",
    )
    min_events: int = Field(10, ge=1, description="With fewer events in the hours nothing is said.")


class Hour(BaseModel):
    """One hour of the week."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weekday: int = Field(description="0 is Monday")
    hour: int = Field(description="0 to 23, by the clock on the wall")
    weight: float = Field(description="events, each by the part of its interval that lies here")
    share: float = Field(description="weight over all that are shared out, of one")
    sure: int = Field(description="events that happened here for sure")
    possible: int = Field(description="events that can have happened here")


class AoristicResult(Result):
    """Tables are [weekday][hour], Monday first, by the zone's clock."""

    zone: str = Field(description="the zone")
    events: int = Field(description="rows in all")
    shared: int = Field(description="events that are shared out; the weights sum to them")
    moments: int = Field(description="of them, those whose moment is known")
    too_long: int = Field(description="events whose interval is longer than max_hours, not shared out")
    reversed: int = Field(description="events that end before they begin, not shared out")
    mean_hours: float | None = Field(description="mean length of the intervals that are shared out, hours")
    weights: list[list[float]] = Field(
        description="events, each by the part of its interval that lies in the hour"
    )
    sure: list[list[int]] = Field(description="events that lie in the hour for sure: a lower bound")
    possible: list[list[int]] = Field(description="events that can lie in the hour: an upper bound")
    by_hour: list[float] = Field(description="weights by hour, all weekdays")
    by_weekday: list[float] = Field(description="weights by weekday, all hours")
    peak: Hour | None = Field(description="the hour of the week with the most; the first of them")


def run(
    frame: pd.DataFrame, params: AoristicParams, /, *, now: datetime, rng: np.random.Generator
) -> AoristicResult:
    """The hours of the week; ``now`` and ``rng`` do not matter.

    Raises:
        BadInput: There is no such zone, or its clock then stood no whole quarters of an hour off UTC.
    """
    del now, rng
    begin = _seconds(frame["occurred_from"])
    end = begin
    if "occurred_to" in frame.columns:
        end = np.where(frame["occurred_to"].isna(), begin, _seconds(frame["occurred_to"]))
    wrong = end < begin
    long = end - begin > params.max_hours * 3600
    kept = ~wrong & ~long
    begin, end = begin[kept], end[kept]
    weights, sure, possible = np.zeros(CELLS), np.zeros(CELLS, np.int64), np.zeros(CELLS, np.int64)
    if len(begin):
        first = int(begin.min()) // SLOT_S
        cells = _cells(first, int(end.max()) // SLOT_S + 1, params.zone)
        weights, sure, possible = _shared(begin, end, first, cells)
    shared = len(begin)
    refusal = too_few(shared, params.min_events) if shared < params.min_events else None
    top = int(np.argmax(weights))
    table = weights.reshape(7, 24)
    return AoristicResult(
        refusal=refusal,
        zone=params.zone,
        events=len(frame),
        shared=shared,
        moments=int((begin == end).sum()),
        too_long=int((long & ~wrong).sum()),
        reversed=int(wrong.sum()),
        mean_hours=float((end - begin).mean() / 3600) if shared else None,
        weights=table.tolist(),
        sure=sure.reshape(7, 24).tolist(),
        possible=possible.reshape(7, 24).tolist(),
        by_hour=table.sum(axis=0).tolist(),
        by_weekday=table.sum(axis=1).tolist(),
        peak=None
        if refusal is not None
        else Hour(
            weekday=top // 24,
            hour=top % 24,
            weight=float(weights[top]),
            share=float(weights[top] / shared),
            sure=int(sure[top]),
            possible=int(possible[top]),
        ),
    )


def _seconds(column: pd.Series[datetime]) -> Floats:
    """Seconds since 1970 (UTC); what is missing is NaN."""
    since = pd.DatetimeIndex(column) - pd.Timestamp("1970-01-01", tz="UTC")
    return np.asarray(since / timedelta(seconds=1), dtype=np.float64)


def _cells(first: int, last: int, zone: str) -> Ints:
    """The hour of the week, 24 × weekday + hour, of each quarter from ``first`` up to ``last`` (exclusive)."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInput(f"There is no time zone {zone}; Europe/Stockholm is one.") from error
    quarters = pd.to_datetime(np.arange(first, last, dtype=np.int64) * SLOT_S, unit="s", utc=True).tz_convert(
        zone
    )
    if bool((quarters.second != 0).any() or (quarters.minute % 15 != 0).any()):
        raise BadInput(
            f"In {zone} clocks then stood no whole quarters of an hour off UTC; give later times or UTC."
        )
    return np.asarray(quarters.day_of_week * 24 + quarters.hour, dtype=np.int64)


@compiled
def _shared(begin: Floats, end: Floats, first: int, cells: Ints) -> tuple[Floats, Ints, Ints]:
    weights = np.zeros(CELLS)
    sure, possible = np.zeros(CELLS, dtype=np.int64), np.zeros(CELLS, dtype=np.int64)
    met = np.full(CELLS, -1, dtype=np.int64)
    for event in range(len(begin)):
        slot = int(begin[event] // SLOT_S)
        length = end[event] - begin[event]
        touched = 0
        at = begin[event]
        while True:
            cell = cells[slot - first]
            until = min(end[event], (slot + 1.0) * SLOT_S)
            # What ends on the stroke of an hour does not touch that hour; a moment on it does.
            if length == 0 or until > at:
                weights[cell] += 1.0 if length == 0 else (until - at) / length
                if met[cell] != event:
                    met[cell] = event
                    possible[cell] += 1
                    touched += 1
            if until >= end[event]:
                break
            at = until
            slot += 1
        if touched == 1:
            sure[cells[int(begin[event] // SLOT_S) - first]] += 1
    return weights, sure, possible


def say(result: AoristicResult) -> tuple[Sentence, ...]:
    """When most happens, between which bounds, and what is not in it."""
    apart = _apart(result)
    if result.refusal is not None or result.peak is None:
        return (*([result.refusal] if result.refusal is not None else []), *apart)
    peak = result.peak
    return (
        Sentence(_peak(result, peak, "sv"), _peak(result, peak, "en")),
        Sentence(
            f"Av {counted(result.shared, CASE, 'sv')} är stunden känd för {number(result.moments, 'sv')}; de andra "
            "är fördelade över den tid då de kan ha hänt.",
            f"Of {counted(result.shared, CASE, 'en')} the moment is known for {number(result.moments, 'en')}; the "
            "others are shared out over the time when they can have happened.",
        ),
        *apart,
    )


def _peak(result: AoristicResult, peak: Hour, language: Language) -> str:
    day = getattr(WEEKDAYS[peak.weekday], language)
    share, weight = percent(peak.share, language, 1), number(peak.weight, language, 1)
    hours = f"{peak.hour:02d}–{(peak.hour + 1) % 24:02d}"
    least, most, all_of = (number(count, language) for count in (peak.sure, peak.possible, result.shared))
    if language == "sv":
        return f"Mest {day} kl. {hours}: {weight} av {all_of} fall, {share} (säkert {least}, högst {most})."
    return f"Most on {day} {hours}: {weight} of {all_of} cases, {share} (surely {least}, at most {most})."


def _apart(result: AoristicResult) -> list[Sentence]:
    said = []
    if result.too_long:
        said.append(
            Sentence(
                f"Inte med: {counted(result.too_long, CASE, 'sv')} vars tidsintervall är för långt.",
                f"Left out: {counted(result.too_long, CASE, 'en')} whose time span is too long.",
            )
        )
    if result.reversed:
        said.append(
            Sentence(
                f"Inte med: {counted(result.reversed, CASE, 'sv')} med ett slut före sin början.",
                f"Left out: {counted(result.reversed, CASE, 'en')} with an end before the beginning.",
            )
        )
    return said
