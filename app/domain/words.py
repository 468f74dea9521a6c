"""How a result is said: short sentences that a commander can repeat, in Swedish and in English.

Never "significant"; what could be chance is said to be, and how often such a warning was false in a simulation is told
beside it. Swedish writes 1 234,5 and 12 %, English 1,234.5 and 12%. A figure that there is none of cannot be said: it
is refused here (ValueError), and so never reaches a screen as a word of the machine's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

from app.domain.measure import Sentence

Language = Literal["sv", "en"]

TOO_FEW = Sentence("För få fall för att säga något.", "Too few cases to say anything.")
CHANCE = Sentence("Kan vara slump.", "It could be chance.")
NORMAL = Sentence("Det är som vanligt.", "This is as usual.")
ABOVE = Sentence("Det är fler än vanligt.", "That is more than usual.")
BELOW = Sentence("Det är färre än vanligt.", "That is fewer than usual.")
NO_FALL = Sentence(
    "Ingen nedgång: det som saknas är sent, inte borta.", "No fall: what is missing is late, not gone."
)
NO_HISTORY = Sentence(
    "Den grövsta skadan har ofta ingen tidigare anmälan.", "The gravest harm often has no earlier report."
)


class Noun(NamedTuple):
    """A thing that is counted: one of it, and many."""

    one: Sentence
    many: Sentence


REPORT = Noun(Sentence("anmälan", "report"), Sentence("anmälningar", "reports"))
CASE = Noun(Sentence("fall", "case"), Sentence("fall", "cases"))
ALERT = Noun(Sentence("larm", "alert"), Sentence("larm", "alerts"))
FALSE_ALERT = Noun(Sentence("falskt larm", "false alert"), Sentence("falska larm", "false alerts"))
AREA = Noun(Sentence("område", "area"), Sentence("områden", "areas"))
PAIR = Noun(Sentence("par", "pair"), Sentence("par", "pairs"))
PLACE = Noun(Sentence("plats", "place"), Sentence("platser", "places"))
DAY = Noun(Sentence("dag", "day"), Sentence("dagar", "days"))
WEEK = Noun(Sentence("vecka", "week"), Sentence("veckor", "weeks"))
MONTH = Noun(Sentence("månad", "month"), Sentence("månader", "months"))
YEAR = Noun(Sentence("år", "year"), Sentence("år", "years"))

_MONTHS = (
    ("januari", "January"), ("februari", "February"), ("mars", "March"), ("april", "April"), ("maj", "May"),
    ("juni", "June"), ("juli", "July"), ("augusti", "August"), ("september", "September"),
    ("oktober", "October"), ("november", "November"), ("december", "December"),
)  # fmt: skip
_FRACTIONS = (
    (0.0, "nästan inga", "hardly any"),
    (0.05, "en tjugondel", "one in twenty"),
    (0.1, "en tiondel", "one in ten"),
    (0.2, "en femtedel", "one in five"),
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
_UNSAID = re.compile(r"signifikan|significan|\b(?:nan|none|null|inf)\b", re.IGNORECASE)


def number(value: float, language: Language, decimals: int = 0) -> str:
    """A figure as the language writes it, with a no-break space or a comma between thousands.

    Raises:
        ValueError: It is no figure, or an endless one.
    """
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be said as a figure; say that there is none.")
    text = f"{value:,.{decimals}f}"
    text = text.removeprefix("-") if not text.strip("-0.,") else text.replace("-", "−")
    return text if language == "en" else text.replace(",", "\u00a0").replace(".", ",")


def percent(share: float, language: Language, decimals: int = 0) -> str:
    """A share of one in per cent."""
    return number(100 * share, language, decimals) + ("%" if language == "en" else "\u00a0%")


def interval(low: float, high: float, language: Language, decimals: int = 0) -> str:
    """From low to high; one figure where the two look the same, and a word between them where one is negative."""
    first, last = number(low, language, decimals), number(high, language, decimals)
    if first == last:
        return first
    if "−" in first + last:
        return f"{first} {'till' if language == 'sv' else 'to'} {last}"
    return f"{first}–{last}"


def percent_interval(low: float, high: float, language: Language, decimals: int = 0) -> str:
    """From one share to another in per cent: "5–33 %"."""
    return interval(100 * low, 100 * high, language, decimals) + ("%" if language == "en" else "\u00a0%")


def fraction(share: float, language: Language) -> str:
    """A share in everyday words, by the nearest that people say."""
    _, swedish, english = min(_FRACTIONS, key=lambda known: abs(known[0] - share))
    return swedish if language == "sv" else english


def counted(count: float, noun: Noun, language: Language, decimals: int = 0) -> str:
    """How many of a thing: "1 anmälan", "2 anmälningar", "1,5 år"; the form goes by the figure as it is written."""
    written = number(count, language, decimals)
    form = noun.one if written.lstrip("−") == "1" else noun.many
    return f"{written} {form.sv if language == 'sv' else form.en}"


def listed(items: Sequence[str], language: Language) -> str:
    """With commas between and a word before the last: "A, B och C"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {'och' if language == 'sv' else 'and'} {items[-1]}"


def day_text(day: date, language: Language) -> str:
    """A day with its month in words: "24 november 2026", in the same order in both languages."""
    return f"{day.day} {_MONTHS[day.month - 1][language == 'en']} {day.year}"


def span(days: float, language: Language) -> str:
    """How long, in the unit that people would use, to a whole figure: "3 dagar", "4 månader", "2 år".

    Raises:
        ValueError: No length, a negative or an endless one.
    """
    if not days >= 0 or math.isinf(days):
        raise ValueError(f"{days} days is no length of time.")
    for length, unit, least in ((365.25, YEAR, 700), (30.4375, MONTH, 59.5), (7, WEEK, 20.5)):
        if days >= least:
            return counted(round(days / length), unit, language)
    return counted(round(days), DAY, language) if days >= 0.5 else _LESS_THAN_A_DAY[language]


_LESS_THAN_A_DAY = {"sv": "mindre än en dag", "en": "less than a day"}


def once_in(days: float, language: Language) -> str:
    """How seldom: "ungefär en gång på 2 år"; oftener than daily is said as daily."""
    if days < 1.5:
        return "ungefär varje dag" if language == "sv" else "about every day"
    every = span(days, language)
    return f"ungefär en gång på {every}" if language == "sv" else f"about once in {every}"


def join(sentences: Iterable[Sentence]) -> Sentence:
    """Several sentences as one text."""
    told = tuple(sentences)
    return Sentence(" ".join(one.sv for one in told), " ".join(one.en for one in told))


def capital(text: str) -> str:
    """With a capital at its beginning, and the rest as it was."""
    return text[:1].upper() + text[1:]


def objection(sentence: Sentence) -> str | None:
    """Why it may not be said, or None: what must begin and end it, and the words that nobody is to hear."""
    for text in sentence:
        if not text or not (text[0].isupper() or text[0].isdigit()):
            return f"It begins with neither a capital nor a figure: {text!r}"
        if not text.endswith("."):
            return f"It does not end: {text!r}"
        if found := _UNSAID.search(text):
            return f"It says {found.group()!r}: {text!r}"
    return "Both languages say the same words" if sentence.sv == sentence.en else None


def against_normal(observed: int, low: float, high: float) -> Sentence:
    """What there is against what is expected: "31 anmälningar, vi väntar oss 12–24."""
    return Sentence(
        f"{counted(observed, REPORT, 'sv')}, vi väntar oss {interval(low, high, 'sv')}.",
        f"{counted(observed, REPORT, 'en')}, we expect {interval(low, high, 'en')}.",
    )


def compared(observed: float, low: float, high: float) -> Sentence:
    """Above what is usual, below it, or within."""
    return ABOVE if observed > high else BELOW if observed < low else NORMAL


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


def too_few_of(noun: Noun, found: int, needed: int) -> Sentence:
    """Too few of a thing other than cases: "För få områden för att säga något: 3, det behövs 4."""
    return Sentence(
        f"För få {noun.many.sv} för att säga något: {number(found, 'sv')}, det behövs {number(needed, 'sv')}.",
        f"Too few {noun.many.en} to say anything: {number(found, 'en')}, and it takes {number(needed, 'en')}.",
    )


def change(ratio: float, low: float, high: float) -> Sentence:
    """A ratio to what was expected: "Ungefär 20 % färre än väntat (5–33 %)."; chance is said where it could be.

    ``low`` to ``high`` is the interval of ``ratio``; none is below nought.
    """
    return Sentence(_change(ratio, low, high, "sv"), _change(ratio, low, high, "en"))


def _change(ratio: float, low: float, high: float, language: Language) -> str:
    swedish = language == "sv"
    if round(100 * abs(1 - ratio)) == 0:
        start = "Ungefär så många som väntat" if swedish else "About as many as expected"
    elif ratio >= 2:
        start = f"{'Ungefär' if swedish else 'About'} {_times(ratio, language)} {'som' if swedish else 'as'}"
        start += " väntat" if swedish else " expected"
    else:
        start = f"{'Ungefär' if swedish else 'About'} {_times(ratio, language)} {'än' if swedish else 'than'}"
        start += " väntat" if swedish else " expected"
    if not low < 1 < high and max(ratio, high) < 2:
        nearest, furthest = sorted((abs(1 - low), abs(1 - high)))
        return f"{start} ({percent_interval(nearest, furthest, language)})."
    ends = f"({_times(low, language)} {'till' if swedish else 'to'} {_times(high, language)})."
    if not low < 1 < high:
        return f"{start} {ends}"
    return f"{start}, {'men det kan vara slump' if swedish else 'but it could be chance'} {ends}"


def _times(ratio: float, language: Language) -> str:
    """How many against as many as there should be: "20 % färre", and from the double on "2,5 gånger så många"."""
    if ratio >= 2:
        times = number(ratio, language, 1 if ratio < 9.95 else 0)
        return f"{times} {'gånger så många' if language == 'sv' else 'times as many'}"
    word = ("färre", "fler") if language == "sv" else ("fewer", "more")
    return f"{percent(abs(1 - ratio), language)} {word[ratio > 1]}"


def how_often(level: float, language: Language) -> str:
    """What an interval's level means: "19 gånger av 20"."""
    for tries in (2, 3, 4, 5, 10, 20, 100, 1000):
        if abs(level * tries - round(level * tries)) < 1e-9:
            hits = round(level * tries)
            return f"{hits} {'gånger av' if language == 'sv' else 'times in'} {tries}"
    return f"{'i' if language == 'sv' else 'in'} {percent(level, language, 1)}"


def expected_soon(low: float, high: float, when: Sentence, level: float) -> Sentence:
    """A forecast: "Nästa vecka väntar vi oss 12–24 anmälningar (4 gånger av 5)."; ``level`` is the interval's."""
    return Sentence(
        f"{capital(when.sv)} väntar vi oss {interval(low, high, 'sv')} anmälningar ({how_often(level, 'sv')}).",
        f"{capital(when.en)} we expect {interval(low, high, 'en')} reports ({how_often(level, 'en')}).",
    )


def late(known: int, estimate: float, low: float, high: float) -> Sentence:
    """A nowcast: what has come, and what we believe when all has come."""
    return Sentence(
        f"{capital(counted(known, REPORT, 'sv'))} hittills; när allt har kommit in räknar vi med "
        f"{number(estimate, 'sv')} ({interval(low, high, 'sv')}).",
        f"{capital(counted(known, REPORT, 'en'))} so far; when all have come in we reckon with "
        f"{number(estimate, 'en')} ({interval(low, high, 'en')}).",
    )


def again(share: float, low: float, high: float, days: float) -> Sentence:
    """Repeats: "28 % (25–31 %) anmäls igen inom 1 år."""
    return Sentence(
        f"{percent(share, 'sv')} ({percent_interval(low, high, 'sv')}) anmäls igen inom {span(days, 'sv')}.",
        f"{percent(share, 'en')} ({percent_interval(low, high, 'en')}) are reported again within {span(days, 'en')}.",
    )


def seldom(events: int, days: float, recurrence_days: float) -> Sentence:
    """A cluster: how many in how long, and how seldom chance alone would show as strong a one."""
    return Sentence(
        f"{counted(events, REPORT, 'sv')} nära varandra inom {span(days, 'sv')}; "
        f"av slump händer det {once_in(recurrence_days, 'sv')}.",
        f"{counted(events, REPORT, 'en')} near each other within {span(days, 'en')}; "
        f"by chance that happens {once_in(recurrence_days, 'en')}.",
    )


def against_usual(observed: int, low: int, high: int, *, by_chance: bool) -> Sentence:
    """What is usual for such a window, and whether this one is: "Vi väntar oss 12–24. Inte ovanligt.".

    ``low`` to ``high`` is what is expected; ``by_chance`` says whether chance alone still reaches what there is, now
    and then.
    """
    swedish, english = interval(low, high, "sv"), interval(low, high, "en")
    if low <= observed <= high:
        return Sentence(f"Vi väntar oss {swedish}. Inte ovanligt.", f"We expect {english}. Not unusual.")
    more = observed > high
    start = Sentence(
        f"{'Fler' if more else 'Färre'} än vanligt: vi väntar oss {swedish}.",
        f"{'More' if more else 'Fewer'} than usual: we expect {english}.",
    )
    return join((start, CHANCE)) if by_chance else start
