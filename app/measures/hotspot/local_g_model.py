"""What local_g takes and gives."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.domain.measure import Result, Sentence
from app.measures.hotspot.areas import CompareParams

Column = list[float | None]
Verdict = Literal["hot", "cold", "chance", "too few"]


class LocalGParams(CompareParams):
    """Params of `local_g`."""

    islands_count: bool = Field(
        False, description="Whether areas without a neighbour count in the whole map's globalG."
    )
    place: int | str | None = Field(
        None, description='An area (its i) of which to say why it is called, or why not: "why not hot?".'
    )


class Part(BaseModel):
    """A part of a result."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Called05(Part):
    """How many areas have p at most .05, before and after adjusting for that many areas being tested."""

    raw05: int = Field(description="of Gi_star_p_two_sided")
    bh05: int = Field(description="of Gi_star_bh")
    by05: int = Field(description="of Gi_star_by")
    bonf05: int = Field(description="of Gi_star_bonf")


class GlobalG(Part):
    """Do high values lie together on the whole map (Getis & Ord 1992)? None where a value is below 0."""

    G: float | None = Field(description="the statistic, each neighbour weighing one")
    E: float | None = Field(description="its mean without any pattern")
    Var: float | None = Field(description="its variance without any pattern")
    z: float | None = Field(description="how many standard deviations G lies above E")


class Place(Part):
    """Why a place is called, or why not."""

    i: str = Field(description="the area")
    value: float | None = Field(description="its own value")
    cases: float | None = Field(description="its own cases; None without the column")
    neighbours: list[str] = Field(description="its neighbours")
    neighbour_values: Column = Field(description="their values")
    observed: float | None = Field(description="sum of the values of the area and its neighbours")
    expected: float | None = Field(description="the same if each of them had the mean of all areas")
    z: float | None = Field(description="Gi* of the area")
    p: float | None = Field(description="two-sided p of z")
    p_rank: float | None = Field(description="two-sided p by the permutations, ties in full")
    p_used: float | None = Field(description="the one of the two that holds here")
    p_adjusted: float | None = Field(description="p_used adjusted for all areas that were tested")
    called: Verdict = Field(description="what the area is called")
    why: Sentence = Field(description="the reason in words, in Swedish and English")


class LocalGResult(Result):
    """Columns are in the order of the table; None where nothing can be told."""

    n: int = Field(description="areas with a value")
    links: int = Field(description="neighbours in all, each direction for itself")
    islands: int = Field(description="areas without a neighbour: Gi* by their own value alone, Gi None")
    mean: float | None = Field(description="mean of the values of all areas")
    q: float = Field(description="of the areas called, at most this share is expected to be false")
    i: list[str] = Field(description="the areas")
    value: Column = Field(description="what was compared")
    neighbour_count: list[int | None] = Field(description="how many neighbours each area has")
    local_mean: Column = Field(description="mean of the values of the area and its neighbours")
    Gi_star_z_binary: Column = Field(description="Gi*, weights 0/1, the area itself among its neighbours; z")
    Gi_z_binary: Column = Field(description="Gi, weights 0/1, without the area itself; z")
    Gi_star_z_rowstd: Column = Field(
        description="Gi* with row-standardised weights; the same z by its formula"
    )
    Gi_z_rowstd: Column = Field(description="Gi with row-standardised weights; the same z by its formula")
    Gi_star_p_two_sided: Column = Field(description="two-sided p of Gi* by the normal law")
    Gi_p_two_sided: Column = Field(description="two-sided p of Gi by the normal law")
    Gi_star_bh: Column = Field(
        description="p of Gi* adjusted by Benjamini–Hochberg, over areas with enough cases"
    )
    Gi_star_by: Column = Field(description="p of Gi* adjusted by Benjamini–Yekutieli, over the same")
    Gi_star_bonf: Column = Field(description="p of Gi* adjusted by Bonferroni, over the same")
    n_sig: Called05 = Field(description="how many areas are at most .05")
    p_rank_two: Column = Field(
        description="two-sided p of Gi and Gi* by the permutations, ties by their middle"
    )
    nsim: int = Field(description="how often neighbours were drawn")
    enough: list[bool | None] = Field(description="whether the area has enough cases to be tested")
    sparse: list[bool | None] = Field(description="whether p_used is from the permutations (ties in full)")
    p_used: Column = Field(description="the p that is acted on; None where the area is not tested")
    p_adjusted: Column = Field(
        description="p_used adjusted by Benjamini–Hochberg; an area is called from q on"
    )
    called: list[Verdict | None] = Field(
        description="hot, cold, chance (could be), or too few (cases to say)"
    )
    globalG: GlobalG = Field(description="the whole map")  # noqa: N815 - as the reference results name it
    place: Place | None = Field(description="of the place that was asked for")
