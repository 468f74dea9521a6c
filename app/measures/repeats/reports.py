"""Reports per unit, in their order: how long until the next, and until when it could have come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd

from app.domain.errors import BadInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
EPOCH = pd.Timestamp("1970-01-01")
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Reports:
    """One element per report, ordered by unit and day; days are numbers.

    ``number`` is 1 for the unit's first report. ``wait`` is the days until its next one, or, where none has come
    (``again`` is false), the days that it was waited for. ``end`` is the last day on which one could have come.
    """

    unit: Ints
    t: Floats
    number: Ints
    wait: Floats
    again: Bools
    end: Floats
    harm: Floats
    units: int


def read(
    frame: pd.DataFrame,
    *,
    known_at: float | str | None,
    history_days: float,
    merge_days: float,
    zone: str,
    now: datetime,
) -> Reports:
    """The reports up to ``known_at``, of units whose first lies ``history_days`` or more into the table.

    Raises:
        BadInput: Neither t nor day is there, or ``known_at`` is no day of that kind.
    """
    t, until = _days(frame)
    last = _last(frame, t, known_at, zone, now)
    keep = t <= last
    unit, _ = pd.factorize(frame["id"][keep])
    t, until = t[keep], until[keep]
    harm = frame["harm"].to_numpy(np.float64)[keep] if "harm" in frame else np.full(len(t), np.nan)
    order = np.lexsort((t, unit))
    unit, t, until, harm = unit[order], t[order], until[order], harm[order]
    if len(t) == 0:
        nothing = np.zeros(0)
        empty = np.zeros(0, dtype=np.int64)
        return Reports(empty, nothing, empty, nothing, np.zeros(0, dtype=bool), nothing, nothing, 0)
    distinct = np.concatenate([[True], (np.diff(unit) > 0) | (np.diff(t) >= merge_days)])
    head = np.cumsum(distinct) - 1
    gravest = pd.Series(harm).groupby(head).max().to_numpy(np.float64)
    ended = (
        pd.Series(until).groupby(unit).min().to_numpy(np.float64)
    )  # the earliest told end; gaps are skipped
    unit, t = unit[distinct], t[distinct]
    first = np.concatenate([[True], np.diff(unit) > 0])
    begun = t[first][unit]
    known = begun >= float(t.min()) + history_days
    unit, t, gravest, first = unit[known], t[known], gravest[known], first[known]
    latest = pd.Series(t).groupby(unit).transform("max").to_numpy(np.float64)
    end = np.maximum(np.fmin(ended[unit], last), latest)
    again = np.concatenate([unit[1:] == unit[:-1], [False]]) if len(unit) else np.zeros(0, dtype=bool)
    wait = np.where(again, np.concatenate([t[1:], [0.0]]) - t, end - t) if len(unit) else t
    starts = np.flatnonzero(first)
    number = np.arange(len(unit)) - np.repeat(starts, np.diff(np.append(starts, len(unit)))) + 1
    renumbered = np.cumsum(first) - 1
    return Reports(renumbered, t, number, wait, again, end, gravest, len(starts))


def _days(frame: pd.DataFrame) -> tuple[Floats, Floats]:
    """The day number of each report, and of the told end of its unit (NaN: not told)."""
    gaps = np.full(len(frame), np.nan)
    if "t" in frame:
        return frame["t"].to_numpy(np.float64), (
            frame["until"].to_numpy(np.float64) if "until" in frame else gaps
        )
    if "day" not in frame:
        raise BadInput("The table has neither the column t (day numbers) nor the column day (calendar days).")
    return _numbered(frame["day"]), _numbered(frame["until_day"]) if "until_day" in frame else gaps


def _numbered(days: pd.Series[pd.Timestamp]) -> Floats:
    return np.asarray(((days - EPOCH) / DAY).to_numpy(np.float64))


def _last(frame: pd.DataFrame, t: Floats, known_at: float | str | None, zone: str, now: datetime) -> float:
    if "t" in frame:
        if isinstance(known_at, str):
            raise BadInput(f"The parameter known_at is {known_at}, but the column t holds day numbers.")
        return float(known_at) if known_at is not None else float(t.max()) if len(t) else 0.0
    if known_at is None:
        return float((pd.Timestamp(now.astimezone(ZoneInfo(zone)).date()) - EPOCH) / DAY)
    try:
        return float((pd.Timestamp(str(known_at)).tz_localize(None) - EPOCH) / DAY)
    except ValueError as error:
        raise BadInput(f"The parameter known_at is {known_at}, which is no day as 2026-11-24 is.") from error
