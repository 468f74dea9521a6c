"""A table as every format gives it: the names of its columns, and its rows as the source wrote them.

A row that cannot be read comes out as a `BadRow`, in its place, with what it held. Only rows that hold nothing at all
are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

HEADING_ROWS = 20
"""The heading is looked for in so many first rows: extracts have titles above it."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: what it held, and the reason in one sentence."""

    held: str
    reason: str


Row = dict[str, Any]
Fit = Callable[[list[str]], int]
"""How many of a feed's columns a row names, 0 when it cannot be the heading."""


@dataclass(frozen=True)
class Sheet:
    """One table. ``rows`` can be called again to read it from its start."""

    columns: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[int, Row | BadRow]]]


def unique(cells: list[str]) -> tuple[str, ...]:
    """Column names, each different: the second "KOD" becomes "KOD (2)", one without a name "column 7"."""
    taken: set[str] = set()
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        stem = cell.strip() or f"column {place}"
        name, times = stem, 1
        while name in taken:
            times += 1
            name = f"{stem} ({times})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def heading_of(rows: Iterable[list[str]], fit: Fit) -> tuple[int, int]:
    """Where the heading is among the first rows, and how well it fits; else the first row that holds anything."""
    best, best_fit, first = -1, 0, -1
    for place, cells in enumerate(rows):
        if first < 0 and any(cell.strip() for cell in cells):
            first = place
        score = fit(cells)
        if score > best_fit:
            best, best_fit = place, score
    return (best if best >= 0 else max(first, 0)), best_fit


def as_text(value: Any) -> str:
    """A cell as text: 2.0 as "2" (identities of 14 digits stay exact), dates as ISO, nothing as ""."""
    if value.__class__ is str:
        return str(value)
    if value is None or isinstance(value, bool):
        return {None: "", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, date | time):  # a datetime is a date
        return value.isoformat().replace("T", " ")
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return str(value)
