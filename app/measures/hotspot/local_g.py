"""Gi*: areas that lie together with their neighbours above, or below, what all areas have."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
from scipy import special

from app.domain.errors import BadInput
from app.domain.measure import Sentence
from app.domain.words import AREA, too_few_of
from app.measures.hotspot.areas import Areas, one, read_areas, told
from app.measures.hotspot.called import Called, call
from app.measures.hotspot.formulas import gi, gi_star, global_g
from app.measures.hotspot.local_g_model import (
    Called05,
    GlobalG,
    LocalGParams,
    LocalGResult,
    Place,
    Verdict,
)
from app.measures.hotspot.permutation import Drawn, permuted
from app.measures.hotspot.why import EQUAL, why
from app.statistics.weights import Floats, Ints

LEAST = 3


def run(
    frame: pd.DataFrame, params: LocalGParams, /, *, now: datetime, rng: np.random.Generator
) -> LocalGResult:
    """Gi and Gi* of each area; ``now`` does not matter.

    Raises:
        BadInput: A column that was asked for is missing, the neighbours do not fit, or the place is unknown.
    """
    del now
    areas = read_areas(frame, params)
    size = len(areas.value)
    refusal = too_few_of(AREA, size, LEAST) if size < LEAST else EQUAL if np.ptp(areas.value) == 0 else None
    # Of equal values nothing is drawn, so a refusal leaves every p untold.
    times = params.permutations if refusal is None else 0
    drawn = permuted(areas.value, areas.neighbours, times, rng, replace=params.replace)
    found = _result(areas, params, drawn, refusal)
    if params.place is None or refusal is not None:
        return found
    asked = _asked(areas, str(params.place))
    return found.model_copy(update={"place": _place(areas, found, asked, drawn.whole)})


def _result(areas: Areas, params: LocalGParams, drawn: Drawn, refusal: Sentence | None) -> LocalGResult:
    values, neighbours = areas.value, areas.neighbours
    nothing = np.full(len(values), np.nan)
    star = nothing if refusal else gi_star(values, neighbours)
    without = nothing if refusal else gi(values, neighbours)
    called = call(areas, star, drawn.whole, params.q)
    whole = global_g(values, neighbours, without_islands=not params.islands_count)
    verdicts: list[Verdict | None] = [None] * len(areas.ids)
    for place, verdict in zip(areas.kept, _verdicts(star, called), strict=True):
        verdicts[place] = verdict
    return LocalGResult(
        refusal=refusal,
        n=len(values),
        links=neighbours.links,
        islands=neighbours.islands,
        mean=one(values.mean()) if len(values) else None,
        q=params.q,
        i=areas.ids,
        value=areas.spread(values),
        neighbour_count=_whole(areas, neighbours.counts),
        local_mean=areas.spread((neighbours.sums(values) + values) / (neighbours.counts + 1)),
        Gi_star_z_binary=areas.spread(star),
        Gi_z_binary=areas.spread(without),
        Gi_star_z_rowstd=areas.spread(star),
        Gi_z_rowstd=areas.spread(without),
        Gi_star_p_two_sided=areas.spread(called.p),
        Gi_p_two_sided=areas.spread(2 * special.ndtr(-np.abs(without))),
        Gi_star_bh=areas.spread(called.bh),
        Gi_star_by=areas.spread(called.by),
        Gi_star_bonf=areas.spread(called.bonferroni),
        n_sig=Called05(
            raw05=_at_most(called.p),
            bh05=_at_most(called.bh),
            by05=_at_most(called.by),
            bonf05=_at_most(called.bonferroni),
        ),
        p_rank_two=areas.spread(drawn.middle),
        nsim=params.permutations,
        enough=areas.flags(areas.enough),
        sparse=areas.flags(areas.sparse),
        p_used=areas.spread(called.used),
        p_adjusted=areas.spread(called.adjusted),
        called=verdicts,
        globalG=GlobalG(G=one(whole.statistic), E=one(whole.mean), Var=one(whole.variance), z=one(whole.z)),
        place=None,
    )


def _at_most(p: Floats) -> int:
    return int((np.nan_to_num(p, nan=1.0) <= 0.05).sum())


def _whole(areas: Areas, counts: Ints) -> list[int | None]:
    found: list[int | None] = [None] * len(areas.ids)
    for place, count in zip(areas.kept, counts, strict=True):
        found[place] = int(count)
    return found


def _verdicts(star: Floats, called: Called) -> list[Verdict]:
    return [
        "too few" if np.isnan(used) else ("hot" if z > 0 else "cold") if notable else "chance"
        for z, used, notable in zip(star, called.used, called.notable, strict=True)
    ]


def _asked(areas: Areas, name: str) -> int:
    """The table's row of the place."""
    name = name.strip()
    short = [str(int(known)) if known.isdecimal() else known for known in areas.ids]
    if name in areas.ids:
        return areas.ids.index(name)
    if name.isdecimal() and short.count(str(int(name))) == 1:
        return short.index(str(int(name)))
    raise BadInput(f"There is no area {name} in the table, which place names.")


def _place(areas: Areas, found: LocalGResult, row: int, p_rank: Floats) -> Place | None:
    known = {int(kept): at for at, kept in enumerate(areas.kept)}
    at = known.get(row)
    beside = areas.neighbours.of(at) if at is not None else np.empty(0, dtype=np.int64)
    values = areas.value
    verdict = found.called[row] or "too few"
    return Place(
        i=areas.ids[row],
        value=found.value[row],
        cases=None if at is None or areas.cases is None else one(areas.cases[at]),
        neighbours=[areas.ids[areas.kept[other]] for other in beside],
        neighbour_values=told(values[beside]),
        observed=None if at is None else float(values[at] + values[beside].sum()),
        expected=None if at is None else float(values.mean() * (1 + len(beside))),
        z=found.Gi_star_z_binary[row],
        p=found.Gi_star_p_two_sided[row],
        p_rank=None if at is None else one(p_rank[at]),
        p_used=found.p_used[row],
        p_adjusted=found.p_adjusted[row],
        called=verdict,
        why=why(found, row, len(beside)),
    )
