"""Links to other pages of ours that show what they say: the path with its part of the view."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from dashboards.words import Words


def to(path: str, words: Words, **view: str | None) -> str:
    """The address of ``path`` in the language of ``words`` with these parts of the view; None leaves a part out."""
    asked = {"lang": words.language, **{name: value for name, value in view.items() if value}}
    return f"{path}?{urlencode(asked, safe=',:')}"
