"""The attack as an outsider runs it: from published documents alone, of several cubes, zooms and days together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.disclosure.attack import Interval, attack
from app.disclosure.cube import CellId, atoms
from app.disclosure.rounding import meaning


@dataclass
class Recovery:
    """What came out, by the cell's leaves.

    Attributes:
        exact: Hidden cells that are recovered, with their count, and small pieces that no cube lists.
        narrow: Such cells that are not recovered but narrower than the publication's own rule promises.
        wide: Hidden cells that stay protected.
        differs: Cells that were published with two different figures: their difference is what changed between.
    """

    exact: dict[CellId, int] = field(default_factory=dict)
    narrow: dict[CellId, Interval] = field(default_factory=dict)
    wide: dict[CellId, Interval] = field(default_factory=dict)
    differs: set[CellId] = field(default_factory=set)

    @property
    def nothing(self) -> bool:
        """Whether the attack came away with nothing at all."""
        return not (self.exact or self.narrow or self.differs)


def recover(documents: Iterable[Mapping[str, Any]]) -> Recovery:
    """Attack everything at hand. Documents about the same axes are one system; others have nothing to subtract.

    Args:
        documents: As `PublishedCube.document` makes them, from any days.
    """
    together: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for document in documents:
        about = (document["source"], *(axis["name"] for axis in document["axes"]))
        together.setdefault(about, []).append(document)
    made = Recovery()
    for group in together.values():
        _attack(group, made)
    return made


def _attack(documents: list[Mapping[str, Any]], made: Recovery) -> None:
    told, hidden, differs = _collect(documents)
    made.differs |= differs
    if differs and len(documents) > 1:
        # Figures of two pictures are no one system; each document still is one by itself.
        for document in documents:
            _attack([document], made)
        return
    rule = documents[0]["rule"]
    # Pieces that no cube lists can be small too, and are reached by subtracting groups that overlap.
    unlisted = {cell for cell in atoms([*told, *hidden]) if cell not in told} - hidden
    for cell, seen in attack(told, [*hidden, *unlisted]).items():
        if cell in unlisted and not 0 < seen.least <= seen.greatest < rule["threshold"]:
            continue
        if seen.exact:
            made.exact[cell] = seen.least
        elif seen.greatest < rule["threshold"] or seen.greatest - seen.least < rule["width"]:
            made.narrow[cell] = seen
        else:
            made.wide[cell] = seen


def _collect(
    documents: list[Mapping[str, Any]],
) -> tuple[dict[CellId, tuple[int, int]], set[CellId], set[CellId]]:
    """What is shown and what its figures can mean, what is hidden anywhere, what was shown in two versions."""
    told: dict[CellId, tuple[int, int]] = {}
    hidden, differs = set(), set()
    for document in documents:
        for row in document["rows"]:
            cell = tuple(frozenset(axis["groups"][row[axis["name"]]]) for axis in document["axes"])
            if row["figure"] is None:
                hidden.add(cell)
                continue
            means = meaning(row["figure"], document["rule"]["rounding"])
            if told.setdefault(cell, means) != means:
                differs.add(cell)
    return told, hidden, differs
