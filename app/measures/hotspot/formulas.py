"""Gi, Gi*, local and global Moran, and global G, from their papers. Figures that cannot be told are NaN."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from app.statistics.weights import Floats, Neighbours


def gi_star(values: Floats, neighbours: Neighbours) -> Floats:
    """The z of the sum over each area and its neighbours, (n,).

    Ord & Getis 1995, https://doi.org/10.1111/j.1538-4632.1995.tb00912.x, eq. 14.4 with the area itself among its
    neighbours. Weights that are equal within an area (0/1, or row-standardised) give the same z. An island is
    compared by its own value alone; an area that has all others as neighbours has no z.
    """
    n = len(values)
    size = neighbours.counts + 1.0
    mean = values.mean()
    deviation = np.sqrt(np.mean((values - mean) ** 2))
    return _divided(
        neighbours.sums(values - mean) + (values - mean), deviation * np.sqrt(size * (n - size) / (n - 1))
    )


def gi(values: Floats, neighbours: Neighbours) -> Floats:
    """The z of the sum over each area's neighbours, against the mean and spread of all but itself, (n,).

    Ord & Getis 1995, as `gi_star` but without the area itself. An island has none.
    """
    n = len(values)
    size = neighbours.counts.astype(np.float64)
    centred = values - values.mean()
    mean = -centred / (n - 1)
    variance = np.maximum(0.0, ((centred**2).sum() - centred**2) / (n - 1) - mean**2)
    room = size * np.maximum(n - 1 - size, 0.0) / (n - 2)
    return _divided(neighbours.sums(centred) - size * mean, np.sqrt(variance * room))


class Local(NamedTuple):
    """Local Moran: the statistic, its mean and variance without any pattern, and z; each (n,)."""

    statistic: Floats
    mean: Floats
    variance: Floats
    z: Floats


def local_moran(
    values: Floats,
    neighbours: Neighbours,
    *,
    standardised: bool = True,
    conditional: bool = True,
    over: Literal["n", "n-1"] = "n",
) -> Local:
    """How alike each area and its neighbours are: above 0 both high or both low.

    Anselin 1995, https://doi.org/10.1111/j.1538-4632.1995.tb00338.x. An island has 0, and no z.

    Args:
        values: (n,).
        neighbours: Of each area.
        standardised: Each area's weights sum to one; else each neighbour weighs one.
        conditional: Mean and variance given the area's own value (Sokal, Oden & Thomson 1998,
            https://doi.org/10.1111/j.1538-4632.1998.tb00406.x); else over all permutations (Anselin 1995, eq. 13, 14).
        over: What the sum of squares is divided by.
    """
    n = len(values)
    z = values - values.mean()
    second = (z @ z) / n
    size = neighbours.counts.astype(np.float64)
    weight = _divided(np.ones(n), size, otherwise=0.0) if standardised else np.ones(n)
    total, squares = weight * size, weight**2 * size
    statistic = _divided(z * weight * neighbours.sums(z), np.full(n, second))
    if conditional:
        mean = -(z**2) * total / ((n - 1) * second) if second > 0 else np.full(n, np.nan)
        variance = (
            (z / second) ** 2 * (n / (n - 2)) * (squares - total**2 / (n - 1)) * (second - z**2 / (n - 1))
            if second > 0
            else np.full(n, np.nan)
        )
    else:
        kurtosis = float(_divided(np.mean(z**4), second**2))
        mean = -total / (n - 1)
        variance = (
            squares * (n - kurtosis) / (n - 1)
            + (total**2 - squares) * (2 * kurtosis - n) / ((n - 1) * (n - 2))
            - mean**2
        )
    scale = 1.0 if over == "n" else (n - 1) / n
    mean, variance = mean * scale, np.maximum(variance, 0.0) * scale**2
    statistic = statistic * scale
    # What is zero but for the last bits has no z.
    return Local(
        statistic,
        mean,
        variance,
        _divided(statistic - mean, np.sqrt(np.where(variance > 1e-24, variance, 0))),
    )


class Whole(NamedTuple):
    """A statistic of the whole map, its mean and variance without any pattern, and z."""

    statistic: float
    mean: float
    variance: float
    z: float


NO_WHOLE = Whole(np.nan, np.nan, np.nan, np.nan)


def moran(
    values: Floats,
    neighbours: Neighbours,
    *,
    standardised: bool = True,
    randomised: bool = True,
    without_islands: bool = True,
) -> Whole:
    """Moran's I, with mean and variance by Cliff & Ord (1981, Spatial Processes, ch. 1–2).

    Args:
        values: (n,).
        neighbours: Of each area.
        standardised: Each area's weights sum to one; else each neighbour weighs one.
        randomised: The variance over all permutations of these values; else for normal values.
        without_islands: Islands do not count towards n, though they do towards the mean.
    """
    if not len(values):
        return NO_WHOLE
    z = values - values.mean()
    square = float(z @ z)
    n = float(len(values) - (neighbours.islands if without_islands else 0))
    sums = _sums(neighbours, standardised=standardised)
    if n < 4 or square <= 0 or sums.all <= 0:
        return NO_WHOLE
    weight = _divided(np.ones(len(z)), neighbours.counts, otherwise=0.0) if standardised else np.ones(len(z))
    statistic = n / sums.all * float(z @ (weight * neighbours.sums(z))) / square
    mean = -1.0 / (n - 1)
    if randomised:
        # All values have their part in the shape, as in the mean.
        kurtosis = len(z) * float((z**4).sum()) / square**2
        second = n * ((n**2 - 3 * n + 3) * sums.one - n * sums.two + 3 * sums.all**2)
        second -= kurtosis * ((n**2 - n) * sums.one - 2 * n * sums.two + 6 * sums.all**2)
        second /= (n - 1) * (n - 2) * (n - 3) * sums.all**2
    else:
        second = (n**2 * sums.one - n * sums.two + 3 * sums.all**2) / (sums.all**2 * (n**2 - 1))
    return _whole(statistic, mean, second - mean**2)


def global_g(values: Floats, neighbours: Neighbours, *, without_islands: bool = True) -> Whole:
    """Getis and Ord's G of the whole map: do high values lie together? For values of at least 0, each neighbour one.

    Getis & Ord 1992, https://doi.org/10.1111/j.1538-4632.1992.tb00261.x, eq. 5–7. ``without_islands``: what is
    nobody's neighbour and has none does not count.
    """
    if without_islands:
        kept = (neighbours.counts > 0) | (np.bincount(neighbours.indices, minlength=neighbours.size) > 0)
        values, neighbours = values[kept], neighbours.among(kept)
    if not len(values):
        return NO_WHOLE
    n = float(len(values))
    first, second, third, fourth = (float((values**power).sum()) for power in (1, 2, 3, 4))
    sums = _sums(neighbours, standardised=False)
    pairs = first**2 - second
    if n < 4 or bool((values < 0).any()) or pairs <= 1e-12 * first**2 or sums.all <= 0:
        return NO_WHOLE
    statistic = float(values @ neighbours.sums(values)) / pairs
    mean = sums.all / (n * (n - 1))
    square = (
        ((n**2 - 3 * n + 3) * sums.one - n * sums.two + 3 * sums.all**2) * second**2
        - ((n**2 - n) * sums.one - 2 * n * sums.two + 6 * sums.all**2) * fourth
        - (2 * n * sums.one - (n + 3) * sums.two + 6 * sums.all**2) * first**2 * second
        + (4 * (n - 1) * sums.one - 2 * (n + 1) * sums.two + 8 * sums.all**2) * first * third
        + (sums.one - sums.two + sums.all**2) * first**4
    ) / (pairs**2 * n * (n - 1) * (n - 2) * (n - 3))
    return _whole(statistic, mean, square - mean**2)


class _Sums(NamedTuple):
    """S0, S1 and S2 of Cliff and Ord."""

    all: float
    one: float
    two: float


def _sums(neighbours: Neighbours, *, standardised: bool) -> _Sums:
    matrix = neighbours.matrix()
    if standardised:
        matrix = matrix.multiply(
            _divided(np.ones(neighbours.size), neighbours.counts, otherwise=0.0)[:, None]
        ).tocsr()
    both = matrix + matrix.T
    return _Sums(
        float(matrix.sum()),
        float(both.multiply(both).sum()) / 2,
        float(((matrix.sum(axis=0) + matrix.sum(axis=1)) ** 2).sum()),
    )


def _whole(statistic: float, mean: float, variance: float) -> Whole:
    # A map in which everybody is everybody's neighbour has no variance, but for the last bits.
    z = (statistic - mean) / np.sqrt(variance) if variance > 1e-12 * mean**2 else np.nan
    return Whole(statistic, mean, max(variance, 0.0), float(z))


def _divided(above: npt.ArrayLike, below: npt.ArrayLike, otherwise: float = np.nan) -> Floats:
    """One over the other, and ``otherwise`` where below is zero."""
    under = np.asarray(below, dtype=np.float64)
    fine = under > 0
    found: Floats = np.where(fine, np.asarray(above) / np.where(fine, under, 1.0), otherwise)
    return found
