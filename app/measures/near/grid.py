"""How many pairs lie within each distance and each time of each other, and how many would with the times dealt anew.

Counts are cumulative: ``[s, t]`` is of pairs within edge s in space and edge t in time. Two ways lead to the same
figures, and the cheaper one is taken: the pairs near in space are listed once and the times shuffled over them, 32
shuffles side by side; or, where fewer pairs are near in time, those are walked through in the order of time with
shuffled places, and nothing is listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.statistics import pairs as near
from app.statistics.compiled import compiled
from app.statistics.pairs import Floats, Ints, Metric
from app.statistics.shuffle import Seeds, in_batches, on_all_cores, shuffle_first

LANES = 32
LISTED_AT_MOST = 40_000_000  # pairs, of eight bytes each
WALKING_COSTS = 3  # times what a listed pair does
LOOKED_AT_MOST = 2_000_000_000_000  # pairs times permutations: about ten minutes of one core


@dataclass(frozen=True)
class Grid:
    """Counts per edge in space (S) and in time (T), cumulative.

    ``near`` (S, n) and ``soon`` (T, n) are how many others each event has within the edge, ``observed`` (S, T) the
    pairs within both, ``permuted`` (B, S, T) those of each shuffle, or None where there are too many pairs to shuffle.
    """

    n: int
    near: Ints
    soon: Ints
    observed: Ints
    permuted: Ints | None


def count(
    x: Floats,
    y: Floats,
    t: Floats,
    *,
    s_edges: Floats,
    t_edges: Floats,
    metric: Metric,
    seeds: Seeds,
    workers: int | None = None,
) -> Grid:
    """Count the pairs of n ≥ 2 events, as they are and as they would be with shuffled times, one shuffle per seed.

    Args:
        x: Place, any unit.
        y: Place, the same unit.
        t: Time, any unit.
        s_edges: Distances, rising; a pair at the edge itself is within.
        t_edges: Spans of time, rising; likewise.
        metric: How distance is reckoned.
        seeds: One for each shuffle.
        workers: Threads; all cores where None. The figures do not depend on it.
    """
    points = near.sweep(x, y, max(float(s_edges[-1]), 0.0))
    near_each = near.degrees(points, s_edges, metric=metric)
    moments, ranks = np.unique(t[points.order], return_inverse=True)
    lasts = np.stack([near.reach_of_ranks(moments, float(edge)) for edge in t_edges])
    soon_each = np.stack([near.degrees_in_time(ranks, last) for last in lasts])
    in_space, in_time = int(near_each[-1].sum()) // 2, int(soon_each[-1].sum()) // 2
    by_space, by_time = in_space * t_edges.size, WALKING_COSTS * in_time * s_edges.size
    if in_space > LISTED_AT_MOST or by_time < by_space:
        ready: _ByTime | _BySpace = _ByTime(points, ranks, lasts, s_edges, metric == "manhattan")
        work = by_time
    else:
        listed = near.pairs(points, s_edges, near_each, metric=metric)
        narrow: Any = np.int16 if moments.size < np.iinfo(np.int16).max else np.int32
        ready = _BySpace(listed, ranks.astype(narrow), lasts.astype(narrow))
        work = by_space
    observed = ready.counts(np.zeros(1, np.uint64), shuffled=False)[0]
    permuted = None
    if work * seeds.size <= LOOKED_AT_MOST:
        parts = on_all_cores(
            lambda part: ready.counts(seeds[part], shuffled=True), in_batches(seeds.size, LANES), workers
        )
        permuted = np.concatenate([*parts, np.zeros((0, *observed.shape), np.int64)])
    return Grid(x.size, near_each, soon_each, observed, permuted)


@dataclass(frozen=True)
class _BySpace:
    """The pairs near in space, and the times as ranks: ``lasts`` (T, moments) is the last rank within each edge."""

    listed: near.Pairs
    ranks: npt.NDArray[Any]
    lasts: npt.NDArray[Any]

    def counts(self, seeds: Seeds, *, shuffled: bool) -> Ints:
        bands = self.listed.starts.size - 1
        found = np.zeros((LANES, bands, self.lasts.shape[0]), np.int64)
        _count_listed(
            self.listed.i, self.listed.j, self.listed.starts, self.ranks, self.lasts, seeds, shuffled, found
        )
        return np.cumsum(found[: seeds.size], axis=1)


@dataclass(frozen=True)
class _ByTime:
    """The events in the order of time."""

    points: near.Sweep
    ranks: Ints
    lasts: Ints
    s_edges: Floats
    manhattan: bool

    def counts(self, seeds: Seeds, *, shuffled: bool) -> Ints:
        by_time = np.argsort(self.ranks, kind="stable")
        found = np.zeros((seeds.size, self.s_edges.size, self.lasts.shape[0]), np.int64)
        # Until which place in the order of time the others of each event lie within each edge.
        stops = np.searchsorted(self.ranks[by_time], self.lasts[:, self.ranks[by_time]], side="right")
        _count_walking(
            self.points.x[by_time],
            self.points.y[by_time],
            stops.astype(np.int64),
            self.s_edges,
            self.manhattan,
            seeds,
            shuffled,
            found,
        )
        return np.cumsum(found, axis=2)


@compiled
def _dealt(ranks: npt.NDArray[Any], seeds: Seeds, shuffled: bool) -> npt.NDArray[Any]:
    """The ranks of each shuffle side by side, shape (n, LANES); lanes without a seed stay zero."""
    n = ranks.size
    rank = np.zeros((n, LANES), ranks.dtype)
    order = ranks.copy()
    for k in range(seeds.size):
        order[:] = ranks
        if shuffled:
            shuffle_first(order, n, seeds[k])
        for a in range(n):
            rank[a, k] = order[a]
    return rank


@compiled
def _count_listed(
    i: npt.NDArray[np.int32],
    j: npt.NDArray[np.int32],
    starts: Ints,
    ranks: npt.NDArray[Any],
    lasts: npt.NDArray[Any],
    seeds: Seeds,
    shuffled: bool,
    found: Ints,
) -> None:
    """Pairs per band of space (not cumulative) and edge of time.

    Two events are within the edge when neither's rank is beyond the other's last; with the shuffles side by side, one
    instruction of the processor compares many.
    """
    n = ranks.size
    rank = _dealt(ranks, seeds, shuffled)
    last = np.zeros_like(rank)
    within = np.zeros(LANES, np.int16)
    for edge in range(lasts.shape[0]):
        for a in range(n):
            for k in range(LANES):
                last[a, k] = lasts[edge, rank[a, k]]
        for band in range(starts.size - 1):
            at = starts[band]
            while at < starts[band + 1]:
                stop = min(at + 32_000, starts[band + 1])  # as many as 16 bits can count
                for p in range(at, stop):
                    rank_i, rank_j, last_i, last_j = rank[i[p]], rank[j[p]], last[i[p]], last[j[p]]
                    for k in range(LANES):
                        within[k] += np.int16(rank_i[k] <= last_j[k]) & np.int16(rank_j[k] <= last_i[k])
                for k in range(LANES):
                    found[k, band, edge] += within[k]
                    within[k] = 0
                at = stop


@compiled
def _count_walking(
    x: Floats,
    y: Floats,
    stops: Ints,
    s_edges: Floats,
    manhattan: bool,
    seeds: Seeds,
    shuffled: bool,
    found: Ints,
) -> None:
    """Pairs per edge of space and band of time (not cumulative), the events standing in the order of time."""
    n = x.size
    places = np.arange(n)
    xs, ys = x.copy(), y.copy()
    for k in range(seeds.size):
        if shuffled:
            for a in range(n):
                places[a] = a
            shuffle_first(places, n, seeds[k])
            for a in range(n):
                xs[a], ys[a] = x[places[a]], y[places[a]]
        for a in range(n):
            at = a + 1
            for band in range(stops.shape[0]):
                stop = max(at, stops[band, a])
                for edge in range(s_edges.size):
                    inside = 0
                    for b in range(at, stop):
                        dx, dy = xs[a] - xs[b], ys[a] - ys[b]
                        distance = abs(dx) + abs(dy) if manhattan else np.sqrt(dx * dx + dy * dy)
                        inside += distance <= s_edges[edge]
                    found[k, edge, band] += inside
                at = stop
