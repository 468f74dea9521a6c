"""The trained model: for each level of each field how often it holds among mentions of one person (m) and of two (u).

It lies in ``model.json``, small enough to be read, with how it was trained. No SQL and no name of anybody is in it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from app.linkage.comparisons import FIELDS, levels

FILE = Path(__file__).with_name("model.json")


@dataclass(frozen=True)
class Model:
    """``weights[field][level] = (m, u)``; ``links_per_mention``: pairs of one person's mentions, by mention.

    ``propose_from``: the probability of being one person from which a pair is shown to somebody who decides.
    """

    version: str
    trained: dict[str, Any]
    links_per_mention: float
    propose_from: float
    weights: dict[str, dict[str, tuple[float, float]]]

    def __post_init__(self) -> None:
        told = {field: [level.name for level in levels(field)] for field in FIELDS}
        if {field: list(by_level) for field, by_level in self.weights.items()} != told:
            raise ValueError(
                f"The model {self.version} was trained on other levels than app.linkage.comparisons has."
            )

    def prior(self, mentions: int) -> float:
        """The share of all pairs of so many mentions that are of one person: it falls as they grow in number."""
        return min(0.5, 2 * self.links_per_mention / max(1, mentions - 1))

    def proposing_from(self, probability: float) -> Model:
        """The same with another threshold."""
        return replace(self, propose_from=probability)

    def write(self, file: Path = FILE) -> None:
        """Put the model into ``file``."""
        file.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


@cache
def read(file: Path = FILE) -> Model:
    """The model in ``file``; the one that is in use where none is named."""
    told = json.loads(file.read_text(encoding="utf-8"))
    weights = {
        field: {level: (float(m), float(u)) for level, (m, u) in by_level.items()}
        for field, by_level in told.pop("weights").items()
    }
    return Model(weights=weights, **told)
