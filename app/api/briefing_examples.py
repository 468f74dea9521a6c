"""What the answers about the morning's briefing look like; a test holds them against real answers."""

from __future__ import annotations

from typing import Any

AT = "2026-11-24T05:30:00Z"
HEAD = {
    "edition_id": 21,
    "area": "lpo-sodermalm",
    "area_name": "Södermalm",
    "day": "2026-11-24",
    "number": 1,
    "known_at": AT,
    "form": 1,
    "sha256": "9f2c61d7a0be04aa1c77e9d2b4c5f6a79f2c61d7a0be04aa1c77e9d2b4c5f6a7",
    "made_at": "2026-11-24T05:30:04Z",
    "position": "812-44",
}
SOURCE = {
    "query": "briefing.needs",
    "parameters": {"asked": ["deviation"]},
    "scope": "lpo-sodermalm",
    "known_at": AT,
    "position": "812-44",
}
FIRST = {
    "name": "first",
    "text": {
        "sv": "Allt underlag som genomgången behöver finns.",
        "en": "Everything that the briefing needs is there.",
    },
    "tone": "fact",
    "figures": {"missing": 0},
    "source": SOURCE,
    "link": None,
}
CONTENT = {
    "form": 1,
    "region": "stockholm",
    "region_name": {"sv": "Polisregion Stockholm", "en": "Stockholm police region"},
    "area": "lpo-sodermalm",
    "name": {"sv": "Södermalm", "en": "Södermalm"},
    "zone": "Europe/Stockholm",
    "day": "2026-11-24",
    "known_at": AT,
    "position": "812-44",
    "demo": False,
    "first": FIRST,
    "sections": [],
}
LIST: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Editions, the newest first.",
        "content": {"application/json": {"example": {"rows": [HEAD]}}},
    }
}
ONE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The edition whole.",
        "content": {"application/json": {"example": {**HEAD, "content": CONTENT}}},
    }
}
HTML: dict[int | str, dict[str, Any]] = {
    200: {"description": "The edition as a document.", "content": {"text/html": {}}}
}
PDF: dict[int | str, dict[str, Any]] = {
    200: {"description": "The edition as a tagged PDF.", "content": {"application/pdf": {}}}
}
