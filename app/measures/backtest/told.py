"""How a back-test is said."""

from __future__ import annotations

from app.domain import words
from app.domain.measure import Sentence
from app.measures.backtest.model import BacktestResult

LANGUAGES: tuple[words.Language, ...] = ("sv", "en")


def say(result: BacktestResult) -> tuple[Sentence, ...]:
    """What it says: how often it fired, how often for nothing, what lateness did to it, and the budget."""
    if result.refusal is not None:
        return (result.refusal,)
    if result.per_month is None or result.per_month_low is None or result.per_month_high is None:
        raise ValueError("A result without a refusal has its rate.")
    rate, low, high = result.per_month, result.per_month_low, result.per_month_high
    return (
        Sentence(
            f"Regeln hade gett {words.counted(result.fired, words.ALERT, 'sv')} på {words.span(result.days, 'sv')}: "
            f"{words.number(rate, 'sv', 1)} i månaden ({words.interval(low, high, 'sv', 1)}).",
            f"The rule would have given {words.counted(result.fired, words.ALERT, 'en')} in "
            f"{words.span(result.days, 'en')}: {words.number(rate, 'en', 1)} a month "
            f"({words.interval(low, high, 'en', 1)}).",
        ),
        _false(result),
        *_lateness(result),
        *_budget(result),
    )


def _false(result: BacktestResult) -> Sentence:
    if result.false_per_month is None or result.false_low is None or result.false_high is None:
        return Sentence(
            "För få fall för att säga hur många larm som vore falska.",
            "Too few cases to say how many alerts would be false.",
        )
    rate, low, high = result.false_per_month, result.false_low, result.false_high
    told = Sentence(
        f"I en simulering där allt är som vanligt ger den {words.number(rate, 'sv', 1)} larm i månaden "
        f"({words.interval(low, high, 'sv', 1)}).",
        f"In a simulation in which all is as usual it gives {words.number(rate, 'en', 1)} alerts a month "
        f"({words.interval(low, high, 'en', 1)}).",
    )
    if result.false_share is None:
        return told
    share_sv, share_en = (words.fraction(result.false_share, language) for language in LANGUAGES)
    return words.join(
        [
            told,
            Sentence(
                f"Av larmen kan alltså {share_sv} vara falska.",
                f"Of the alerts {share_en} may thus be false.",
            ),
        ]
    )


def _lateness(result: BacktestResult) -> tuple[Sentence, ...]:
    told = []
    if result.unfounded:
        told.append(
            Sentence(
                f"{words.counted(result.unfounded, words.ALERT, 'sv')} hade inte kommit med det som är känt nu.",
                f"{words.counted(result.unfounded, words.ALERT, 'en')} would not have come with what is known now.",
            )
        )
    if result.missed:
        told.append(
            Sentence(
                f"{words.counted(result.missed, words.ALERT, 'sv')} uteblev för att uppgifterna kom för sent.",
                f"{words.counted(result.missed, words.ALERT, 'en')} did not come, as the facts came too late.",
            )
        )
    return tuple(told)


def _budget(result: BacktestResult) -> tuple[Sentence, ...]:
    if result.per_week is None or not result.weeks:
        return ()
    allowed_sv, allowed_en = (_few(result.allowed_per_week, language) for language in LANGUAGES)
    kept = (
        ("det räcker", "that is enough")
        if result.within_budget
        else ("det räcker inte", "that is not enough")
    )
    weeks_sv = words.number(result.weeks, "sv")
    weeks_en = words.number(result.weeks, "en")
    return (
        Sentence(
            f"Ni tillåter {allowed_sv} i veckan: {kept[0]}, det blir {words.number(result.per_week, 'sv', 1)}; "
            f"{words.number(result.weeks_over, 'sv')} av {weeks_sv} veckor hade fler.",
            f"You allow {allowed_en} a week: {kept[1]}, it comes to {words.number(result.per_week, 'en', 1)}; "
            f"{words.number(result.weeks_over, 'en')} of {weeks_en} weeks had more.",
        ),
    )


def _few(value: float, language: words.Language) -> str:
    return words.number(value, language, 0 if value == round(value) else 1)
