"""The ratio to what was expected: negative-binomial difference in differences with an effect per area and period."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from app.domain import words
from app.domain.measure import Measure, Sentence
from app.measures.effect import inference
from app.measures.effect.effect_model import (
    COLUMNS,
    NOT_PARALLEL,
    UNSETTLED,
    EffectParams,
    EffectResult,
    Method,
    say,
)
from app.measures.effect.fit import Fit, fit_two_way
from app.measures.effect.panel import Panel, read_panel
from app.measures.effect.trend import Trend, look_back
from app.statistics.frames import conform


def run(
    frame: pd.DataFrame, params: EffectParams, /, *, now: datetime, rng: np.random.Generator
) -> EffectResult:
    """The effect.

    Raises:
        BadInput: A count is negative, or who was treated or since when cannot be made out.
    """
    del now
    table = conform(frame, COLUMNS)
    if table.empty:
        return EffectResult(refusal=words.too_few(0, params.at_least), confidence=params.confidence)
    whole = read_panel(table, params.treated, params.start)
    panel = whole.without_empty()
    told = _shape(panel, params)
    if refusal := _too_little(panel, params):
        return EffectResult(refusal=refusal, **told)
    fit = fit_two_way(panel.counts, (panel.treated[:, None] & panel.after[None, :]).astype(np.float64))
    if fit is None:
        return EffectResult(refusal=UNSETTLED, **told)
    told |= _trend(look_back(panel, fit, params.points, params.confidence), params)
    told |= {"kappa": fit.kappa}
    if told["parallel"] is False and not params.despite_trend:
        return EffectResult(refusal=NOT_PARALLEL, **told)
    return EffectResult(**told, **_ratio(panel, fit, params, rng))


def _shape(panel: Panel, params: EffectParams) -> dict[str, Any]:
    treated_before, observed, control_before, control_after = panel.sums()
    return {
        "confidence": params.confidence,
        "treated_before": treated_before,
        "observed": observed,
        "control_before": control_before,
        "control_after": control_after,
        "treated_areas": int(panel.treated.sum()),
        "control_areas": int((~panel.treated).sum()),
        "periods_before": int((~panel.after).sum()),
        "periods_after": int(panel.after.sum()),
        "filled": panel.filled,
    }


def _too_little(panel: Panel, params: EffectParams) -> Sentence | None:
    if not panel.treated.any():
        return words.too_few_of(words.AREA, 0, 1)
    controls = int((~panel.treated).sum())
    if controls < params.least_controls or len(panel.areas) < 3:
        return words.too_few_of(
            words.AREA, controls, max(params.least_controls, 3 - int(panel.treated.sum()))
        )
    if panel.after.all() or not panel.after.any():
        return Sentence(
            "Det går inte att jämföra: tabellen har inte både tid före och tid efter.",
            "There is nothing to compare: the table has not both a time before and a time after.",
        )
    treated_before, observed, control_before, control_after = panel.sums()
    expected = treated_before * control_after / control_before if control_before else 0.0
    least = min(treated_before, control_before, control_after, expected)
    if least < params.at_least:
        return words.too_few(math.floor(least), params.at_least)
    # With none at all after, a ratio has no interval.
    return words.too_few(0, 1) if observed == 0 else None


def _trend(trend: Trend, params: EffectParams) -> dict[str, Any]:
    half = float(stats.norm.ppf((1 + params.confidence) / 2)) * trend.error
    parallel = None
    if trend.joint_p is not None and trend.slope_p is not None:
        parallel = 2 * min(trend.joint_p, trend.slope_p) >= params.trend_alpha
    drift = (None, None, None) if trend.drift is None else tuple(math.exp(one) for one in trend.drift)
    return {
        "parallel": parallel,
        "joint_p": trend.joint_p,
        "slope_p": trend.slope_p,
        "drift": drift[0],
        "drift_low": drift[1],
        "drift_high": drift[2],
        "point_period": trend.period,
        "point_after": trend.after,
        "point_ratio": np.exp(trend.value).tolist(),
        "point_low": np.exp(trend.value - half).tolist(),
        "point_high": np.exp(trend.value + half).tolist(),
    }


def _ratio(panel: Panel, fit: Fit, params: EffectParams, rng: np.random.Generator) -> dict[str, Any]:
    found = inference.changes(panel, fit)
    level = params.confidence
    placebo = inference.by_permutation(panel, found, level, params.permutations, rng)
    every: dict[Method, inference.Interval] = {
        "permutation": placebo.interval,
        "area_change": inference.by_area_change(fit, panel, found, level),
        "cluster": inference.by_cluster(fit, level),
        "model": inference.by_model(fit, level),
    }
    chosen: Method = "area_change" if params.inference == "auto" else params.inference
    low, high = _exp(every[chosen].low), _exp(every[chosen].high)
    observed, ratio = panel.sums()[1], math.exp(fit.beta)
    return {
        "ratio": ratio,
        "log_ratio": fit.beta,
        "low": low or 0.0,
        "high": high,
        "p": every[chosen].p,
        "inference": chosen,
        "method": list(every),
        "method_low": [_exp(one.low) or 0.0 for one in every.values()],
        "method_high": [_exp(one.high) for one in every.values()],
        "method_p": [one.p for one in every.values()],
        "expected": observed / ratio,
        "expected_low": observed / high if high is not None else 0.0,
        "expected_high": observed / low if low else None,
        "between": math.sqrt(found.between),
        "assignments": placebo.assignments,
        "as_far": placebo.as_far,
    }


def _exp(log: float) -> float | None:
    """The ratio of a logarithm; None for what is too far to be a figure."""
    return math.exp(log) if log < 500 else None


EFFECT = Measure(
    name="effect",
    version=1,
    title=Sentence("Hjälpte det?", "Did it work?"),
    columns=COLUMNS,
    params=EffectParams,
    result=EffectResult,
    run=run,
    say=say,
)
