"""The prospective space-time permutation scan (Kulldorff et al. 2005)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from app.domain.errors import BadInput
from app.domain.measure import Sentence
from app.domain.words import too_few
from app.measures.scan.asked import EVENTS, Cluster, Place, ScanParams, ScanResult
from app.measures.scan.search import MOST_DAYS, MOST_EVENTS, Best, Recent, shuffled, strongest
from app.measures.scan.words import why
from app.measures.scan.zones import Zones, around_all, around_one
from app.statistics.frames import conform
from app.statistics.pairs import Floats, Ints
from app.statistics.shuffle import Seeds, seeds

NEEDED = 5
EULER = 0.5772156649015329
ONE_DAY = Sentence(
    "Allt hände samma dygn, så det finns inget att jämföra de senaste dygnen med.",
    "All happened on the same day, so there is nothing to compare the last days with.",
)


@dataclass(frozen=True)
class Cases:
    """The table, counted: places (x, y, events in the period), and the events one by one, those of the last days first.

    ``row`` is the table's row of each event; ``first_row`` that of each place.
    """

    x: Floats
    y: Floats
    events: Ints
    first_row: Ints
    row: Ints
    recent: Recent
    start: int
    end: int
    max_days: int


def run(frame: pd.DataFrame, params: ScanParams, /, *, now: datetime, rng: np.random.Generator) -> ScanResult:
    """The clusters of the last days of ``frame`` (x, y, t; perhaps n, area); ``now`` plays no part, ``end`` does."""
    del now
    table = conform(frame, EVENTS)
    cases = _cases(table, params)
    if isinstance(cases, Sentence):
        return ScanResult(refusal=cases, unit=params.unit)
    most = int(np.floor(params.max_share * cases.events.sum() + 1e-9))
    deal = seeds(rng, params.B)
    zones = around_all(cases.x, cases.y, cases.events, radius=params.max_radius, most=most)
    null = shuffled(zones, cases.recent, params.min_cases, deal)
    best = strongest(zones, cases.recent, params.min_cases)
    clusters = [
        _cluster(cases, circle, best, centre, null, params, table.get("area"))
        for centre, circle in _apart(cases, best, params.max_clusters)
    ]
    allowed = int(np.floor(params.look_days / params.act_days * (params.B + 1) + 1e-9)) - 1
    place = None
    if params.x is not None and params.y is not None:
        place = _place(cases, params, params.x, params.y, most, null, deal)
    return ScanResult(
        unit=params.unit,
        n=int(cases.events.sum()),
        n_locations=cases.x.size,
        start=cases.start,
        end=cases.end,
        max_days=cases.max_days,
        n_recent=cases.recent.lag.size,
        B=params.B,
        look_days=params.look_days,
        act_days=params.act_days,
        act=any(cluster.act for cluster in clusters),
        clusters=clusters,
        llr_needed=float(np.sort(null)[::-1][allowed]) if 0 <= allowed < null.size else None,
        null_mean=float(null.mean()),
        null_sd=float(null.std(ddof=1)) if null.size > 1 else None,
        place=place,
    )


def _cases(table: pd.DataFrame, params: ScanParams) -> Cases | Sentence:
    """The table counted, or what it lacks."""
    times = np.floor(table["t"].to_numpy(np.float64))
    count: Ints = np.ones(len(table), np.int64)
    if "n" in table:
        count = table["n"].to_numpy(np.int64)
    if (count < 0).any():
        wrong = int(np.flatnonzero(count < 0)[0])
        raise BadInput(
            f"Row {wrong + 1} has {count[wrong]} in the column n, and there cannot be less than no event."
        )
    if times.size and float(np.abs(times).max()) > 2**52:
        raise BadInput("The column t holds days too far from day 0 to be told apart.")
    happened = times[count > 0]
    if not happened.size:
        return too_few(0, NEEDED)
    start = int(happened.min()) if params.start is None else params.start
    end = int(happened.max()) if params.end is None else params.end
    if end < start:
        raise BadInput(f"The period ends on day {end}, before it starts on day {start}.")
    count = np.where((times >= start) & (times <= end), count, np.int64(0))
    total, length = int(count.sum()), end - start + 1
    if max(total, len(table)) >= MOST_EVENTS:
        raise BadInput(
            f"{max(total, len(table))} events are more than the {MOST_EVENTS} that can be scanned at once."
        )
    if total < NEEDED:
        return too_few(total, NEEDED)
    if length < 2:
        return ONE_DAY
    max_days = min(length, length // 2 if params.max_days is None else params.max_days, MOST_DAYS - 1)
    # Adding zero makes of a negative zero a zero: the two are one place.
    xy = np.column_stack([table["x"], table["y"]]).astype(np.float64) + 0.0
    places, first_row, place = np.unique(xy, axis=0, return_index=True, return_inverse=True)
    row = np.repeat(np.arange(count.size), count)
    back = end - times[row].astype(np.int64)
    row = row[np.argsort(back, kind="stable")]
    lag = np.sort(back)
    lag = lag[lag < max_days]
    within = np.searchsorted(lag, np.arange(max_days), side="right")
    recent = Recent(place.reshape(-1)[row].astype(np.int32), lag, within.astype(np.int64))
    events = np.bincount(place.reshape(-1), weights=count, minlength=len(places)).astype(np.int64)
    return Cases(
        places[:, 0].copy(), places[:, 1].copy(), events, first_row, row, recent, start, end, max_days
    )


@dataclass(frozen=True)
class _Circle:
    radius: float
    inside: npt.NDArray[np.int64]  # places, nearest first


def _circle(cases: Cases, x: float, y: float, holds: int) -> _Circle:
    """The smallest circle there that holds so many events."""
    dx, dy = cases.x - x, cases.y - y
    distance = np.sqrt(dx * dx + dy * dy)
    order = np.argsort(distance, kind="stable")
    reached = int(np.searchsorted(np.cumsum(cases.events[order]), holds))
    radius = float(distance[order[reached]])
    return _Circle(radius, order[: np.searchsorted(distance[order], radius, side="right")])


def _apart(cases: Cases, best: Best, most: int) -> Iterator[tuple[int, _Circle]]:
    """Centres by strength, of equals the smaller circle first, leaving out those that share a place with one before."""
    taken = np.zeros(cases.x.size, bool)
    order = np.lexsort((np.arange(best.llr.size), best.holds, -best.llr))
    order = order[best.llr[order] > 0]
    given = 0
    k = 0
    while k < order.size and given < most:
        equal = k + int(np.searchsorted(-best.llr[order[k:]], -best.llr[order[k]], side="right"))
        circles = [
            (int(centre), _circle(cases, cases.x[centre], cases.y[centre], int(best.holds[centre])))
            for centre in order[k:equal]
            if not taken[centre]
        ]
        for centre, circle in sorted(circles, key=lambda one: one[1].radius):
            if given < most and not taken[circle.inside].any():
                taken[circle.inside] = True
                given += 1
                yield centre, circle
        k = equal


def _cluster(
    cases: Cases,
    circle: _Circle,
    best: Best,
    centre: int,
    null: Floats,
    params: ScanParams,
    areas: pd.Series[Any] | None,
) -> Cluster:
    observed, days = int(best.observed[centre]), int(best.days[centre])
    holds, llr = int(best.holds[centre]), float(best.llr[centre])
    expected = holds * int(cases.recent.within[days - 1]) / int(cases.events.sum())
    p = rank(null, llr)
    recent = np.arange(cases.recent.within[days - 1])
    rows = cases.row[recent[np.isin(cases.recent.place[recent], circle.inside)]]
    names = None if areas is None else list(dict.fromkeys(areas.iloc[cases.first_row[circle.inside]]))
    return Cluster(
        x=float(cases.x[centre]),
        y=float(cases.y[centre]),
        radius=circle.radius,
        start=cases.end - days + 1,
        end=cases.end,
        days=days,
        observed=observed,
        expected=expected,
        ratio=observed / expected,
        llr=llr,
        p=p,
        p_gumbel=gumbel(null, llr),
        recurrence_days=params.look_days / p,
        act=params.look_days / p >= params.act_days,
        n_locations=circle.inside.size,
        n_circle=holds,
        locations=[(float(cases.x[one]), float(cases.y[one])) for one in circle.inside],
        areas=names,
        rows=sorted({int(row) for row in rows}),
    )


def rank(null: Floats, llr: float) -> float:
    """The p of a strength among those of the shuffles."""
    return float((1 + (null >= llr).sum()) / (1 + null.size))


def gumbel(null: Floats, llr: float) -> float | None:
    """The same by the Gumbel curve with the shuffles' mean and deviation (Abrams et al. 2010)."""
    if null.size < 2 or null.std(ddof=1) == 0:
        return None
    scale = float(null.std(ddof=1)) * np.sqrt(6) / np.pi
    location = float(null.mean()) - EULER * scale
    return float(
        -np.expm1(-np.exp(min(-(llr - location) / scale, 50.0)))
    )  # beyond, it is 1 to the last digit


def _place(
    cases: Cases, params: ScanParams, x: float, y: float, most: int, null: Floats, deal: Seeds
) -> Place:
    """The strongest cylinder around a chosen place, against the same shuffles, here alone and everywhere."""
    dx, dy = cases.x - x, cases.y - y
    distance = np.sqrt(dx * dx + dy * dy)
    zones: Zones = around_one(distance, cases.events, radius=params.max_radius, most=most)
    best = strongest(zones, cases.recent, params.min_cases)
    llr = float(best.llr[0])
    if llr > 0:
        observed, holds, days = int(best.observed[0]), int(best.holds[0]), int(best.days[0])
        radius = _circle(cases, x, y, holds).radius
    else:
        days = cases.max_days
        reached = np.flatnonzero(np.diff(zones.starts))
        radius = float(distance[reached].max()) if reached.size else 0.0
        holds = int(zones.holds.max()) if reached.size else 0
        observed = int(np.isin(cases.recent.place[: cases.recent.lag.size], reached).sum())
        radius = radius if params.max_radius is None else params.max_radius
    expected = holds * int(cases.recent.within[days - 1]) / int(cases.events.sum())
    p = rank(null, llr)
    here = rank(shuffled(zones, cases.recent, params.min_cases, deal), llr)
    hot = params.look_days / p >= params.act_days
    return Place(
        x=x,
        y=y,
        radius=radius,
        days=days,
        observed=observed,
        expected=expected,
        llr=llr,
        p=p,
        p_here=here,
        hot=hot,
        why=why(
            radius,
            params.unit,
            days,
            observed,
            expected,
            params.look_days / p,
            params.look_days / here,
            hot=hot,
            excess=llr > 0,
        ),
    )
