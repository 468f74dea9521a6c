"""Which areas are called: p where the normal law holds, p of the permutations where it does not, and FDR over both."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import special

from app.measures.hotspot.areas import Areas, Flags
from app.statistics.fdr import benjamini_hochberg, benjamini_yekutieli
from app.statistics.weights import Floats


class Called(NamedTuple):
    """For each area: two-sided p of z, its adjustments over those with enough cases, and what is acted on."""

    p: Floats
    bh: Floats
    by: Floats
    bonferroni: Floats
    used: Floats
    adjusted: Floats
    notable: Flags


def call(areas: Areas, z: Floats, p_rank: Floats, q: float) -> Called:
    """Adjust over the areas that have enough cases, and call those whose adjusted p is at most ``q``."""
    p = 2 * special.ndtr(-np.abs(z))
    tested = np.where(areas.enough, p, np.nan)
    count = int(np.isfinite(tested).sum())
    # A sparse area without permutations keeps no p: the normal law would say more than there is.
    used = np.where(areas.enough, np.where(areas.sparse, p_rank, p), np.nan)
    adjusted = benjamini_hochberg(used)
    return Called(
        p,
        benjamini_hochberg(tested),
        benjamini_yekutieli(tested),
        np.minimum(1.0, tested * count),
        used,
        adjusted,
        np.nan_to_num(adjusted, nan=1.0) <= q,
    )
