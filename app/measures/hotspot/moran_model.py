"""What local Moran takes and gives."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.domain.measure import Result
from app.measures.hotspot.areas import CompareParams

Column = list[float | None]
Quadrant = Literal["High-High", "Low-Low", "High-Low", "Low-High"]
Verdict = Literal["High-High", "Low-Low", "High-Low", "Low-High", "chance", "alone", "too few"]


class LocalMoranParams(CompareParams):
    """Params of `local_moran`."""

    weights: Literal["row-standardised", "binary"] = Field(
        "row-standardised", description="Each area's weights sum to one, or each neighbour weighs one."
    )
    moments: Literal["conditional", "total"] = Field(
        "conditional",
        description="E and Var given the area's own value (Sokal 1998), or over all permutations (Anselin 1995).",
    )
    divide_by: Literal["n", "n-1"] = Field(
        "n",
        description="What the sum of squares is divided by: n as in Anselin 1995; n-1 makes Ii smaller by (n-1)/n.",
    )
    assumption: Literal["randomisation", "normality"] = Field(
        "randomisation", description="What the variance of the whole map's Moran's I supposes."
    )
    islands_count: bool = Field(
        False, description="Whether areas without a neighbour count towards n in the whole map's Moran's I."
    )


class Part(BaseModel):
    """A part of a result."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Local(Part):
    """By area, in the order of the table."""

    Ii: Column = Field(description="local Moran: above 0 the area is like its neighbours; 0 for an island")
    E: Column = Field(description="mean of Ii without any pattern")
    Var: Column = Field(description="variance of Ii without any pattern")
    Z: Column = Field(description="how many standard deviations Ii lies above E; None for an island")
    quadrant_mean: list[Quadrant | None] = Field(
        description="whether the area, then its neighbours' weighted mean, lie above their means over all areas"
    )
    quadrant_median: list[Quadrant | None] = Field(description="the same by their medians")
    quadrant_pysal: list[Quadrant | None] = Field(
        description="the same, the neighbours' weighted deviations split at zero"
    )
    p_two_sided: Column = Field(description="two-sided p of Z by the normal law")
    bh: Column = Field(description="p_two_sided adjusted by Benjamini–Hochberg, over areas with enough cases")
    by: Column = Field(description="p_two_sided adjusted by Benjamini–Yekutieli, over the same")
    bonf: Column = Field(description="p_two_sided adjusted by Bonferroni, over the same")


class Permuted(Part):
    """The same by conditional permutation."""

    nsim: int = Field(description="how often neighbours were drawn")
    p_rank_two: Column = Field(description="two-sided p by rank, ties by their middle")
    E: Column = Field(description="mean of the drawn Ii")
    Var: Column = Field(description="variance of the drawn Ii")


class WholeMap(Part):
    """Moran's I of the whole map."""

    I: float | None = Field(description="the statistic")  # noqa: E741 - its name
    E: float | None = Field(description="its mean without any pattern, -1/(n-1)")
    Var: float | None = Field(description="its variance without any pattern")
    z: float | None = Field(description="how many standard deviations I lies above E")
    p_two_sided: float | None = Field(description="two-sided p of z by the normal law")


class LocalMoranResult(Result):
    """Columns are in the order of the table; None where nothing can be told."""

    n: int = Field(description="areas with a value")
    links: int = Field(description="neighbours in all, each direction for itself")
    islands: int = Field(description="areas without a neighbour")
    q: float = Field(description="of the areas called, at most this share is expected to be false")
    i: list[str] = Field(description="the areas")
    value: Column = Field(description="what was compared")
    z: Column = Field(description="the area's value in standard deviations from the mean")
    lag_z: Column = Field(description="mean of z over the area's neighbours; None for an island")
    local_moran: Local = Field(description="the statistic, by area")
    local_moran_perm: Permuted = Field(description="by permutation")
    moran: WholeMap = Field(description="the whole map")
    enough: list[bool | None] = Field(description="whether the area has enough cases to be tested")
    sparse: list[bool | None] = Field(description="whether p_used is from the permutations (ties in full)")
    p_used: Column = Field(description="the p that is acted on; None where the area is not tested")
    p_adjusted: Column = Field(
        description="p_used adjusted by Benjamini–Hochberg; an area is called from q on"
    )
    called: list[Verdict | None] = Field(
        description="the quadrant (area, then neighbours) where it stands out; chance (could be), "
        "alone (no neighbour), or too few (cases to say)"
    )
