"""What the answers about districts look like; a test holds them against real answers."""

from __future__ import annotations

from typing import Any

from app.api.statuses import shape

AT = "2026-11-24T06:00:00Z"
TRUE_FOR = {"known_at": AT, "position": "812-44"}
HEAD = {"version": 1, "day": "2026-11-24", "known_at": "2026-11-24T04:30:00Z", "state": "told"}


NONE: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such district, or none that you may see."}
}


def _of(description: str, example: dict[str, Any], *absent: str) -> dict[int | str, dict[str, Any]]:
    """An answer like the example, of which what is named may be null."""
    schema = shape({**example, **dict.fromkeys(absent)})
    return {
        200: {
            "description": description,
            "content": {"application/json": {"schema": schema, "example": example}},
        }
    }


DISTRICTS = _of(
    "Districts, by code.",
    {
        "rows": [
            {
                "code": "lpo-sodermalm",
                "name": "Södermalm",
                "within": "po-city",
                "within_name": "City",
                "population": 131_000,
            }
        ],
        **TRUE_FOR,
    },
)
AREAS = _of(
    "Statistical areas, most incidents first.",
    {
        "without_area": 3,
        "places": [{"lon": 18.07, "lat": 59.31, "name": "Skanstull", "n": 4, "last": "2026-11-22"}],
        "rows": [{"code": "0180R012", "name": "Skanstull", "population": 4_310, "n": 7}],
        **TRUE_FOR,
    },
)
SUMMARY = _of(
    "The rows are what was done in the district, the last begun first.",
    {
        "district": "lpo-sodermalm",
        "to_follow_up": {
            "question": "recurring",
            "measure": "recurring",
            **HEAD,
            "words": [
                {
                    "sv": "4 par med tre eller fler anmälningar det senaste året, 2 av dem utan uppföljning i tid.",
                    "en": "4 pairs with three or more reports in the last year, 2 of them without a follow-up in time.",
                }
            ],
            "content": {
                "refusal": None,
                "area": ["lpo-sodermalm"],
                "of": ["pair"],
                "least": [3],
                "units": [4],
                "open": [2],
            },
        },
        "similar": None,
        "rows": [
            {
                "entry": "4c9e5d1e-6a0b-4a53-9a1e-0c6f0f7b8f11",
                "text": "Riktade hembesök efter en tredje anmälan",
                "area": "lpo-sodermalm",
                "begins": "2026-05-04",
                "ends": None,
                "noted_at": "2026-05-04T08:00:00Z",
                "name": "A. Chef",
                "role": "area_chief",
                "effect": None,
                "displacement": None,
            }
        ],
        **TRUE_FOR,
    },
    "to_follow_up",
    "similar",
)
