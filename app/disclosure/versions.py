"""Versions of a published period: what was counted when it was first published, and what corrections came and went.

A correction published beside the first figure shows the difference. So what is counted of a period is split by the
versions in which it was: one leaf for each first and last version, ``1-9`` for what was there from the start and still
is, ``1-1`` for what was taken away with version 2, ``2-9`` for what came with it. A version is a group of these leaves
like any other group, and what came and what went between two versions are cells like any other: they are protected
alike. The leaves stand on the time axis, which is the last: ``2026-10@2-9``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from app.disclosure.cube import CellId
from app.domain.errors import BadInput

MOST = 9
"""So many versions a period can have; leaves name the last of them for what is still there."""


def leaf(first: int, last: int | None = None) -> str:
    """The leaf of what was counted from version ``first`` to ``last``; to this day when None."""
    return f"{first}-{last or MOST}"


LEAVES = frozenset(leaf(*span) for span in itertools.combinations_with_replacement(range(1, MOST + 1), 2))


def tagged(period: str, part: str) -> str:
    """A leaf of the time axis: what some versions of a period count."""
    return f"{period}@{part}"


def untagged(code: str) -> tuple[str, str]:
    """The period and the leaf of versions of a leaf of the time axis."""
    period, _, part = code.partition("@")
    return period, part


def periods_of(cell: CellId) -> frozenset[str]:
    """The periods that a cell in some version is about."""
    return frozenset(untagged(code)[0] for code in cell[-1])


def number_of(cell: CellId) -> int:
    """The version that a cell is of."""
    return max(int(untagged(code)[1].partition("-")[0]) for code in cell[-1])


def in_version(cell: CellId, number: int) -> CellId:
    """A cell as it was counted in one version."""
    return _cut(cell, first=range(1, number + 1), last=range(number, MOST + 1))


def came(cell: CellId, before: int, after: int) -> CellId:
    """What one version counts and an earlier one does not."""
    return _cut(cell, first=range(before + 1, after + 1), last=range(after, MOST + 1))


def went(cell: CellId, before: int, after: int) -> CellId:
    """What one version counts and a later one no longer does."""
    return _cut(cell, first=range(1, before + 1), last=range(before, after))


def ever(periods: Iterable[str], *, came: bool = False, went: bool = False) -> frozenset[str]:
    """The leaves of all that came after the first version, or went before the last, of some periods."""
    return frozenset(
        tagged(period, part)
        for period in periods
        for part in LEAVES
        if (came and part[0] != "1") or (went and part[-1] != str(MOST))
    )


def _cut(cell: CellId, *, first: range, last: range) -> CellId:
    parts = [leaf(begun, ended) for begun in first for ended in last if begun <= ended]
    return (*cell[:-1], frozenset(tagged(period, part) for period in cell[-1] for part in parts))


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
