"""Versions of a published period: what was counted when it was first published, and what corrections came and went.

A correction published beside the first figure shows the difference. So what is counted is split by the versions in
which it was: one leaf for each first and last version, ``1-9`` for what was there from the start and still is, ``1-1``
for what was taken away with version 2, ``2-9`` for what came with it. A version is a group of these leaves like any
other group, and what came and what went between two versions are cells like any other: they are protected alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.disclosure.axis import Axis
from app.disclosure.cube import CellId
from app.domain.errors import BadInput

MOST = 9
"""So many versions a period can have; leaves name the last of them for what is still there."""


def leaf(first: int, last: int | None = None) -> str:
    """The leaf of what was counted from version ``first`` to ``last``; to this day when None."""
    return f"{first}-{last or MOST}"


VERSION = Axis.of(
    "version", [leaf(first, last) for first in range(1, MOST + 1) for last in range(first, MOST + 1)]
)


def _group(*, first: range, last: range) -> frozenset[str]:
    return frozenset(leaf(begun, ended) for begun in first for ended in last if begun <= ended)


def in_version(cell: CellId, number: int) -> CellId:
    """A cell as it was counted in one version."""
    return (*cell, _group(first=range(1, number + 1), last=range(number, MOST + 1)))


def came(cell: CellId, before: int, after: int) -> CellId:
    """What one version counts and an earlier one does not."""
    return (*cell, _group(first=range(before + 1, after + 1), last=range(after, MOST + 1)))


def went(cell: CellId, before: int, after: int) -> CellId:
    """What one version counts and a later one no longer does."""
    return (*cell, _group(first=range(1, before + 1), last=range(before, after)))


def stays(present: Sequence[bool], versions: Sequence[int]) -> list[str]:
    """The leaves of one thing that was counted in some versions and not in others.

    Args:
        present: Whether each version counts it.
        versions: Their numbers, rising.

    Raises:
        BadInput: More versions than there can be.
    """
    if versions and versions[-1] > MOST:
        raise BadInput(f"A period has {MOST} versions at most.")
    found, began = [], None
    for number, here in zip(versions, present, strict=True):
        if here and began is None:
            began = number
        elif not here and began is not None:
            found.append(leaf(began, number - 1))
            began = None
    return found if began is None else [*found, leaf(began)]
