"""The table of areas that these measures take, and who is whose neighbour in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from app.domain.errors import BadInput
from app.domain.measure import Column, Params
from app.statistics.weights import Floats, Neighbours, from_pairs, nearest, within

Flags = npt.NDArray[np.bool_]

NEAREST = 6
"""How many neighbours an area has where nothing is said of them: as many as in a tiling of hexagons."""

ID = Column("i", "text", "the area's id, each once; the pairs of neighbours go by it")
X = Column("x", "number", "easting of the area's centre, metres (or longitude, degrees)", required=False)
Y = Column("y", "number", "northing of the area's centre, metres (or latitude, degrees)", required=False)
VALUE = Column(
    "value",
    "number",
    "what is compared, such as a rate; an area without one is left out, and nobody's neighbour",
    required=False,
    gaps=True,
)


def population(*, required: bool) -> Column:
    """The column of inhabitants."""
    return Column(
        "pop",
        "number",
        "inhabitants, or what else could have had a case",
        required=required,
        gaps=not required,
    )


def cases(*, required: bool) -> Column:
    """The column of cases."""
    return Column(
        "cases",
        "number",
        "how many cases the value rests on, at least 0",
        required=required,
        gaps=not required,
    )


class NeighbourParams(Params):
    """Who is whose neighbour; the first of the three that is set is used."""

    neighbours: tuple[tuple[int | str, int | str], ...] | None = Field(
        None,
        description='Pairs [i, neighbour of i] of the column i, or "@FILE.csv" with two columns of them. '
        "Each direction is a pair of its own, unless both_ways is set. [] makes every area an island.",
    )
    both_ways: bool = Field(
        False,
        description="Each pair of neighbours is a border named once, and counts from both of its sides.",
    )
    k_nearest: int | None = Field(
        None,
        ge=1,
        description=f"The k nearest by x and y are neighbours; {NEAREST} if nothing is set at all.",
    )
    distance_band: float | None = Field(
        None,
        gt=0,
        description="All within this distance by x and y are neighbours, in their unit; metres with degrees.",
    )
    degrees: bool = Field(
        False,
        description="x and y are longitude and latitude in degrees; distances are great circles in metres.",
    )


class CompareParams(NeighbourParams):
    """What is compared between areas, and of which areas anything is said."""

    of: Literal["value", "rate", "eb_index"] = Field(
        "value",
        description="What is compared: the column value; cases / pop; or the empirical-Bayes index of cases and pop, "
        "which does not let small populations throw it about (Assunção & Reis 1999).",
    )
    permutations: int = Field(
        9999,
        ge=0,
        le=999_999,
        description="How often the neighbours' values are drawn anew from all other areas for p_rank_two; 0: never.",
    )
    replace: bool = Field(
        True,
        description="Whether the permutations may draw one area twice among the neighbours of one, as usual programs "
        "do (a little careful: z is smaller by the root of (n-1-k)/(n-2)); false: each at most once.",
    )
    min_cases: float = Field(
        0, ge=0, description="An area with fewer cases is not tested (too few to say); 0 tests every area."
    )
    min_expected: float = Field(
        0,
        ge=0,
        description="An area is not tested where it and its neighbours together expect fewer cases, from pop if "
        "there, else from the mean; 0 tests every area. Unlike min_cases this does not choose by the outcome.",
    )
    sparse_below: float = Field(
        5,
        ge=0,
        description="Where an area and its neighbours together expect fewer cases, p_used is from the permutations, "
        "as the normal law does not hold. Needs the column cases.",
    )
    q: float = Field(
        0.05, gt=0, lt=1, description="Of the areas called, at most this share is expected to be false (FDR)."
    )


@dataclass(frozen=True)
class Areas:
    """The areas that have a value; ``kept`` are their places in the table of ``ids``."""

    ids: list[str]
    kept: npt.NDArray[np.int64]
    neighbours: Neighbours
    value: Floats
    cases: Floats | None
    enough: Flags
    sparse: Flags

    def spread(self, values: npt.ArrayLike) -> list[float | None]:
        """A figure of each kept area as a column of the whole table; None where it cannot be told."""
        found = np.full(len(self.ids), np.nan)
        found[self.kept] = values
        return told(found)

    def flags(self, flags: Flags) -> list[bool | None]:
        """The same of a yes or no."""
        found: list[bool | None] = [None] * len(self.ids)
        for place, flag in zip(self.kept, flags, strict=True):
            found[place] = bool(flag)
        return found


def told(values: npt.ArrayLike) -> list[float | None]:
    """The figures as they are told: None for what is not a number."""
    return [float(value) if np.isfinite(value) else None for value in np.asarray(values, dtype=np.float64)]


def one(value: float) -> float | None:
    """One figure as it is told."""
    return float(value) if np.isfinite(value) else None


def column(frame: pd.DataFrame, name: str, why: str) -> Floats:
    """A column that is needed for what was asked.

    Raises:
        BadInput: It is not there, or a figure in it is below 0.
    """
    if name not in frame.columns:
        raise BadInput(f"The column {name} is missing; it is needed {why}.")
    found = frame[name].to_numpy(dtype=np.float64)
    if name in {"pop", "cases"} and bool((found < 0).any()):
        row = int(np.flatnonzero(found < 0)[0])
        raise BadInput(f"Row {row + 1} has {found[row]:g} in the column {name}, which cannot be below 0.")
    return found


def find_neighbours(frame: pd.DataFrame, params: NeighbourParams) -> Neighbours:
    """Who is whose neighbour, by the places of the table.

    Raises:
        BadInput: An id stands twice, a pair names an unknown one, or x and y are needed and missing.
    """
    ids = [str(name).strip() for name in frame["i"]]
    # An empty table has nobody that a pair could name, and is refused by what asks.
    named = from_pairs(ids, (params.neighbours or ()) if ids else (), both_ways=params.both_ways)
    if params.neighbours is not None:
        return named
    why = "to find neighbours, as no pairs of neighbours are given"
    points = np.column_stack([column(frame, "x", why), column(frame, "y", why)])
    if params.k_nearest is None and params.distance_band is not None:
        return within(points, params.distance_band, degrees=params.degrees)
    return nearest(points, params.k_nearest or NEAREST, degrees=params.degrees)


def read_areas(frame: pd.DataFrame, params: CompareParams) -> Areas:
    """The areas with a value, their neighbours among each other, and of which anything can be said.

    Raises:
        BadInput: A column that was asked for is missing, or the neighbours do not fit the table.
    """
    neighbours = find_neighbours(frame, params)
    value = _value(frame, params.of)
    there = np.isfinite(value)
    neighbours = neighbours.among(there)
    found = expected = None
    if "cases" in frame.columns:
        found = column(frame, "cases", "")[there]
        expected = neighbours.sums(_expected(frame, there)) + _expected(frame, there)
    elif params.min_cases or params.min_expected:
        raise BadInput("The column cases is missing; min_cases and min_expected need it.")
    size = neighbours.size
    enough, sparse = np.ones(size, dtype=bool), np.zeros(size, dtype=bool)
    if found is not None and expected is not None:
        # A gap in cases is not enough of them, and nothing that a normal law could rest on.
        enough = (np.nan_to_num(found) >= params.min_cases) & (np.nan_to_num(expected) >= params.min_expected)
        sparse = np.nan_to_num(expected) < params.sparse_below
    return Areas(
        [str(name).strip() for name in frame["i"]],
        np.flatnonzero(there),
        neighbours,
        value[there],
        found,
        enough,
        sparse,
    )


def _expected(frame: pd.DataFrame, there: Flags) -> Floats:
    """How many cases each area would have if all had the same rate; without inhabitants, the same number."""
    found = frame["cases"].to_numpy(dtype=np.float64)[there]
    total = float(np.nansum(found))
    if "pop" in frame.columns:
        people = column(frame, "pop", "")[there]
        if np.nansum(people) > 0:
            shares: Floats = total * people / np.nansum(people)
            return shares
    return np.full(len(found), total / max(1, int(np.isfinite(found).sum())))


def _value(frame: pd.DataFrame, of: str) -> Floats:
    if of == "value":
        return column(frame, "value", 'to compare areas; set of to "rate" to compare cases / pop instead')
    people = column(frame, "pop", f"where {of} is compared")
    found = column(frame, "cases", f"where {of} is compared")
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(people > 0, found / people, np.nan)
        there = np.isfinite(rate)
        # Without a single case all rates are 0, and so are their indices.
        if of == "rate" or not np.nansum(rate[there]):
            return rate
        # Assunção & Reis 1999: what a rate differs from the mean by, in its own standard deviations.
        mean = found[there].sum() / people[there].sum()
        between = (people[there] * (rate[there] - mean) ** 2).sum() / people[there].sum()
        between -= mean / people[there].mean()
        own = mean / people + (between if between > 0 else 0.0)
        index: Floats = (rate - mean) / np.sqrt(own)
    return index
