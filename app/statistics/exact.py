"""Intervals that keep their level with small counts: for a Poisson mean and for a share.

Garwood 1936 (10.1093/biomet/28.3-4.437) for the mean of a count; Clopper and Pearson 1934 (10.1093/biomet/26.4.404) for
a share of independent cases; Wilson 1927 (10.1080/01621459.1927.10502953) with an effective number of cases where
they come in clusters.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special, stats

Floats = npt.NDArray[np.float64]


def poisson_interval(counts: npt.ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """The exact interval for the mean behind each count, of the shape of ``counts``.

    Garwood 1936, https://doi.org/10.1093/biomet/28.3-4.437: quantiles of gamma laws. A count may be a fraction.
    """
    found = np.asarray(counts, dtype=np.float64)
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(found > 0, special.gammaincinv(np.where(found > 0, found, 1.0), tail), 0.0)
        low = np.where(np.isnan(found), np.nan, low)
        high = special.gammaincinv(found + 1.0, 1 - tail)
    return low, high


def share_interval(cases: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """The exact interval of a share of independent cases: (low, high), of one.

    Raises:
        ValueError: There are none, or more cases than there are.
    """
    if not 0 <= cases <= of or of < 1:
        raise ValueError(f"{cases} of {of} is no share.")
    tail = (1 - level) / 2
    low = 0.0 if cases == 0 else float(stats.beta.ppf(tail, cases, of - cases + 1))
    high = 1.0 if cases == of else float(stats.beta.ppf(1 - tail, cases + 1, of - cases))
    return low, high


def clustered_share(
    cases: npt.NDArray[Any], of: npt.NDArray[Any], level: float = 0.95
) -> tuple[float, float, float]:
    """A share where several cases come from each cluster: (share, low, high), of one.

    The variance is that of a ratio of sums over clusters (Cochran 1977, section 6.3), and the interval Wilson's with
    as many independent cases as would give that variance, never more than there are.

    Args:
        cases: Cases that are so, per cluster.
        of: Cases, per cluster; one at least in all.
        level: Of the interval.
    """
    total = float(of.sum())
    share = float(cases.sum()) / total
    clusters = len(of)
    deviations = cases - share * of
    variance = float(clusters / max(1, clusters - 1) * (deviations**2).sum()) / total**2
    plain = share * (1 - share) / total
    effective = total * min(1.0, plain / variance) if variance > 0 else float(min(total, clusters))
    z = float(stats.norm.ppf((1 + level) / 2))
    middle = (share + z * z / (2 * effective)) / (1 + z * z / effective)
    half = (
        z
        / (1 + z * z / effective)
        * math.sqrt(share * (1 - share) / effective + z * z / (4 * effective * effective))
    )
    return share, max(0.0, middle - half), min(1.0, middle + half)
