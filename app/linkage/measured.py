"""How often proposals were right when they were tried on planted people, by their probability: what a judge is told.

Measured by ``make bench ARGS="-- -k linkage"`` (docs/linkage.md): mentions of the held-out mix, seeds 501, 502 and 503,
30,000 each, 59,709 proposals. It holds for the model that was tried and for made-up people.
"""

from __future__ import annotations

from typing import NamedTuple

MODEL = "2"
"""The version of ``model.json`` that was tried; of another version's proposals nothing of this may be said."""


class Tried(NamedTuple):
    """Of proposals with at least this probability, and less than the next band's: so many of so many were right."""

    at_least: float
    right: int
    of: int


BANDS = (
    Tried(0.7, 90, 100),  # 808 of 900
    Tried(0.9, 94, 100),  # 406 of 434
    Tried(0.95, 98, 100),  # 1,097 of 1,124
    Tried(0.99, 993, 1_000),  # 2,945 of 2,965
    Tried(0.999, 9_998, 10_000),  # 54,276 of 54,286
)


def tried(probability: float, model: str) -> Tried | None:
    """The band of a proposal; None where its model was not tried, or it lies below what is proposed."""
    held = [band for band in BANDS if band.at_least <= probability]
    return held[-1] if held and model == MODEL else None
