"""What an area is inside a region pack, and which areas lie within which, when. Pure: no files, no database.

RegSO, Statistics Sweden's statistical areas, are the atoms. Every other area is a set of them during an
interval of days, and so "within" is set inclusion, exact, without a geometric tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

RANK = {
    kind: rank
    for rank, kind in enumerate(
        ("regso", "delomrade", "kommun", "lokalpolisomrade", "polisomrade", "lan", "region")
    )
}
"""Area kinds, smaller first. Two areas of the same RegSO (Gotland) lie within each other this way only."""


@dataclass(frozen=True)
class AreaKey:
    """Names one version of an area."""

    kind: str
    code: str
    valid_from: date


@dataclass(frozen=True)
class Area:
    """One version of an area. ``valid_to`` is exclusive, None = still so; ``geometry`` is in the region's metres."""

    kind: str
    code: str
    name: str
    valid_from: date
    valid_to: date | None
    provisional: bool
    population: int | None
    source: str
    members: frozenset[str] = field(repr=False)
    """The RegSO codes it is made of."""
    geometry: Any = field(repr=False, compare=False)
    """A shapely MultiPolygon."""
    parent: AreaKey | None = None
    rollup: AreaKey | None = None
    """The area that the daily rollup counts under; None = the area itself."""

    @property
    def key(self) -> AreaKey:
        """The key under which the tables know this version."""
        return AreaKey(self.kind, self.code, self.valid_from)


@dataclass(frozen=True)
class Within:
    """``area`` lies within ``ancestor`` (or is it) from ``valid_from`` until before ``valid_to``."""

    area: AreaKey
    ancestor: AreaKey
    valid_from: date
    valid_to: date | None


def overlap(one: Area, other: Area) -> tuple[date, date | None] | None:
    """The days on which both versions hold, or None."""
    start = max(one.valid_from, other.valid_from)
    ends = [area.valid_to for area in (one, other) if area.valid_to is not None]
    end = min(ends) if ends else None
    return None if end is not None and end <= start else (start, end)


def lies_within(one: Area, other: Area) -> bool:
    """Whether every part of ``one`` is a part of ``other``; equal sets count from the smaller kind upwards."""
    if one.key == other.key:
        return True
    if not one.members <= other.members or not one.members:
        return False
    return one.members != other.members or RANK[one.kind] < RANK[other.kind]


def closure(areas: Sequence[Area]) -> list[Within]:
    """Every pair (area, ancestor) with the days on which it holds, each area itself included."""
    found = []
    wider: dict[str, list[Area]] = {}
    for area in areas:
        for member in area.members:
            wider.setdefault(member, []).append(area)
    for area in areas:
        # Whatever holds the whole of an area holds any one member of it: no need to look further.
        candidates = wider[min(area.members)] if area.members else [area]
        for other in candidates:
            days = overlap(area, other)
            if days is not None and lies_within(area, other):
                found.append(Within(area.key, other.key, *days))
    return found


def holding(areas: Iterable[Area], kind: str, day: date) -> list[Area]:
    """The areas of one kind that hold on ``day``."""
    return [
        area
        for area in areas
        if area.kind == kind and area.valid_from <= day and (area.valid_to is None or day < area.valid_to)
    ]
