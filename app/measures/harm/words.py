"""What harm says in words: the count first, and what the weight rests on."""

from __future__ import annotations

from app.domain.measure import Sentence
from app.domain.words import AREA, Language, Noun, counted, interval, number, percent
from app.measures.harm.model import HarmResult

OFFENCE = Noun(Sentence("brott", "offence"), Sentence("brott", "offences"))
NAMED = 4
"""How many areas that one offence carries are named at most; the others are counted."""
FEW = 5
"""With fewer offences one always carries much, and that is no news."""


def say(result: HarmResult) -> tuple[Sentence, ...]:
    """Counts, harm, areas that one offence carries, and which part rests on provisional weights or on none."""
    if result.refusal is not None:
        return (result.refusal,)
    return (_sums(result), *_carried(result), *_rests(result))


def _sums(result: HarmResult) -> Sentence:
    total, areas = result.total, len(result.areas.area)
    version = result.version
    return Sentence(
        f"{counted(total.n, OFFENCE, 'sv')} i {counted(areas, AREA, 'sv')} "
        f"({interval(total.n_low, total.n_high, 'sv')}); skadan bredvid är {_size(total.harm, 'sv')} "
        f"({interval(total.harm_low, total.harm_high, 'sv')}) enligt {version or 'vikter utan version'}.",
        f"{counted(total.n, OFFENCE, 'en')} in {counted(areas, AREA, 'en')} "
        f"({interval(total.n_low, total.n_high, 'en')}); the harm beside them is {_size(total.harm, 'en')} "
        f"({interval(total.harm_low, total.harm_high, 'en')}) by {version or 'weights without a version'}.",
    )


def _carried(result: HarmResult) -> list[Sentence]:
    """Where one offence carries much of an area's harm: what it is with it and without."""
    areas = result.areas
    found = sorted(
        (place for place, carried in enumerate(areas.carried_by_one) if carried and areas.n[place] >= FEW),
        key=lambda place: -(areas.gravest_weight[place] or 0.0),
    )
    said = [
        Sentence(
            f"I {areas.area[place]} bär ett enda brott ({areas.gravest[place]}) "
            f"{percent(areas.one_share[place] or 0.0, 'sv')} av skadan: {_size(areas.harm[place], 'sv')}, "
            f"utan det {_size(areas.harm_without_one[place], 'sv')}.",
            f"In {areas.area[place]} a single offence ({areas.gravest[place]}) carries "
            f"{percent(areas.one_share[place] or 0.0, 'en')} of the harm: {_size(areas.harm[place], 'en')}, "
            f"without it {_size(areas.harm_without_one[place], 'en')}.",
        )
        for place in found[:NAMED]
    ]
    if others := len(found) - len(said):
        said.append(
            Sentence(
                f"{counted(others, AREA, 'sv')} till har mycket av sin skada från ett enda brott.",
                f"{number(others, 'en')} more {'area has' if others == 1 else 'areas have'} much of the harm from a "
                "single offence.",
            )
        )
    return said


def _rests(result: HarmResult) -> list[Sentence]:
    total, said = result.total, []
    if total.provisional_share > 0:
        said.append(
            Sentence(
                f"Preliminärt: {percent(total.provisional_share, 'sv')} av skadan vilar på preliminära vikter.",
                f"Provisional: {percent(total.provisional_share, 'en')} of the harm rests on provisional weights.",
            )
        )
    if total.missing_n:
        said.append(
            Sentence(
                f"{counted(total.missing_n, OFFENCE, 'sv')} saknar vikt, så skadan är minst så stor.",
                f"{counted(total.missing_n, OFFENCE, 'en')} {'has' if total.missing_n == 1 else 'have'} no weight, so "
                "the harm is at least that large.",
            )
        )
    return said


def _size(harm: float, language: Language) -> str:
    return number(harm, language, 0 if harm >= 10 or harm == int(harm) else 1)
