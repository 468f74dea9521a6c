"""One cell becomes one value. Readers raise ``ValueError`` with half a sentence that says what is wrong."""

from __future__ import annotations

from typing import Any

from etl.helpers.sheet import as_text
from etl.helpers.swedish import slug, tidy

MISSING = frozenset(
    ("", "NA", "N/A", "n/a", "#N/A", "NULL", "null", "None", "NaN", "nan", "-", "Värde saknas", "värde saknas",
     "VÄRDE SAKNAS", "Uppgift saknas", "uppgift saknas", "UPPGIFT SAKNAS")
)  # fmt: skip
"""What sources write where they know nothing."""


def text_of(value: Any) -> str:
    """A cell without padding (also non-breaking blanks); "" where the source knows nothing."""
    text = (value if value.__class__ is str else as_text(value)).strip()
    return "" if text in MISSING else text


def words(text: str | None) -> str | None:
    """Running text: non-breaking blanks inside become plain ones. Line breaks stay."""
    return text if text is None or text.isascii() else text.replace("\xa0", " ")


def number(text: str) -> float:
    """A number with decimal point or comma."""
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        raise ValueError("not a number") from None
    if found - found != 0:
        raise ValueError("not a finite number")
    return found


def whole(text: str) -> int:
    """A whole number; "2.0" and "2,0", as spreadsheets write 2, are fine."""
    if text.isascii() and text.isdecimal():
        return int(text) if len(text) < 19 else _too_long()
    found = number(text)
    if not found.is_integer():
        raise ValueError("not a whole number")
    return int(found)


def _too_long() -> int:
    raise ValueError("too long for a number")


def code(text: str, width: int, prefix: str) -> str:
    """An offence code: a number padded to ``width``, or a word as ``prefix`` and its slug."""
    if prefix:
        return prefix + (slug(tidy(text)) or "okand")
    if width and len(text) < width and text.isascii() and text.isdecimal():
        return text.zfill(width)
    return text
