"""Space-time K: by how much events near each other also come close in time, over all distances and spans at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field, field_validator

from app.domain.measure import Params, Result, Sentence
from app.domain.words import too_few
from app.measures.near.columns import EVENTS
from app.statistics import pairs as near
from app.statistics.compiled import compiled
from app.statistics.frames import conform
from app.statistics.pairs import Floats, Ints
from app.statistics.shuffle import Seeds, in_batches, on_all_cores, seeds, shuffle_first

NEEDED = 10
LISTED_AT_MOST = 40_000_000
FLAT = Sentence(
    "Alla händelser har samma plats eller samma tid, så plats och tid kan inte jämföras.",
    "All events have the same place or the same time, so place and time cannot be compared.",
)
FULL = Sentence(
    "För många par ligger inom det största avståndet; välj ett mindre.",
    "Too many pairs lie within the largest distance; choose a smaller one.",
)


class SpaceTimeKParams(Params):
    """Which distances and spans."""

    s: list[float] = Field(
        [100.0, 200.0, 300.0, 400.0, 600.0, 800.0, 1000.0],
        min_length=1,
        max_length=40,
        description="distances, in the unit of x and y; each counts pairs at most so far apart",
    )
    t: list[float] = Field(
        [1.0, 3.0, 7.0, 14.0, 21.0, 28.0],
        min_length=1,
        max_length=40,
        description="spans of time, days; each counts pairs at most so long apart",
    )
    B: int = Field(199, ge=0, le=100_000, description="how many times the events' times are dealt anew")
    edge: Literal["none", "translation"] = Field(
        "none",
        description="what is done about pairs that nobody could see beyond the edge: nothing (both sides of the "
        "comparison lack them alike), or the translation weights of the box and the period",
    )
    box: tuple[float, float, float, float] | None = Field(
        None, description="study area: x from, y from, x to, y to; null: the smallest box around the events"
    )
    period: tuple[float, float] | None = Field(
        None,
        description="study period: first and last moment, in days as t; null: from the first event to the last",
    )
    unit: Literal["m", "km"] = Field("m", description="the unit of x and y, for the words only")

    @field_validator("s", "t")
    @classmethod
    def _rising(cls, value: list[float]) -> list[float]:
        if any(edge < 0 for edge in value) or len(set(value)) != len(value):
            raise ValueError("limits are zero or more, and none stands there twice")
        return sorted(value)


class SpaceTimeKResult(Result):
    """One row per distance (slowest) and span; then what all of them say together."""

    n: int | None = Field(None, description="events")
    unit: Literal["m", "km"] = Field("m", description="unit of x and y")
    edge: Literal["none", "translation"] = Field("none", description="what was done about the edges")
    B: int = Field(0, description="how many times the times were dealt anew")
    s: list[float] = Field([], description="distance, in the unit of x and y")
    t: list[float] = Field([], description="span, days")
    k: list[float] = Field([], description="K(s, t): area × days × pairs near in both / pairs; area in unit²")
    k_space: list[float] = Field([], description="K1(s): area × pairs near in space / pairs, unit²")
    k_time: list[float] = Field([], description="K2(t): days × pairs close in time / pairs, days")
    d: list[float] = Field([], description="D = K - K1 K2")
    d0: list[float | None] = Field([], description="D0 = K / (K1 K2) - 1: the share of pairs beyond chance")
    d0_low: list[float | None] = Field([], description="2.5 % of the shuffles have at most this D0")
    d0_high: list[float | None] = Field([], description="97.5 % of the shuffles have at most this D0")
    p_each: list[float | None] = Field(
        [], description="share of the shuffles with at least this D0, row by row"
    )
    statistic: float | None = Field(None, description="sum of D / (its standard deviation in the shuffles)")
    p: float | None = Field(
        None, description="share of the shuffles whose statistic is at least this: all rows in one"
    )
    d0_at_most: float | None = Field(
        None, description="D0 of the row that stands out most (D / its deviation)"
    )
    s_at_most: float | None = Field(None, description="that row's distance")
    t_at_most: float | None = Field(None, description="that row's span, days")


def run(
    frame: pd.DataFrame, params: SpaceTimeKParams, /, *, now: datetime, rng: np.random.Generator
) -> SpaceTimeKResult:
    """K for the events of ``frame`` (x, y, t); ``now`` plays no part."""
    del now
    events = conform(frame, EVENTS)
    n = len(events)
    if n < NEEDED:
        return SpaceTimeKResult(refusal=too_few(n, NEEDED))
    x, y, t = (events[name].to_numpy(np.float64) for name in ("x", "y", "t"))
    study = _study(x, y, t, params)
    if study is None:
        return SpaceTimeKResult(refusal=FLAT)
    s_edges, t_edges = np.array(params.s), np.array(params.t)
    points = near.sweep(x, y, params.s[-1])
    degree = near.degrees(points, s_edges, metric="euclidean")
    if degree[-1].sum() // 2 > LISTED_AT_MOST:
        return SpaceTimeKResult(refusal=FULL)
    listed = near.pairs(points, s_edges, degree, metric="euclidean")
    weight = _weights(points, listed, study) if params.edge == "translation" else np.zeros(0)
    whole = study.days if params.edge == "translation" else 0.0
    times = t[points.order]

    def both(deal: Seeds, *, shuffled: bool = True) -> Floats:
        found = np.zeros((deal.size, s_edges.size, t_edges.size))
        _weigh(listed.i, listed.j, listed.starts, weight, times, t_edges, whole, deal, shuffled, found)
        return np.cumsum(np.cumsum(found, axis=1), axis=2)

    deal = seeds(rng, params.B)
    there = both(np.zeros(1, np.uint64), shuffled=False)[0]
    parts = on_all_cores(lambda part: both(deal[part]), in_batches(deal.size, 8))
    dealt = np.concatenate([*parts, np.zeros((0, *there.shape))])
    in_space = np.cumsum(
        [
            (weight[a:b].sum() if weight.size else b - a)
            for a, b in zip(listed.starts[:-1], listed.starts[1:], strict=True)
        ]
    )
    return _result(params, n, study, there, dealt, in_space, _in_time(np.sort(t), t_edges, whole))


class _Study(NamedTuple):
    width: float
    height: float
    days: float


def _study(x: Floats, y: Floats, t: Floats, params: SpaceTimeKParams) -> _Study | None:
    """The study's extent; None where there is none. What lies outside a box or period that was given widens it."""
    x0, y0, x1, y1 = params.box or (np.inf, np.inf, -np.inf, -np.inf)
    t0, t1 = params.period or (np.inf, -np.inf)
    study = _Study(
        float(max(x1, x.max()) - min(x0, x.min())),
        float(max(y1, y.max()) - min(y0, y.min())),
        float(max(t1, t.max()) - min(t0, t.min())),
    )
    return study if min(study) > 0 else None


def _weights(points: near.Sweep, listed: near.Pairs, study: _Study) -> Floats:
    """One over the share of the box in which a pair so far apart, in that direction, has room (Ohser & Stoyan 1981)."""
    dx = np.abs(points.x[listed.i] - points.x[listed.j])
    dy = np.abs(points.y[listed.i] - points.y[listed.j])
    room = (1 - dx / study.width) * (1 - dy / study.height)
    # A pair that spans the whole box has no room; it counts as one that nearly does.
    weights: Floats = 1 / np.maximum(room, 1e-3)
    return weights


@compiled
def _in_time(times: Floats, t_edges: Floats, whole: float) -> Floats:
    """Weighted pairs within each edge of time; times sorted."""
    found = np.zeros(t_edges.size)
    for a in range(times.size):
        b = a + 1
        for band in range(t_edges.size):
            while b < times.size and times[b] - times[a] <= t_edges[band]:
                found[band] += 1.0 if whole <= 0 else 1 / max(1 - (times[b] - times[a]) / whole, 1e-3)
                b += 1
    return np.cumsum(found)


@compiled
def _weigh(
    i: Any,
    j: Any,
    starts: Ints,
    weight: Floats,
    times: Floats,
    t_edges: Floats,
    whole: float,
    deal: Seeds,
    shuffled: bool,
    found: Floats,
) -> None:
    """Weighted pairs per band of space and of time, for each shuffle of the times."""
    order = times.copy()
    for k in range(deal.size):
        order[:] = times
        if shuffled:
            shuffle_first(order, order.size, deal[k])
        for band in range(starts.size - 1):
            for p in range(starts[band], starts[band + 1]):
                apart = abs(order[i[p]] - order[j[p]])
                if apart > t_edges[-1]:
                    continue
                edge = 0
                while apart > t_edges[edge]:
                    edge += 1
                one = weight[p] if weight.size else 1.0
                if whole > 0:
                    one /= max(1 - apart / whole, 1e-3)
                found[k, band, edge] += one


def _result(
    params: SpaceTimeKParams,
    n: int,
    study: _Study,
    there: Floats,
    dealt: Floats,
    in_space: Floats,
    in_time: Floats,
) -> SpaceTimeKResult:
    pairs = n * (n - 1) / 2
    area = study.width * study.height
    expected = in_space[:, None] * in_time[None, :] / pairs
    d = there - expected
    known = expected > 0
    d0 = np.where(known, d / np.where(known, expected, 1), np.nan)
    found: dict[str, Any] = {}
    if len(dealt) > 1:
        beyond = dealt - expected
        sd = beyond.std(axis=0, ddof=1)
        judged = known & (sd > 0)
        divide = np.where(judged, sd, 1)
        each = np.where(judged, d / divide, 0)
        sums = np.where(judged, beyond / divide, 0).sum(axis=(1, 2))
        low, high = np.quantile(beyond, [0.025, 0.975], axis=0) / np.where(known, expected, 1)
        # A hair of tolerance: sums of the same weights in another order differ in their last digits.
        ge = (dealt >= there * (1 - 1e-12)).sum(axis=0)
        found = {
            "d0_low": _told(low, known),
            "d0_high": _told(high, known),
            "p_each": _told((1 + ge) / (1 + len(dealt)), known),
            "statistic": float(each.sum()),
            "p": float((1 + (sums >= each.sum() - 1e-9).sum()) / (1 + len(dealt))),
        }
        if judged.any():
            s, t = np.unravel_index(int(np.argmax(np.where(judged, each, -np.inf))), each.shape)
            found |= {
                "d0_at_most": float(d0[s, t]),
                "s_at_most": params.s[int(s)],
                "t_at_most": params.t[int(t)],
            }
    scale = area * study.days / pairs
    return SpaceTimeKResult(
        n=n,
        unit=params.unit,
        edge=params.edge,
        B=len(dealt),
        s=np.repeat(params.s, len(params.t)).tolist(),
        t=np.tile(params.t, len(params.s)).tolist(),
        k=(there * scale).ravel().tolist(),
        k_space=np.repeat(in_space * area / pairs, len(params.t)).tolist(),
        k_time=np.tile(in_time * study.days / pairs, len(params.s)).tolist(),
        d=(d * scale).ravel().tolist(),
        d0=_told(d0, known),
        **found,
    )


def _told(values: Floats, known: Any) -> list[float | None]:
    return [
        float(value) if there else None for value, there in zip(values.ravel(), known.ravel(), strict=True)
    ]
