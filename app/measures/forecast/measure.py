"""The measure ``forecast``: four weeks ahead for each district, with bands, and how such bands held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.domain.measure import Measure, Sentence
from app.domain.words import too_few
from app.measures.forecast.check import Checked, check
from app.measures.forecast.contract import COLUMNS, ForecastParams, ForecastResult
from app.measures.forecast.model import LEAST, Forecast, forecast
from app.measures.forecast.series import Series, series_of
from app.measures.forecast.words import say

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd
    from numpy.typing import NDArray

APART = 4
RECENT = 52


def run(
    frame: pd.DataFrame, params: ForecastParams, /, *, now: datetime, rng: np.random.Generator
) -> ForecastResult:
    """The forecast after the last week that is over by ``now``; nothing is drawn at random.

    Raises:
        BadInput: See `series_of`.
    """
    del rng
    series = series_of(frame, params, now)
    longest = int((~np.isnan(series.counts)).sum(axis=1).max()) if series.weeks else 0
    if longest < LEAST:
        return ForecastResult(refusal=_too_short(longest))
    steps = params.leave_out + params.horizon
    found = forecast(series.counts, steps, window=params.window, damping=params.damping)
    if not any(found):
        return ForecastResult(refusal=too_few(0, LEAST))
    origins = [series.weeks - APART * number for number in range(1, params.origins + 1)]
    checked = check(
        series.counts,
        APART,
        [origin for origin in origins if origin >= LEAST],
        window=params.window,
        damping=params.damping,
    )
    return ForecastResult(
        last_week=series.name(series.weeks - 1),
        **_rows(series, found),
        **_recent(series),
        **_by_area(series, checked),
        **{
            f"all_{name}": value for name, value in _judged(checked, np.ones(len(checked.area), bool)).items()
        },
    )


def _too_short(weeks: int) -> Sentence:
    return Sentence(
        f"För kort tid för en prognos: {weeks} veckor, det behövs {LEAST}.",
        f"Too short a time for a forecast: {weeks} weeks, and it takes {LEAST}.",
    )


def _rows(series: Series, found: list[Forecast | None]) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {"too_short": []}
    for area, ahead in zip(series.areas, found, strict=True):
        if ahead is None:
            rows["too_short"].append(area)
            continue
        for step in range(len(ahead.expected)):
            row = {
                "area": area,
                "week": series.name(series.weeks + step),
                "step": step + 1,
                "expected": float(ahead.expected[step]),
                "median": int(ahead.median[step]),
                "model": ahead.model,
            }
            for level, (low, high) in ahead.bands.items():
                row |= {f"low{level}": int(low[step]), f"high{level}": int(high[step])}
            for column, value in row.items():
                rows.setdefault(column, []).append(value)
    return rows


def _recent(series: Series) -> dict[str, list[Any]]:
    places = range(max(0, series.weeks - RECENT), series.weeks)
    return {
        "recent_area": [area for area in series.areas for _ in places],
        "recent_week": [series.name(place) for _ in series.areas for place in places],
        "recent_count": [
            None if np.isnan(count) else int(count) for row in series.counts for count in row[-len(places) :]
        ],
    }


def _by_area(series: Series, checked: Checked) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {"checked_area": list(series.areas)}
    for number in range(len(series.areas)):
        for name, value in _judged(checked, checked.area == number).items():
            rows.setdefault(name, []).append(value)
    return rows


def _judged(checked: Checked, chosen: NDArray[np.bool_]) -> dict[str, int | float | None]:
    """Shares and means of the chosen weeks; distances over those weeks of which there is a naive forecast too."""
    both = chosen & ~np.isnan(checked.naive_error)
    scored = chosen & ~np.isnan(checked.naive_wis)
    return {
        "checked": int(chosen.sum()),
        "coverage80": _mean(checked.in80[chosen]),
        "coverage95": _mean(checked.in95[chosen]),
        "mae": _mean(checked.error[both if both.any() else chosen]),
        "mae_naive": _mean(checked.naive_error[both]),
        "wis": _mean(checked.wis[scored if scored.any() else chosen]),
        "wis_naive": _mean(checked.naive_wis[scored]),
    }


def _mean(values: NDArray[Any]) -> float | None:
    return float(values.mean()) if len(values) else None


MEASURES = (
    Measure(
        name="forecast",
        version=1,
        title=Sentence("De kommande veckorna", "The weeks to come"),
        columns=COLUMNS,
        params=ForecastParams,
        result=ForecastResult,
        run=run,
        say=say,
    ),
)
