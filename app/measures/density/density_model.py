"""What density takes and gives."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from app.domain.measure import Params, Result


class DensityParams(Params):
    """Params of `density`."""

    bandwidth_m: float | None = Field(
        None,
        gt=0,
        description="Standard deviation of the round Gaussian kernel, in the unit of x and y (metres). None: Scott's "
        "rule, the covariance of the places × n^(-1/3), as scipy's gaussian_kde has it.",
    )
    grid: int = Field(
        256, ge=2, le=1024, description="Nodes from west to east, and as many from south to north."
    )
    extent: tuple[float, float, float, float] | None = Field(
        None,
        description="West, south, east, north of the grid, metres; None: the places and three bandwidths around them. "
        "Places outside count, as far as their kernel reaches in.",
    )
    edge: bool = Field(
        False,
        description="Whether the extent is where places can lie at all: then what a kernel loses beyond it is made up.",
    )
    min_events: int = Field(10, ge=1, description="With fewer places nothing is said.")
    level: float = Field(0.95, gt=0.5, lt=1, description="How sure the interval of the peak is.")


class Part(BaseModel):
    """A part of a result."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Peak(Part):
    """Where they lie thickest."""

    x: float = Field(description="easting of the node, metres")
    y: float = Field(description="northing of the node, metres")
    per_km2: float = Field(description="places (by weight) per km²")
    low: float = Field(description="lower end of its interval, per km²")
    high: float = Field(description="upper end of its interval, per km²")
    rests_on: float = Field(description="how many places it rests on, as if they weighed alike")


class RelativePeak(Part):
    """Where they lie thickest against the places compared with."""

    x: float = Field(description="easting of the node, metres")
    y: float = Field(description="northing of the node, metres")
    ratio: float = Field(description="share of the places here, over the share of those compared with")
    low: float = Field(description="lower end of its interval; those compared with are taken as known")
    high: float = Field(description="upper end of its interval")


class DensityResult(Result):
    """A surface, row by row from south to north, each from west to east."""

    events: int = Field(description="places")
    controls: int = Field(description="places compared with")
    total: float = Field(description="the places' weight in all")
    bandwidth_m: float | None = Field(
        description="the kernel's standard deviation, geometric mean over directions"
    )
    covariance: list[list[float]] | None = Field(description="the kernel's covariance, metres²")
    x: list[float] = Field(description="eastings of the nodes, metres")
    y: list[float] = Field(description="northings of the nodes, metres")
    density: list[list[float]] | None = Field(
        description="probability per m² at [y][x], one in all, to six figures of the peak; times events_per_km2 it is "
        "places per km²"
    )
    events_per_km2: float = Field(description="what turns density into places per km²: total × 1e6")
    peak: Peak | None = Field(description="where it is highest")
    relative: list[list[float | None]] | None = Field(
        description="share of the places over the share of those compared with, at [y][x]; None where too few "
        "are near; only with the column control"
    )
    relative_peak: RelativePeak | None = Field(description="where that is highest")
