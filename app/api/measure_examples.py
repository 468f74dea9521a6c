"""What the answers about measures look like; a test holds them against real answers."""

from __future__ import annotations

from typing import Any

AT = "2026-11-24T04:30:00Z"
WORDS = [
    {
        "sv": "31 anmälningar, vi väntar oss 12–24. Det är fler än vanligt.",
        "en": "31 reports, we expect 12–24. That is more than usual.",
    }
]
TITLE = {"sv": "Mot det normala", "en": "Count against normal"}
HEAD = {
    "question": "deviation",
    "title": {"sv": "Mer än vanligt, vecka och område", "en": "More than usual, by week and area"},
    "measure": "deviation",
    "version": 1,
    "area": "lpo-sodermalm",
    "area_name": "Södermalm",
    "day": "2026-11-24",
    "known_at": AT,
    "position": "812-44",
    "state": "told",
    "words": WORDS,
    "rows": 5200,
    "made_at": "2026-11-24T04:30:21Z",
}
LIST: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Measures, by name.",
        "content": {
            "application/json": {
                "example": {
                    "rows": [
                        {
                            "measure": "deviation",
                            "version": 1,
                            "title": TITLE,
                            "checks": ["aberration_agona"],
                            "schema": "/api/v1/measures/deviation",
                            "questions": ["deviation"],
                        }
                    ]
                }
            }
        },
    }
}
ONE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "What the measure takes and gives, and its method.",
        "content": {
            "application/json": {
                "example": {
                    "measure": "deviation",
                    "version": 1,
                    "title": TITLE,
                    "columns": [
                        {
                            "name": "count",
                            "kind": "integer",
                            "required": True,
                            "gaps": False,
                            "about": "reports",
                        }
                    ],
                    "params": {"type": "object", "properties": {}},
                    "result": {"type": "object", "properties": {}},
                    "method": "# Count against normal\n\n## What it says\n\n…",
                }
            }
        },
    }
}
RESULTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The newest result of each question and area, without its content.",
        "content": {"application/json": {"example": {"rows": [HEAD], "day": "2026-11-24"}}},
    }
}
RESULT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "One result whole; `content` is empty where the measure failed.",
        "content": {
            "application/json": {
                "example": {
                    **HEAD,
                    "params": {"alpha": 0.01},
                    "content": {"refusal": None, "area": ["lpo-sodermalm"], "count": [31]},
                    "editions": [{"day": "2026-11-24", "known_at": AT}],
                }
            }
        },
    },
    304: {"description": "The result that the reader has is still the newest."},
}
