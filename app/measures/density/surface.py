"""A Gaussian density on a grid, by the Fourier transform of points that are shared out among the grid's nodes.

The sum over all points at all nodes is a convolution, so it costs a transform of the grid and not points × nodes
(Silverman 1982, https://doi.org/10.2307/2347084). A point is shared linearly among the four nodes around it
(Wand 1994, https://doi.org/10.1080/10618600.1994.10474656), which blurs by a known factor, and that is taken out again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import fft

from app.domain.errors import BadInput
from app.statistics.compiled import compiled

Floats = npt.NDArray[np.float64]

REACH = 5.5
"""Standard deviations from which on a kernel is nothing (3e-7 of its peak)."""
PER_BANDWIDTH = 4.0
"""Grid steps that a standard deviation of the kernel takes at least; a coarser grid is refined inside."""
MOST_NODES = 40_000_000


@dataclass(frozen=True)
class Grid:
    """The nodes: ``x`` from west to east and ``y`` from south to north, evenly."""

    x: Floats
    y: Floats

    @property
    def steps(self) -> tuple[float, float]:
        """From one node to the next, in x and in y."""
        return float(self.x[1] - self.x[0]), float(self.y[1] - self.y[0])


def kernel_covariance(points: Floats, weights: Floats) -> Floats:
    """The kernel's covariance by Scott's rule, (2, 2), metres².

    That of the points × n^(-1/3) (Scott 1992, https://doi.org/10.1002/9780470316849; in the plane Silverman's rule is
    the same), with the effective number of points where they weigh differently.
    """
    effective = weights.sum() ** 2 / (weights**2).sum()
    share = weights / weights.sum()
    apart = points - share @ points
    spread: Floats = (apart.T * share) @ apart / (1 - (share**2).sum()) * effective ** (-1 / 3)
    return spread


def smooth(points: Floats, weights: Floats, grid: Grid, covariance: Floats) -> Floats:
    """The sum of weight × Gaussian kernel at each node, (y, x), per square metre.

    Args:
        points: (n, 2), metres.
        weights: (n,).
        grid: The nodes.
        covariance: Of the kernel, (2, 2), metres².

    Raises:
        BadInput: The kernel is too narrow, or too wide, for the grid.
    """
    finer, margin = _resolution(grid, covariance)
    dx, dy = (step / times for step, times in zip(grid.steps, finer, strict=True))
    columns = (len(grid.x) - 1) * finer[0] + 1 + 2 * margin[0]
    rows = (len(grid.y) - 1) * finer[1] + 1 + 2 * margin[1]
    shape = (fft.next_fast_len(rows, real=True), fft.next_fast_len(columns, real=True))
    shared = _share(
        (points[:, 0] - grid.x[0]) / dx + margin[0],
        (points[:, 1] - grid.y[0]) / dy + margin[1],
        weights,
        rows,
        columns,
    )
    across = 2 * np.pi * fft.rfftfreq(shape[1])
    along = 2 * np.pi * fft.fftfreq(shape[0])
    exponent = (covariance[0, 0] / dx**2 * across**2)[None, :] + (covariance[1, 1] / dy**2 * along**2)[
        :, None
    ]
    if covariance[0, 1]:
        exponent += np.outer(2 * covariance[0, 1] / (dx * dy) * along, across)
    kernel = np.exp(-0.5 * exponent)
    # Sharing out linearly multiplied the transform by sinc² in each direction.
    kernel /= (np.sinc(across / (2 * np.pi)) ** 2)[None, :] * (np.sinc(along / (2 * np.pi)) ** 2)[:, None]
    found = fft.irfft2(fft.rfft2(shared, shape) * kernel, shape)
    inner = found[margin[1] : rows - margin[1] : finer[1], margin[0] : columns - margin[0] : finer[0]]
    density: Floats = np.maximum(inner, 0.0) / (dx * dy)
    return density


def inside(grid: Grid, covariance: Floats) -> Floats:
    """The part of a kernel at each node that lies within the grid, (y, x): what is lost beyond its edge.

    Diggle 1985, https://doi.org/10.2307/2347366.
    """
    x, y = np.meshgrid(grid.x, grid.y)
    dx, dy = grid.steps
    edge_x, edge_y = np.full(len(grid.x), dx), np.full(len(grid.y), dy)
    edge_x[[0, -1]] /= 2
    edge_y[[0, -1]] /= 2
    nodes = np.column_stack([x.ravel(), y.ravel()])
    return np.clip(smooth(nodes, np.outer(edge_y, edge_x).ravel(), grid, covariance), 0.05, 1.0)


def at(place: Floats, points: Floats, weights: Floats, covariance: Floats) -> Floats:
    """Weight × kernel of each point at one place, (n,), per square metre: what its density is the sum of."""
    apart = points - place
    far = np.einsum("ni,ij,nj->n", apart, np.linalg.inv(covariance), apart)
    found: Floats = weights * np.exp(-0.5 * far) * height(covariance)
    return found


def height(covariance: Floats) -> float:
    """The kernel's peak, per square metre."""
    return float(1 / (2 * np.pi * np.sqrt(np.linalg.det(covariance))))


def _resolution(grid: Grid, covariance: Floats) -> tuple[tuple[int, int], tuple[int, int]]:
    """How many times finer the grid is inside, and how many fine steps lie around it, in x and in y."""
    narrowest = float(np.sqrt(max(np.linalg.eigvalsh(covariance)[0], 0.0)))
    sizes = (len(grid.x), len(grid.y))
    finer = tuple(max(1, int(np.ceil(PER_BANDWIDTH * step / max(narrowest, 1e-300)))) for step in grid.steps)
    margin = tuple(
        int(np.ceil(REACH * np.sqrt(covariance[axis, axis]) * finer[axis] / grid.steps[axis]))
        for axis in (0, 1)
    )
    nodes = 1
    for size, times, around in zip(sizes, finer, margin, strict=True):
        nodes *= (size - 1) * times + 1 + 2 * around
    if nodes > MOST_NODES:
        raise BadInput(
            f"The bandwidth ({narrowest:.3g} at its narrowest) does not fit a grid of "
            f"{grid.steps[0]:.3g} × {grid.steps[1]:.3g}: set bandwidth_m, extent or grid."
        )
    return (finer[0], finer[1]), (margin[0], margin[1])


@compiled
def _share(x: Floats, y: Floats, weights: Floats, rows: int, columns: int) -> Floats:
    """Each point's weight, shared among the four nodes around it; what lies outside is left out."""
    found = np.zeros((rows, columns))
    for point in range(len(x)):
        if x[point] < 0 or y[point] < 0 or x[point] > columns - 1 or y[point] > rows - 1:
            continue
        column = min(int(x[point]), columns - 2)
        row = min(int(y[point]), rows - 2)
        east, north = x[point] - column, y[point] - row
        found[row, column] += weights[point] * (1 - east) * (1 - north)
        found[row, column + 1] += weights[point] * east * (1 - north)
        found[row + 1, column] += weights[point] * (1 - east) * north
        found[row + 1, column + 1] += weights[point] * east * north
    return found
