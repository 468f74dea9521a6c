"""A rule, and what it found, in plain words, Swedish and English. No place finer than a district is in any of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.alerts.rule import Counted, Delivery, Deviation, Geofence, Repeat, Rule, Silence, Threshold
from app.domain import words
from app.domain.measure import Sentence
from app.domain.words import Language, Noun

CALL = Noun(Sentence("uppdrag", "call"), Sentence("uppdrag", "calls"))
NOTICE = Noun(Sentence("notis", "notice"), Sentence("notiser", "notices"))
HOUR = Noun(Sentence("timme", "hour"), Sentence("timmar", "hours"))
NOUNS: Mapping[str, Noun] = {"report": words.REPORT, "call": CALL, "notice": NOTICE}
CLOSE = Sentence(" om brott i nära relation", " of violence in close relationships")
LANGUAGES: tuple[Language, ...] = ("sv", "en")


@dataclass(frozen=True)
class Names:
    """What the codes of a rule are called: areas by code, offences and groups by code in both languages."""

    areas: Mapping[str, str] = field(default_factory=dict)
    offences: Mapping[str, Sentence] = field(default_factory=dict)


def describe(rule: Rule, names: Names) -> Sentence:
    """What the rule does, in a few sentences that anybody can repeat."""
    return Sentence(*(_describe(rule, names, language) for language in LANGUAGES))


def _describe(rule: Rule, names: Names, language: Language) -> str:
    return f"{_when(rule, names, language)} {_quiet(rule, language)}"


def _when(rule: Rule, names: Names, language: Language) -> str:
    sv = language == "sv"
    if isinstance(rule, Delivery):
        return (
            "Larmar när ett larm inte har kunnat skickas med e-post eller webhook."
            if sv
            else "Alerts when an alert could not be sent by e-mail or webhook."
        )
    if isinstance(rule, Silence):
        who = words.listed(rule.feeds, language) if rule.feeds else ("någon källa" if sv else "any feed")
        times, least = _few(rule.times, language), _hours(rule.least_hours, language)
        return (
            f"Larmar när {who} har varit tyst {times} gånger så länge som den längsta vanliga tystnaden vid den tiden "
            f"på veckan, och minst {least}."
            if sv
            else f"Alerts when {who} has been silent {times} times as long as its longest usual silence at that time "
            f"of the week, and at least {least}."
        )
    what = _what(rule, names, language)
    if isinstance(rule, Geofence):
        count, hours = words.number(rule.at_least, language), _hours(rule.window_hours, language)
        where = (
            (f"inom {_metres(rule.fence.radius_m, language)} från en punkt" if sv else
             f"within {_metres(rule.fence.radius_m, language)} of a point")
            if rule.fence.point
            else ("inom en ritad gräns" if sv else "within a drawn border")
        )  # fmt: skip
        return (
            f"Larmar när minst {count} {what} har inträffat {where} de senaste {hours}. "
            "Det som saknar läge räknas inte."
            if sv
            else f"Alerts when at least {count} {what} happened {where} in the last {hours}. "
            "What has no position does not count."
        )
    where = _where(rule, names, language)
    if isinstance(rule, Repeat):
        days = words.counted(rule.within_days, words.DAY, language)
        unit = {"pair": ("ett par", "a pair"), "address": ("en adress", "an address")}[rule.of][not sv]
        more = "" if rule.at_least == 2 else (
            f", och det är minst den {rule.at_least}:e" if sv else f", and it is at least number {rule.at_least}"
        )  # fmt: skip
        return (
            f"Larmar när det kommer ännu en {what} som gäller {unit} med en annan inom {days}{more}, {where}. "
            "Larmet nämner händelsen och distriktet, aldrig en person."
            if sv
            else f"Alerts when another {what} concerns {unit} with one within {days}{more}, {where}. "
            "The alert names the incident and the district, never a person."
        )
    count = words.number(rule.at_least, language)
    if isinstance(rule, Threshold):
        hours = _hours(rule.window_hours, language)
        return (
            f"Larmar när minst {count} {what} har inträffat de senaste {hours}, {where}."
            if sv
            else f"Alerts when at least {count} {what} happened in the last {hours}, {where}."
        )
    days = words.counted(rule.window_days, words.DAY, language)
    many, times = words.number(rule.windows_before, language), _few(rule.deviations, language)
    return (
        f"Larmar när de senaste {days} har fler {what} än vanligt, {where}: minst {count}, och {times} "
        f"standardavvikelser över medelvärdet av de {many} perioderna före. Kan vara slump: prova regeln bakåt i tiden."
        if sv
        else f"Alerts when the last {days} have more {what} than usual, {where}: at least {count}, and {times} "
        f"standard deviations above the mean of the {many} periods before. "
        "It could be chance: try the rule back in time."
    )


def _what(rule: Counted | Geofence, names: Names, language: Language) -> str:
    noun = NOUNS[rule.incidents]
    one = isinstance(rule, Repeat)
    counted = (noun.one if one else noun.many)[language == "en"]
    about = CLOSE[language == "en"] if rule.close else ""
    if not rule.offences:
        return counted + about
    called = [
        names.offences[code][language == "en"] if code in names.offences else code for code in rule.offences
    ]
    return f"{counted}{about} ({words.listed(called, language)})"


def _where(rule: Counted, names: Names, language: Language) -> str:
    sv = language == "sv"
    called = words.listed([names.areas.get(code, code) for code in rule.areas], language)
    if isinstance(rule, Threshold | Deviation) and rule.together:
        if rule.areas:
            return f"i {called} sammanlagt" if sv else f"in {called} together"
        return "i hela regionen" if sv else "in the whole region"
    if not rule.areas:
        return "i något lokalpolisområde" if sv else "in any local police district"
    if len(rule.areas) == 1:
        return f"i {called}" if sv else f"in {called}"
    return f"i något av {called}" if sv else f"in any of {called}"


def _quiet(rule: Rule, language: Language) -> str:
    again, group = _hours(rule.rearm_hours, language), _hours(rule.group_hours, language)
    sv = language == "sv"
    parts = []
    if rule.rearm_hours and not isinstance(rule, Repeat):
        parts.append(
            f"Den löser ut igen först när det har varit lugnt i {again}."
            if sv
            else f"It fires again only after it has been calm for {again}."
        )
    if rule.group_hours:
        parts.append(
            f"Det som löser ut på samma ställe inom {group} är ett larm."
            if sv
            else f"What fires in the same place within {group} is one alert."
        )
    return " ".join(parts)


def tell(rule: Rule, value: float | None, bound: float | None, normal: float | None) -> Sentence:
    """Why it fired: what there was, and what it takes, or what is normal."""
    return Sentence(*(_tell(rule, value or 0, bound or 0, normal, language) for language in LANGUAGES))


def _tell(rule: Rule, value: float, bound: float, normal: float | None, language: Language) -> str:
    sv = language == "sv"
    if isinstance(rule, Delivery):
        return "Ett larm kunde inte skickas." if sv else "An alert could not be sent."
    if isinstance(rule, Silence):
        hours, usual = _hours(value, language), _hours(normal or 0, language)
        return (
            f"Källan har varit tyst i {hours}; den längsta vanliga tystnaden vid den tiden på veckan är {usual}."
            if sv
            else f"The feed has been silent for {hours}; its longest usual silence at that time of the week is {usual}."
        )
    if isinstance(rule, Repeat):
        days = words.counted(rule.within_days, words.DAY, language)
        unit = {"pair": ("samma par", "the same pair"), "address": ("samma adress", "the same address")}[
            rule.of
        ][not sv]
        return (
            f"Det finns en tidigare eller senare anmälan om {unit} inom {days}."
            if sv
            else f"There is an earlier or later report of {unit} within {days}."
        )
    counted = words.counted(value, NOUNS[rule.incidents], language)
    if isinstance(rule, Deviation):
        mean, most = words.number(normal or 0, language, 1), words.number(bound, language, 1)
        days = words.counted(rule.window_days, words.DAY, language)
        return (
            f"{counted} på {days}; vanligt är {mean}, och regeln löser ut vid {most}. Kan vara slump."
            if sv
            else f"{counted} in {days}; usual is {mean}, and the rule fires at {most}. It could be chance."
        )
    hours = _hours(rule.window_hours, language)
    return (
        f"{counted} på {hours}; regeln löser ut vid {words.number(bound, language)}."
        if sv
        else f"{counted} in {hours}; the rule fires at {words.number(bound, language)}."
    )


def window_of(rule: Rule, at: datetime) -> datetime | None:
    """From when what fired at a moment is counted; None where nothing is counted."""
    if isinstance(rule, Threshold | Geofence):
        return at - timedelta(hours=rule.window_hours)
    if isinstance(rule, Deviation):
        return at - timedelta(days=rule.window_days)
    return at - timedelta(days=rule.within_days) if isinstance(rule, Repeat) else None


def _hours(hours: float, language: Language) -> str:
    """Hours as people say them: minutes below two hours if they are no whole ones, days from two whole days on."""
    if hours >= 48 and hours % 24 == 0:
        return words.counted(hours / 24, words.DAY, language)
    whole = abs(hours - round(hours)) < 0.05
    return words.counted(round(hours) if whole else hours, HOUR, language, 0 if whole else 1)


def _few(value: float, language: Language) -> str:
    return words.number(value, language, 0 if value == round(value) else 1)


def _metres(metres: float, language: Language) -> str:
    return f"{words.number(metres, language)} m" if metres < 2000 else f"{_few(metres / 1000, language)} km"
