"""How repeats are said: of all pairs, victims or addresses together, never of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from app.domain.measure import Sentence
from app.domain.words import (
    NO_HISTORY,
    PAIR,
    TOO_FEW,
    Language,
    Noun,
    again,
    counted,
    number,
    percent,
    percent_interval,
    span,
)
from app.measures.repeats.changes import Frequency, Gravest, Severity
from app.measures.repeats.concentration import top_tenth

if TYPE_CHECKING:
    from app.measures.repeats.repeats import RepeatsResult
    from app.measures.repeats.waiting import ByNumber, Window

Kind = Literal["pair", "victim", "address", "unit"]

UNITS: dict[Kind, Noun] = {
    "pair": PAIR,
    "victim": Noun(Sentence("målsägande", "victim"), Sentence("målsägande", "victims")),
    "address": Noun(Sentence("adress", "address"), Sentence("adresser", "addresses")),
    "unit": Noun(Sentence("enhet", "unit"), Sentence("enheter", "units")),
}
THE_UNITS: dict[Kind, Sentence] = {
    "pair": Sentence("paren", "the pairs"),
    "victim": Sentence("målsägandena", "the victims"),
    "address": Sentence("adresserna", "the addresses"),
    "unit": Sentence("enheterna", "the units"),
}
SHORT_DAYS = 30
TIMES: tuple[tuple[Language, str], ...] = (("sv", "gånger så många"), ("en", "times as many"))


def say(result: RepeatsResult) -> tuple[Sentence, ...]:
    """How many come again and how soon; how it gathers; frequency and severity apart; and what has no history."""
    if result.refusal is not None:
        return (result.refusal,)
    return (
        *_windows(result),
        *_later(result),
        *_gathered(result),
        *_oftener(result.frequency),
        *_graver(result.severity),
        *_gravest(result.gravest),
    )


def _windows(result: RepeatsResult) -> tuple[Sentence, ...]:
    units = UNITS[result.unit]
    start = Sentence(
        f"{counted(result.units, units, 'sv')} med minst en anmälan.",
        f"{counted(result.units, units, 'en')} with at least one report.",
    )
    told = [window for window in result.windows if window.share is not None]
    if not told:
        return (start, TOO_FEW)
    near = min(told, key=lambda window: abs(window.days - SHORT_DAYS))
    chosen = [near] if near is told[-1] else [near, told[-1]]
    return (start, *(_again(window) for window in chosen))


def _again(window: Window) -> Sentence:
    if window.share is None or window.lower is None or window.upper is None:
        return TOO_FEW
    return again(window.share, window.lower, window.upper, window.days)


def _later(result: RepeatsResult) -> tuple[Sentence, ...]:
    """After the third report against after the first, within the longest window that both can be told of."""
    third = next((row for row in result.by_number if row.number == 3), None)
    if third is None:
        return ()
    pairs = [
        (early, late)
        for early, late in zip(result.by_number[0].windows, third.windows, strict=True)
        if early.share is not None and late.share is not None
    ]
    if not pairs:
        return ()
    early, late = pairs[-1]
    apart = (late.lower or 0) > (early.upper or 1) or (late.upper or 1) < (early.lower or 0)
    return (
        Sentence(
            f"{_after(third, 'sv')} anmäls {_with(late, 'sv')} igen inom {span(late.days, 'sv')}, "
            f"efter den första {_with(early, 'sv')}{'' if apart else '; skillnaden kan vara slump'}.",
            f"{_after(third, 'en')}, {_with(late, 'en')} are reported again within {span(late.days, 'en')}, "
            f"after the first {_with(early, 'en')}{'' if apart else '; the difference could be chance'}.",
        ),
    )


def _after(row: ByNumber, language: Language) -> str:
    if language == "sv":
        return "Efter den tredje anmälan och senare" if row.and_later else "Efter den tredje anmälan"
    return "After the third report and later" if row.and_later else "After the third report"


def _with(window: Window, language: Language) -> str:
    limits = percent_interval(window.lower or 0, window.upper or 0, language)
    return f"{percent(window.share or 0, language)} ({limits})"


def _gathered(result: RepeatsResult) -> tuple[Sentence, ...]:
    found = result.concentration
    if found is None or found.refusal is not None:
        return ()
    the = THE_UNITS[result.unit]
    return (top_tenth(found, f"De 10 % av {the.sv} med flest", f"The 10% of {the.en} with most"),)


def _oftener(found: Frequency | None) -> tuple[Sentence, ...]:
    if found is None:
        return ()
    if found.ratio is None or found.lower is None or found.upper is None:
        return (
            Sentence(
                "Om anmälningarna kommer tätare: för få fall för att säga något.",
                "Whether reports come oftener: too few cases to say anything.",
            ),
        )
    chance = found.lower < 1 < found.upper
    told = {
        language: f"{number(found.ratio, language, 2)} {times} ({_limits(found.lower, found.upper, language)})"
        for language, times in TIMES
    }
    return (
        Sentence(
            f"Under de nästa {span(found.days, 'sv')} kommer {told['sv']} anmälningar som under de första"
            f"{', men det kan vara slump' if chance else ''}.",
            f"In the next {span(found.days, 'en')} there are {told['en']} reports as in the first"
            f"{', but it could be chance' if chance else ''}.",
        ),
    )


def _limits(low: float, high: float, language: Language) -> str:
    return f"{number(low, language, 2)}–{number(high, language, 2)}"


def _graver(found: Severity | None) -> tuple[Sentence, ...]:
    if found is None:
        return ()
    if found.graver is None or found.lighter is None:
        return (
            Sentence(
                "Om skadan blir grövre: för få fall för att säga något.",
                "Whether the harm gets graver: too few cases to say anything.",
            ),
        )
    chance = (found.difference_lower or 0) < 0 < (found.difference_upper or 0)
    graver = {language: percent(found.graver.share, language) for language in ("sv", "en")}
    lighter = {language: percent(found.lighter.share, language) for language in ("sv", "en")}
    return (
        Sentence(
            f"Nästa anmälan är grövre i {graver['sv']} av fallen och lindrigare i {lighter['sv']}"
            f"{'; skillnaden kan vara slump' if chance else ''}.",
            f"The next report is graver in {graver['en']} of the cases and lighter in {lighter['en']}"
            f"{'; the difference could be chance' if chance else ''}.",
        ),
    )


def _gravest(found: Gravest | None) -> tuple[Sentence, ...]:
    if found is None:
        return ()
    if found.share_first is None or found.lower is None or found.upper is None:
        return (NO_HISTORY,)
    limits = {language: percent_interval(found.lower, found.upper, language) for language in ("sv", "en")}
    return (
        NO_HISTORY,
        Sentence(
            f"Av de {number(found.reports, 'sv')} grövsta anmälningarna var {percent(found.share_first, 'sv')} "
            f"({limits['sv']}) den första.",
            f"Of the {number(found.reports, 'en')} gravest reports, {percent(found.share_first, 'en')} "
            f"({limits['en']}) were the first.",
        ),
    )
