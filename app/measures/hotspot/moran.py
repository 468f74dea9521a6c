"""Local Moran: areas that are like their neighbours, or unlike them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

import numpy as np
import pandas as pd
from scipy import special

from app.domain.measure import Sentence
from app.domain.words import AREA, capital, counted, too_few_of
from app.measures.hotspot.areas import Areas, one, read_areas
from app.measures.hotspot.called import call
from app.measures.hotspot.formulas import Local as Moments
from app.measures.hotspot.formulas import local_moran, moran
from app.measures.hotspot.moran_model import (
    Local,
    LocalMoranParams,
    LocalMoranResult,
    Permuted,
    Quadrant,
    Verdict,
    WholeMap,
)
from app.measures.hotspot.permutation import Drawn, permuted
from app.measures.hotspot.why import EQUAL, expected_false, stands_out, too_few_areas
from app.statistics.weights import Floats

LEAST = 4
LAST_BITS = 1e-12
T = TypeVar("T")

SAYS: tuple[tuple[Quadrant, Sentence], ...] = (
    ("High-High", Sentence("högt bland höga", "high among high ones")),
    ("Low-Low", Sentence("lågt bland låga", "low among low ones")),
    ("High-Low", Sentence("högt bland låga", "high among low ones")),
    ("Low-High", Sentence("lågt bland höga", "low among high ones")),
)


def run(
    frame: pd.DataFrame, params: LocalMoranParams, /, *, now: datetime, rng: np.random.Generator
) -> LocalMoranResult:
    """Local Moran of each area, and Moran's I of the map; ``now`` does not matter.

    Raises:
        BadInput: A column that was asked for is missing, or the neighbours do not fit.
    """
    del now
    areas = read_areas(frame, params)
    size = len(areas.value)
    refusal = too_few_of(AREA, size, LEAST) if size < LEAST else EQUAL if np.ptp(areas.value) == 0 else None
    return _result(areas, params, rng, refusal)


def _result(
    areas: Areas, params: LocalMoranParams, rng: np.random.Generator, refusal: Sentence | None
) -> LocalMoranResult:
    values, neighbours = areas.value, areas.neighbours
    size, nothing = len(values), np.full(len(values), np.nan)
    standardised = params.weights == "row-standardised"
    counts = np.maximum(neighbours.counts, 1)
    if refusal is None:
        local = local_moran(
            values,
            neighbours,
            standardised=standardised,
            conditional=params.moments == "conditional",
            over=params.divide_by,
        )
        drawn = permuted(values, neighbours, params.permutations, rng, replace=params.replace)
        z = (values - values.mean()) / values.std()
        # A drawn Ii is the drawn sum over the neighbours times what the area itself brings.
        own = z / values.std() / (counts if standardised else 1)
        own = own * ((size - 1) / size if params.divide_by == "n-1" else 1)
        permuted_mean = own * (drawn.mean - neighbours.counts * values.mean())
        permuted_variance = own**2 * drawn.variance
        lag = np.where(neighbours.counts > 0, neighbours.sums(z) / counts, np.nan)
    else:
        local, drawn = Moments(*[nothing] * 4), Drawn(*[nothing] * 4)
        z = permuted_mean = permuted_variance = lag = nothing
    called = call(areas, local.z, drawn.whole, params.q)
    summed = neighbours.sums(values) / (counts if standardised else 1)
    pysal = _quadrants(z, neighbours.sums(z) if refusal is None else nothing, 0.0, 0.0)
    verdicts: list[Verdict] = [
        _verdict(used, quadrant if notable else None, alone=count == 0)
        for used, notable, quadrant, count in zip(
            called.used, called.notable, pysal, neighbours.counts, strict=True
        )
    ]
    whole = moran(
        values if refusal is None else np.zeros(size),
        neighbours,
        standardised=standardised,
        randomised=params.assumption == "randomisation",
        without_islands=not params.islands_count,
    )
    spread = areas.spread
    return LocalMoranResult(
        refusal=refusal,
        n=size,
        links=neighbours.links,
        islands=neighbours.islands,
        q=params.q,
        i=areas.ids,
        value=spread(values),
        z=spread(z),
        lag_z=spread(lag),
        local_moran=Local(
            Ii=spread(local.statistic),
            E=spread(local.mean),
            Var=spread(local.variance),
            Z=spread(local.z),
            quadrant_mean=_column(areas, _quadrants(values, summed, _mean(values), _mean(summed))),
            quadrant_median=_column(areas, _quadrants(values, summed, _median(values), _median(summed))),
            quadrant_pysal=_column(areas, pysal),
            p_two_sided=spread(called.p),
            bh=spread(called.bh),
            by=spread(called.by),
            bonf=spread(called.bonferroni),
        ),
        local_moran_perm=Permuted(
            nsim=params.permutations,
            p_rank_two=spread(drawn.middle),
            E=spread(permuted_mean),
            Var=spread(permuted_variance),
        ),
        moran=WholeMap(
            I=one(whole.statistic),
            E=one(whole.mean),
            Var=one(whole.variance),
            z=one(whole.z),
            p_two_sided=one(2 * special.ndtr(-abs(whole.z))),
        ),
        enough=areas.flags(areas.enough),
        sparse=areas.flags(areas.sparse),
        p_used=spread(called.used),
        p_adjusted=spread(called.adjusted),
        called=_column(areas, verdicts),
    )


def _verdict(used: float, quadrant: Quadrant | None, *, alone: bool) -> Verdict:
    if alone:
        return "alone"
    if np.isnan(used):
        return "too few"
    return quadrant or "chance"


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else 0.0


def _quadrants(own: Floats, beside: Floats, own_split: float, beside_split: float) -> list[Quadrant | None]:
    """What lies at the split is low, and so is what lies above it by the last bits only."""
    own_split += LAST_BITS * float(np.nanmax(np.abs(own), initial=0.0))
    beside_split += LAST_BITS * float(np.nanmax(np.abs(beside), initial=0.0))
    names: dict[tuple[bool, bool], Quadrant] = {
        (True, True): "High-High",
        (False, False): "Low-Low",
        (True, False): "High-Low",
        (False, True): "Low-High",
    }
    return [
        None if np.isnan(here) or np.isnan(there) else names[here > own_split, there > beside_split]
        for here, there in zip(own.tolist(), beside.tolist(), strict=True)
    ]


def _column(areas: Areas, found: Sequence[T]) -> list[T | None]:
    column: list[T | None] = [None] * len(areas.ids)
    for place, value in zip(areas.kept, found, strict=True):
        column[place] = value
    return column


def say(result: LocalMoranResult) -> tuple[Sentence, ...]:
    """Which areas are like their neighbours or unlike, how many of them may be false, and what is unsaid."""
    if result.refusal is not None:
        return (result.refusal,)
    tested = sum(verdict not in {None, "alone", "too few"} for verdict in result.called)
    by_quadrant = {
        quadrant: [name for name, verdict in zip(result.i, result.called, strict=True) if verdict == quadrant]
        for quadrant, _ in SAYS
    }
    said = [
        stands_out(by_quadrant[quadrant], tested, how)
        for quadrant, how in SAYS
        if by_quadrant[quadrant] or quadrant == "High-High"
    ]
    if any(by_quadrant.values()):
        said.append(expected_false(result.q))
    said += too_few_areas(sum(verdict == "too few" for verdict in result.called))
    if alone := sum(verdict == "alone" for verdict in result.called):
        said.append(
            Sentence(
                f"{counted(alone, AREA, 'sv')} utan grannar kan inte jämföras.",
                f"{capital(counted(alone, AREA, 'en'))} without neighbours cannot be compared.",
            )
        )
    return tuple(said)
