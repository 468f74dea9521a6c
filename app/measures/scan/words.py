"""How the scan is said."""

from __future__ import annotations

from typing import Literal

from app.domain.measure import Sentence
from app.domain.words import CHANCE, REPORT, Language, counted, join, number, once_in, span
from app.measures.scan.asked import Cluster, ScanResult

NONE = Sentence(
    "Inget kluster: ingenstans är det fler än väntat de senaste dygnen.",
    "No cluster: nowhere is there more than expected in the last days.",
)


def say(result: ScanResult) -> tuple[Sentence, ...]:
    """The clusters to act on, else the strongest one; then the chosen place."""
    if result.refusal is not None:
        return (result.refusal,)
    told: list[Sentence] = []
    if not result.clusters:
        told.append(NONE)
    else:
        acted = [cluster for cluster in result.clusters if cluster.act]
        for cluster in acted or result.clusters[:1]:
            told += [_cluster(cluster, result.unit), seldom(cluster, result.B or 0)]
        if not acted:
            told.append(CHANCE)
    if result.place is not None:
        told.append(result.place.why)
    return tuple(told)


def extent(radius: float, unit: Literal["m", "km"], language: Language) -> str:
    """How wide: "inom 600 m", or "på en och samma plats"."""
    if radius == 0:
        return "på en och samma plats" if language == "sv" else "at one and the same place"
    decimals = 1 if unit == "km" and radius < 100 else 0
    return f"{'inom' if language == 'sv' else 'within'} {number(radius, language, decimals)}\u00a0{unit}"


def days_text(days: int, language: Language) -> str:
    """How long: "ett dygn", "5 dygn"."""
    if days == 1:
        return "ett dygn" if language == "sv" else "one day"
    return f"{number(days, language)} {'dygn' if language == 'sv' else 'days'}"


def expected_text(value: float, language: Language) -> str:
    """A decimal where it matters."""
    return number(value, language, 0 if value >= 9.95 or abs(value - round(value)) < 0.05 <= value else 1)


def seldom(cluster: Cluster, times: int) -> Sentence:
    """How seldom chance alone is as strong; at the end of what the shuffles can tell, "at most"."""
    return Sentence(
        f"Så tätt blir det av slump {how_seldom(cluster, times, 'sv')}.",
        f"By chance it gets as dense {how_seldom(cluster, times, 'en')}.",
    )


def how_seldom(cluster: Cluster, times: int, language: Language) -> str:
    """The recurrence interval; "at most" where no shuffle was as strong."""
    if cluster.p * (times + 1) >= 1.5:
        return once_in(cluster.recurrence_days, language)
    every = span(cluster.recurrence_days, language)
    return f"högst en gång på {every}" if language == "sv" else f"at most once in {every}"


def why(
    radius: float,
    unit: Literal["m", "km"],
    days: int,
    observed: int,
    expected: float,
    recurrence_days: float,
    here_days: float,
    *,
    hot: bool,
    excess: bool,
) -> Sentence:
    """Why a chosen place is hot, or is not."""
    there = Sentence(*(_there(radius, unit, days, observed, expected, language) for language in ("sv", "en")))
    if not excess:
        return join([there, Sentence("Det är inte fler än väntat.", "That is no more than expected.")])
    if hot:
        return join(
            [
                there,
                Sentence(
                    f"Någonstans i hela området blir det så tätt av slump {once_in(recurrence_days, 'sv')}: "
                    "platsen är het.",
                    f"Somewhere in the whole region chance gets as dense {once_in(recurrence_days, 'en')}: "
                    "the place is hot.",
                ),
            ]
        )
    return join(
        [
            there,
            Sentence(
                f"Av slump händer det just här {once_in(here_days, 'sv')}, och någonstans i hela området "
                f"{once_in(recurrence_days, 'sv')}: för ofta för att kallas hett.",
                f"By chance that happens just here {once_in(here_days, 'en')}, and somewhere in the whole region "
                f"{once_in(recurrence_days, 'en')}: too often to be called hot.",
            ),
        ]
    )


def _there(
    radius: float, unit: Literal["m", "km"], days: int, observed: int, expected: float, language: Language
) -> str:
    if language == "sv":
        return (
            f"Vid den valda platsen, {extent(radius, unit, 'sv')} på {days_text(days, 'sv')}: "
            f"{counted(observed, REPORT, 'sv')}, vi väntar oss {expected_text(expected, 'sv')}."
        )
    return (
        f"At the chosen place, {extent(radius, unit, 'en')} in {days_text(days, 'en')}: "
        f"{counted(observed, REPORT, 'en')}, we expect {expected_text(expected, 'en')}."
    )


def _cluster(cluster: Cluster, unit: Literal["m", "km"]) -> Sentence:
    return Sentence(
        f"Ett kluster: {counted(cluster.observed, REPORT, 'sv')} {extent(cluster.radius, unit, 'sv')} på "
        f"{days_text(cluster.days, 'sv')}, vi väntar oss {expected_text(cluster.expected, 'sv')}.",
        f"A cluster: {counted(cluster.observed, REPORT, 'en')} {extent(cluster.radius, unit, 'en')} in "
        f"{days_text(cluster.days, 'en')}, we expect {expected_text(cluster.expected, 'en')}.",
    )
