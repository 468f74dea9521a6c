"""What a figure says in words, for tests: nothing of the machine's, in the language asked for."""

from __future__ import annotations

import json
import re
from typing import Any

import plotly.graph_objects as go

LOOKS = [(language, theme) for language in ("sv", "en") for theme in ("light", "dark")]
UNSAID = re.compile(r"signifikan|significan|\bNaN\b|\bNone\b|Infinity", re.IGNORECASE)


def said_of(figure: go.Figure) -> str:
    """Its title, axes, names and notes, once it is known to be whole and to say nothing of the machine's."""
    written: dict[str, Any] = json.loads(figure.to_json())
    layout = written["layout"]
    axes = [value.get("title", {}).get("text", "") for key, value in layout.items() if "axis" in key]
    notes = [note.get("text", "") for note in layout.get("annotations", [])]
    names = [trace.get("name", "") for trace in written["data"]]
    text = " ".join([layout.get("title", {}).get("text", ""), *axes, *notes, *names])
    assert not UNSAID.search(text), text
    assert layout["separators"] in {",\u00a0", ".,"}
    return text
