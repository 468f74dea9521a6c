"""The bands made again for days in the past, from what was known on them, against what was known so much later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.measures.nowcast.bands import Bands, Settings, bands_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from app.measures.nowcast.triangle import Triangle

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Replayed:
    """The bands made on one day, and what the same spans had come to ``horizon`` days later (areas x spans)."""

    bands: Bands
    came: Floats

    @property
    def held(self) -> NDArray[np.bool_]:
        """Whether the band held what came."""
        found: NDArray[np.bool_] = (self.bands.low <= self.came) & (self.came <= self.bands.high)
        return found

    @property
    def true_fall(self) -> NDArray[np.bool_]:
        """Whether what came lay below the normal range."""
        found: NDArray[np.bool_] = self.bands.told & (self.came < self.bands.normal_low)
        return found


def replay(
    triangle: Triangle, settings: Settings, *, spans: dict[int, int], history: int, agos: Iterable[int]
) -> Iterator[tuple[Replayed, ...]]:
    """For each number of days ago (the horizon or more) the bands as they would have been, and what came.

    Args:
        triangle: Everything known now, with delays up to the oldest day's age and the horizon.
        settings: As the bands are made now.
        spans: How many spans of each length in days.
        history: How many days of the past each is made from.
        agos: How many days before the triangle's last day each is made.
    """
    stands = np.cumsum(triangle.cells, axis=2)
    for ago in agos:
        made = bands_of(triangle.known_on(ago, history), settings, spans=spans)
        yield tuple(_replayed(stands, bands, triangle.days - 1 - ago, settings.horizon) for bands in made)


def _replayed(stands: Floats, bands: Bands, last: int, horizon: int) -> Replayed:
    age = np.arange(bands.known.shape[1])[:, None] * bands.span + np.arange(bands.span)
    came = stands[:, last - age, age + horizon].sum(axis=-1)
    # A table that begins late may take back what it never told of; there are never fewer than none.
    return Replayed(bands, np.maximum(came, 0.0))
