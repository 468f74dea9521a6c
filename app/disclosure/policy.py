"""Which cells are small, and how wide a hidden cell has to stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.errors import BadInput


@dataclass(frozen=True)
class Policy:
    """The rule of a plan.

    The default hides 1 to 4, as Statistics Norway does for reported offences (``<= 4``), and asks that a reader can
    narrow no hidden cell down to fewer than six values (a width of 5), nor know that it is below the threshold.

    Attributes:
        threshold: The smallest count that may be shown; 1 to ``threshold - 1`` are hidden.
        width: How far apart the least and the greatest possible value of every hidden cell must stay, at least. Not
            above the threshold: then a small part of a shown figure is wide by itself, and a new period can always
            be published.
        zeros: ``shown``: a zero is not small. It may still be hidden as a complement, so that "hidden" never proves
            "at least one". ``hidden``: a zero is small too.
        rounding: Shown counts are rounded to multiples of this; 1 is no rounding.
    """

    threshold: int = 5
    width: int = 5
    zeros: Literal["shown", "hidden"] = "shown"
    rounding: int = 1

    def __post_init__(self) -> None:
        if self.threshold < 2 or not 1 <= self.width <= self.threshold or self.rounding < 1:
            raise BadInput(
                "A policy needs a threshold of 2 or more, a width of 1 up to it, and a rounding of 1 or more."
            )

    def small(self, count: int) -> bool:
        """Whether a count is hidden for its own sake."""
        return 0 < count < self.threshold or (count == 0 and self.zeros == "hidden")

    def wide(self, least: float, greatest: float) -> bool:
        """Whether a hidden cell that a reader can narrow down to ``least..greatest`` is protected."""
        return greatest >= self.threshold and greatest - least >= self.width
