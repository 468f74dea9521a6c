"""Numbers of persons in what people write, as far as digits can tell: found, so that they are kept nowhere.

A public id of an incident (a UUID) is no number of a person, even where one in a hundred has as many digits in a row.
"""

from __future__ import annotations

import re

UID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
DIGITS = r"(?:\d{2})?\d{6}[-+ ]?\d{4}(?!\d)"
NUMBER = re.compile(rf"(?P<uid>(?<!\w){UID}(?!\w))|(?<!\d){DIGITS}", re.ASCII)
BESIDE_DECIMALS = re.compile(rf"(?P<uid>(?<!\w){UID}(?!\w))|(?<![\d.]){DIGITS}", re.ASCII)
MASK = "••••••-••••"


def holds_number(text: str, *, decimals: bool = False) -> bool:
    """Whether a number of a person stands in the text; with ``decimals`` those of a coordinate are none."""
    pattern = BESIDE_DECIMALS if decimals else NUMBER
    return any(found["uid"] is None for found in pattern.finditer(text))


def without_numbers(text: str) -> str:
    """The text with each number of a person made unreadable."""
    return NUMBER.sub(lambda found: found["uid"] or MASK, text)
