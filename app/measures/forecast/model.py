"""The forecast from one origin: a regression with season and trend where there are years, less where there are not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from app.statistics.bands import medians, nearest_bands, negative_binomial
from app.statistics.nbglm import Design, Predicted, fit, predict

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.measures.forecast.contract import Model

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

YEAR = 365.2425 / 7
LEAST, SEASONAL = 26, 104
RATE_WEEKS, FEWEST = 104, 10
SHORT, SHORT_BLOCKS, LONG = 4, 13, 26
"""The level is told for every 4 weeks of the last year, and for every half year before."""

TREND_DEVIATION = 0.15
HARMONIC_DEVIATIONS = (0.3, 0.3, 0.15, 0.15)
"""Prior standard deviations of the logarithm: of a year's trend, and of a wave and a half-year wave."""

QUANTILES = (0.025, 0.1, 0.5, 0.9, 0.975)


@dataclass(frozen=True)
class Forecast:
    """Of one area: arrays of ``steps``; ``bands`` by level; ``quantiles`` are steps x `QUANTILES`."""

    model: Model
    expected: Floats
    median: Ints
    bands: dict[int, tuple[Ints, Ints]]
    quantiles: Ints


def forecast(counts: Floats, steps: int, *, window: int, damping: float) -> list[Forecast | None]:
    """The forecast of each row of ``counts`` (areas x weeks, NaN where not known); None where it is too short."""
    counts = counts[:, -window:]
    told = ~np.isnan(counts)
    weeks = told.sum(axis=1)
    known = np.where(told, counts, 0.0)
    recent = known[:, -RATE_WEEKS:].sum(axis=1)
    few = recent < FEWEST
    found: list[Forecast | None] = [None] * len(counts)
    for row in np.flatnonzero((weeks >= LEAST) & few):
        found[row] = _rate(recent[row], told[row, -RATE_WEEKS:].sum(), steps)
    kinds: tuple[tuple[Model, NDArray[np.bool_]], ...] = (
        ("season", ~few & (weeks >= SEASONAL)),
        ("level", ~few & (weeks >= LEAST) & (weeks < SEASONAL)),
    )
    for model, chosen in kinds:
        rows = np.flatnonzero(chosen)
        if not len(rows):
            continue
        begin = int(np.argmax(told[rows].any(axis=0)))
        design = design_of(counts.shape[1] - begin, steps, season=model == "season", damping=damping)
        fits = fit(
            np.ascontiguousarray(known[rows, begin:]), told[rows, begin:].astype(float, order="C"), design
        )
        for place, row in enumerate(rows):
            found[row] = _told(model, predict(fits, place))
    return found


@cache
def design_of(weeks: int, steps: int, *, season: bool, damping: float) -> Design:
    """Blocks of the level, a damped trend, and the waves of a year; weeks are counted back from the last."""
    age = np.arange(weeks)[::-1]
    fine = SHORT * SHORT_BLOCKS
    back = np.where(age < fine, age // SHORT, SHORT_BLOCKS + (age - fine) // LONG)
    block = (back.max() - back).astype(np.int64)
    middles = np.array([age[block == number].mean() for number in range(block.max() + 1)])
    ahead = np.arange(1.0, steps + 1)
    return Design(
        block=block,
        apart=-np.diff(middles),
        columns=_columns(-age.astype(float), -age / YEAR, season=season),
        deviations=np.array([TREND_DEVIATION, *(HARMONIC_DEVIATIONS if season else ())]),
        ahead=_columns(ahead, np.cumsum(damping**ahead) / YEAR, season=season),
        beyond=ahead + middles[-1],
    )


def _columns(week: Floats, trend: Floats, *, season: bool) -> Floats:
    turns = 2 * np.pi * week / YEAR
    waves = [np.cos(turns), np.sin(turns), np.cos(2 * turns), np.sin(2 * turns)] if season else []
    return np.ascontiguousarray(np.stack([trend, *waves], axis=1))


def _rate(total: float, weeks: int, steps: int) -> Forecast:
    """Too few cases for anything but a rate: its posterior after Jeffreys' prior: none seen is not none ever."""
    shape = total + 0.5
    pmf = negative_binomial(np.full(steps, shape / weeks), np.full(steps, shape), 128)
    return _told("rate", Predicted(pmf, 1, np.full(steps, shape / weeks)))


def _told(model: Model, predicted: Predicted) -> Forecast:
    pmf, width = predicted.pmf, predicted.width
    bands = {}
    for level in (80, 95):
        low, high, _ = nearest_bands(pmf, level / 100)
        bands[level] = (low * width, high * width)
    cumulative = np.cumsum(pmf, axis=1)
    quantiles = np.stack([(cumulative < share - 1e-12).sum(axis=1) * width for share in QUANTILES], axis=1)
    return Forecast(model, predicted.mean, medians(pmf) * width, bands, quantiles)
