"""From what is expected to the bound that a count may reach by chance, and how seldom chance reaches as far.

Farrington et al. 1996, section 3.6, https://doi.org/10.2307/2983331 (``delta``); Noufaily et al. 2013, section 3.4,
https://doi.org/10.1002/sim.5595 (``nbPlugin``); Salmon, Schumacher & Höhle 2016, https://doi.org/10.18637/jss.v070.i10
(``muan``: the plug-in at the upper end of the mean's own interval).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from app.statistics import negative_binomial

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]

ThresholdMethod = Literal["delta", "nbPlugin", "muan"]
PowerTransform = Literal["2/3", "1/2", "none"]
POWERS: dict[PowerTransform, float] = {"2/3": 2 / 3, "1/2": 1 / 2, "none": 1.0}


def bounds(
    observed: Floats,
    mean: Floats,
    variance: Floats,
    phi: Floats,
    share: float,
    method: ThresholdMethod,
    power: PowerTransform = "2/3",
) -> tuple[Floats, Floats]:
    """The bound that is exceeded with probability ``share`` (one-sided), and the p-value of what was observed.

    Args:
        observed: NaN where not known.
        mean: Expected; 0 where there never was one.
        variance: Of the logarithm of ``mean``; NaN where that is 0.
        phi: Variance over mean of a count, at least 1.
        share: Above the bound by chance.
        method: How the bound is found.
        power: For ``delta``: what makes the count nearly normal.
    """
    z = float(-ndtri(share))
    if method == "delta":
        return _delta(observed, mean, variance, phi, z, POWERS[power])
    with np.errstate(over="ignore"):
        taken = mean if method == "nbPlugin" else mean * np.exp(z * np.sqrt(variance))
    upper = negative_binomial.quantile(1.0 - share, taken, phi)
    return upper, np.where(np.isfinite(taken), negative_binomial.upper_tail(observed, taken, phi), np.nan)


def _delta(
    observed: Floats, mean: Floats, variance: Floats, phi: Floats, z: float, power: float
) -> tuple[Floats, Floats]:
    some = mean > 0
    mu = np.where(some, mean, 1.0)
    error = power * mu ** (power - 1.0) * np.sqrt(phi * mu + mu * mu * variance)
    with np.errstate(over="ignore"):
        upper = np.maximum(mu**power + z * error, 0.0) ** (1.0 / power)
        p = ndtr(-(observed**power - mu**power) / error)
    # As the mean goes to 0 so does the bound; none is as likely above as below, and any at all is above.
    none = np.where(np.isnan(mean), np.nan, 0.0)
    nothing = np.where(np.isnan(observed) | np.isnan(mean), np.nan, np.where(observed > 0, 0.0, 0.5))
    return np.where(some, upper, none), np.where(some, p, nothing)
