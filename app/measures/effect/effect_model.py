"""What `effect` takes and gives, and how it is said."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.domain import words
from app.domain.measure import Column, Params, Result, Sentence
from app.measures.effect.told import expected_told

Method = Literal["permutation", "area_change", "cluster", "model"]

COLUMNS = (
    Column("area", "text", "the area"),
    Column(
        "period", "text", "a number, or a day, week or month as ISO writes it (2026-11-24, 2026-W48, 2026-11)"
    ),
    Column(
        "count",
        "number",
        "reports in that area and period; a cell without a row had none, rows of one add up",
    ),
    Column(
        "treated",
        "integer",
        "1 if it was done in that area, else 0; params treated goes before it",
        required=False,
    ),
    Column("post", "integer", "1 from when it was done, else 0; params start goes before it", required=False),
)


class EffectParams(Params):
    """What can be set."""

    treated: tuple[str, ...] = Field(
        (), description="The areas where it was done; empty: by the column treated."
    )
    start: str = Field(
        "", description="The first period of the time after, as in the table; empty: by the column post."
    )
    confidence: float = Field(0.95, gt=0, lt=1, description="Level of the intervals, of one.")
    inference: Literal["auto"] | Method = Field(
        "auto",
        description="Which interval is the one that is said. auto: area_change. All are in the result.",
    )
    permutations: int = Field(
        1999, ge=99, le=100_000, description="Assignments at most; all of them if there are no more."
    )
    least_controls: int = Field(3, ge=1, description="Control areas with any report that are needed.")
    at_least: int = Field(
        10,
        ge=1,
        description="Reports needed in treated before, in control before and after, and expected after.",
    )
    points: int = Field(12, ge=2, description="Points of the trend before, at most.")
    trend_alpha: float = Field(
        0.05, ge=0, lt=1, description="Trends before are not parallel below this p, both tests together."
    )
    despite_trend: bool = Field(
        default=False, description="Give the ratio although the trends before were not parallel."
    )


class EffectResult(Result):
    """Ratios are of reports to what was expected from the control areas: 0.8 is 20 % fewer."""

    ratio: float | None = Field(None, description="Reports after in treated, over what was expected.")
    low: float | None = Field(None, description="Lower end of its interval.")
    high: float | None = Field(None, description="Upper end; none if these areas cannot bound it.")
    p: float | None = Field(None, description="Two-sided p of no effect, by the same method.")
    log_ratio: float | None = Field(None, description="Natural logarithm of ratio.")
    inference: Method | None = Field(None, description="The method of low, high and p.")
    confidence: float = Field(0.95, description="Level of the intervals, of one.")
    method: list[Method] = Field(default_factory=list, description="Every method.")
    method_low: list[float | None] = Field(default_factory=list, description="Lower end, per method.")
    method_high: list[float | None] = Field(default_factory=list, description="Upper end, per method.")
    method_p: list[float] = Field(default_factory=list, description="Two-sided p of no effect, per method.")
    observed: float | None = Field(None, description="Reports after in treated.")
    expected: float | None = Field(None, description="Reports expected there after: observed over ratio.")
    expected_low: float | None = Field(None, description="Lower end of the interval of expected.")
    expected_high: float | None = Field(None, description="Upper end; none if not bounded.")
    treated_before: float | None = Field(None, description="Reports before in treated.")
    control_before: float | None = Field(None, description="Reports before in control.")
    control_after: float | None = Field(None, description="Reports after in control.")
    treated_areas: int = Field(0, description="Areas where it was done, with any report.")
    control_areas: int = Field(0, description="Areas where it was not done, with any report.")
    periods_before: int = Field(0, description="Periods before, with any report.")
    periods_after: int = Field(0, description="Periods after, with any report.")
    filled: int = Field(0, description="Cells without a row, taken as no report.")
    kappa: float | None = Field(None, description="Dispersion: variance = mean + kappa · mean².")
    between: float | None = Field(
        None, description="Standard deviation of areas' log changes besides chance: 0.1 is about 10 %."
    )
    assignments: int | None = Field(
        None, description="Assignments of the treatment compared, the real one among them."
    )
    as_far: int | None = Field(None, description="Of the others, those that deviate as far from no effect.")
    parallel: bool | None = Field(
        None, description="Whether the trends before can have been parallel; none if too few points to say."
    )
    joint_p: float | None = Field(None, description="p that the points before are all the same.")
    slope_p: float | None = Field(None, description="p that they do not drift.")
    drift: float | None = Field(
        None, description="Treated over control at the end of the time before, over its start."
    )
    drift_low: float | None = Field(None, description="Lower end of the interval of drift.")
    drift_high: float | None = Field(None, description="Upper end of the interval of drift.")
    point_period: list[str] = Field(default_factory=list, description="First period of each point.")
    point_after: list[bool] = Field(
        default_factory=list, description="Whether the point is of the time after."
    )
    point_ratio: list[float] = Field(
        default_factory=list, description="Treated over control, against their ratio before, per point."
    )
    point_low: list[float] = Field(default_factory=list, description="Lower end of its interval, per point.")
    point_high: list[float] = Field(default_factory=list, description="Upper end of its interval, per point.")


UNSETTLED = Sentence(
    "För få fall för att säga något: beräkningen når ingen lösning.",
    "Too few cases to say anything: the fit finds no solution.",
)
FALSE_TOLD = Sentence(
    "I en simulering sade måttet detta om var tjugonde insats som inte hade någon verkan.",
    "In a simulation the measure said so of one in twenty that had no effect.",
)
NOT_PARALLEL = Sentence(
    "Det går inte att säga om det hjälpte: områdena gick isär redan före insatsen.",
    "Whether it worked cannot be told: the areas had drifted apart before it began.",
)


def say(result: EffectResult) -> tuple[Sentence, ...]:
    """What it says: the ratio, what it rests on, the other areas, the trend before."""
    if result.refusal is not None:
        return (result.refusal,)
    if result.ratio is None or result.observed is None or result.expected is None:
        raise ValueError("A result without a refusal has its ratio.")
    told = []
    if result.high is None or result.low is None or result.low <= 0:
        told.append(
            Sentence(
                "Kan vara slump: med så få områden går det inte att säga hur mycket det ändrade sig.",
                "It could be chance: with so few areas it cannot be told how much it changed.",
            )
        )
    else:
        told.append(words.change(result.ratio, result.low, result.high))
        if not result.low < 1 < result.high and (result.inference, result.confidence) == (
            "area_change",
            0.95,
        ):
            told.append(FALSE_TOLD)
    told.append(expected_told(result.observed, result.expected))
    if result.treated_areas == 1 and result.as_far is not None:
        others, far = result.control_areas, result.as_far
        told.append(
            Sentence(
                f"{words.number(far, 'sv')} av {others} områden där ingenting gjordes avvek lika mycket.",
                f"{words.number(far, 'en')} of {others} areas where nothing was done deviated as much.",
            )
        )
    told.append(_trend_told(result))
    return tuple(told)


def _trend_told(result: EffectResult) -> Sentence:
    if result.parallel is None:
        return Sentence(
            "För få anmälningar före för att se om områdena följdes åt.",
            "Too few reports before to see whether the areas went together.",
        )
    if result.parallel:
        return Sentence(
            "Före syns inget tecken på att områdena gick isär, men det bevisar inte att de följdes åt.",
            "Before, nothing shows that the areas drifted apart, which does not prove that they went together.",
        )
    return NOT_PARALLEL
