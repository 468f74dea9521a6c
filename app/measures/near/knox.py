"""Knox: pairs of events that lie both near each other and close in time, against what chance alone gives."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np
import pandas as pd

from app.domain.words import too_few
from app.measures.near.asked import Band, Cell, KnoxParams, KnoxResult, Permutations, Quantiles, Scheme
from app.measures.near.columns import EVENTS
from app.measures.near.grid import Grid, count
from app.measures.near.moments import Moments, moments
from app.statistics.frames import conform
from app.statistics.pairs import Floats, Ints, below
from app.statistics.shuffle import seeds

NEEDED = 5


def run(frame: pd.DataFrame, params: KnoxParams, /, *, now: datetime, rng: np.random.Generator) -> KnoxResult:
    """Knox for the events of ``frame`` (x, y, t); ``now`` plays no part."""
    del now
    events = conform(frame, EVENTS)
    if len(events) < NEEDED:
        return KnoxResult(refusal=too_few(len(events), NEEDED))
    x, y, t = (events[name].to_numpy(np.float64) for name in ("x", "y", "t"))
    deal = seeds(rng, params.B)
    by_pairs = params.scheme == "permute pair labels"
    s_asked, t_asked = _listed(params.delta_s), _listed(params.delta_t)
    exact = params.rule == "<="
    grid = count(
        x,
        y,
        t,
        s_edges=np.array([edge if exact else below(edge) for edge in sorted(s_asked)]),
        t_edges=np.array([edge if exact else below(edge) for edge in sorted(t_asked)]),
        metric=params.distance,
        seeds=deal[:0] if by_pairs else deal,
    )
    cells = _cells(grid, s_asked, t_asked, params, rng)
    bands: list[Band] = []
    if params.space_bands and params.time_bands:
        s_edges, t_edges = sorted(params.space_bands), sorted(params.time_bands)
        table = count(
            x, y, t, s_edges=np.array(s_edges), t_edges=np.array(t_edges), metric=params.distance, seeds=deal
        )
        bands = _bands(table, s_edges, t_edges)
    first = {name: getattr(cells[0], name) for name in Cell.model_fields}
    return KnoxResult(
        **first, unit=params.unit, whole_days=bool((t % 1 == 0).all()), cells=cells, bands=bands
    )


def _listed(value: float | list[float]) -> list[float]:
    return value if isinstance(value, list) else [value]


def _cells(
    grid: Grid, s_asked: list[float], t_asked: list[float], params: KnoxParams, rng: np.random.Generator
) -> list[Cell]:
    s_at = {edge: place for place, edge in enumerate(sorted(s_asked))}
    t_at = {edge: place for place, edge in enumerate(sorted(t_asked))}
    asked = [(delta_s, delta_t) for delta_s in s_asked for delta_t in t_asked]
    places = [(s_at[delta_s], t_at[delta_t]) for delta_s, delta_t in asked]
    chance = [moments(grid.near[s], grid.soon[t]) for s, t in places]
    observed = [int(grid.observed[s, t]) for s, t in places]
    if params.scheme == "permute pair labels":
        dealt = _deal_labels(grid, places, params.B, rng)
    elif grid.permuted is None or params.B == 0:
        dealt = None
    else:
        dealt = np.stack([grid.permuted[:, s, t] for s, t in places], axis=1)
    # Labels are dealt to each cell by itself, so the unlikeliest of them all has no meaning there.
    together = None if params.scheme == "permute pair labels" else dealt
    adjusted = unlikeliest(np.array(observed), together, chance)
    return [
        Cell(
            delta_s=delta_s,
            delta_t=delta_t,
            rule=f"{params.rule} (both)",
            distance=params.distance,
            perm=None if dealt is None else _permutations(observed[k], dealt[:, k], params.scheme),
            p_adjusted=adjusted[k],
            **_told(grid, *places[k], chance[k]),
        )
        for k, (delta_s, delta_t) in enumerate(asked)
    ]


def _told(grid: Grid, s: int, t: int, chance: Moments) -> dict[str, object]:
    """What a cell says of counts and chance, without shuffling."""
    from scipy.special import gammainc  # noqa: PLC0415 - takes a while to import, and only here

    total = grid.n * (grid.n - 1) // 2
    space, time, both = int(grid.near[s].sum()) // 2, int(grid.soon[t].sum()) // 2, int(grid.observed[s, t])
    return {
        "n": grid.n,
        "pairs_total": total,
        "pairs_space": space,
        "pairs_time": time,
        "statistic": both,
        "expected_product": chance.mean,
        "table": [both, space - both, time - both, total - space - time + both],
        "knox_ratio": both / chance.mean if chance.mean > 0 else None,
        "exact_mean": chance.mean,
        "exact_var": chance.variance,
        "z": (both - chance.mean) / math.sqrt(chance.variance) if chance.variance > 0 else None,
        # P(X ≥ k) of a Poisson is the regularised lower gamma function of k at its mean.
        "p_poisson_ge": float(gammainc(both, chance.mean)) if both else 1.0,
        "p_poisson_gt_surveillance": float(gammainc(both + 1, chance.mean)),
        "hypergeom_var": chance.of_pair_labels,
    }


def _deal_labels(
    grid: Grid, places: list[tuple[int, int]], count_: int, rng: np.random.Generator
) -> Ints | None:
    """The count if "close in time" were dealt to pairs as though they were unrelated: hypergeometric."""
    total = grid.n * (grid.n - 1) // 2
    if count_ == 0 or total >= 10**9:  # as far as the generator goes
        return None
    drawn = []
    for s, t in places:
        space, time = int(grid.near[s].sum()) // 2, int(grid.soon[t].sum()) // 2
        drawn.append(rng.hypergeometric(space, total - space, time, size=count_))
    return np.stack(drawn, axis=1)


def _permutations(observed: int, dealt: Ints, scheme: Scheme) -> Permutations:
    n_ge, times = int((dealt >= observed).sum()), dealt.size
    share = n_ge / times
    low, half, high, highest_ = (float(q) for q in np.quantile(dealt, [0.025, 0.5, 0.975, 0.99]))
    return Permutations(
        B=times,
        scheme=scheme,
        mean=float(dealt.mean()),
        sd=float(dealt.std(ddof=1)) if times > 1 else 0.0,
        n_ge=n_ge,
        p=(n_ge + 1) / (times + 1),
        p_mc_se=math.sqrt(share * (1 - share) / times),
        q=Quantiles(q025=low, q50=half, q975=high, q99=highest_),
    )


def unlikeliest(observed: Ints, dealt: Ints | None, chance: list[Moments]) -> list[float | None]:
    """The p of each cell when all were looked at: how often a shuffle's least likely cell was as unlikely as this one.

    Westfall and Young's single step. How unlikely a count is, is told by its Poisson tail at the cell's own mean: that
    puts cells with few pairs and with many on one scale, and the shuffles take care of what is not Poisson about them.
    """
    from scipy.special import gammainc  # noqa: PLC0415 - takes a while to import

    mean = np.array([cell.mean for cell in chance])
    judged = mean > 0
    if dealt is None or not judged.any():
        return [None] * len(chance)
    tail: Floats = gammainc(np.maximum(observed, 1), mean)
    tail[observed == 0] = 1.0
    tails: Floats = np.where(dealt > 0, gammainc(np.maximum(dealt, 1), mean), 1.0)
    least = tails[:, judged].min(axis=1)
    adjusted = (1 + (least[:, None] <= tail).sum(axis=0)) / (1 + len(dealt))
    return [float(p) if one else None for p, one in zip(adjusted, judged, strict=True)]


def _bands(grid: Grid, s_edges: list[float], t_edges: list[float]) -> list[Band]:
    near, soon = _apart(grid.near, 0), _apart(grid.soon, 0)
    observed = _apart(_apart(grid.observed, 0), 1)
    rows = [(s, t) for s in range(len(s_edges)) for t in range(len(t_edges))]
    chance = [moments(near[s], soon[t]) for s, t in rows]
    dealt = None
    if grid.permuted is not None and grid.permuted.size:
        dealt = _apart(_apart(grid.permuted, 1), 2).reshape(grid.permuted.shape[0], -1)
    adjusted = unlikeliest(observed.ravel(), dealt, chance)
    found = []
    for k, (s, t) in enumerate(rows):
        there, expected = int(observed[s, t]), chance[k].mean
        variance = chance[k].variance
        found.append(
            Band(
                same_address=s_edges[s] == 0,
                from_s=s_edges[s - 1] if s else None,
                to_s=s_edges[s],
                from_t=t_edges[t - 1] if t else None,
                to_t=t_edges[t],
                observed=there,
                expected=expected,
                ratio=there / expected if expected > 0 else None,
                z=(there - expected) / math.sqrt(variance) if variance > 0 else None,
                p=None if dealt is None else float((1 + (dealt[:, k] >= there).sum()) / (1 + len(dealt))),
                p_adjusted=adjusted[k],
            )
        )
    return found


def _apart(cumulative: Ints, axis: int) -> Ints:
    """Counts per band from counts within edges."""
    return np.diff(cumulative, axis=axis, prepend=0)
