"""How events gather on few: Gini, top shares and repeats, beside what chance alone would give."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from app.domain.errors import BadInput
from app.domain.measure import Column, Measure, Params, Result, Sentence
from app.domain.words import CASE, percent, percent_interval, too_few_of
from app.measures.repeats.gathering import (
    Chance,
    Lorenz,
    Null,
    Range,
    by_chance,
    drawn,
    figures,
    lorenz,
    ranges,
)


class ConcentrationParams(Params):
    """What is set of the concentration."""

    null: Literal["auto", "all", "seen"] = Field(
        "auto",
        description="by chance, events fall on all units of the table (all: those without any are in it), or only "
        "units with one event at least are known (seen); auto: all where a unit without events is there, else seen",
    )
    trials: int = Field(999, ge=99, le=100_000, description="simulations, by chance and of the interval")
    level: float = Field(0.95, gt=0.5, lt=1, description="of the intervals")
    min_total: int = Field(10, ge=1, description="with fewer events in all, nothing is said")


class ConcentrationResult(Result):
    """How the events gather. Shares are of one."""

    N: int = Field(default=0, description="units")
    total: int = Field(default=0, description="events")
    gini: float | None = Field(
        default=None, description="0: all have equally many; G = 2·Σ i·x(i) / (N·S) − (N+1)/N"
    )
    gini_unbiased: float | None = Field(default=None, description="gini · N / (N − 1); null for one unit")
    top5: float | None = Field(
        default=None, description="events of the 5 % of units with most (rounded up), of all"
    )
    top10: float | None = Field(default=None, description="the same for 10 %")
    top20: float | None = Field(default=None, description="the same for 20 %")
    share_with_repeat: float | None = Field(
        default=None, description="units with two events or more, of all units"
    )
    share_events_that_are_repeats: float | None = Field(
        default=None, description="events beyond each unit's first, of all events"
    )
    count_dist: dict[str, int] = Field(default={}, description="how many units have each number of events")
    interval: dict[str, tuple[float, float]] = Field(
        default={}, description="limits of each figure, were the units a sample (bootstrap over units)"
    )
    null: Null = Field(default="all", description="which chance was compared with: all units, or seen ones")
    by_chance: dict[str, Range] = Field(
        default={},
        description="each figure, if as many events on average fell on the units at random (Poisson)",
    )
    lorenz: Lorenz | None = Field(default=None, description="the Lorenz curve, beside that of chance")


def run(
    frame: pd.DataFrame, params: ConcentrationParams, /, *, now: datetime, rng: np.random.Generator
) -> ConcentrationResult:
    """The concentration. ``now`` is not used.

    Raises:
        BadInput: A count is negative, or only seen units are asked for and there are others.
    """
    del now
    if (frame["n"] < 0).any():
        row = int(np.flatnonzero(frame["n"] < 0)[0])
        raise BadInput(
            f"Row {row + 1} has {frame['n'].iloc[row]} events in the column n: a count is not below 0."
        )
    counts = frame.groupby("id")["n"].sum() if "id" in frame else frame["n"]
    return gathered(counts.to_numpy(np.int64), params, rng)


def gathered(
    counts: npt.NDArray[np.int64], params: ConcentrationParams, rng: np.random.Generator
) -> ConcentrationResult:
    """The concentration of counts per unit, none below 0."""
    total = int(counts.sum())
    value, units = np.unique(counts, return_counts=True)
    if total < params.min_total:
        return ConcentrationResult(
            refusal=too_few_of(CASE, total, params.min_total), N=len(counts), total=total
        )
    found = {name: float(values[0]) for name, values in figures(value, units[None, :]).items()}
    n = len(counts)
    null: Null = params.null if params.null != "auto" else "all" if value[0] == 0 else "seen"
    if null == "seen" and value[0] == 0:
        raise BadInput('The table holds units without events, so the parameter null cannot be "seen".')
    chance = by_chance(total / n, null)
    sampled = ranges(drawn(Chance(value, units / n), n, params.trials, rng), params.level)
    return ConcentrationResult(
        N=n,
        total=total,
        **found,
        gini_unbiased=found["gini"] * n / (n - 1) if n > 1 else None,
        count_dist={str(one): int(many) for one, many in zip(value, units, strict=True)},
        interval={name: (limits.lower, limits.upper) for name, limits in sampled.items()},
        null=null,
        by_chance=ranges(drawn(chance, n, params.trials, rng), params.level),
        lorenz=lorenz(value, units, chance),
    )


def say(result: ConcentrationResult) -> tuple[Sentence, ...]:
    """What the tenth with most have, beside what they would have by chance."""
    if result.refusal is not None:
        return (result.refusal,)
    return (top_tenth(result), *_repeats(result))


def top_tenth(
    result: ConcentrationResult, sv: str = "De 10 % med flest", en: str = "The 10% with most"
) -> Sentence:
    """What the tenth with most have: more than chance gives, or not."""
    share, chance = result.top10 or 0.0, result.by_chance["top10"]
    limits = tuple(percent_interval(chance.lower, chance.upper, language) for language in ("sv", "en"))
    return Sentence(
        f"{sv} har {percent(share, 'sv')} av fallen; av slump hade det varit {limits[0]}.",
        f"{en} have {percent(share, 'en')} of the cases; by chance it would have been {limits[1]}.",
    )


def _repeats(result: ConcentrationResult) -> tuple[Sentence, ...]:
    share = result.share_events_that_are_repeats or 0.0
    low, high = result.interval["share_events_that_are_repeats"]
    return (
        Sentence(
            f"{percent(share, 'sv')} av fallen är upprepningar ({percent_interval(low, high, 'sv')}).",
            f"{percent(share, 'en')} of the cases are repeats ({percent_interval(low, high, 'en')}).",
        ),
    )


CONCENTRATION = Measure(
    name="concentration",
    version=1,
    title=Sentence("Hur det samlas på få", "How it gathers on few"),
    columns=(
        Column(
            "id",
            "text",
            "the unit: a pair, a victim, an address; rows of the same are added up",
            required=False,
        ),
        Column("n", "integer", "how many events it had; units without any are rows with 0"),
    ),
    params=ConcentrationParams,
    result=ConcentrationResult,
    run=run,
    say=say,
    checks=("concentration",),
)
