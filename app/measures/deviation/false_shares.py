"""How many warnings were false where the truth was known: read from what the simulation wrote, never guessed."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("false_share.json")
LEAST_WARNINGS = 50  # a share of fewer says too little; then that of all warnings of the status is told


@cache
def _shares() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def key(status: str, method: str, weeks: int) -> str:
    """What warnings are told apart by: above by method and weeks; a slow rise is one kind."""
    return status if status == "rising" else f"{status}, {method}, {weeks} w"


def share(status: str, method: str, weeks: int) -> float | None:
    """The share of such warnings that were false in the simulation; None where nothing is warned of."""
    if status not in {"above", "rising"}:
        return None
    warnings = _shares()["warnings"]
    found = warnings.get(key(status, method, weeks))
    if found is None or found["all"] < LEAST_WARNINGS:
        found = warnings[status]
    return float(found["false"] / found["all"])
