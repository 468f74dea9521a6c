"""What both measures of this folder say."""

from __future__ import annotations

from app.domain import words
from app.domain.measure import Sentence


def expected_told(observed: float, expected: float) -> Sentence:
    """How many there were, and how many there would have been without it.

    An expectation below nought, which a difference of counts can give, is said as none.
    """
    sv, en = words.number(max(0.0, expected), "sv"), words.number(max(0.0, expected), "en")
    return Sentence(
        f"{words.counted(observed, words.REPORT, 'sv')}, vi hade väntat oss ungefär {sv}.",
        f"{words.counted(observed, words.REPORT, 'en')}, we would have expected about {en}.",
    )
