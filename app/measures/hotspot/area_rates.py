"""Rates that small areas do not throw about, and how far an area lies from what its inhabitants make us expect."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field
from scipy import special

from app.domain.errors import BadInput
from app.domain.measure import Result, Sentence
from app.domain.words import number
from app.measures.hotspot.areas import Flags, NeighbourParams, column, find_neighbours, one, told
from app.measures.hotspot.why import expected_false, stands_out, too_few_areas
from app.statistics.exact import poisson_interval
from app.statistics.fdr import benjamini_hochberg
from app.statistics.weights import Floats, Neighbours

Column = list[float | None]
Verdict = Literal["above", "below", "chance", "too few"]


class AreaRatesParams(NeighbourParams):
    """Params of `area_rates`."""

    per: float = Field(100_000, gt=0, description="Inhabitants that the told rates are for.")
    min_expected: float = Field(
        1,
        ge=0,
        description="An area that expects fewer cases is not tested; 0 tests every area with inhabitants.",
    )
    q: float = Field(
        0.05, gt=0, lt=1, description="Of the areas called, at most this share is expected to be false (FDR)."
    )
    level: float = Field(0.95, gt=0.5, lt=1, description="How sure the intervals are.")


class Part(BaseModel):
    """A part of a result."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Prior(Part):
    """What the areas' rates have in common."""

    a: float | None = Field(description="variance between areas beyond chance, rate²; 0 where there is none")
    b: float | None = Field(description="rate of all areas together, cases per inhabitant")


class Global(Part):
    """Rates drawn towards that of all areas, the more the fewer inhabitants (Marshall 1991)."""

    raw: Column = Field(description="cases per inhabitant")
    estmm: Column = Field(description="the same, drawn; without inhabitants the rate of all")
    low: Column = Field(description="lower end of the interval of estmm")
    high: Column = Field(description="upper end of the interval of estmm")
    pars: Prior = Field(description="what they are drawn by")


class Nearby(Part):
    """Rates drawn towards that of the area and its neighbours."""

    raw: Column = Field(description="cases per inhabitant")
    est: Column = Field(description="the same, drawn; an island is drawn to itself, and so keeps its own")


class Probability(Part):
    """What the inhabitants alone would make us expect (Choynowski 1959)."""

    raw: Column = Field(description="cases per inhabitant")
    expected: Column = Field(description="cases if all areas had the same rate")
    relative_risk: Column = Field(description="cases / expected")
    low: Column = Field(description="lower end of its exact interval")
    high: Column = Field(description="upper end of its exact interval")
    p_ge: Column = Field(description="how probable that many cases or more would be (Poisson)")
    p_le: Column = Field(description="how probable that many cases or fewer would be (Poisson)")


class AreaRatesResult(Result):
    """Columns are in the order of the table; None where nothing can be told."""

    n: int = Field(description="areas")
    cases: float = Field(description="cases in all")
    population: float = Field(description="inhabitants in all")
    per: float = Field(description="inhabitants that rate, rate_low, rate_high and rate_eb are for")
    q: float = Field(description="of the areas called, at most this share is expected to be false")
    i: list[str] = Field(description="the areas")
    EB_global: Global = Field(description="drawn to all areas, per inhabitant")
    EB_local: Nearby = Field(description="drawn to the neighbourhood, per inhabitant")
    poisson_prob_map: Probability = Field(description="against what the inhabitants make us expect")
    rate: Column = Field(description="cases per so many inhabitants")
    rate_low: Column = Field(description="lower end of its exact interval")
    rate_high: Column = Field(description="upper end of its exact interval")
    rate_eb: Column = Field(description="estmm for so many inhabitants")
    p_two_sided: Column = Field(description="twice the smaller of p_ge and p_le; None where not tested")
    p_adjusted: Column = Field(description="the same adjusted by Benjamini–Hochberg; called from q on")
    called: list[Verdict] = Field(description="above, below, chance (could be), or too few (to say)")


def run(
    frame: pd.DataFrame, params: AreaRatesParams, /, *, now: datetime, rng: np.random.Generator
) -> AreaRatesResult:
    """Rates of each area; ``now`` and ``rng`` do not matter.

    Raises:
        BadInput: A figure is below 0, cases without inhabitants, or the neighbours do not fit.
    """
    del now, rng
    people, cases = column(frame, "pop", "for rates"), column(frame, "cases", "for rates")
    if bool(((people <= 0) & (cases > 0)).any()):
        row = int(np.flatnonzero((people <= 0) & (cases > 0))[0])
        raise BadInput(f"Row {row + 1} has {cases[row]:g} cases and no inhabitants.")
    beside: Neighbours | None = None
    if params.neighbours is not None or {"x", "y"} <= set(frame.columns):
        beside = find_neighbours(frame, params)
    refusal = None
    if not people.sum():
        refusal = Sentence(
            "Inga invånare, så ingen andel kan räknas.", "No inhabitants, so no rate can be told."
        )
    elif not cases.sum():
        refusal = Sentence("Inga fall, så inget område kan sticka ut.", "No cases, so no area can stand out.")
    return _result([str(name).strip() for name in frame["i"]], people, cases, beside, params, refusal)


class _Prior(NamedTuple):
    between: Floats
    mean: Floats


def _result(
    ids: list[str],
    people: Floats,
    cases: Floats,
    beside: Neighbours | None,
    params: AreaRatesParams,
    refusal: Sentence | None,
) -> AreaRatesResult:
    raw = _over(cases, people)
    prior = _whole_prior(people, cases)
    drawn = _draw(raw, people, prior)
    low, high = _drawn_interval(people, cases, prior, params.level)
    nearby = np.full(len(ids), np.nan)
    if beside is not None:
        nearby = _draw(raw, people, _local_prior(people, cases, beside))
    expected = people * prior.mean
    p_ge = np.where(cases > 0, special.gammainc(np.maximum(cases, 1), expected), 1.0)
    p_le = special.gammaincc(cases + 1, expected)
    tested = (expected > 0) & (expected >= params.min_expected) & (refusal is None)
    p = np.where(tested, np.minimum(1.0, 2 * np.minimum(p_ge, p_le)), np.nan)
    adjusted = benjamini_hochberg(p)
    least, most = poisson_interval(cases, params.level)
    known = np.where(np.isfinite(expected), 1.0, np.nan)
    return AreaRatesResult(
        refusal=refusal,
        n=len(ids),
        cases=float(cases.sum()),
        population=float(people.sum()),
        per=params.per,
        q=params.q,
        i=ids,
        EB_global=Global(
            raw=told(raw),
            estmm=told(drawn),
            low=told(low),
            high=told(high),
            pars=Prior(a=one(prior.between[0]) if ids else None, b=one(prior.mean[0]) if ids else None),
        ),
        EB_local=Nearby(raw=told(raw), est=told(nearby)),
        poisson_prob_map=Probability(
            raw=told(raw),
            expected=told(expected),
            relative_risk=told(_over(cases, expected)),
            low=told(_over(least, expected)),
            high=told(_over(most, expected)),
            p_ge=told(p_ge * known),
            p_le=told(p_le * known),
        ),
        rate=told(raw * params.per),
        rate_low=told(_over(least, people) * params.per),
        rate_high=told(_over(most, people) * params.per),
        rate_eb=told(drawn * params.per),
        p_two_sided=told(p),
        p_adjusted=told(adjusted),
        called=_verdicts(cases > expected, adjusted, params.q),
    )


def _verdicts(above: Flags, adjusted: Floats, q: float) -> list[Verdict]:
    return [
        "too few" if np.isnan(p) else "chance" if p > q else "above" if more else "below"
        for more, p in zip(above, adjusted, strict=True)
    ]


def _over(above: Floats, below: Floats) -> Floats:
    fine = below > 0
    found: Floats = np.where(fine, above / np.where(fine, below, 1.0), np.nan)
    return found


def _whole_prior(people: Floats, cases: Floats) -> _Prior:
    """Marshall 1991, https://doi.org/10.2307/2347593: moments of the rates, each weighing as its inhabitants."""
    total, size = people.sum(), len(people)
    if not total:
        return _Prior(np.full(size, np.nan), np.full(size, np.nan))
    mean = cases.sum() / total
    raw = np.where(people > 0, cases / np.where(people > 0, people, 1.0), mean)
    between = (people * (raw - mean) ** 2).sum() / total - mean / people.mean()
    return _Prior(np.full(size, max(0.0, between)), np.full(size, mean))


def _local_prior(people: Floats, cases: Floats, beside: Neighbours) -> _Prior:
    """The same in the area and its neighbours, where each of them is held against the mean of its own neighbourhood."""
    near = beside.sums(people) + people
    mean = _over(beside.sums(cases) + cases, near)
    raw = np.where(people > 0, cases / np.where(people > 0, people, 1.0), 0.0)
    square = np.where(people > 0, people * (raw - np.nan_to_num(mean)) ** 2, 0.0)
    within = _over(beside.sums(square) + square, near)
    between: Floats = np.maximum(0.0, within - mean / _over(near, beside.counts + np.float64(1)))
    return _Prior(between, mean)


def _draw(raw: Floats, people: Floats, prior: _Prior) -> Floats:
    """The rate drawn towards the mean: entirely where the areas differ by no more than chance."""
    own = np.where(people > 0, raw, prior.mean)
    share = _over(prior.between * people, prior.between * people + prior.mean)
    return prior.mean + (own - prior.mean) * np.where(np.isnan(share), 0.0, share)


def _drawn_interval(people: Floats, cases: Floats, prior: _Prior, level: float) -> tuple[Floats, Floats]:
    """Of the gamma law whose mean the drawn rate is: prior mean b and variance a, and the area's own cases.

    Where the areas differ by no more than chance, that of all cases together.
    """
    tail = (1 - level) / 2
    if prior.between.size and prior.between[0] > 0:
        shape = cases + prior.mean**2 / prior.between
        rate = people + prior.mean / prior.between
        return special.gammaincinv(shape, tail) / rate, special.gammaincinv(shape, 1 - tail) / rate
    least, most = poisson_interval(np.full(len(cases), cases.sum()), level)
    everybody = np.full(len(cases), people.sum())
    return _over(least, everybody), _over(most, everybody)


def say(result: AreaRatesResult) -> tuple[Sentence, ...]:
    """The rate of all, which areas lie off it, and what could not be said."""
    if result.refusal is not None:
        return (result.refusal,)
    rate = result.cases / result.population * result.per
    decimals = 0 if rate >= 100 else 1
    by = {
        verdict: [name for name, found in zip(result.i, result.called, strict=True) if found == verdict]
        for verdict in ("above", "below", "chance")
    }
    tested = sum(map(len, by.values()))
    said = [
        Sentence(
            f"{number(result.cases, 'sv')} fall, {number(rate, 'sv', decimals)} på {number(result.per, 'sv')} "
            "invånare.",
            f"{number(result.cases, 'en')} cases, {number(rate, 'en', decimals)} in {number(result.per, 'en')} "
            "inhabitants.",
        ),
        stands_out(
            by["above"], tested, Sentence("över vad invånarantalet ger", "above what the inhabitants give")
        ),
    ]
    if by["below"]:
        said.append(
            stands_out(
                by["below"],
                tested,
                Sentence("under vad invånarantalet ger", "below what the inhabitants give"),
            )
        )
    if by["above"] or by["below"]:
        said.append(expected_false(result.q))
    return (*said, *too_few_areas(sum(verdict == "too few" for verdict in result.called)))
