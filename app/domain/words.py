"""How a result is said: short sentences that a commander can repeat, in Swedish and in English.

Never "significant"; what could be chance is said to be, and how often such a warning was false in a simulation is told
beside it. Swedish writes 1 234,5 and 12 %, English 1,234.5 and 12%.
"""

from __future__ import annotations

from typing import Literal

from app.domain.measure import Sentence

Language = Literal["sv", "en"]

TOO_FEW = Sentence("För få fall för att säga något.", "Too few cases to say anything.")
CHANCE = Sentence("Kan vara slump.", "It could be chance.")

_FRACTIONS = (
    (0.0, "inga", "none"),
    (0.05, "var tjugonde", "one in twenty"),
    (0.1, "var tionde", "one in ten"),
    (0.2, "var femte", "one in five"),
    (0.25, "en fjärdedel", "a quarter"),
    (1 / 3, "en tredjedel", "a third"),
    (0.4, "två av fem", "two in five"),
    (0.5, "hälften", "half"),
    (0.6, "tre av fem", "three in five"),
    (2 / 3, "två tredjedelar", "two thirds"),
    (0.75, "tre fjärdedelar", "three quarters"),
    (0.9, "nio av tio", "nine in ten"),
    (1.0, "alla", "all"),
)


def number(value: float, language: Language, decimals: int = 0) -> str:
    """A figure as the language writes it, with a no-break space or a comma between thousands."""
    text = f"{value:,.{decimals}f}".replace("-", "−")
    return text if language == "en" else text.replace(",", "\u00a0").replace(".", ",")


def percent(share: float, language: Language, decimals: int = 0) -> str:
    """A share of one in per cent."""
    return number(100 * share, language, decimals) + ("%" if language == "en" else "\u00a0%")


def interval(low: float, high: float, language: Language, decimals: int = 0) -> str:
    """From low to high; one figure where the two look the same."""
    first, last = number(low, language, decimals), number(high, language, decimals)
    return first if first == last else f"{first}–{last}"


def fraction(share: float, language: Language) -> str:
    """A share in everyday words, by the nearest that people say."""
    _, swedish, english = min(_FRACTIONS, key=lambda known: abs(known[0] - share))
    return swedish if language == "sv" else english


def against_normal(observed: int, low: float, high: float) -> Sentence:
    """What there is against what is expected: "31 anmälningar, vi väntar oss 12–24."""
    return Sentence(
        f"{number(observed, 'sv')} {'anmälan' if observed == 1 else 'anmälningar'}, "
        f"vi väntar oss {interval(low, high, 'sv')}.",
        f"{number(observed, 'en')} {'report' if observed == 1 else 'reports'}, "
        f"we expect {interval(low, high, 'en')}.",
    )


def false_share(share: float) -> Sentence:
    """How many of such warnings were false where the truth was known."""
    return Sentence(
        f"I en simulering var {fraction(share, 'sv')} av sådana varningar falska.",
        f"In a simulation {fraction(share, 'en')} of such warnings were false.",
    )


def too_few(found: int, needed: int) -> Sentence:
    """Too few to say: how many there are and how many it takes."""
    return Sentence(
        f"För få fall för att säga något: {number(found, 'sv')}, det behövs {number(needed, 'sv')}.",
        f"Too few cases to say anything: {number(found, 'en')}, and it takes {number(needed, 'en')}.",
    )
