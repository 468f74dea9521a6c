"""Reporting triangles of the demo, straight from its generator: what a ledger of the same versions would hold.

A version that says another day or district than the one before takes back one and adds one; a withdrawal takes back.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from etl.feed import get_feed
from etl.feeds.demo.clock import DAY_MINUTES, day_number
from etl.feeds.demo.deliveries import Demo


def demo_triangle(seed: int, first: date, last: date) -> pd.DataFrame:
    """Signed incidents by ``area`` (district), ``day`` (occurred), ``delay`` (days) that occurred in the stretch.

    What was registered after ``last`` is left out; there is at most a day on which something is known earlier than it
    occurred (a time that was wrong), which is put to delay 0.
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
    rows = pd.DataFrame(
        {
            "area": np.r_[district[added], district[before]],
            "day": np.r_[day[added], day[before]],
            "known": np.r_[known[added], known[before + 1]],
            "n": np.r_[np.ones(len(added), np.int64), -np.ones(len(before), np.int64)],
        }
    )
    inside = (rows["day"] >= day_number(first)) & (rows["day"] <= day_number(last))
    rows = rows[inside & (rows["known"] <= day_number(last))]
    rows["delay"] = np.maximum(rows["known"] - rows["day"], 0)
    summed = rows.groupby(["area", "day", "delay"], as_index=False)["n"].sum()
    summed = summed[summed["n"] != 0].reset_index(drop=True)
    summed["area"] = np.array(places.districts)[summed["area"]]
    summed["day"] = pd.Timestamp("1970-01-01") + pd.to_timedelta(summed["day"], unit="D")
    return summed
