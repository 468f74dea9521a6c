"""Made-up facts for the tests of the rules, and how they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import strategies as st

from app.alerts.facts import Daily, Facts, Signed, day_of

ZONE = ZoneInfo("Europe/Stockholm")
START = datetime(2026, 3, 20, 22, 0, tzinfo=UTC)  # across the night that has an hour less
HOURS = 24 * 14


class Row(NamedTuple):
    """A signed fact; ``happened`` and ``known`` are hours after ``START``."""

    key: int
    happened: int
    known: int
    n: int
    incident: int
    place: int = -1


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def facts(rows: Sequence[Row], keys: Sequence[str], places: Sequence[str] = ()) -> Facts:
    columns = [np.asarray(column, dtype=np.int64) for column in zip(*rows, strict=True)] or [
        np.zeros(0, dtype=np.int64)
    ] * 6
    key, happened, known, n, incident, place = columns
    begins = START.timestamp()
    day = np.asarray([day_of(begins + 3600 * hour, ZONE) for hour in happened], dtype=np.int64)
    known_day = np.asarray([day_of(begins + 3600 * hour, ZONE) for hour in known], dtype=np.int64)
    signed = Signed(key, place, begins + 3600.0 * known, begins + 3600.0 * happened, day, n, incident)
    return Facts(ZONE, tuple(keys), tuple(places), signed, Daily(key, day, known_day, n.astype(float)))


@st.composite
def ledgers(draw: st.DrawFn, keys: int = 2, most: int = 30) -> list[Row]:
    """Reports that come late, some of which are taken back or moved later, as a ledger tells it."""
    rows = []
    for incident in range(draw(st.integers(0, most))):
        key = draw(st.integers(0, keys - 1))
        happened = draw(st.integers(0, HOURS - 1))
        known = happened + draw(st.integers(0, 60))
        rows.append(Row(key, happened, known, 1, incident, key))
        if draw(st.integers(0, 3)) == 0:
            later = known + draw(st.integers(0, 60))
            rows.append(Row(key, happened, later, -1, incident, key))
            if draw(st.booleans()):
                moved = draw(st.integers(0, keys - 1))
                rows.append(Row(moved, happened, later, 1, incident, moved))
    return rows
