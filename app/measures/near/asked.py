"""What can be asked of Knox, and what it gives."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.domain.measure import Params, Result

Scheme = Literal["permute event times", "permute pair labels"]


class KnoxParams(Params):
    """What "near" and "close in time" mean. Lists ask for every combination, given as ``cells``."""

    delta_s: float | list[float] = Field(
        200.0, description="near: at most this far apart, in the unit of x and y; a list asks for several"
    )
    delta_t: float | list[float] = Field(
        14.0, description="close in time: at most this many days apart; a list asks for several"
    )
    rule: Literal["<=", "<"] = Field("<=", description='whether a pair at the limit counts ("<=") or not')
    distance: Literal["euclidean", "manhattan"] = Field(
        "euclidean", description="straight line, or along the streets of a grid"
    )
    B: int = Field(999, ge=0, le=1_000_000, description="how many times the events' times are dealt anew")
    scheme: Scheme = Field(
        "permute event times",
        description="what chance deals anew: the events' times, or (as some programs) the labels of the pairs, "
        "which takes pairs that share an event for unrelated",
    )
    space_bands: list[float] = Field(
        [0.0, 100.0, 200.0, 300.0, 400.0],
        description="upper edges of the table's rows, in the unit of x and y; 0 is the same address; [] = no table",
    )
    time_bands: list[float] = Field(
        [0.0, 7.0, 14.0, 21.0, 28.0],
        description="upper edges of the table's columns, days; 0 is the same day",
    )
    unit: Literal["m", "km"] = Field("m", description="the unit of x and y, for the words only")

    @field_validator("delta_s", "delta_t", "space_bands", "time_bands")
    @classmethod
    def _edges(cls, value: float | list[float]) -> float | list[float]:
        edges = value if isinstance(value, list) else [value]
        if any(edge < 0 for edge in edges):
            raise ValueError("a limit cannot be below zero")
        if len(edges) != len(set(edges)):
            raise ValueError("a limit stands there twice")
        if len(edges) > 50:
            raise ValueError("at most 50 limits")
        return value

    @field_validator("delta_s", "delta_t")
    @classmethod
    def _some(cls, value: float | list[float]) -> float | list[float]:
        if value == []:
            raise ValueError("give one limit at least")
        return value

    @field_validator("rule", mode="before")
    @classmethod
    def _short(cls, value: object) -> object:
        return value.removesuffix(" (both)") if isinstance(value, str) else value


class Quantiles(BaseModel):
    """Of the shuffled counts."""

    model_config = ConfigDict(frozen=True)

    q025: float = Field(description="2.5 % of the shuffles had at most so many pairs")
    q50: float = Field(description="half of them")
    q975: float = Field(description="97.5 %")
    q99: float = Field(description="99 %")


class Permutations(BaseModel):
    """The same count with the times dealt anew, B times."""

    model_config = ConfigDict(frozen=True)

    B: int = Field(description="how many times")
    scheme: Scheme = Field(description="what was dealt anew")
    mean: float = Field(description="mean number of pairs")
    sd: float = Field(description="their standard deviation")
    n_ge: int = Field(description="in how many there were at least as many pairs as there are")
    p: float = Field(description="(n_ge + 1) / (B + 1)")
    p_mc_se: float = Field(description="standard error of n_ge / B")
    q: Quantiles


class Cell(BaseModel):
    """One pair of limits."""

    model_config = ConfigDict(frozen=True)

    n: int | None = Field(None, description="events")
    delta_s: float | None = Field(None, description="limit in space, in the unit of x and y")
    delta_t: float | None = Field(None, description="limit in time, days")
    rule: str | None = Field(None, description="how both limits are read")
    distance: str | None = Field(None, description="how distance is reckoned")
    pairs_total: int | None = Field(None, description="pairs of events, n(n-1)/2")
    pairs_space: int | None = Field(None, description="pairs near in space")
    pairs_time: int | None = Field(None, description="pairs close in time")
    statistic: int | None = Field(None, description="pairs that are both (Knox)")
    expected_product: float | None = Field(None, description="pairs_space × pairs_time / pairs_total")
    table: list[int] | None = Field(
        None, description="pairs: near and close, near only, close only, neither; their sum is pairs_total"
    )
    knox_ratio: float | None = Field(None, description="statistic / expected_product")
    exact_mean: float | None = Field(None, description="mean over every order of the times")
    exact_var: float | None = Field(
        None, description="variance over every order of the times, in closed form"
    )
    z: float | None = Field(None, description="(statistic - exact_mean) / sqrt(exact_var)")
    p_poisson_ge: float | None = Field(None, description="P(X ≥ statistic), X Poisson of the expected mean")
    p_poisson_gt_surveillance: float | None = Field(
        None, description="P(X > statistic), X Poisson of the expected mean, as some programs give it"
    )
    hypergeom_var: float | None = Field(None, description="variance if the pairs were unrelated")
    perm: Permutations | None = Field(None, description="by shuffling; null where B is 0 or pairs too many")
    p_adjusted: float | None = Field(
        None,
        description="as perm.p, but of the least likely of all cells: the price of having looked at many; "
        "null without shuffles, or where there can be no pair",
    )


class Band(BaseModel):
    """One cell of the table of bands: pairs farther than the band before and at most so far."""

    model_config = ConfigDict(frozen=True)

    same_address: bool = Field(description="whether the band is distance zero")
    from_s: float | None = Field(description="farther than this, in the unit of x and y; null: from zero on")
    to_s: float = Field(description="and at most this far")
    from_t: float | None = Field(description="more than so many days apart; null: from zero on")
    to_t: float = Field(description="and at most so many")
    observed: int = Field(description="pairs there are")
    expected: float = Field(description="pairs that chance alone gives")
    ratio: float | None = Field(description="observed / expected")
    z: float | None = Field(description="(observed - expected) / its exact standard deviation")
    p: float | None = Field(description="share of the shuffles with at least as many pairs")
    p_adjusted: float | None = Field(
        description="the same for the least likely cell of the whole table; null where there can be no pair"
    )


class KnoxResult(Cell, Result):
    """The first pair of limits, every pair of them, and the table of bands."""

    unit: Literal["m", "km"] = Field("m", description="unit of x and y")
    whole_days: bool = Field(True, description="whether every t is a whole day, so that 'more than 0' is '1'")
    cells: list[Cell] = Field([], description="every combination of delta_s (slowest) and delta_t")
    bands: list[Band] = Field([], description="the table of bands, row by row; limits are read with <=")
