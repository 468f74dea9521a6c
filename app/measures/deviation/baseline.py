"""Which past periods a period is compared with, and to which season each of them belongs.

Farrington et al. 1996, section 3.2, https://doi.org/10.2307/2983331 (windows around the same time of earlier years);
Noufaily et al. 2013, section 3.2, https://doi.org/10.1002/sim.5595 (all of the years, the seasons as levels).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    Integers = npt.NDArray[np.int64]


def baseline(
    centres: Sequence[int], half_width: int, levels: int, last: int, *, own: bool = False
) -> tuple[Integers, Integers]:
    """The past periods and their levels.

    Args:
        centres: The same time of earlier years and, last, the period itself, rising.
        half_width: How many periods on each side of a centre are like it.
        levels: 1 for those windows alone; more also takes what lies between them, in ``levels`` − 1 seasons as equally
            long as may be, the longer ones first.
        last: No period after this one is taken.
        own: Whether what of the period's own window lies up to ``last`` is taken, too.

    Returns:
        The periods, rising, and the level of each: 0 within a window, then the seasons in their order.
    """
    level: dict[int, int] = {}
    if levels > 1:
        for before, after in pairwise(centres):
            between = range(before + half_width + 1, after - half_width)
            parts = np.array_split(np.arange(between.start, between.stop), levels - 1)
            level |= {int(period): number for number, part in enumerate(parts, 1) for period in part}
    for centre in centres if own else centres[:-1]:
        for period in range(centre - half_width, centre + half_width + 1):
            level[period] = 0
    periods = np.array(sorted(period for period in level if period <= last), dtype=np.int64)
    return periods, np.array([level[int(period)] for period in periods], dtype=np.int64)
