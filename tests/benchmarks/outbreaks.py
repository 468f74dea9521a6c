"""Districts with a season, a trend and a scatter of their own, and planted outbreaks, so that the truth is known.

After the simulations of Noufaily et al. 2013, section 4, https://doi.org/10.1002/sim.5595: an outbreak's size is
Poisson in multiples of the standard deviation of a week, and its cases fall over the weeks as a lognormal has it.
Beside them slow rises, by a factor for half a year at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]

YEAR = 365.25 / 7
BURN_IN = 60  # weeks before the first planted outbreak
LONGEST = 8  # weeks of a sudden outbreak
APART = 12  # weeks between two outbreaks of a district


class Outbreak(NamedTuple):
    """One planted outbreak: its district, its first week and the week after its last."""

    district: int
    first: int
    after: int
    kind: Literal["sudden", "slow"]


@dataclass(frozen=True)
class World:
    """Counts per district and week; NaN before a young district begins."""

    counts: Floats
    outbreak: npt.NDArray[np.bool_]
    outbreaks: list[Outbreak]
    mean: Floats


def world(
    rng: np.random.Generator, districts: int, *, weeks: int, judged: int, young: int = 0, rate: float = 0.35
) -> World:
    """One made-up region.

    Args:
        rng: What all of it is drawn from.
        districts: How many there are.
        weeks: How long their series are.
        judged: The last so many weeks, whose outbreaks are told; those before them disturb the baselines.
        young: How many of the districts begin 20 to 140 weeks before the judged weeks.
        rate: Outbreaks a year and district.
    """
    mean = np.exp(rng.uniform(np.log(0.5), np.log(30), districts))
    phi = rng.choice([1.0001, 1.2, 1.5, 2.0, 3.0], districts, p=[0.25, 0.25, 0.25, 0.15, 0.1])[:, np.newaxis]
    season = rng.uniform(0, 0.4, districts)[:, np.newaxis]
    peak = rng.normal(30, 4, districts)[:, np.newaxis]
    trend = rng.uniform(-0.05, 0.05, districts)[:, np.newaxis]
    week = np.arange(weeks)
    mu = mean[:, np.newaxis] * np.exp(
        season * np.cos(2 * np.pi * (week - peak) / YEAR) + trend * (week - weeks / 2) / YEAR
    )
    counts = rng.poisson(rng.gamma(mu / (phi - 1), phi - 1)).astype(np.float64)
    outbreak = np.zeros(counts.shape, dtype=bool)
    told: list[Outbreak] = []
    for district in range(districts):
        for begin, end in ((BURN_IN, weeks - judged), (weeks - judged, weeks)):
            for _ in range(rng.poisson((end - begin) / YEAR * rate)):
                first = int(rng.integers(begin, end - LONGEST))
                if outbreak[district, max(0, first - LONGEST) : first + APART].any():
                    continue
                found = _plant(rng, counts, outbreak, mu, phi, district, first)
                if found is not None and begin == weeks - judged:
                    told.append(found)
    for district in range(young):
        counts[district, : weeks - judged - int(rng.integers(20, 140))] = np.nan
    return World(counts, outbreak, told, mean)


def _plant(
    rng: np.random.Generator,
    counts: Floats,
    outbreak: npt.NDArray[np.bool_],
    mu: Floats,
    phi: Floats,
    district: int,
    first: int,
) -> Outbreak | None:
    sudden = rng.random() < 0.7
    if sudden:
        size = rng.poisson(rng.uniform(4, 14) * np.sqrt(mu[district, first] * phi[district, 0]))
        after = np.floor(rng.lognormal(0.5, 0.6, size)).astype(int)
        added: Any = np.bincount(after[after < LONGEST], minlength=LONGEST)
    else:
        length = min(26, counts.shape[1] - first)
        added = rng.poisson(mu[district, first : first + length] * rng.uniform(0.3, 0.8))
    added = added[: counts.shape[1] - first]
    some = np.flatnonzero(added)
    if not some.size:
        return None
    counts[district, first : first + added.size] += added
    outbreak[district, first : first + some[-1] + 1] = True
    return Outbreak(district, first, int(first + some[-1] + 1), "sudden" if sudden else "slow")
