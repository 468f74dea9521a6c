"""Reads the CSV tables of a region pack."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read_table(path: Path) -> list[dict[str, str]]:
    """A CSV table as rows of text: codes keep their leading zeros."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
