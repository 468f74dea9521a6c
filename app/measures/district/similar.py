"""A district beside districts like it: its own figure, and the range of the others. No order, and no names."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field

from app.domain.errors import BadInput
from app.domain.measure import Column, Measure, Params, Result, Sentence
from app.domain.words import AREA, Language, interval, number, percent, percent_interval, too_few_of
from app.statistics.frames import conform

Floats = npt.NDArray[np.float64]
Figure = Literal["rate", "share", "gap"]
FIGURES: tuple[Figure, ...] = ("rate", "share", "gap")

COLUMNS = (
    Column("area", "text", "the district"),
    Column("population", "number", "its inhabitants; empty where they are not known", gaps=True),
    Column("reports", "number", "reports in the time looked at"),
    Column("named", "number", "of a pair each: reports that name one"),
    Column("repeats", "number", "of these, those of a pair that was reported within a year before"),
    Column("gap_days", "number", "days since that report, the median; empty where there are none", gaps=True),
)
LANGUAGES: tuple[Language, Language] = ("sv", "en")
WHAT: dict[Figure, Sentence] = {
    "rate": Sentence(
        "{} anmälningar per 100 000 invånare på ett år", "{} reports per 100,000 inhabitants in a year"
    ),
    "share": Sentence(
        "{} av parens anmälningar kom inom ett år efter en tidigare",
        "{} of the pairs' reports came within a year of an earlier one",
    ),
    "gap": Sentence(
        "{} dagar, i mitten, från den tidigare anmälan till den nya",
        "{} days, in the middle, from the earlier report to the new one",
    ),
}
WITHIN = Sentence("inom spannet", "within the range")
ABOVE = Sentence("över spannet", "above the range")
BELOW = Sentence("under spannet", "below the range")
NO_RANGE = Sentence("för få liknande distrikt för ett spann", "too few similar districts for a range")
MANY = 10
"""From so many similar districts on the range is from the 10th to the 90th percentile; of fewer it is all of them."""


class SimilarParams(Params):
    """Which districts are alike."""

    times: float = Field(
        2.0, gt=1, description="alike: inhabitants and reports both within this factor, up or down"
    )
    least: int = Field(4, ge=4, description="districts that a range is told of at least; never fewer than 4")
    per: float = Field(100_000, gt=0, description="inhabitants that rate is for")
    fewest: int = Field(
        10, ge=1, description="reports that name a pair, for share; repeats, for gap: a half of it"
    )


class SimilarResult(Result):
    """One row per district: its own figures, each with the range of those like it."""

    per: float = Field(100_000, description="inhabitants that rate is for")
    area: list[str] = Field([], description="the district")
    similar: list[int] = Field([], description="districts like it: the range is of these")
    widened: list[bool] = Field([], description="whether too few were alike, and the nearest were taken")
    people_low: list[float] = Field([], description="inhabitants of the smallest of these")
    people_high: list[float] = Field([], description="inhabitants of the largest of these")
    rate: list[float | None] = Field([], description="reports per so many inhabitants")
    rate_low: list[float | None] = Field(
        [], description="low end of the range of rate; none: fewer than least"
    )
    rate_high: list[float | None] = Field([], description="high end of it")
    share: list[float | None] = Field(
        [], description="share of the reports of pairs that are repeats (0 to 1)"
    )
    share_low: list[float | None] = Field([], description="low end of the range of share")
    share_high: list[float | None] = Field([], description="high end of it")
    gap: list[float | None] = Field([], description="days from one report of a pair to the next, the median")
    gap_low: list[float | None] = Field([], description="low end of the range of gap")
    gap_high: list[float | None] = Field([], description="high end of it")


class Alike(NamedTuple):
    """The rows of the districts like one, and whether they had to be looked for further away."""

    rows: npt.NDArray[np.int64]
    widened: bool


def run(
    frame: pd.DataFrame, params: SimilarParams, /, *, now: datetime, rng: np.random.Generator
) -> SimilarResult:
    """Each district beside those like it; ``now`` and ``rng`` do not matter.

    Raises:
        BadInput: A count is below 0, or a district has two rows.
    """
    del now, rng
    table = conform(frame, COLUMNS)
    if table["area"].duplicated().any():
        raise BadInput(f"The area {table['area'][table['area'].duplicated()].iloc[0]!r} has two rows.")
    if (table[["reports", "named", "repeats"]] < 0).any().any():
        raise BadInput("A count is negative: it is a number of reports.")
    known = int((table["population"] > 0).sum())
    if known < params.least + 1:
        return SimilarResult(refusal=too_few_of(AREA, known, params.least + 1), per=params.per)
    people = table["population"].to_numpy(np.float64)
    reports = table["reports"].to_numpy(np.float64)
    own = _figures(table, params)
    columns: dict[str, list[Any]] = {
        name: [] for name in SimilarResult.model_fields if name not in ("refusal", "per")
    }
    for row, area in enumerate(table["area"]):
        if not people[row] > 0:
            continue
        alike = alike_to(row, people, reports, params.times, params.least)
        columns["area"].append(area)
        columns["similar"].append(len(alike.rows))
        columns["widened"].append(alike.widened)
        columns["people_low"].append(float(people[alike.rows].min()))
        columns["people_high"].append(float(people[alike.rows].max()))
        for name in FIGURES:
            low, high = _range(own[name][alike.rows], params.least)
            columns[name].append(_told(own[name][row]))
            columns[f"{name}_low"].append(low)
            columns[f"{name}_high"].append(high)
    return SimilarResult(per=params.per, **columns)


def alike_to(row: int, people: Floats, reports: Floats, times: float, least: int) -> Alike:
    """The districts like the one in ``row``: by inhabitants and reports; the nearest, where too few are within.

    A district lies as far off as the greater of its two factors says.
    """
    others = np.flatnonzero((people > 0) & (np.arange(len(people)) != row))
    size = np.abs(np.log(people[others] / people[row]))
    volume = np.abs(np.log((reports[others] + 1) / (reports[row] + 1)))
    far = np.maximum(size, volume)
    within = others[far <= math.log(times)]
    if len(within) >= least:
        return Alike(within, widened=False)
    return Alike(np.sort(others[np.argsort(far, kind="stable")[:least]]), widened=True)


def _figures(table: pd.DataFrame, params: SimilarParams) -> dict[Figure, Floats]:
    """Each district's own figures; NaN where there is too little for one."""
    named, repeats = table["named"].to_numpy(np.float64), table["repeats"].to_numpy(np.float64)
    people = table["population"].to_numpy(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(people > 0, params.per * table["reports"].to_numpy(np.float64) / people, np.nan)
        share = np.where(named >= params.fewest, repeats / named, np.nan)
    gap = np.where(repeats >= params.fewest / 2, table["gap_days"].to_numpy(np.float64), np.nan)
    return {"rate": rate, "share": share, "gap": gap}


def _range(values: Floats, least: int) -> tuple[float | None, float | None]:
    known = values[~np.isnan(values)]
    if len(known) < least:
        return None, None
    ends = (0.1, 0.9) if len(known) >= MANY else (0.0, 1.0)
    return float(np.quantile(known, ends[0])), float(np.quantile(known, ends[1]))


def _told(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def say(result: SimilarResult) -> tuple[Sentence, ...]:
    """Of one district its figures beside the ranges; of several, of how many it is told."""
    if result.refusal is not None:
        return (result.refusal,)
    if len(result.area) != 1:
        return (
            Sentence(
                f"{number(len(result.area), 'sv')} distrikt, vart och ett bredvid dem som liknar det mest.",
                f"{number(len(result.area), 'en')} districts, each beside those that are most like it.",
            ),
        )
    return tuple(told(result, 0))


def told(result: SimilarResult, row: int) -> list[Sentence]:
    """The sentences of one district: its figures beside the ranges, and whose ranges these are."""
    said = [sentence for name in FIGURES if (sentence := told_of(result, row, name)) is not None]
    sv, en = (
        interval(round(result.people_low[row], -3), round(result.people_high[row], -3), language)
        for language in LANGUAGES
    )
    similar = result.similar[row]
    return [
        *said,
        Sentence(
            f"Spannet är {number(similar, 'sv')} distrikts, med {sv} invånare.",
            f"The range is that of {number(similar, 'en')} districts, with {en} inhabitants.",
        ),
    ]


def told_of(result: SimilarResult, row: int, name: Figure) -> Sentence | None:
    """One figure of a district beside its range; None where the district has too few for it."""
    value = getattr(result, name)[row]
    if value is None:
        return None
    low, high = getattr(result, f"{name}_low")[row], getattr(result, f"{name}_high")[row]
    if low is None or high is None:
        where = NO_RANGE
    else:
        side = ABOVE if value > high else BELOW if value < low else WITHIN
        sv, en = (_ends(name, low, high, language) for language in LANGUAGES)
        where = Sentence(f"i liknande distrikt {sv}, {side.sv}", f"in similar districts {en}, {side.en}")
    sv, en = (written(name, value, language) for language in LANGUAGES)
    what = WHAT[name]
    return Sentence(f"{what.sv.format(sv)}; {where.sv}.", f"{what.en.format(en)}; {where.en}.")


def written(name: Figure, value: float, language: Language) -> str:
    """A figure as people read it."""
    return percent(value, language) if name == "share" else number(value, language)


def _ends(name: Figure, low: float, high: float, language: Language) -> str:
    return percent_interval(low, high, language) if name == "share" else interval(low, high, language)


SIMILAR = Measure(
    name="similar",
    version=1,
    title=Sentence("Bredvid liknande distrikt", "Beside similar districts"),
    columns=COLUMNS,
    params=SimilarParams,
    result=SimilarResult,
    run=run,
    say=say,
)
