"""The weighted displacement difference: how many fewer, net of what the rest did and of what moved next door.

WDD = (T1 − T0) − (C1 − C0) + (D1 − D0) − (E1 − E0), with counts before (0) and after (1) in the treated area (T), its
control (C), the area where it could have moved to (D) and that one's control (E). The counts are taken as Poisson, so
the variance is their sum. Wheeler & Ratcliffe 2018, https://doi.org/10.1186/s40163-018-0085-5.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator
from scipy import stats

from app.domain import words
from app.domain.errors import BadInput
from app.domain.measure import Column, Measure, Params, Result, Sentence
from app.domain.words import Language
from app.measures.effect.told import expected_told
from app.statistics.frames import conform

Role = Literal["treated", "control", "displacement", "displacement_control"]
ROLES: dict[Role, int] = {"treated": 1, "control": -1, "displacement": 1, "displacement_control": -1}
"""Each role with the sign of its change in the sum."""
UNLIKE = 3  # an area with three times the counts does not change by as many; the paper asks for counts alike

COLUMNS = (
    Column(
        "role",
        "text",
        "treated, control, displacement or displacement_control; several rows add up",
        required=False,
    ),
    Column("before", "number", "how many before", required=False),
    Column("after", "number", "how many after", required=False),
)


class DisplacementParams(Params):
    """What can be set. Counts given here take the place of the table."""

    treated_before: float | None = Field(None, ge=0, description="Where it was done: reports before.")
    treated_after: float | None = Field(None, ge=0, description="Where it was done: reports after.")
    control_before: float | None = Field(None, ge=0, description="Where it was not done: reports before.")
    control_after: float | None = Field(None, ge=0, description="Where it was not done: reports after.")
    displacement_before: float | None = Field(None, ge=0, description="Where it could have moved to: before.")
    displacement_after: float | None = Field(None, ge=0, description="Where it could have moved to: after.")
    displacement_control_before: float | None = Field(None, ge=0, description="The control of that: before.")
    displacement_control_after: float | None = Field(None, ge=0, description="The control of that: after.")
    length_before: float = Field(1, gt=0, description="Length of the time before, in any unit.")
    length_after: float = Field(
        1, gt=0, description="Length of the time after, in the same unit; counts before are scaled to it."
    )
    sizes: dict[Role, float] = Field(
        default_factory=dict,
        description="Size of each role's area or population, to which its counts are scaled. Empty: as they are.",
    )
    confidence: float = Field(0.95, gt=0, lt=1, description="Level of the intervals, of one.")
    dispersion: float = Field(
        1, ge=1, description="Variance over mean of such counts; above 1 widens the interval. 1: Poisson."
    )
    at_least: int = Field(
        10, ge=0, description="Reports, before and after together, that treated and control need each."
    )

    @model_validator(mode="after")
    def _sizes_are_sizes(self) -> DisplacementParams:
        if any(not size > 0 for size in self.sizes.values()):
            raise ValueError("sizes must be above nought")
        if self.sizes and "treated" not in self.sizes:
            raise ValueError("sizes must name that of treated, to which the others are scaled")
        return self


class DisplacementResult(Result):
    """Differences are in reports as long as the time after and in an area of the size of treated."""

    wdd: float | None = Field(None, description="Weighted displacement difference, reports; below 0: fewer.")
    se: float | None = Field(None, description="Its standard error, reports.")
    low: float | None = Field(None, description="Lower end of its interval, reports.")
    high: float | None = Field(None, description="Upper end of its interval, reports.")
    z: float | None = Field(None, description="wdd over se.")
    p: float | None = Field(
        None, description="Two-sided: how often chance alone gives as large a difference."
    )
    local: float | None = Field(None, description="Treated against its control alone, reports.")
    local_se: float | None = Field(None, description="Standard error of local, reports.")
    local_low: float | None = Field(None, description="Lower end of the interval of local, reports.")
    local_high: float | None = Field(None, description="Upper end of the interval of local, reports.")
    moved: float | None = Field(
        None,
        description="Displacement area against its control, reports; above 0: some may have moved there.",
    )
    moved_se: float | None = Field(None, description="Standard error of moved, reports.")
    moved_low: float | None = Field(None, description="Lower end of the interval of moved, reports.")
    moved_high: float | None = Field(None, description="Upper end of the interval of moved, reports.")
    expected: float | None = Field(
        None, description="Reports after in treated, had it changed by as many as control."
    )
    observed: float | None = Field(None, description="Reports after in treated.")
    unlike: bool | None = Field(
        None, description="Whether control had over 3 times as many before as treated, or under a third."
    )
    confidence: float = Field(0.95, description="Level of the intervals, of one.")
    role: list[str] = Field(default_factory=list, description="The roles that were given.")
    before: list[float] = Field(default_factory=list, description="Reports before, per role.")
    after: list[float] = Field(default_factory=list, description="Reports after, per role.")
    change: list[float] = Field(default_factory=list, description="After less before, scaled, per role.")


def run(
    frame: pd.DataFrame, params: DisplacementParams, /, *, now: datetime, rng: np.random.Generator
) -> DisplacementResult:
    """The difference of four to eight counts.

    Raises:
        BadInput: A role is unknown, or a count negative.
    """
    del now, rng
    counts = _counts(frame, params)
    given: dict[str, Any] = {
        "role": list(counts),
        "before": [before for before, _ in counts.values()],
        "after": [after for _, after in counts.values()],
    }
    for role in ("treated", "control"):
        found = sum(counts.get(role, (0.0, 0.0)))
        if found < params.at_least or found == 0:
            refusal = words.too_few(math.floor(found), max(1, params.at_least))
            return DisplacementResult(refusal=refusal, confidence=params.confidence, **given)
    return _differences(counts, params, given)


def _differences(
    counts: dict[Role, tuple[float, float]],
    params: DisplacementParams,
    given: dict[str, Any],
) -> DisplacementResult:
    longer = params.length_after / params.length_before
    change: dict[Role, float] = {}
    variance: dict[Role, float] = {}
    for role, (before, after) in counts.items():
        size = (
            params.sizes["treated"] / params.sizes.get(role, params.sizes["treated"]) if params.sizes else 1.0
        )
        change[role] = size * (after - longer * before)
        variance[role] = params.dispersion * size**2 * (after + longer**2 * before)
    z = float(stats.norm.ppf((1 + params.confidence) / 2))

    def net(*roles: Role) -> tuple[float, float, float, float]:
        value = sum(ROLES[role] * change.get(role, 0.0) for role in roles)
        error = math.sqrt(sum(variance.get(role, 0.0) for role in roles))
        return value, error, value - z * error, value + z * error

    wdd, se, low, high = net(*ROLES)
    local = net("treated", "control")
    moved = net("displacement", "displacement_control") if "displacement" in counts else (None,) * 4
    like = longer * counts["treated"][0], longer * counts["control"][0]
    return DisplacementResult(
        wdd=wdd, se=se, low=low, high=high, z=wdd / se, p=float(2 * stats.norm.sf(abs(wdd / se))),
        local=local[0], local_se=local[1], local_low=local[2], local_high=local[3],
        moved=moved[0], moved_se=moved[1], moved_low=moved[2], moved_high=moved[3],
        observed=counts["treated"][1], expected=counts["treated"][1] - local[0],
        unlike=not params.sizes and max(like) > UNLIKE * max(min(like), 1e-12),
        confidence=params.confidence, change=[change[role] for role in counts], **given,
    )  # fmt: skip


def _counts(frame: pd.DataFrame, params: DisplacementParams) -> dict[Role, tuple[float, float]]:
    """Before and after per role, in the order of `ROLES`; from the parameters where they give any."""
    named: dict[Role, tuple[float | None, float | None]] = {
        role: (getattr(params, f"{role}_before"), getattr(params, f"{role}_after")) for role in ROLES
    }
    if any(value is not None for pair in named.values() for value in pair):
        for role, pair in named.items():
            if (pair[0] is None) != (pair[1] is None):
                raise BadInput(f"{role}_before and {role}_after go together: give both or none.")
        return {role: (b, a) for role, (b, a) in named.items() if b is not None and a is not None}
    table = conform(frame, [Column(column.name, column.kind, column.about) for column in COLUMNS])
    if unknown := set(table["role"].str.strip()) - set(ROLES):
        raise BadInput(f"The role {min(unknown)!r} is none of {', '.join(ROLES)}.")
    if (table[["before", "after"]] < 0).any(axis=None):
        raise BadInput("A count is negative: before and after are numbers of reports.")
    sums = table.groupby(table["role"].str.strip())[["before", "after"]].sum()
    return {
        role: (float(sums["before"][role]), float(sums["after"][role]))
        for role in ROLES
        if role in sums.index
    }


def say(result: DisplacementResult) -> tuple[Sentence, ...]:
    """What it says: the net, whether it moved, and what it leans on."""
    if result.refusal is not None:
        return (result.refusal,)
    if result.wdd is None or result.low is None or result.high is None:
        raise ValueError("A result without a refusal has its difference.")
    told = [
        Sentence(*(_net(result.wdd, result.low, result.high, language) for language in ("sv", "en"))),
    ]
    if result.moved is None and result.observed is not None and result.expected is not None:
        told.append(expected_told(result.observed, result.expected))
    if result.moved is not None and result.moved_low is not None and result.moved_high is not None:
        told.append(_moved(result.moved_low, result.moved_high))
    if result.unlike:
        told.append(
            Sentence(
                "Jämförelseområdet är mycket större eller mindre: välj ett likare, eller läs siffran försiktigt.",
                "The control area is much larger or smaller: choose one more alike, or read this with care.",
            )
        )
    return tuple(told)


def _net(value: float, low: float, high: float, language: Language) -> str:
    swedish = language == "sv"
    fewer = value < 0
    word = ("färre" if fewer else "fler") if swedish else ("fewer" if fewer else "more")
    many = words.number(abs(value), language)
    start = f"Ungefär {many} {word} än väntat" if swedish else f"About {many} {word} than expected"
    if many == "0":
        start = "Ungefär så många som väntat" if swedish else "About as many as expected"
    if not low < 0 < high:
        nearest, furthest = sorted((abs(low), abs(high)))
        return f"{start} ({words.interval(nearest, furthest, language)})."
    chance = "men det kan vara slump" if swedish else "but it could be chance"
    return f"{start}, {chance} ({_ends(low, high, language)})."


def _ends(low: float, high: float, language: Language) -> str:
    first, last = words.number(abs(low), language), words.number(abs(high), language)
    return f"{first} färre till {last} fler" if language == "sv" else f"{first} fewer to {last} more"


def _moved(low: float, high: float) -> Sentence:
    if low > 0:
        sv, en = words.interval(low, high, "sv"), words.interval(low, high, "en")
        return Sentence(
            f"Intill blev det fler än väntat ({sv}): en del kan ha flyttat dit.",
            f"Next to it there were more than expected ({en}): some may have moved there.",
        )
    if high < 0:
        sv, en = words.interval(-high, -low, "sv"), words.interval(-high, -low, "en")
        return Sentence(
            f"Även intill blev det färre än väntat ({sv}).",
            f"Next to it, too, there were fewer than expected ({en}).",
        )
    return Sentence(
        f"Om något flyttade till områdena intill går inte att säga ({_ends(low, high, 'sv')}).",
        f"Whether some moved next door cannot be told ({_ends(low, high, 'en')}).",
    )


DISPLACEMENT = Measure(
    name="displacement",
    version=1,
    title=Sentence("Förändring mot jämförelseområden", "Change against control areas"),
    columns=COLUMNS,
    params=DisplacementParams,
    result=DisplacementResult,
    run=run,
    say=say,
)
