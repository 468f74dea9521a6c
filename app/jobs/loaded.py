"""What the server of worker processes loads before the first question: the measures and what they reckon with."""

from __future__ import annotations

from app.measures import all_measures

MEASURES = tuple(sorted(all_measures()))
