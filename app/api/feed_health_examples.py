"""What the answer about a feed's health looks like; a test holds it against a real answer."""

from __future__ import annotations

from typing import Any

TOLD: dict[str, Any] = {
    "feed": "uppdrag",
    "kind": "call",
    "state": "silent",
    "heard_at": "2026-11-24T02:10:00Z",
    "answered_at": "2026-11-24T02:10:04Z",
    "silent_since": "2026-11-24T02:10:00Z",
    "allowed_s": 1800,
    "floor_s": 1800,
    "message": "The source ended; it is asked again.",
    "quarantine_open": 3,
    "rhythm": [{"weekday": 1, "hour": 7, "silences": 812, "usual_s": 26.0}],
    "silences": [{"from": "2026-11-24T02:10:00Z", "to": "2026-11-24T06:00:00Z", "state": "silent"}],
    "days": [
        {
            "day": "2026-11-23",
            "new": 1873,
            "corrected": 149,
            "withdrawn": 32,
            "unchanged": 4,
            "quarantined": 3,
            "outside": 0,
        }
    ],
    "delay": {
        "incidents": 13603,
        "hours": {"0.05": 0.01, "0.25": 0.026, "0.5": 0.044, "0.75": 0.414, "0.95": 1.64, "0.99": 2.9},
        "edges_h": [0.25, 1.0, 3.0],
        "steps": [9439, 2806, 1349, 9],
    },
    "known_at": "2026-11-24T06:00:00Z",
    "position": "812-44",
}
HEALTH: dict[int | str, dict[str, Any]] = {
    200: {"description": "The feed's health.", "content": {"application/json": {"example": TOLD}}}
}
