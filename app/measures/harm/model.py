"""What harm takes and gives."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.domain.measure import Params, Result

Column = list[float | None]


class Part(BaseModel):
    """A part of what is asked or told."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Weight(Part):
    """What one offence of a code weighs, by one version of an index."""

    offence: str = Field(
        description="the offence code; leading zeros do not matter unless the table tells them apart"
    )
    weight: float = Field(ge=0, description="what one weighs, such as months of average sentence")
    provisional: bool = Field(False, description="whether it is not the index's own, but by analogy")
    version: str = Field("", description="of the index")


class HarmParams(Params):
    """Params of `harm`."""

    weights: tuple[Weight, ...] | None = Field(
        None,
        description='The weights: [{"offence": "0310", "weight": 122, "provisional": false, "version": "bsi-2020-1"}, '
        '…], or rows [offence, weight, provisional, version], or {"0310": 122, …}. None: the table\'s column weight.',
    )
    version: str | None = Field(
        None, description="The version of the index that is used; None: the last in order of those given."
    )
    first_day: date | None = Field(None, description="Only offences from this day on; needs the column day.")
    last_day: date | None = Field(
        None, description="Only offences up to this day, it included; needs the column day."
    )
    one_carries: float = Field(
        0.25,
        gt=0,
        le=1,
        description="Where one offence has at least this share of an area's harm it is said.",
    )
    level: float = Field(0.95, gt=0.5, lt=1, description="How sure the intervals are.")

    @field_validator("weights", mode="before")
    @classmethod
    def _forms(cls, given: Any) -> Any:
        if isinstance(given, dict):
            return [{"offence": code, "weight": weight} for code, weight in given.items()]
        if isinstance(given, list | tuple):
            return [_row(one) for one in given]
        return given


def _row(given: Any) -> Any:
    """A weight as a mapping; a code that was read as a number is a text again."""
    if isinstance(given, list | tuple):
        given = dict(zip(("offence", "weight", "provisional", "version"), given, strict=False))
    if isinstance(given, dict) and isinstance(given.get("offence"), int):
        return {**given, "offence": str(given["offence"])}
    return given


class Total(Part):
    """All areas together."""

    n: int = Field(description="offences")
    n_low: float = Field(description="lower end of the exact Poisson interval of n")
    n_high: float = Field(description="upper end of it")
    harm: float = Field(description="sum of weight × n over the offences that have a weight")
    harm_low: float = Field(description="lower end of the interval of harm")
    harm_high: float = Field(description="upper end of it")
    provisional_share: float = Field(description="part of harm that rests on provisional weights, of one")
    missing_n: int = Field(description="offences without a weight: they are in n, and add nothing to harm")
    one_share: float = Field(description="part of harm that the single gravest offence carries, of one")
    harm_without_one: float = Field(description="harm without the single gravest offence")


class Areas(Part):
    """By area, in alphabetical order."""

    area: list[str] = Field(description="the areas")
    n: list[int] = Field(description="offences")
    n_low: list[float] = Field(description="lower end of the exact Poisson interval of n")
    n_high: list[float] = Field(description="upper end of it")
    harm: list[float] = Field(description="sum of weight × n over the offences that have a weight")
    harm_low: list[float] = Field(description="lower end of the interval of harm (Fay and Feuer)")
    harm_high: list[float] = Field(
        description="upper end of it; it knows that the gravest offence of the table could have happened here too"
    )
    share_of_n: Column = Field(description="part of all offences, of one")
    share_of_harm: Column = Field(description="part of all harm, of one")
    harm_per_offence: Column = Field(description="harm over the offences that have a weight")
    provisional_n: list[int] = Field(description="offences whose weight is provisional")
    provisional_share: Column = Field(description="part of harm that rests on provisional weights, of one")
    missing_n: list[int] = Field(
        description="offences without a weight: they are in n, and add nothing to harm"
    )
    missing_share: Column = Field(description="part of n without a weight, of one")
    gravest: list[str | None] = Field(description="code of the gravest offence there")
    gravest_weight: Column = Field(description="what one of it weighs")
    one_share: Column = Field(description="part of harm that a single one of it carries, of one")
    harm_without_one: list[float] = Field(description="harm without that single one")
    carried_by_one: list[bool] = Field(description="whether that part is at least one_carries")


class Offences(Part):
    """By offence code, the most harm first."""

    offence: list[str] = Field(description="the code")
    n: list[int] = Field(description="offences")
    weight: Column = Field(description="what one weighs; None without a weight")
    provisional: list[bool] = Field(description="whether that is provisional")
    harm: list[float] = Field(description="weight × n")
    share_of_harm: Column = Field(description="part of all harm, of one")


class HarmResult(Result):
    """Counts, and beside them harm."""

    version: str | None = Field(
        description="the version of the index; empty where none is named, None without weights"
    )
    versions: list[str] = Field(description="the versions that were given")
    one_carries: float = Field(description="from which share on one offence is said to carry an area's harm")
    total: Total = Field(description="all areas together")
    areas: Areas = Field(description="by area")
    offences: Offences = Field(description="by offence code")
