"""Many tests at once: p-values adjusted so that the expected share of false ones among those raised stays bounded.

An adjusted p of at most q is raised; of those raised, at most the share q is expected to be false. A p that is NaN was
never tested: it stays NaN and is not counted among the tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    Floats = npt.NDArray[np.float64]


def benjamini_hochberg(p: npt.ArrayLike) -> Floats:
    """Adjusted p-values, of the shape of ``p``, for tests that are independent or rise together.

    Benjamini & Hochberg 1995, https://doi.org/10.1111/j.2517-6161.1995.tb02031.x: the i-th smallest of m becomes the
    least of p(j)·m/j over j ≥ i, and at most 1.

    Raises:
        ValueError: A p-value lies outside 0–1.
    """
    return _step_up(p, factor=1.0)


def benjamini_yekutieli(p: npt.ArrayLike) -> Floats:
    """Adjusted p-values, of the shape of ``p``, whatever the tests have to do with each other.

    Benjamini & Yekutieli 2001, https://doi.org/10.1214/aos/1013699998: as `benjamini_hochberg`, times
    1 + 1/2 + … + 1/m.

    Raises:
        ValueError: A p-value lies outside 0–1.
    """
    tested = int(np.count_nonzero(~np.isnan(np.asarray(p, dtype=np.float64))))
    return _step_up(p, factor=float(np.sum(1.0 / np.arange(1, tested + 1))))


def _step_up(p: npt.ArrayLike, *, factor: float) -> Floats:
    values = np.asarray(p, dtype=np.float64)
    flat = values.ravel()
    tested = flat[~np.isnan(flat)]
    if tested.size and (tested.min() < 0.0 or tested.max() > 1.0):
        raise ValueError("A p-value lies between 0 and 1.")
    falling = np.argsort(-tested, kind="stable")
    rank = np.arange(tested.size, 0, -1)
    adjusted = np.empty_like(tested)
    adjusted[falling] = np.minimum(
        1.0, np.minimum.accumulate(tested[falling] * (factor * tested.size / rank))
    )
    found = np.full(flat.shape, np.nan)
    found[~np.isnan(flat)] = adjusted
    return found.reshape(values.shape)
