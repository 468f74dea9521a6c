"""What chance alone would do: an area keeps its value, and its neighbours' values are drawn from all other areas.

Conditional permutation, Anselin 1995, https://doi.org/10.1111/j.1538-4632.1995.tb00338.x. It asks for no law of the
values, so it holds where most areas have none or one case. There ties are many: by the middle of them (mid-p,
Lancaster 1961, https://doi.org/10.1080/01621459.1961.10482105) p is about right on average; with the whole of them
it is never too small.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from app.statistics.compiled import compiled
from app.statistics.weights import Floats, Ints, Neighbours


class Drawn(NamedTuple):
    """What was drawn, for each area; ``mean`` and ``variance`` are of the neighbours' sum.

    ``middle`` and ``whole`` are the two-sided p by rank, ties counted half and in full.
    """

    middle: Floats
    whole: Floats
    mean: Floats
    variance: Floats


def permuted(
    values: Floats, neighbours: Neighbours, times: int, rng: np.random.Generator, *, replace: bool = True
) -> Drawn:
    """How far in the tails the sum over each area's neighbours lies among ``times`` drawn ones.

    NaN for an island, for no draws, and where all values are equal.

    Args:
        values: (n,).
        neighbours: Of each area.
        times: How often neighbours are drawn for each area.
        rng: What draws them.
        replace: Whether one other area may be drawn twice among the neighbours of one.
    """
    size = len(values)
    if times == 0 or size < 3 or np.ptp(values) == 0:
        return Drawn(*(np.full(size, np.nan) for _ in Drawn._fields))
    centred = values - values.mean()
    # Sums of the same values in another order differ in their last bits, which is no difference.
    slack = 1e-12 * float(np.abs(centred).sum())
    less, tied, mean, variance = _draw(
        centred, neighbours.indptr, neighbours.indices, times, slack, replace, rng
    )
    more = times - less - tied
    island = neighbours.counts == 0
    return Drawn(
        *(
            np.where(island, np.nan, found)
            for found in (
                np.minimum(1.0, (2 * np.minimum(less, more) + tied + 2) / (times + 1)),
                np.minimum(1.0, 2 * (np.minimum(less, more) + tied + 1) / (times + 1)),
                mean + neighbours.counts * values.mean(),
                variance,
            )
        )
    )


@compiled
def _draw(
    values: Floats,
    indptr: Ints,
    indices: Ints,
    times: int,
    slack: float,
    replace: bool,
    rng: np.random.Generator,
) -> tuple[Floats, Floats, Floats, Floats]:
    size = len(values)
    less, tied = np.zeros(size), np.zeros(size)
    mean, variance = np.zeros(size), np.zeros(size)
    others = np.empty(size - 1)
    for area in range(size):
        k = indptr[area + 1] - indptr[area]
        if k == 0:
            continue
        seen = 0.0
        for at in range(indptr[area], indptr[area + 1]):
            seen += values[indices[at]]
        others[:area] = values[:area]
        others[area:] = values[area + 1 :]
        total = squares = 0.0
        for _ in range(times):
            drawn = 0.0
            for place in range(k):
                if replace:
                    drawn += others[int(rng.random() * (size - 1))]
                else:
                    # The first k places of a shuffle, begun from wherever the last one ended.
                    other = place + int(rng.random() * (size - 1 - place))
                    others[place], others[other] = others[other], others[place]
                    drawn += others[place]
            total += drawn
            squares += drawn * drawn
            if drawn < seen - slack:
                less[area] += 1
            elif drawn <= seen + slack:
                tied[area] += 1
        mean[area] = total / times
        variance[area] = max(0.0, squares / times - mean[area] ** 2)
    return less, tied, mean, variance
