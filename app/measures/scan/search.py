"""The strongest cylinder around each centre, and that of each shuffle of the days.

Only events of the last days can lie in a cylinder that ends on the last day, so a shuffle draws the places of those few
and no others. Each drawn event is told to the centres whose circles reach its place; around a centre a cylinder is as
strong as can be in the smallest circle and the shortest window that hold its events, so only such are tried.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.measures.scan.zones import Int32s, Zones
from app.statistics.compiled import compiled
from app.statistics.pairs import Floats, Ints
from app.statistics.shuffle import Seeds, in_batches, on_all_cores, shuffle_first

# A key is the events that the circle holds, and how many days back.
LAG_BITS = 20
MOST_DAYS, MOST_EVENTS = 1 << LAG_BITS, 1 << 31


@dataclass(frozen=True)
class Recent:
    """The events of the last days among all: ``place`` is that of every event, those of the last days first.

    ``lag`` is how many days before the last day each of those is; ``within[w]`` how many are at most w days back.
    """

    place: Int32s
    lag: Ints
    within: Ints


@dataclass(frozen=True)
class Best:
    """The strongest cylinder around each centre: strength (0: none), events in it, events its circle holds, days."""

    llr: Floats
    observed: Ints
    holds: Ints
    days: Ints


def strongest(zones: Zones, recent: Recent, min_cases: int) -> Best:
    """Around each centre, as things are."""
    llr = np.zeros(zones.n_centres)
    found = np.zeros((zones.n_centres, 3), np.int64)
    _search(
        zones.starts, zones.centre, zones.holds, recent.place, recent.lag, recent.within, min_cases,
        np.zeros(0, np.uint64), llr, found,
    )  # fmt: skip
    return Best(llr, found[:, 0], found[:, 1], found[:, 2])


def shuffled(
    zones: Zones, recent: Recent, min_cases: int, seeds: Seeds, workers: int | None = None
) -> Floats:
    """The strength of the strongest cylinder anywhere, for each shuffle of the events' days."""

    def work(part: slice) -> Floats:
        llr = np.zeros(part.stop - part.start)
        _search(
            zones.starts, zones.centre, zones.holds, recent.place, recent.lag, recent.within, min_cases,
            seeds[part], llr, np.zeros((0, 3), np.int64),
        )  # fmt: skip
        return llr

    return np.concatenate(on_all_cores(work, in_batches(seeds.size, 64), workers))


@compiled
def strength(observed: int, expected: float, total: int) -> float:
    """Log of the Poisson likelihood ratio, 0 without an excess (Kulldorff et al. 2005)."""
    if observed <= expected:
        return 0.0
    llr: float = observed * np.log(observed / expected)
    outside = total - observed
    if outside > 0:
        llr += outside * np.log(outside / (total - expected))
    return llr


@compiled
def _search(
    starts: Ints,
    centre: Int32s,
    holds: Int32s,
    place: Int32s,
    lag: Ints,
    within: Ints,
    min_cases: int,
    seeds: Seeds,
    llr: Floats,
    found: Ints,
) -> None:
    """Of all centres the strongest for each shuffle; or each centre's as things are, where ``found`` has their rows."""
    order = place.copy()
    log = np.log(np.maximum(np.arange(place.size + 1), 1).astype(np.float64))
    log_within = log[within]
    centres = int(centre.max()) + 1 if centre.size else 1
    first = np.zeros(centres + 1, np.int64)
    days = np.zeros(lag.size, np.int64)
    keys = np.zeros(0, np.int64)
    if found.shape[0] > 0:
        keys = _told(starts, centre, holds, order, lag, first, keys)
        for c in range(centres):
            llr[c], found[c, 0], found[c, 1], found[c, 2] = _best(
                keys, first[c], first[c + 1], days, within, log_within, log, min_cases, 0.0
            )
    weakest = 0.0
    for shuffle in range(seeds.size):
        order[:] = place
        shuffle_first(order, lag.size, seeds[shuffle])
        # Most shuffles have something nearly as strong as the weakest so far; with that known little is left to try.
        for floor in (0.9 * weakest, 0.0):
            keys = _told(starts, centre, holds, order, lag, first, keys)
            top = _strongest(keys, first, days, within, log_within, log, min_cases, floor)
            if top > floor:
                break
        llr[shuffle] = top
        weakest = top if shuffle == 0 else min(weakest, top)


@compiled
def _strongest(
    keys: Ints,
    first: Ints,
    days: Ints,
    within: Ints,
    log_within: Floats,
    log: Floats,
    min_cases: int,
    floor: float,
) -> float:
    """The strength of the strongest cylinder of all centres, or the floor if none is stronger.

    Events are left out that no cylinder stronger than the strongest so far can hold. A cylinder that holds an event has
    at least that one's circle and window, and at most all q events of the centre; so it is no stronger than q of them
    in that circle and window would be. With fewer events left, q is less, until no more can go.
    """
    top = floor
    for c in range(first.size - 1):
        begin, end, before = first[c], first[c + 1], -1
        while end - begin >= min_cases and end != before:
            before = end
            limit = log[end - begin] + log[-1] - top / (end - begin) + 1e-9
            end = begin
            for k in range(begin, before):
                key = keys[k]
                keys[end] = key  # kept or written over by the next: no branch for the processor to guess
                end += log[key >> LAG_BITS] + log_within[key & (MOST_DAYS - 1)] < limit
        if end - begin >= min_cases:
            top = _best(keys, begin, end, days, within, log_within, log, min_cases, top)[0]
    return top


@compiled
def _told(
    starts: Ints, centre: Int32s, holds: Int32s, order: Int32s, lag: Ints, first: Ints, keys: Ints
) -> Ints:
    """Tell each recent event to the centres that it reaches: ``keys[first[c]:first[c + 1]]``, circle and lag."""
    first[:] = 0
    for e in range(lag.size):
        for at in range(starts[order[e]], starts[order[e] + 1]):
            first[centre[at]] += 1
    for c in range(1, first.size):
        first[c] += first[c - 1]
    if first[-1] > keys.size:
        keys = np.empty(first[-1] + first[-1] // 4, np.int64)
    # From the last of a centre's places to the first, so that its count becomes where its events begin.
    for e in range(lag.size):
        back = lag[e]
        for at in range(starts[order[e]], starts[order[e] + 1]):
            c = centre[at]
            there = first[c] - 1
            first[c] = there
            keys[there] = (np.int64(holds[at]) << LAG_BITS) | back
    return keys


@compiled
def _best(
    keys: Ints,
    begin: int,
    end: int,
    days: Ints,
    within: Ints,
    log_within: Floats,
    log: Floats,
    min_cases: int,
    least: float,
) -> tuple[float, int, int, int]:
    """The strongest cylinder of one centre that is stronger than ``least``: strength, events, circle, days.

    ``log`` holds the logarithms of whole numbers, to that of all events.
    """
    total = log.size - 1
    _sort(keys, begin, end)
    best, best_observed, best_holds, best_days = least, 0, 0, 0
    inside = 0
    k = begin
    while k < end:
        held = keys[k] >> LAG_BITS
        newest = np.int64(MOST_DAYS)
        while k < end and keys[k] >> LAG_BITS == held:
            new = keys[k] & (MOST_DAYS - 1)
            newest = min(newest, new)
            at = inside
            while at > 0 and days[at - 1] > new:
                days[at] = days[at - 1]
                at -= 1
            days[at] = new
            inside += 1
            k += 1
        share = log[total] - log[held]
        # All in the shortest window that holds a new one would be stronger than any that this circle begins.
        if inside * (log[inside] + share - log_within[newest]) < best - 1e-9:
            continue
        # A window that ends before the new events begin holds what the smaller circle held.
        for e in range(min_cases - 1, inside):
            if days[e] < newest or (e + 1 < inside and days[e + 1] == days[e]):
                continue
            observed = e + 1
            # Never less than the strength, and without reckoning a logarithm: most are passed over here.
            if observed * (log[observed] + share - log_within[days[e]]) < best - 1e-9:
                continue
            one = strength(observed, held * within[days[e]] / total, total)
            if one > best:
                best, best_observed, best_holds, best_days = one, observed, held, days[e] + 1
    return best, best_observed, best_holds, best_days


@compiled
def _sort(keys: Ints, begin: int, end: int) -> None:
    """In place; by insertion, as most are few."""
    if end - begin > 64:
        keys[begin:end].sort()
        return
    for k in range(begin + 1, end):
        one = keys[k]
        at = k
        while at > begin and keys[at - 1] > one:
            keys[at] = keys[at - 1]
            at -= 1
        keys[at] = one
