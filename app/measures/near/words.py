"""How near repeat is said."""

from __future__ import annotations

from typing import Literal

from app.domain.measure import Sentence
from app.domain.words import CHANCE, PAIR, TOO_FEW, Language, counted, interval, number
from app.measures.near.asked import Band, KnoxResult
from app.measures.near.space_time_k import SpaceTimeKResult

FEW = 1.0  # expected pairs below which a count is not judged
CHANCE_FROM = 0.05


def knox(result: KnoxResult) -> tuple[Sentence, ...]:
    """How many pairs there are, how many chance gives, the same address, and where the table stands out."""
    if result.refusal is not None:
        return (result.refusal,)
    told = [_count(result)]
    if result.expected_product is not None and result.expected_product < FEW:
        told.append(TOO_FEW)
    elif result.perm is not None:
        told.append(by_chance(result.perm.p, result.perm.B))
    same = [band for band in result.bands if band.same_address]
    if same:
        told.append(_same_address(same))
    outstanding = _outstanding(result.bands)
    if outstanding is not None:
        told.append(_stands_out(outstanding, result))
    return tuple(told)


def space_time_k(result: SpaceTimeKResult) -> tuple[Sentence, ...]:
    """Whether events near each other come closer in time than else, and where most."""
    if result.refusal is not None or result.d0_at_most is None:
        return (result.refusal or TOO_FEW,)
    times = 1 + result.d0_at_most
    told = [
        Sentence(
            f"Inom {length(result.s_at_most or 0, result.unit, 'sv')} och {days(result.t_at_most or 0, 'sv')} "
            f"ligger {number(times, 'sv', 2)} gånger så många par som om plats och tid inte hörde ihop.",
            f"Within {length(result.s_at_most or 0, result.unit, 'en')} and {days(result.t_at_most or 0, 'en')} "
            f"there are {number(times, 'en', 2)} times as many pairs as if place and time were unrelated.",
        )
    ]
    if result.p is not None:
        told.append(by_chance(result.p, result.B))
    return tuple(told)


def by_chance(p: float, times: int) -> Sentence:
    """How often chance alone gives as many."""
    if p >= CHANCE_FROM:
        return CHANCE
    if p * (times + 1) < 1.5:
        return Sentence(
            f"Så många blev det av slump inte en enda gång på {number(times, 'sv')} försök.",
            f"Chance alone never gave as many in {number(times, 'en')} tries.",
        )
    of = 100 if p >= 0.01 else 1000
    return Sentence(
        f"Så många blir det av slump ungefär {_times(p * of, 'sv')} på {number(of, 'sv')}.",
        f"Chance alone gives as many about {_times(p * of, 'en')} in {number(of, 'en')}.",
    )


def length(value: float, unit: Literal["m", "km"], language: Language) -> str:
    """A distance with its unit."""
    return f"{figure(value, language)}\u00a0{unit}"


def days(value: float, language: Language) -> str:
    """A span of time in days and nights."""
    word = ("dygn" if language == "sv" else "day") + ("s" if language == "en" and value != 1 else "")
    return f"{figure(value, language)} {word}"


def figure(value: float, language: Language) -> str:
    """As many decimals as it has, up to two."""
    return number(value, language, next((k for k in range(2) if round(value, k) == round(value, 2)), 2))


def _times(count: float, language: Language) -> str:
    whole = max(round(count), 1)
    if language == "sv":
        return f"{whole} {'gång' if whole == 1 else 'gånger'}"
    return "once" if whole == 1 else f"{whole} times"


def _expected(value: float, language: Language) -> str:
    return number(value, language, 0 if value >= 10 else 1)


def _count(result: KnoxResult) -> Sentence:
    there = result.statistic or 0
    near = {
        language: length(result.delta_s or 0, result.unit, language) for language in ("sv", "en")
    }  # fmt: skip
    if result.perm is not None:
        q = result.perm.q
        waited = {language: interval(q.q025, q.q975, language) for language in ("sv", "en")}
    else:
        waited = {language: _expected(result.expected_product or 0, language) for language in ("sv", "en")}
    return Sentence(
        f"{counted(there, PAIR, 'sv')} av händelser ligger inom {near['sv']} och {days(result.delta_t or 0, 'sv')} "
        f"från varandra, vi väntar oss {waited['sv']} om plats och tid inte hör ihop.",
        f"{counted(there, PAIR, 'en')} of events lie within {near['en']} and {days(result.delta_t or 0, 'en')} "
        f"of each other, we expect {waited['en']} if place and time are unrelated.",
    )


def _same_address(bands: list[Band]) -> Sentence:
    there, expected = sum(band.observed for band in bands), sum(band.expected for band in bands)
    last = max(band.to_t for band in bands)
    return Sentence(
        f"På samma adress inom {days(last, 'sv')}: {counted(there, PAIR, 'sv')}, vi väntar oss "
        f"{_expected(expected, 'sv')}.",
        f"At the same address within {days(last, 'en')}: {counted(there, PAIR, 'en')}, we expect "
        f"{_expected(expected, 'en')}.",
    )


def _outstanding(bands: list[Band]) -> Band | None:
    judged = [band for band in bands if band.p_adjusted is not None and band.p_adjusted < CHANCE_FROM]
    return min(judged, key=lambda band: (band.p_adjusted, -(band.z or 0)), default=None)


def _stands_out(band: Band, result: KnoxResult) -> Sentence:
    where, when = where_of(band, result.unit), when_of(band, whole=result.whole_days)
    return Sentence(
        f"Mest utmärker sig {where.sv}, {when.sv}: {counted(band.observed, PAIR, 'sv')} mot väntade "
        f"{_expected(band.expected, 'sv')}.",
        f"What stands out most is {where.en}, {when.en}: {counted(band.observed, PAIR, 'en')} against "
        f"{_expected(band.expected, 'en')} expected.",
    )


def where_of(band: Band, unit: Literal["m", "km"]) -> Sentence:
    """How far apart the band's pairs are."""
    if band.same_address:
        return Sentence("samma adress", "the same address")
    start = band.from_s or 0
    return Sentence(
        f"{figure(start, 'sv')}–{length(band.to_s, unit, 'sv')}",
        f"{figure(start, 'en')}–{length(band.to_s, unit, 'en')}",
    )


def when_of(band: Band, *, whole: bool) -> Sentence:
    """How long apart the band's pairs are; ``whole``: no time has a fraction of a day."""
    if band.to_t == 0:
        return Sentence("samma dygn", "the same day")
    start = 0.0 if band.from_t is None else band.from_t + (1 if whole and band.from_t % 1 == 0 else 0)
    return Sentence(
        f"{figure(start, 'sv')}–{days(band.to_t, 'sv')}", f"{figure(start, 'en')}–{days(band.to_t, 'en')}"
    )
