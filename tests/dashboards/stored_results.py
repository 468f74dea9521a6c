"""A row as the daily run stores it, of a measure's own sample: for tests of what is drawn from one."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import numpy as np

from app.cli.measure_file import read_csv
from app.config import ROOT
from app.measures import get_measure
from app.statistics.frames import conform

NOW = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)


def stored(measure: str) -> dict[str, Any]:
    """A row as the daily run stores it, of the measure's own sample."""
    sample = next((ROOT / "app" / "measures").glob(f"*/{measure}.csv"))
    found = get_measure(measure)
    params = found.params.model_validate(json.loads(sample.with_suffix(".params.json").read_text("utf-8")))
    frame = conform(read_csv(sample, found.columns), found.columns)
    result = found.run(frame, params, now=NOW, rng=np.random.default_rng(1))
    return {
        "question": measure,
        "measure": measure,
        "area": None,
        "day": date(2026, 11, 24),
        "known_at": NOW,
        "words": [sentence._asdict() for sentence in found.say(result)],
        "content": json.loads(result.model_dump_json(by_alias=False)),
    }
