"""Maps of areas to try measures on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd

from app.domain.measure import Result
from app.measures import of_folder
from app.statistics.frames import conform

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
HOTSPOT = {measure.name: measure for measure in of_folder("hotspot")}


def asked(name: str, table: dict[str, Any] | pd.DataFrame, *, seed: int = 1, **params: Any) -> Any:
    measure = HOTSPOT[name]
    frame = conform(pd.DataFrame(table), measure.columns)
    return measure.run(frame, measure.params(**params), now=NOW, rng=np.random.default_rng(seed))


def numbers(column: Any) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in column], dtype=float)


def words(name: str, result: Result) -> str:
    return " ".join(sentence.en for sentence in HOTSPOT[name].say(result))


def lattice(rows: int, columns: int) -> list[tuple[int, int]]:
    """The neighbours, by side, of a lattice of areas numbered from 1."""
    return [
        (r * columns + c + 1, (r + dr) * columns + c + dc + 1)
        for r in range(rows)
        for c in range(columns)
        for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0))
        if 0 <= r + dr < rows and 0 <= c + dc < columns
    ]
