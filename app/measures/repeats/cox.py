"""What goes with a shorter time to the event: proportional hazards, with errors that hold where rows go together."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pydantic import Field
from scipy import stats

from app.domain.errors import BadInput
from app.domain.measure import Measure, Result, Sentence
from app.domain.words import number, too_few_of
from app.measures.repeats.spells import (
    EVENT,
    FREE,
    HAPPENED,
    START,
    STOP,
    Names,
    SpellParams,
    Value,
    numbered,
    ordered,
    shown,
    spells,
    told,
)
from app.statistics.cox import Fit, fit

FACTOR = re.compile(r"^factor\((.+)\)$")
FEW_CLUSTERS = 40
BEYOND = 1000.0  # more is said as more than this


class CoxParams(SpellParams):
    """What is set of the fit."""

    covariates: Names = Field(
        (),
        description="columns that may go with the hazard: numbers as they are; a text, or factor(NAME), "
        "as one indicator per value beyond the first of levels",
    )
    ties: Literal["efron", "breslow"] = Field("efron", description="how events at the same time are counted")
    strata: Names = Field(
        (), description='compare only rows with the same values of these columns; ["enum"] is PWP\'s model'
    )
    cluster: str | None = Field(
        None,
        description="the column whose equal values go together, as id: gives se that hold then; "
        "null: rows are taken as independent",
    )
    min_events_per_covariate: int = Field(
        5, ge=1, description="with fewer events per estimated coefficient, nothing is said"
    )


class CoxResult(Result):
    """The fit; each coefficient by its name, in the order of covariates."""

    coef: dict[str, float] = Field(default={}, description="log hazard ratio per unit of the covariate")
    se: dict[str, float] = Field(
        default={},
        description="its standard error: robust to clusters where cluster is set, else from the model",
    )
    naive_se: dict[str, float] = Field(
        default={}, description="the model's own standard error where cluster is set; empty where it is not"
    )
    hazard_ratio: dict[str, float | None] = Field(
        default={}, description="exp(coef); null: more than a computer can write"
    )
    lower: dict[str, float | None] = Field(default={}, description="lower limit of the hazard ratio, from se")
    upper: dict[str, float | None] = Field(default={}, description="upper limit of the hazard ratio, from se")
    loglik: list[float] = Field(
        default=[], description="log partial likelihood without covariates, and fitted"
    )
    ties: str = Field(default="efron", description="as it was set")
    n: int = Field(default=0, description="rows used")
    nevent: int = Field(default=0, description="events among them")
    clusters: int | None = Field(
        default=None, description="different values of cluster; null where it is not set"
    )
    rows_left_out: int = Field(default=0, description="rows with a gap, or that end before they begin")
    ids_repeat: bool = Field(
        default=False, description="a column id has equal values, and cluster is not set"
    )


def run(frame: pd.DataFrame, params: CoxParams, /, *, now: datetime, rng: np.random.Generator) -> CoxResult:
    """The fit. ``now`` and ``rng`` are not used.

    Raises:
        BadInput: No covariate, one twice, or a column that is not there.
    """
    del now, rng
    if not params.covariates:
        raise BadInput('The parameter covariates of cox names no column; set it, as {"covariates": ["rx"]}.')
    sources = [_source(name) for name in params.covariates]
    if len(set(sources)) < len(sources):
        raise BadInput("The parameter covariates of cox names a column twice.")
    also = (params.cluster,) if params.cluster else ()
    rows = spells(frame, params, (*sources, *params.strata, *also))
    names, x = design(rows.frame, params.covariates, params.levels)
    events, needed = int(rows.event.sum()), params.min_events_per_covariate * max(1, len(names))
    found = {"ties": params.ties, "n": len(rows.leave), "nevent": events, "rows_left_out": rows.left_out}
    if events < needed:
        return CoxResult(refusal=too_few_of(EVENT, events, needed), **found)
    if not names:
        return CoxResult(refusal=_same_everywhere(params.covariates[0]), **found)
    fitted = fit(rows.entry, rows.leave, rows.event, x, numbered(rows.frame, params.strata)[0], params.ties)
    if fitted.trouble is not None:
        return CoxResult(refusal=_trouble(fitted, names), **found)
    naive = np.sqrt(np.diag(fitted.variance))
    error, clusters = naive, None
    if params.cluster:
        cluster, values = numbered(rows.frame, (params.cluster,))
        clusters = len(values)
        if clusters <= len(names):
            return CoxResult(refusal=_few_clusters(params.cluster, clusters, len(names)), **found)
        error = np.sqrt(np.diag(fitted.clustered(cluster)))
    half = float(stats.norm.ppf((1 + params.level) / 2)) * error
    return CoxResult(
        coef=_by_name(names, fitted.coef),
        se=_by_name(names, error),
        naive_se=_by_name(names, naive) if params.cluster else {},
        hazard_ratio=_ratios(names, fitted.coef),
        lower=_ratios(names, fitted.coef - half),
        upper=_ratios(names, fitted.coef + half),
        loglik=list(fitted.loglik),
        clusters=clusters,
        ids_repeat=params.cluster is None and "id" in rows.frame and not rows.frame["id"].is_unique,
        **found,
    )


def _source(covariate: str) -> str:
    inside = FACTOR.match(covariate)
    return inside.group(1).strip() if inside else covariate


def design(
    frame: pd.DataFrame, covariates: Sequence[str], levels: Mapping[str, Sequence[Value]] | None = None
) -> tuple[list[str], npt.NDArray[np.float64]]:
    """The columns of the fit, with their names: ``rx``, ``factor(enum)2`` or, of a text, ``sexF``."""
    names: list[str] = []
    columns: list[npt.NDArray[np.float64]] = []
    for covariate in covariates:
        source = _source(covariate)
        column = frame[source]
        if FACTOR.match(covariate) or not pd.api.types.is_numeric_dtype(column):
            place, values = ordered(column, (levels or {}).get(source, ()))
            for number, value in enumerate(values[1:], 1):
                names.append(f"{covariate}{shown(value)}")
                columns.append((place == number).astype(np.float64))
        else:
            names.append(covariate)
            columns.append(column.to_numpy(np.float64))
    return names, np.column_stack(columns) if columns else np.empty((len(frame), 0))


def _by_name(names: list[str], values: npt.NDArray[np.float64]) -> dict[str, float]:
    return {name: float(value) for name, value in zip(names, values, strict=True)}


def _ratios(names: list[str], logs: npt.NDArray[np.float64]) -> dict[str, float | None]:
    with np.errstate(over="ignore"):
        return dict(zip(names, told(np.exp(logs)), strict=True))


def _same_everywhere(name: str) -> Sentence:
    return Sentence(
        f"Det går inte att säga något om {name}: värdet är lika överallt.",
        f"Nothing can be said of {name}: its value is the same everywhere.",
    )


def _trouble(fitted: Fit, names: list[str]) -> Sentence:
    name = names[fitted.column or 0]
    if fitted.trouble == "collinear":
        return Sentence(
            f"Det går inte att säga något om {name}: det är lika överallt där rader jämförs, "
            "eller följer helt av de andra.",
            f"Nothing can be said of {name}: it is the same wherever rows are compared, "
            "or follows wholly from the others.",
        )
    return Sentence(
        f"Det går inte att säga hur mycket {name} betyder: det skiljer helt dem som har händelsen från de andra.",
        f"How much {name} matters cannot be told: it wholly parts those with the event from the others.",
    )


def _few_clusters(column: str, found: int, coefficients: int) -> Sentence:
    return Sentence(
        f"För få olika {column} för att säga något: {found}, det behövs fler än {coefficients}.",
        f"Too few different {column} to say anything: {found}, and it takes more than {coefficients}.",
    )


def say(result: CoxResult) -> tuple[Sentence, ...]:
    """Each covariate's hazard ratio with its interval, and what makes it unsure."""
    if result.refusal is not None:
        return (result.refusal,)
    sentences = [_said(name, result) for name in result.coef]
    if result.ids_repeat:
        sentences.append(
            Sentence(
                "Samma id kommer flera gånger och räknas som oberoende, så osäkerheten är större än den ser ut.",
                "The same id comes several times and counts as independent, so it is less sure than it looks.",
            )
        )
    if result.clusters is not None and result.clusters < FEW_CLUSTERS:
        sentences.append(
            Sentence(
                f"Bara {result.clusters} grupper hör ihop; intervallen är då ofta för smala.",
                f"Only {result.clusters} clusters; the intervals are then often too narrow.",
            )
        )
    return tuple(sentences)


def _said(name: str, result: CoxResult) -> Sentence:
    ratio, low, high = result.hazard_ratio[name], result.lower[name], result.upper[name]
    chance = (0 if low is None else low) < 1 < (BEYOND if high is None else high)
    return Sentence(
        f"För {name}: {_times(ratio, 'sv')} gånger så ofta "
        f"({_times(low, 'sv')}–{_times(high, 'sv')}){', men det kan vara slump' if chance else ''}.",
        f"For {name}: {_times(ratio, 'en')} times as often "
        f"({_times(low, 'en')}–{_times(high, 'en')}){', but it could be chance' if chance else ''}.",
    )


def _times(value: float | None, language: Literal["sv", "en"]) -> str:
    if value is None or value > BEYOND:
        return f"> {number(BEYOND, language)}"
    return number(value, language, 2 if value < 10 else 0)


COX = Measure(
    name="cox",
    version=1,
    title=Sentence(
        "Vad som hör ihop med kortare tid till nästa", "What goes with a shorter time to the next"
    ),
    columns=(START, STOP, HAPPENED, FREE),
    params=CoxParams,
    result=CoxResult,
    run=run,
    say=say,
    checks=("survival_bladder",),
)
