"""How counts gather on few units, and how they would by chance: Gini, top shares, Lorenz curve.

Gini 1912 and Lorenz 1905 (10.2307/2276207) on the counts; by chance each unit has a Poisson count of the same mean, or,
where only units with one event at least are known, a Poisson count that is not nought (David and Johnson 1952,
10.2307/3001813). All is reckoned from how many units have each count, so a thousand trials cost no more than one.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field
from scipy import optimize, stats

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Null = Literal["all", "seen"]

TOPS = (5, 10, 20)
FIGURES = ("gini", "top5", "top10", "top20", "share_with_repeat", "share_events_that_are_repeats")
RARE = 1e-12
MOST = 2000
"""Counts that are told apart, by chance and in the curve."""
CELLS = 2_000_000
"""Trials × counts in memory at once."""


class Chance(NamedTuple):
    """How likely each count is: counts, rising, and their probabilities."""

    value: Ints
    probability: Floats


class Range(BaseModel):
    """A figure as it would be by chance."""

    model_config = ConfigDict(frozen=True)

    expected: float = Field(description="on average")
    lower: float = Field(description="lower limit of what chance gives")
    upper: float = Field(description="upper limit")


class Lorenz(BaseModel):
    """The Lorenz curve: from those with fewest to those with most."""

    model_config = ConfigDict(frozen=True)

    units: list[float] = Field(description="share of the units, from nothing to all")
    events: list[float] = Field(description="share of the events that they have together")
    by_chance: list[float] = Field(
        description="the share that as many units would have by chance, on average"
    )


def figures(value: Ints, units: Ints) -> dict[str, Floats]:
    """The figures of one or many trials.

    Args:
        value: The counts that there are, rising, 1-dimensional.
        units: How many units have each, trials × counts; each trial has an event at least.
    """
    n = units.sum(axis=1)
    total = units @ value
    before = np.cumsum(units, axis=1) - units
    ranked = ((before + (units + 1) / 2) * units) @ value.astype(np.float64)
    found = {"gini": 2 * ranked / (n * total) - (n + 1) / n}
    above = n[:, None] - before - units
    for top in TOPS:
        most = -(-n * top // 100)  # the ceiling, in whole numbers
        taken = np.clip(most[:, None] - above, 0, units)
        found[f"top{top}"] = (taken @ value) / total
    found["share_with_repeat"] = units[:, value >= 2].sum(axis=1) / n
    found["share_events_that_are_repeats"] = (units @ np.maximum(value - 1, 0)) / total
    return found


def lorenz(value: Ints, units: Ints, chance: Chance) -> Lorenz:
    """The curve, with a corner for each count, and that of chance beside it."""
    share, events = _heights(value, units / units.sum())
    known, theirs = _heights(chance.value, chance.probability)
    grid = (
        np.unique(np.concatenate([share, np.linspace(0, 1, 51)]))
        if len(share) <= MOST
        else np.linspace(0, 1, MOST)
    )
    return Lorenz(
        units=grid.tolist(),
        events=np.interp(grid, share, events).tolist(),
        by_chance=np.interp(grid, known, theirs).tolist(),
    )


def _heights(value: Ints, weight: Floats) -> tuple[Floats, Floats]:
    below, held = np.cumsum(weight), np.cumsum(weight * value)
    return np.concatenate([[0.0], below / below[-1]]), np.concatenate([[0.0], held / held[-1]])


def by_chance(mean: float, null: Null) -> Chance:
    """The counts where events fall on units at random, ``mean`` per unit: at most `MOST`, neighbours taken together."""
    if null == "seen" and mean <= 1:
        return Chance(np.array([1]), np.array([1.0]))
    rate = mean
    if null == "seen":
        rate = float(optimize.brentq(lambda x: x / -np.expm1(-x) - mean, 1e-12, mean + 1))
    first = max(int(stats.poisson.ppf(RARE, rate)) - 1, 1 if null == "seen" else 0)
    last = int(stats.poisson.isf(RARE, rate)) + 2
    step = -(-(last - first + 1) // MOST)
    edges = np.arange(first, last + 1 + step, step)
    share = np.diff(stats.poisson.cdf(edges - 1, rate)) if step > 1 else stats.poisson.pmf(edges[:-1], rate)
    return Chance((edges[:-1] + (step - 1) // 2).astype(np.int64), np.asarray(share / share.sum()))


def ranges(trials: dict[str, Floats], level: float) -> dict[str, Range]:
    """Each figure's mean and limits over the trials."""
    tail = (1 - level) / 2
    return {
        name: Range(
            expected=float(values.mean()),
            lower=float(np.quantile(values, tail)),
            upper=float(np.quantile(values, 1 - tail)),
        )
        for name, values in trials.items()
    }


def drawn(chance: Chance, units: int, trials: int, rng: np.random.Generator) -> dict[str, Floats]:
    """The figures of so many trials of units drawn by their chances; a trial without any event is left out."""
    at_once = max(1, CELLS // len(chance.value))
    parts = []
    for begun in range(0, trials, at_once):
        many = rng.multinomial(units, chance.probability, size=min(at_once, trials - begun))
        parts.append(figures(chance.value, many[(many @ chance.value) > 0]))
    return {name: np.concatenate([part[name] for part in parts]) for name in FIGURES}
