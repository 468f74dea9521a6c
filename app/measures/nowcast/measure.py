"""The measure ``nowcast``: what the last days and weeks will have come to, and whether a fall is more than lateness."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from app.domain.errors import BadInput
from app.domain.measure import Measure, Sentence
from app.domain.words import too_few
from app.measures.nowcast.bands import Bands, Settings, bands_of
from app.measures.nowcast.contract import COLUMNS, NowcastParams, NowcastResult, Verdict
from app.measures.nowcast.delays import fit_delays
from app.measures.nowcast.replay import Replayed, replay
from app.measures.nowcast.triangle import Triangle, triangle_of
from app.measures.nowcast.words import say

if TYPE_CHECKING:
    import pandas as pd

EPOCH = date(1970, 1, 1)
WEEK = 7
SETTLING_DAYS = 28
FEWEST = 40


def run(
    frame: pd.DataFrame, params: NowcastParams, /, *, now: datetime, rng: np.random.Generator
) -> NowcastResult:
    """The bands as of ``now``; nothing is drawn at random.

    Raises:
        BadInput: A delay is negative, or the zone is none.
    """
    del rng
    last = _last_day(frame, params, now)
    spans = {WEEK: params.weeks, 1: params.days}
    oldest = max(params.weeks * WEEK, params.days)
    delays = params.max_delay + oldest
    history = params.history_days + delays
    triangle = triangle_of(frame, last, history + params.max_delay + WEEK * params.replays, delays)
    settings = Settings(
        params.max_delay, params.level, params.normal_days, params.weekday_effect, params.pool
    )
    recent = triangle.known_on(0, history)
    refusal = _refusal(recent, params, oldest)
    if refusal is not None:
        return NowcastResult(refusal=refusal, level=params.level, horizon_days=params.max_delay)
    made = bands_of(recent, settings, spans=spans)
    agos = [
        params.max_delay + WEEK * number
        for number in range(params.replays)
        if triangle.days - params.max_delay - WEEK * number >= params.max_delay + oldest + SETTLING_DAYS
    ]
    replays = list(replay(triangle, settings, spans={WEEK: 1, 1: params.days}, history=history, agos=agos))
    standing = fit_delays(recent, weekday=params.weekday_effect, pool=params.pool).standing[0].mean(axis=0)
    return NowcastResult(
        as_of=_day(last),
        level=params.level,
        horizon_days=params.max_delay,
        **_rows(triangle, made, last),
        delay_days=list(range(params.max_delay + 1)),
        share_by_delay=np.minimum(
            standing[: params.max_delay + 1] / standing[params.max_delay], 1.0
        ).tolist(),
        **_judged(replays),
    )


def _last_day(frame: pd.DataFrame, params: NowcastParams, now: datetime) -> int:
    try:
        zone = ZoneInfo(params.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadInput(
            f"The parameter zone is {params.zone!r}, which is no time zone, as Europe/Stockholm is."
        ) from error
    if len(frame) and (frame["delay"] < 0).any():
        row = int(np.flatnonzero(frame["delay"] < 0)[0])
        raise BadInput(
            f"Row {row + 1} has a delay of {frame['delay'].iloc[row]}: nothing is known before it happens; "
            "put a day that was noted wrongly to delay 0."
        )
    if params.as_of is not None:
        return (params.as_of - EPOCH).days
    yesterday = (now.astimezone(zone).date() - EPOCH).days - 1
    if not len(frame):
        return yesterday
    known = frame["day"].to_numpy("datetime64[D]").astype(np.int64) + frame["delay"].to_numpy(np.int64)
    return min(yesterday, int(known.max()))


def _refusal(recent: Triangle, params: NowcastParams, oldest: int) -> Sentence | None:
    needed = params.max_delay + oldest + SETTLING_DAYS
    if recent.days < needed:
        return Sentence(
            f"För kort tid för att säga hur sent saker blir kända: {recent.days} dygn, det behövs {needed}.",
            f"Too short a time to say how late things become known: {recent.days} days, and it takes {needed}.",
        )
    stands = int(max(recent.cells[0].sum(), 0.0))
    return too_few(stands, FEWEST) if stands < FEWEST else None


def _rows(triangle: Triangle, made: tuple[Bands, ...], last: int) -> dict[str, list[object]]:
    names: list[str | None] = [None, *triangle.areas]
    rows: dict[str, list[object]] = {}
    for number, name in enumerate(names):
        for bands in made:
            for span in range(bands.known.shape[1]):
                end = last - span * bands.span
                at = (number, span)
                row = {
                    "area": name,
                    "span_days": bands.span,
                    "from_day": _day(end - bands.span + 1),
                    "to_day": _day(end),
                    "known": int(bands.known[at]),
                    "expected": float(bands.expected[at]),
                    "median": int(bands.median[at]),
                    "low": int(bands.low[at]),
                    "high": int(bands.high[at]),
                    "band_probability": float(bands.probability[at]),
                    "share_known": float(bands.share[at]),
                    "normal": float(bands.normal[at]),
                    "normal_low": int(bands.normal_low[at]),
                    "normal_high": int(bands.normal_high[at]),
                    "fall_probability": float(bands.below[at]),
                    "verdict": _verdict(bands, at),
                }
                for column, value in row.items():
                    rows.setdefault(column, []).append(value)
    return rows


def _verdict(bands: Bands, at: tuple[int, int]) -> Verdict:
    if not bands.told[at]:
        return "too_few"
    if bands.fall[at]:
        return "fall"
    return "only_lateness" if bands.seeming_fall[at] else "no_fall"


def _judged(replays: list[tuple[Replayed, ...]]) -> dict[str, float | int | None]:
    """How the bands of the areas held; of all together where there is no other."""
    if not replays:
        return {}
    one = replays[0][0].came.shape[0] == 1
    areas = slice(None) if one else slice(1, None)
    weeks, days = ([made[place] for made in replays] for place in (0, 1))
    true = np.concatenate([week.true_fall[areas] for week in weeks])
    told, naive = (
        np.concatenate([flags[areas] for flags in found])
        for found in ([week.bands.fall for week in weeks], [week.bands.seeming_fall for week in weeks])
    )
    held = [np.concatenate([made.held[areas] for made in found]) for found in (weeks, days)]
    return {
        "replays": len(replays),
        "replayed_weeks": held[0].size,
        "week_coverage": float(held[0].mean()),
        "replayed_days": held[1].size,
        "day_coverage": float(held[1].mean()),
        "false_falls": float((told & ~true).mean()),
        "false_falls_naive": float((naive & ~true).mean()),
    }


def _day(number: int) -> str:
    return (EPOCH + timedelta(days=number)).isoformat()


MEASURES = (
    Measure(
        name="nowcast",
        version=1,
        title=Sentence("De senaste dygnen när allt har kommit in", "The last days when all has come in"),
        columns=COLUMNS,
        params=NowcastParams,
        result=NowcastResult,
        run=run,
        say=say,
    ),
)
