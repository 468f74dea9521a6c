"""Count, weigh, and tell what the weight rests on."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from app.domain.errors import BadInput
from app.domain.measure import Sentence
from app.measures.harm.index import find_index
from app.measures.harm.model import Areas, HarmParams, HarmResult, Offences, Total
from app.statistics.exact import poisson_interval
from app.statistics.poisson_sums import Floats, weighted_interval

NOTHING = Sentence(
    "Inga brott, så det finns ingen skada att räkna.", "No offences, so there is no harm to reckon."
)
NO_WEIGHTS = Sentence(
    "Inget av brotten har en vikt, så ingen skada kan räknas.",
    "Not one of the offences has a weight, so no harm can be reckoned.",
)


class Counted(NamedTuple):
    """Offences by area (rows) and code (columns), and of each code its weight (0 without one) and what that is."""

    areas: list[str]
    codes: list[str]
    table: Floats
    weights: Floats
    missing: npt.NDArray[np.bool_]
    provisional: npt.NDArray[np.bool_]


def run(frame: pd.DataFrame, params: HarmParams, /, *, now: datetime, rng: np.random.Generator) -> HarmResult:
    """Counts and harm by area; ``now`` and ``rng`` do not matter.

    Raises:
        BadInput: Weights are missing, contradict each other or are asked for in a version that there is not; a day is
            asked for without the column; or more offences are taken back than there were.
    """
    del now, rng
    frame = _days(frame, params)
    index = find_index(frame, params)
    areas, codes, table = _counts(frame)
    found = [index.weights.get(code) for code in codes]
    counted = Counted(
        areas,
        codes,
        table,
        np.array([0.0 if one is None else one.weight for one in found], dtype=np.float64),
        np.array([one is None for one in found], dtype=bool),
        np.array([one is not None and one.provisional for one in found], dtype=bool),
    )
    refusal = None
    if not table.sum():
        refusal = NOTHING
    elif not table[:, ~counted.missing].sum():
        refusal = NO_WEIGHTS
    return HarmResult(
        refusal=refusal,
        version=index.version,
        versions=index.versions,
        one_carries=params.one_carries,
        total=_total(counted, params.level),
        areas=_areas(counted, params),
        offences=_offences(counted),
    )


def _days(frame: pd.DataFrame, params: HarmParams) -> pd.DataFrame:
    if params.first_day is None and params.last_day is None:
        return frame
    if "day" not in frame.columns:
        raise BadInput("The column day is missing; first_day and last_day need it.")
    kept = frame["day"].notna()
    if params.first_day is not None:
        kept &= frame["day"] >= pd.Timestamp(params.first_day)
    if params.last_day is not None:
        kept &= frame["day"] < pd.Timestamp(params.last_day) + pd.Timedelta(days=1)
    return frame[kept]


def _counts(frame: pd.DataFrame) -> tuple[list[str], list[str], Floats]:
    """Areas, codes, and offences by both; what was taken back is taken off."""
    areas, codes = frame["area"].str.strip(), frame["offence"].str.strip()
    rows, columns = np.unique(areas.to_numpy(dtype=str)), np.unique(codes.to_numpy(dtype=str))
    number = frame["n"].to_numpy(dtype=np.float64) if "n" in frame.columns else np.ones(len(frame))
    table = np.zeros((len(rows), len(columns)))
    places = (
        np.searchsorted(rows, areas.to_numpy(dtype=str)),
        np.searchsorted(columns, codes.to_numpy(dtype=str)),
    )
    np.add.at(table, places, number)
    if bool((table < 0).any()):
        row, column = np.argwhere(table < 0)[0]
        raise BadInput(
            f"In the area {rows[row]} more offences {columns[column]} are taken back than there were."
        )
    return rows.tolist(), columns.tolist(), table


def _total(counted: Counted, level: float) -> Total:
    n = counted.table.sum(axis=0)
    weights = counted.weights
    low, high = poisson_interval(n.sum(), level)
    harm = float(n @ weights)
    least, most = weighted_interval(harm, n @ weights**2, weights.max(initial=0.0), level)
    one = float(weights[n > 0].max(initial=0.0))
    return Total(
        n=int(n.sum()),
        n_low=float(low),
        n_high=float(high),
        harm=harm,
        harm_low=float(least),
        harm_high=float(most),
        provisional_share=float(n @ (weights * counted.provisional)) / harm if harm else 0.0,
        missing_n=int(n[counted.missing].sum()),
        one_share=one / harm if harm else 0.0,
        harm_without_one=harm - one,
    )


def _areas(counted: Counted, params: HarmParams) -> Areas:
    table, weights = counted.table, counted.weights
    n, harm = table.sum(axis=1), table @ weights
    low, high = poisson_interval(n, params.level)
    # The gravest that happened anywhere could have happened here: each area's upper end knows of it.
    largest = np.full(len(n), weights.max(initial=0.0))
    least, most = weighted_interval(harm, table @ weights**2, largest, params.level)
    there = np.where((table > 0) & ~counted.missing, weights, -1.0)
    one = there.max(axis=1, initial=-1.0)
    has = one >= 0
    gravest = there.argmax(axis=1) if there.size else np.zeros(len(n), dtype=np.int64)
    single = np.where(has, one, 0.0)
    missing = table[:, counted.missing].sum(axis=1)
    shares = _parts(single, harm)
    return Areas(
        area=counted.areas,
        n=[int(count) for count in n],
        n_low=low.tolist(),
        n_high=high.tolist(),
        harm=harm.tolist(),
        harm_low=least.tolist(),
        harm_high=most.tolist(),
        share_of_n=_parts(n, np.full(len(n), n.sum())),
        share_of_harm=_parts(harm, np.full(len(n), harm.sum())),
        harm_per_offence=_parts(harm, n - missing),
        provisional_n=[int(count) for count in table[:, counted.provisional].sum(axis=1)],
        provisional_share=_parts(table @ (weights * counted.provisional), harm),
        missing_n=[int(count) for count in missing],
        missing_share=_parts(missing, n),
        gravest=[counted.codes[place] if told else None for place, told in zip(gravest, has, strict=True)],
        gravest_weight=[float(weight) if told else None for weight, told in zip(one, has, strict=True)],
        one_share=shares,
        harm_without_one=(harm - single).tolist(),
        carried_by_one=[share is not None and share >= params.one_carries for share in shares],
    )


def _parts(part: Floats, whole: Floats) -> list[float | None]:
    return [float(one / of) if of > 0 else None for one, of in zip(part, whole, strict=True)]


def _offences(counted: Counted) -> Offences:
    n = counted.table.sum(axis=0)
    harm = n * counted.weights
    order = np.lexsort((np.arange(len(n)), -n, -harm))
    return Offences(
        offence=[counted.codes[place] for place in order],
        n=[int(n[place]) for place in order],
        weight=[None if counted.missing[place] else float(counted.weights[place]) for place in order],
        provisional=[bool(counted.provisional[place]) for place in order],
        harm=[float(harm[place]) for place in order],
        share_of_harm=_parts(harm[order], np.full(len(n), harm.sum())),
    )
