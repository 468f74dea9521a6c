"""The whole of the reports: cohorts put together, numbered as they were registered, and asked by time.

A report's number is its rank among the year's registered reports, as a real one is. It needs every cohort that may
still report in that year, so cohorts begin nearly four years before; nothing later can change it. The year before the
first is whole as well, for its reports are still corrected in the first.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from etl.feeds.demo.clock import DAY_MINUTES
from etl.feeds.demo.cohorts import FOLLOWED_DAYS, Events, Pairs, month_days, newcomers
from etl.feeds.demo.versions import LATEST_DAYS, Filings, Versions, file_reports

if TYPE_CHECKING:
    from datetime import date

    from etl.feeds.demo.clock import Clock, Ints
    from etl.feeds.demo.ground import Ground

    Strings = np.ndarray[tuple[int], np.dtype[np.str_]]

BURN_IN_MONTHS = -(-int(FOLLOWED_DAYS + LATEST_DAYS) // 30) + 1
STATION = "0201"
NUMBER_STEP, NUMBER_START = 47, 16
"""Close-relationship reports are a small part of all; the numbers between belong to the others."""

Columns = TypeVar("Columns", Pairs, Events, Filings, Versions)


@dataclass(frozen=True)
class World:
    """Every version registered from 1 January of ``first_year`` to before ``end_s`` (UTC seconds).

    ``versions`` are in the order of their registration; ``ids`` are the report numbers by event.
    """

    first_year: int
    end_s: int
    pairs: Pairs
    events: Events
    filings: Filings
    versions: Versions
    ids: Strings
    _called: Ints
    _called_day: Ints

    @classmethod
    def make(cls, ground: Ground, first: date, last: date) -> World:
        """Generate the years from that of ``first`` to the end of the month of ``last``; some 8 ms a month."""
        clock = ground.clock
        begin = (first.year - 1 - 1970) * 12
        start = begin - BURN_IN_MONTHS
        stop = (last.year - 1970) * 12 + last.month
        parts: list[tuple[Pairs, Events, Filings, Versions]] = []
        for month in range(start, stop):
            rng, pairs, events = newcomers(ground, month)
            parts.append((pairs, events, *file_reports(rng, ground, pairs, events)))
        pairs_at = np.cumsum([0, *(len(part[0].key) for part in parts)])
        events_at = np.cumsum([0, *(len(part[1].at) for part in parts)])
        pairs = _together([part[0] for part in parts])
        events = _together([part[1] for part in parts], pair=pairs_at)
        filings = _together([part[2] for part in parts])
        versions = _together([part[3] for part in parts], event=events_at)
        begin_s, end_s = clock.utc_s(
            np.array([month_days(begin)[0], month_days(stop)[0]], np.int64) * DAY_MINUTES
        ).tolist()
        inside = (filings.first_s >= begin_s) & (filings.first_s < end_s)
        in_order = np.lexsort((versions.number, versions.event, versions.registered_s))
        in_order = in_order[inside[versions.event[in_order]] & (versions.registered_s[in_order] < end_s)]
        # A call is there before its report is registered, perhaps in the month after the last.
        days_s = clock.utc_s(filings.call_at)
        called = np.flatnonzero((days_s >= begin_s) & (days_s < end_s) & (filings.call_at >= 0))
        called = called[np.lexsort((called, filings.call_at[called]))]
        return cls(
            first.year, end_s, pairs, events, filings, _taken(versions, in_order),
            _report_numbers(clock, filings.first_s, inside), called, filings.call_at[called] // DAY_MINUTES,
        )  # fmt: skip

    def registered(self, from_s: int, to_s: int) -> Ints:
        """Positions of the versions registered in ``[from_s, to_s)``, in order."""
        start, stop = np.searchsorted(self.versions.registered_s, [from_s, to_s])
        return np.arange(start, stop, dtype=np.int64)

    def called_on(self, day: int) -> Ints:
        """The events about which somebody called the police on a local day, in order of the call."""
        start, stop = np.searchsorted(self._called_day, [day, day + 1])
        return self._called[start:stop]


def _together(parts: list[Columns], **offsets: Ints) -> Columns:
    """One after the other; columns that are positions are moved on by how much lies before."""
    columns: dict[str, Any] = {}
    for column in fields(parts[0]):
        arrays = [getattr(part, column.name) for part in parts]
        if column.name in offsets:
            arrays = [
                array + before for array, before in zip(arrays, offsets[column.name].tolist(), strict=False)
            ]
        columns[column.name] = np.concatenate(arrays)
    return type(parts[0])(**columns)


def _taken(versions: Versions, positions: Ints) -> Versions:
    return Versions(**{column.name: getattr(versions, column.name)[positions] for column in fields(versions)})


def _report_numbers(clock: Clock, first_s: Ints, inside: Any) -> Strings:
    """``0201-K123456-26`` for each event inside, in the order of registration within the local year."""
    ids = np.full(len(first_s), "", "U15")
    kept = np.flatnonzero(inside)
    kept = kept[np.lexsort((kept, first_s[kept]))]
    year = clock.wall_min(first_s[kept]).astype("M8[m]").astype("M8[Y]").astype(np.int64) + 1970
    rank = np.arange(len(kept)) - np.searchsorted(year, year, side="left")
    ids[kept] = [
        f"{STATION}-K{place * NUMBER_STEP + NUMBER_START:06d}-{when % 100:02d}"
        for place, when in zip(rank.tolist(), year.tolist(), strict=True)
    ]
    return ids
