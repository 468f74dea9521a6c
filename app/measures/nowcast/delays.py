"""How late things become known: of what there is in the end, the share that stands after so many days.

What is added is told by reverse-time hazards: of everything added within d days, the share that was added on day d
exactly. They need no day to be complete, so the newest days tell of the newest habits (after Lawless 1994; section 3
of Höhle and an der Heiden 2014, doi:10.1111/biom.12194; Stoner and Economou 2020, doi:10.1111/biom.13188, for the same
hazards pooled). What is taken back (withdrawn, or moved to another district or day) is told by the share of what stands
that is taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from app.statistics.pooling import pooled_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from app.measures.nowcast.triangle import Triangle

    Floats = NDArray[np.float64]

Pool = Literal["shrink", "region", "area"]
MOST = 0.995
GROUPS = np.array([1, 2, 3, 4, 6, 8, 15, 31])
"""Delays that a district's own habit is told by: 1, 2, 3, 4-5, 6-7, 8-14, 15-30, 31 and more days."""

OWN = 0.5  # how little the others count for a district that is to speak for itself


@dataclass(frozen=True)
class Delays:
    """``standing[area, weekday, delay]``: the share of everything ever added that stands after ``delay`` days.

    ``kept[delay]``: the share of what stands after 0 days that has not been taken back after ``delay`` days.
    """

    standing: Floats
    kept: Floats


def fit_delays(triangle: Triangle, *, weekday: bool, pool: Pool) -> Delays:
    """The delays of each area (the first: all together) and weekday of occurrence, pooled as the counts ask for."""
    cells = triangle.cells
    added, taken = _whole(np.maximum(cells, 0.0)), _whole(np.maximum(-cells, 0.0))
    delays = cells.shape[2]
    seen = np.arange(delays) <= triangle.ages[:, None]
    of_weekday = (triangle.weekdays == np.arange(7)[:, None]).astype(float)
    so_far = np.cumsum(added, axis=2) * seen
    news, base = (np.einsum("wt,atd->awd", of_weekday, part, optimize=True) for part in (added, so_far))
    hazard = _hazards(news, base, weekday=weekday, pool=pool)
    return _standing(hazard, _taken_back(cells, taken, seen))


def _hazards(news: Floats, base: Floats, *, weekday: bool, pool: Pool) -> Floats:
    """Reverse-time hazards, areas x weekdays x delays; at delay 0 they are 1 and not used."""
    delays = news.shape[2]
    whole_news, whole_base = news[0].sum(axis=0), base[0].sum(axis=0)
    plain = whole_news / np.maximum(whole_base, 1.0)
    region = np.broadcast_to(plain, (7, delays)).copy()
    if weekday:
        # First by the weekday on which it becomes known (offices close), then each cell by itself.
        on = (np.arange(7)[:, None] + np.arange(delays)) % 7
        expected = base[0] * region
        late = np.arange(delays) > 0
        counted = [[(part * (on == day) * late).sum() for day in range(7)] for part in (news[0], expected)]
        region = np.minimum(region * pooled_ratio(*np.array(counted))[on], MOST)
        region = np.minimum(region * _grouped_ratio(news[0], base[0] * region), MOST)
    hazard = np.broadcast_to(region, news.shape).copy()
    if pool != "region" and len(news) > 1:
        own = _grouped_ratio(
            news[1:].sum(axis=1), (base[1:] * region).sum(axis=1), OWN if pool == "area" else None
        )
        hazard[1:] = np.minimum(hazard[1:] * own[:, None, :], MOST)
    return hazard


def _grouped_ratio(count: Floats, expected: Floats, strength: float | None = None) -> Floats:
    """Ratios by rows and groups of delays, spread over the delays again."""
    delays = count.shape[1]
    starts = GROUPS[: np.searchsorted(GROUPS, delays)]
    if not len(starts):
        return np.ones_like(count)
    summed = [np.add.reduceat(part, starts, axis=1) for part in (count, expected)]
    ratio = pooled_ratio(summed[0], summed[1], strength)
    group = np.searchsorted(starts, np.arange(delays), side="right") - 1
    found: Floats = np.where(group >= 0, ratio[:, np.maximum(group, 0)], 1.0)
    return found


def _whole(part: Floats) -> Floats:
    """The same with all areas together as the sum of the areas: within an area fewer signs have cancelled."""
    if len(part) > 1:
        part[0] = part[1:].sum(axis=0)
    return part


def _taken_back(cells: Floats, taken: Floats, seen: NDArray[np.bool_]) -> Floats:
    """Of what stands before a delay, the share that is taken back at it: of all areas, for there are few."""
    before = np.maximum(np.cumsum(cells[0], axis=1) - cells[0], 0.0) * seen
    lost, stood = taken[0].sum(axis=0), before.sum(axis=0)
    share: Floats = np.minimum(lost / np.maximum(stood, 1.0), 0.5)
    share[0] = 0.0
    return share


def _standing(hazard: Floats, taken: Floats) -> Delays:
    delays = hazard.shape[2]
    # The share added within d days is the product of (1 - hazard) over all later ones.
    later = np.cumprod((1.0 - hazard)[:, :, :0:-1], axis=2)[:, :, ::-1]
    within = np.concatenate([later, np.ones((*hazard.shape[:2], 1))], axis=2)
    added = np.diff(within, axis=2, prepend=0.0)
    standing = np.empty_like(added)
    standing[:, :, 0] = added[:, :, 0]
    for delay in range(1, delays):
        standing[:, :, delay] = standing[:, :, delay - 1] * (1.0 - taken[delay]) + added[:, :, delay]
    return Delays(standing, np.cumprod(1.0 - taken, dtype=np.float64))
