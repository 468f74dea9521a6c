"""The words for what is out of the ordinary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.measure import Sentence
from app.domain.words import AREA, CHANCE, against_normal, capital, counted, false_share, join

if TYPE_CHECKING:
    from app.measures.deviation.deviation import DeviationResult

MOST = 12  # areas that are told one by one; the others are in the table
NONE_ABOVE = Sentence("Inget område ligger över det vanliga.", "No area lies above what is usual.")
ALONE = Sentence("Sammantaget är det inte fler än vanligt.", "Taken together there are no more than usual.")
"""Of one area by itself, or of the whole region."""
RISING = Sentence("Långsam ökning det senaste halvåret.", "A slow rise in the last half year.")
BELOW = Sentence(
    "Det är färre än vanligt, om allt har kommit in.", "That is fewer than usual, if all have come in."
)


def say_deviation(result: DeviationResult) -> tuple[Sentence, ...]:
    """First what is above or rising, the least likely first; then what could be chance; of how many nothing is told."""
    if result.refusal is not None:
        return (result.refusal,)
    told = [
        _row(result, row)
        for status in ("above", "rising", "chance", "below")
        for row in _rows(result, status)
    ]
    warned = any(status in {"above", "rising"} for status in result.status)
    none = NONE_ABOVE if len(set(result.area)) > 1 else ALONE
    sentences = [*([] if warned else [none]), *told[:MOST]]
    few = sum(
        status == "too_few" and level == "area"
        for status, level in zip(result.status, result.level, strict=True)
    )
    if few:
        sentences.append(
            Sentence(
                f"För få fall för att säga något om {counted(few, AREA, 'sv')} var för sig.",
                f"Too few cases to say anything about {counted(few, AREA, 'en')} by "
                f"{'itself' if few == 1 else 'themselves'}.",
            )
        )
    return tuple(sentences)


def _rows(result: DeviationResult, status: str) -> list[int]:
    rows = [row for row, one in enumerate(result.status) if one == status]
    return sorted(rows, key=lambda row: result.p[row] or 0.0)


def _row(result: DeviationResult, row: int) -> Sentence:
    observed, low, high = result.observed[row], result.expected_low[row], result.expected_high[row]
    parts = []
    if observed is not None and low is not None and high is not None:
        parts.append(against_normal(observed, low, high))
    status, false = result.status[row], result.false_share[row]
    parts += {"rising": [RISING], "chance": [CHANCE], "below": [BELOW]}.get(status, [])
    if false is not None:
        parts.append(false_share(false))
    said = join(parts)
    name = named(result, row)
    return Sentence(f"{capital(name.sv)}: {said.sv}", f"{capital(name.en)}: {said.en}")


def named(result: DeviationResult, row: int) -> Sentence:
    """The area with what is counted there, as "Farsta, fyra veckor" or "Nord, de små områdena tillsammans"."""
    area, weeks = result.area[row], result.weeks[row]
    swedish, english = area, area
    if result.level[row] == "region":
        swedish = f"{area}, de små områdena tillsammans" if area else "de små områdena tillsammans"
        english = f"{area}, the small areas together" if area else "the small areas together"
    if weeks > 1:
        swedish, english = f"{swedish}, {_FOUR[0]}", f"{english}, {_FOUR[1]}"
    return Sentence(swedish, english)


_FOUR = ("fyra veckor", "four weeks")
