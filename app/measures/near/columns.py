"""What both measures take: events with a place and a time."""

from __future__ import annotations

from app.domain.measure import Column

EVENTS = (
    Column("x", "number", "where it happened, eastwards, in metres or any other unit of length"),
    Column("y", "number", "where it happened, northwards, in the same unit"),
    Column("t", "number", "when it happened, in days since any fixed day; fractions are allowed"),
)
