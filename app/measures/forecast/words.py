"""How a forecast is said."""

from __future__ import annotations

from app.domain.measure import Sentence
from app.domain.words import interval, number, percent
from app.measures.forecast.contract import ForecastResult

NAMED = 3


def say(result: ForecastResult) -> tuple[Sentence, ...]:
    """What is expected in the last of the weeks ahead, how such forecasts held, and what they are better than."""
    if result.refusal is not None:
        return (result.refusal,)
    last = max(result.step)
    rows = [row for row, step in enumerate(result.step) if step == last]
    rows.sort(key=lambda row: -result.expected[row])
    said = [_one(result, rows[0], last) if len(rows) == 1 else _many(result, rows, last)]
    if result.all_coverage80 is not None and result.all_coverage95 is not None:
        inside80, inside95 = result.all_coverage80, result.all_coverage95
        said.append(
            Sentence(
                f"Av {number(result.all_checked, 'sv')} veckor som redan har varit höll banden för 80 och "
                f"95 % i {percent(inside80, 'sv')} och {percent(inside95, 'sv')}.",
                f"Of {number(result.all_checked, 'en')} weeks that have been, the bands for 80 and "
                f"95% held in {percent(inside80, 'en')} and {percent(inside95, 'en')}.",
            )
        )
    if result.all_mae is not None and result.all_mae_naive:
        said.append(_better(1 - result.all_mae / result.all_mae_naive))
    if result.too_short:
        short = result.too_short
        said.append(
            Sentence(
                f"För kort tid för en prognos i {number(len(short), 'sv')} områden.",
                f"Too short a time for a forecast in {number(len(short), 'en')} areas.",
            )
            if len(short) > 1
            else Sentence(
                f"För kort tid för en prognos i {short[0]}.",
                f"Too short a time for a forecast in {short[0]}.",
            )
        )
    return tuple(said)


def _one(result: ForecastResult, row: int, ahead: int) -> Sentence:
    low80, high80, low95, high95 = (
        getattr(result, name)[row] for name in ("low80", "high80", "low95", "high95")
    )
    return Sentence(
        f"Om {_weeks(ahead, 'sv')} väntar vi oss {interval(low80, high80, 'sv')} på en vecka i fyra fall av fem, "
        f"{interval(low95, high95, 'sv')} i nitton av tjugo.",
        f"In {_weeks(ahead, 'en')} we expect {interval(low80, high80, 'en')} a week in four cases of five, "
        f"{interval(low95, high95, 'en')} in nineteen of twenty.",
    )


def _many(result: ForecastResult, rows: list[int], ahead: int) -> Sentence:
    def most(language: str) -> str:
        return ", ".join(
            f"{result.area[row]} {interval(result.low80[row], result.high80[row], 'sv' if language == 'sv' else 'en')}"
            for row in rows[:NAMED]
        )

    return Sentence(
        f"Om {_weeks(ahead, 'sv')} väntar vi oss flest på en vecka i {most('sv')} (fyra fall av fem).",
        f"In {_weeks(ahead, 'en')} we expect most a week in {most('en')} (four cases of five).",
    )


def _weeks(count: int, language: str) -> str:
    if language == "sv":
        return "en vecka" if count == 1 else f"{number(count, 'sv')} veckor"
    return "one week" if count == 1 else f"{number(count, 'en')} weeks"


def _better(share: float) -> Sentence:
    if share <= 0:
        return Sentence(
            "Det är inte bättre än att säga samma vecka i fjol.",
            "That is no better than saying the same week of last year.",
        )
    return Sentence(
        f"Felet var {percent(share, 'sv')} mindre än om man säger samma vecka i fjol.",
        f"The error was {percent(share, 'en')} less than by saying the same week of last year.",
    )
