"""What can be asked of the scan, and what it gives."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.measure import Column, Params, Result, Sentence

EVENTS = (
    Column("x", "number", "where it happened, eastwards, in metres or any other unit of length"),
    Column("y", "number", "where it happened, northwards, in the same unit"),
    Column("t", "number", "when it happened, in days since any fixed day; the fraction of a day is dropped"),
    Column(
        "n",
        "integer",
        "how many events the row stands for, 1 where the column is missing; 0 only makes its place a centre",
        required=False,
    ),
    Column("area", "text", "a name for the place, given back for the clusters", required=False),
)


class ScanParams(Params):
    """How wide and how long a cluster may be, and when to act."""

    max_radius: float | None = Field(
        2000.0,
        ge=0,
        description="the largest radius of a circle, in the unit of x and y, itself within; null: only max_share",
    )
    max_share: float = Field(
        0.5,
        gt=0,
        le=1,
        description="the largest share of all events that a circle may hold over the whole period",
    )
    max_days: int | None = Field(
        14, ge=1, description="the longest window, in days up to the last day; null: half of the period"
    )
    min_cases: int = Field(2, ge=1, description="the fewest events of a cluster")
    B: int = Field(999, ge=1, le=1_000_000, description="how many times the events' days are dealt anew")
    start: int | None = Field(
        None, description="the first day that counts, as in t; null: that of the first event"
    )
    end: int | None = Field(
        None, description="the last day, in which every window ends, as in t; null: that of the last event"
    )
    look_days: float = Field(
        1.0, gt=0, description="how often it is scanned, in days: a recurrence interval is so long / p"
    )
    act_days: float = Field(
        365.0, gt=0, description="act on a cluster whose recurrence interval is at least so many days"
    )
    max_clusters: int = Field(
        10, ge=1, le=1000, description="the most clusters to give, none of which share a place"
    )
    x: float | None = Field(None, description='"why not hot?": eastwards of a chosen place, in the unit of x')
    y: float | None = Field(None, description="northwards of it")
    unit: Literal["m", "km"] = Field("m", description="the unit of x and y, for the words only")

    @model_validator(mode="after")
    def _whole_place(self) -> ScanParams:
        if (self.x is None) != (self.y is None):
            raise ValueError("a chosen place has both x and y")
        return self


class Cluster(BaseModel):
    """A cylinder: a circle over the last days."""

    model_config = ConfigDict(frozen=True)

    x: float = Field(description="centre of the circle, eastwards")
    y: float = Field(description="and northwards")
    radius: float = Field(description="from the centre to the farthest of its places, in the unit of x and y")
    start: int = Field(description="its first day, as in t")
    end: int = Field(description="its last day")
    days: int = Field(description="how many days that is")
    observed: int = Field(description="events in the circle in those days")
    expected: float = Field(
        description="events of the circle in all days × events everywhere in those days / all events"
    )
    ratio: float = Field(description="observed / expected")
    llr: float = Field(description="log of the likelihood ratio: how strong the cluster is")
    p: float = Field(description="(1 + shuffles whose strongest cluster is at least as strong) / (1 + B)")
    p_gumbel: float | None = Field(
        description="the same from a Gumbel curve through the shuffles: finer than 1/B; null where all are alike"
    )
    recurrence_days: float = Field(
        description="look_days / p: as strong a one comes by chance once in so many days"
    )
    act: bool = Field(description="whether that is at least act_days")
    n_locations: int = Field(description="places in the circle")
    n_circle: int = Field(description="events in the circle in all days")
    locations: list[tuple[float, float]] = Field(
        description="the places in the circle, x and y, nearest first"
    )
    areas: list[str] | None = Field(description="their names, where the table has the column area")
    rows: list[int] = Field(
        description="the table's rows of the events in the cylinder, the first row being 0"
    )


class Place(BaseModel):
    """A chosen place: the strongest cylinder around it, and why it is hot or not."""

    model_config = ConfigDict(frozen=True)

    x: float = Field(description="the place, eastwards")
    y: float = Field(description="and northwards")
    radius: float = Field(
        description="of the strongest cylinder around it; of the widest where none has an excess"
    )
    days: int = Field(description="its days, up to the last")
    observed: int = Field(description="events in it")
    expected: float = Field(description="events that chance gives")
    llr: float = Field(description="how strong it is; 0: no excess")
    p: float = Field(description="against the strongest cluster anywhere, as the clusters")
    p_here: float = Field(
        description="against the strongest around this place alone, as if one had only looked here"
    )
    hot: bool = Field(description="whether its recurrence interval by p is at least act_days")
    why: Sentence = Field(description="the same in words")


class ScanResult(Result):
    """The clusters, strongest first."""

    unit: Literal["m", "km"] = Field("m", description="unit of x and y")
    n: int | None = Field(None, description="events in the period")
    n_locations: int | None = Field(None, description="places, the same coordinates being one")
    start: int | None = Field(None, description="first day of the period, as in t")
    end: int | None = Field(None, description="last day")
    max_days: int | None = Field(None, description="the longest window, days")
    n_recent: int | None = Field(None, description="events in the longest window")
    B: int | None = Field(None, description="how many times the days were dealt anew")
    look_days: float | None = Field(None, description="how often it is scanned, days")
    act_days: float | None = Field(None, description="the recurrence interval to act at, days")
    act: bool = Field(False, description="whether any cluster is to be acted on")
    clusters: list[Cluster] = Field([], description="strongest first; no two share a place")
    llr_needed: float | None = Field(
        None,
        description="the strength from which a cluster is acted on, by the shuffles; null: B is too small to tell",
    )
    null_mean: float | None = Field(None, description="mean strength of the strongest cluster of a shuffle")
    null_sd: float | None = Field(None, description="its standard deviation")
    place: Place | None = Field(None, description="the chosen place, if one was")
