"""What a partner is given of a cube. Charts, tables, tooltips, exports and the API take this and nothing else.

It holds no count that is not shown: what has only this object cannot leak.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.disclosure.cube import Plan

HIDDEN = ".."
"""The mark of a hidden figure in every language and form, as Statistics Sweden writes what it cannot give."""


@dataclass(frozen=True)
class Row:
    """One cell: the group on each axis, and the figure, or nothing when it is hidden.

    Attributes:
        labels: The group on each axis.
        figure: The count, or nothing.
        version: Which version of the period the figure was counted in: an older one where a correction is held back.
    """

    labels: Mapping[str, str]
    figure: int | None
    version: int = 1

    @property
    def text(self) -> str:
        """The figure as it is written everywhere."""
        return HIDDEN if self.figure is None else str(self.figure)


@dataclass(frozen=True)
class PublishedCube:
    """A cube as published: rows of figures, and the public facts that are needed to read them."""

    plan: Plan
    name: str
    rows: tuple[Row, ...]

    def records(self) -> list[dict[str, Any]]:
        """Flat rows for charts, tables and exports: labels, ``figure`` (null when hidden) and ``text``."""
        return [{**row.labels, "figure": row.figure, "text": row.text} for row in self.rows]

    def document(self) -> dict[str, Any]:
        """All that a reader has, as JSON: what groups hold, the rule, the rows. `recover` attacks this."""
        policy = self.plan.policy
        return {
            "plan": self.plan.name,
            "source": self.plan.source,
            "cube": self.name,
            "time": self.plan.time,
            "axes": [
                {"name": axis.name, "groups": {code: sorted(under) for code, under in axis.groups.items()}}
                for axis in self.plan.axes
            ],
            "rule": {"threshold": policy.threshold, "width": policy.width, "zeros": policy.zeros,
                     "rounding": policy.rounding},
            "rows": [{**row.labels, "figure": row.figure, "version": row.version} for row in self.rows],
        }  # fmt: skip


def summed(parts: Sequence[PublishedCube], time: str) -> PublishedCube:
    """The sum of a cube's periods where all of them are shown: what anybody can add up, so it needs no decision.

    Args:
        parts: The cube in each period; rows in the same order.
        time: The group on the time axis that they make up.
    """
    plan = parts[0].plan
    rows = []
    for of in zip(*(part.rows for part in parts), strict=True):
        figures = [row.figure for row in of if row.figure is not None]
        whole = len(figures) == len(of)
        rows.append(Row({**of[0].labels, plan.time: time}, sum(figures) if whole else None))
    return PublishedCube(plan, parts[0].name, tuple(rows))
