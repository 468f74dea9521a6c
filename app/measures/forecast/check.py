"""The forecast made again for weeks of the past, from what came before them, against what came: a rolling origin.

It is held against the count of 52 weeks before (seasonal naive), by the mean distance and by the weighted interval
score (Bracher, Ray, Gneiting and Reich 2021, doi:10.1371/journal.pcbi.1008618), which asks of bands to hold and to be
narrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.measures.forecast.model import QUANTILES, forecast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

SEASON = 52
FEWEST_ERRORS = 26


@dataclass(frozen=True)
class Checked:
    """One element for each week forecast again: NaN where there is no naive forecast of it."""

    area: NDArray[np.int64]
    step: NDArray[np.int64]
    in80: Flags
    in95: Flags
    error: Floats
    naive_error: Floats
    wis: Floats
    naive_wis: Floats


def check(counts: Floats, steps: int, origins: Iterable[int], *, window: int, damping: float) -> Checked:
    """Forecast from each origin (the number of weeks that are known at it) and hold it against ``counts``."""
    rows: list[tuple[float, ...]] = []
    for origin in origins:
        past = counts[:, :origin]
        for area, found in enumerate(forecast(past, steps, window=window, damping=damping)):
            if found is None:
                continue
            naive = _naive(past[area], steps)
            for step in range(min(steps, counts.shape[1] - origin)):
                came = counts[area, origin + step]
                if np.isnan(came):
                    continue
                inside = [low[step] <= came <= high[step] for low, high in found.bands.values()]
                rows.append(
                    (
                        area,
                        step + 1,
                        *inside,
                        abs(found.median[step] - came),
                        abs(naive[step, 2] - came),
                        interval_score(found.quantiles[step].astype(float), came),
                        interval_score(naive[step], came),
                    )
                )
    table = np.array(rows, float).reshape(-1, 8).T
    return Checked(
        table[0].astype(np.int64), table[1].astype(np.int64), table[2] > 0, table[3] > 0, *table[4:]
    )


def _naive(past: Floats, steps: int) -> Floats:
    """Steps x `QUANTILES`: the count of 52 weeks before, and round it the errors that this made in the past."""
    found = np.full((steps, len(QUANTILES)), np.nan)
    if len(past) < SEASON:
        return found
    ahead = np.arange(steps) % SEASON
    found[:] = past[len(past) - SEASON + ahead][:, None]
    errors = past[SEASON:] - past[:-SEASON]
    errors = errors[~np.isnan(errors)]
    if len(errors) < FEWEST_ERRORS:
        found[:, [0, 1, 3, 4]] = np.nan
        return found
    found[:, [0, 1, 3, 4]] += np.quantile(errors, [QUANTILES[place] for place in (0, 1, 3, 4)])
    floored: Floats = np.maximum(found, 0.0)
    return floored


def interval_score(quantiles: Floats, came: float) -> float:
    """The weighted interval score of a median and central intervals; quantiles and result in cases."""
    middle = len(quantiles) // 2
    score = 0.5 * abs(came - quantiles[middle])
    for place in range(middle):
        low, high = quantiles[place], quantiles[-1 - place]
        outside = 2 * QUANTILES[place]
        missed = max(low - came, 0.0) + max(came - high, 0.0)
        score += outside / 2 * (high - low + 2 / outside * missed)
    return float(score / (middle + 0.5))
