"""Reporting triangles of the demo, straight from its generator: what a ledger of the same versions would hold.

A version that says another day or district than the one before takes back one and adds one; a withdrawal takes back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from etl.feed import get_feed
from etl.feeds.demo.clock import DAY_MINUTES, day_number, day_of
from etl.feeds.demo.deliveries import Demo
from etl.feeds.demo.planted import bursts

PLANTED_SHARE, GONE = 0.04, 0.8


@dataclass(frozen=True)
class DemoTriangle:
    """``frame`` has ``area`` (district), ``day`` (occurred), ``delay`` (days), ``n`` (signed incidents).

    ``bursts`` and ``falls`` are the planted weeks: (district, the week's last day).
    """

    frame: pd.DataFrame
    bursts: set[tuple[str, date]]
    falls: set[tuple[str, date]]


def demo_triangle(seed: int, first: date, last: date, *, falls: bool = False) -> DemoTriangle:
    """The incidents that occurred, and became known, from ``first`` to ``last``.

    With ``falls`` four of five reports are gone in one district-week of twenty-five; weeks end on ``last`` and every
    seventh day before. The demo itself plants bursts and no falls. What is known before it occurred (a time that was
    wrong) is put to delay 0.
    """
    demo = Demo(seed, get_feed("demo").region, first, last)
    world, clock, places = demo.world, demo.clock, demo.places
    versions = world.versions
    order = np.lexsort((versions.number, versions.event))
    event = versions.event[order]
    happened = world.events.at
    begun = happened[event] + versions.shift_min[order] - world.filings.before_min[event]
    day = clock.existing(begun) // DAY_MINUTES
    known = clock.wall_min(versions.registered_s[order]) // DAY_MINUTES
    district = places.district_of[versions.place[order]]
    active = ~versions.withdrawn[order]
    again = np.r_[False, event[1:] == event[:-1]]
    before = np.flatnonzero(again) - 1
    before = before[active[before]]
    added = np.flatnonzero(active)
    final = day_number(last)
    fallen, gone = np.zeros((len(places.districts), 1), bool), np.zeros(len(happened), bool)
    if falls:
        rng = np.random.default_rng([seed, 77])
        weeks_ago = (final - happened // DAY_MINUTES) // 7
        fallen = rng.random((len(places.districts), int(weeks_ago.max()) + 1)) < PLANTED_SHARE
        hit = fallen[places.district_of[world.events.place], np.maximum(weeks_ago, 0)] & (weeks_ago >= 0)
        gone = hit & (rng.random(len(happened)) < GONE)
    rows = pd.DataFrame(
        {
            "area": np.r_[district[added], district[before]],
            "day": np.r_[day[added], day[before]],
            "known": np.r_[known[added], known[before + 1]],
            "n": np.r_[np.ones(len(added), np.int64), -np.ones(len(before), np.int64)],
        }
    )
    inside = (rows["day"] >= day_number(first)) & (rows["known"] <= final) & (rows["day"] <= final)
    rows = rows[inside & ~gone[np.r_[event[added], event[before]]]]
    rows["delay"] = np.maximum(rows["known"] - rows["day"], 0)
    summed = rows.groupby(["area", "day", "delay"], as_index=False)["n"].sum()
    summed = summed[summed["n"] != 0].reset_index(drop=True)
    summed["area"] = np.array(places.districts)[summed["area"]]
    summed["day"] = pd.Timestamp("1970-01-01") + pd.to_timedelta(summed["day"], unit="D")
    return DemoTriangle(
        summed,
        {
            (places.districts[bad.district], day_of(bad.to_day - 1))
            for bad in bursts(demo.ground, day_number(first), final)
        },
        {
            (places.districts[place], day_of(final - 7 * int(weeks)))
            for place, weeks in zip(*np.nonzero(fallen), strict=True)
        },
    )
