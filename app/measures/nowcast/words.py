"""How a nowcast is said."""

from __future__ import annotations

from app.domain.measure import Sentence
from app.domain.words import interval, number, percent
from app.measures.nowcast.contract import NowcastResult

NAMED = 5
MEANT = {
    "no_fall": Sentence("Det är ingen nedgång.", "That is no fall."),
    "only_lateness": Sentence(
        "Det ser ut som en nedgång, men kan vara bara eftersläpning.",
        "It looks like a fall, but may be only lateness.",
    ),
    "too_few": Sentence(
        "För få fall för att säga om det är en nedgång.", "Too few cases to say whether it is a fall."
    ),
}


def say(result: NowcastResult) -> tuple[Sentence, ...]:
    """What is known, what it will come to, whether that is a fall, and how often such bands held."""
    if result.refusal is not None:
        return (result.refusal,)
    whole = result.span_days.index(7)
    said = [_so_far(result, whole), _meant(result, whole)]
    newest = [
        row for row, area in enumerate(result.area) if area is not None and _is_newest_week(result, row)
    ]
    said += _areas(result, newest, "fall") + _areas(result, newest, "only_lateness")
    if result.week_coverage is not None:
        count, held = result.replayed_weeks, result.week_coverage
        said.append(
            Sentence(
                f"Av {number(count, 'sv')} tidigare sådana band höll {percent(held, 'sv')}; "
                f"{percent(result.level, 'sv')} är avsikten.",
                f"Of {number(count, 'en')} earlier bands like these {percent(held, 'en')} held; "
                f"{percent(result.level, 'en')} is meant.",
            )
        )
    return tuple(said)


def _so_far(result: NowcastResult, row: int) -> Sentence:
    known, low, high = result.known[row], result.low[row], result.high[row]
    swedish = "anmälan känd" if known == 1 else "anmälningar kända"
    english = "report" if known == 1 else "reports"
    return Sentence(
        f"De senaste 7 dygnen: {number(known, 'sv')} {swedish} hittills, "
        f"vi räknar med {interval(low, high, 'sv')} när allt har kommit in.",
        f"The last 7 days: {number(known, 'en')} {english} known so far, "
        f"we expect {interval(low, high, 'en')} when all has come in.",
    )


def _meant(result: NowcastResult, row: int) -> Sentence:
    verdict = result.verdict[row]
    if verdict != "fall":
        return MEANT[verdict]
    low, high = result.normal_low[row], result.normal_high[row]
    return Sentence(
        f"Det är en nedgång: normalt är {interval(low, high, 'sv')}.",
        f"That is a fall: normal is {interval(low, high, 'en')}.",
    )


def _is_newest_week(result: NowcastResult, row: int) -> bool:
    return result.span_days[row] == 7 and result.to_day[row] == result.as_of


def _areas(result: NowcastResult, rows: list[int], verdict: str) -> list[Sentence]:
    found = [str(result.area[row]) for row in rows if result.verdict[row] == verdict]
    if not found:
        return []
    some = ", ".join(found[:NAMED])
    more = len(found) - NAMED
    names = Sentence(
        some + (f" och {more} till" if more > 0 else ""), some + (f" and {more} more" if more > 0 else "")
    )
    if verdict == "fall":
        return [Sentence(f"Nedgång i {names.sv}.", f"A fall in {names.en}.")]
    return [
        Sentence(
            f"I {names.sv} ser det ut som en nedgång, men kan vara bara eftersläpning.",
            f"In {names.en} it looks like a fall, but may be only lateness.",
        )
    ]
