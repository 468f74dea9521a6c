"""An axis of the base table: its finest categories, and the named groups that are shown of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.errors import BadInput

TOTAL = "total"


@dataclass(frozen=True)
class Axis:
    """One axis, for instance area, offence group or month.

    Several hierarchies may stand over the same leaves (kommun and lokalpolisområde over delområde): a group is no
    more than its set of leaves, and two groups with the same leaves are the same thing to a reader who subtracts.

    Attributes:
        name: The axis, in code.
        groups: Group code to the leaves under it. Each leaf is a group of its own, and ``total`` is all of them.
    """

    name: str
    groups: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, name: str, leaves: list[str], groups: Mapping[str, list[str]] | None = None) -> Axis:
        """Make an axis of its leaves, and of groups given as lists of leaves.

        Raises:
            BadInput: A group is empty, names an unknown leaf, or takes the name of a leaf or of the total.
        """
        if len(set(leaves)) != len(leaves) or not leaves or TOTAL in leaves:
            raise BadInput(f"The axis {name} needs leaves that differ, none of them called {TOTAL}.")
        made = {leaf: frozenset({leaf}) for leaf in leaves}
        for code, under in (groups or {}).items():
            if code in made or code == TOTAL or not under or not set(under) <= set(leaves):
                raise BadInput(f"The group {code} of the axis {name} is empty, taken, or has unknown leaves.")
            made[code] = frozenset(under)
        return cls(name, {**made, TOTAL: frozenset(leaves)})

    @property
    def leaves(self) -> frozenset[str]:
        """The finest categories."""
        return self.groups[TOTAL]

    def group(self, code: str) -> frozenset[str]:
        """The leaves under a group.

        Raises:
            BadInput: The axis has no such group.
        """
        if code not in self.groups:
            raise BadInput(f"The axis {self.name} has no group {code}.")
        return self.groups[code]
