"""A density of places: how thick they lie, and against whom they could have happened to."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from app.domain.errors import BadInput
from app.domain.measure import Sentence
from app.domain.words import PLACE, counted, interval, number, too_few
from app.measures.density.density_model import DensityParams, DensityResult, Peak, RelativePeak
from app.measures.density.surface import Floats, Grid, at, height, inside, kernel_covariance, smooth
from app.statistics.poisson_sums import weighted_interval

AROUND = 3.0
"""Standard deviations of the kernel around the outermost points, where no extent is given."""
RELATIVE_FROM = 5.0
"""Cases that a kernel must rest on, or be expected to, and places to compare with, for a relative risk to be told."""
KM2 = 1e6

NO_SPREAD = Sentence(
    "Alla platser ligger på en punkt eller en linje; ange en bandbredd.",
    "All places lie on one spot or one line; set a bandwidth.",
)
NO_WEIGHT = Sentence("Ingen plats väger något.", "No place weighs anything.")
NO_CONTROLS = Sentence(
    "För få jämförelseplatser för att säga något.", "Too few places to compare with to say anything."
)


class _Points(NamedTuple):
    places: Floats
    weights: Floats


def run(
    frame: pd.DataFrame, params: DensityParams, /, *, now: datetime, rng: np.random.Generator
) -> DensityResult:
    """The density of the places of ``frame``; ``now`` and ``rng`` do not matter.

    Raises:
        BadInput: A weight is below 0, the extent is none, or the bandwidth does not fit the grid.
    """
    del now, rng
    cases, controls = _read(frame)
    if len(cases.weights) < params.min_events:
        return _nothing(cases, controls, too_few(len(cases.weights), params.min_events))
    if not cases.weights.sum():
        return _nothing(cases, controls, NO_WEIGHT)
    covariance = _covariance(cases, params.bandwidth_m)
    if covariance is None:
        return _nothing(cases, controls, NO_SPREAD)
    if controls is not None and not controls.weights.sum():
        return _nothing(cases, controls, NO_CONTROLS)
    grid = _grid(cases.places, params, covariance)
    lost = inside(grid, covariance) if params.edge else None
    surface = _surface(cases, grid, covariance, lost)
    relative = peak = None
    if controls is not None:
        relative, peak = _relative(cases, controls, surface, grid, covariance, lost, params.level)
    total = float(cases.weights.sum())
    return DensityResult(
        events=len(cases.weights),
        controls=0 if controls is None else len(controls.weights),
        total=total,
        bandwidth_m=float(np.linalg.det(covariance) ** 0.25),
        covariance=covariance.tolist(),
        x=grid.x.tolist(),
        y=grid.y.tolist(),
        density=_rounded(surface).tolist(),
        events_per_km2=total * KM2,
        peak=_peak(cases, surface, grid, covariance, lost, params.level),
        relative=relative,
        relative_peak=peak,
    )


def _read(frame: pd.DataFrame) -> tuple[_Points, _Points | None]:
    places = frame[["x", "y"]].to_numpy(dtype=np.float64)
    weights = np.ones(len(frame))
    if "weight" in frame.columns:
        weights = frame["weight"].to_numpy(dtype=np.float64)
        if bool((weights < 0).any()):
            row = int(np.flatnonzero(weights < 0)[0])
            raise BadInput(
                f"Row {row + 1} has {weights[row]:g} in the column weight, which cannot be below 0."
            )
    if "control" not in frame.columns:
        return _Points(places, weights), None
    control = frame["control"].to_numpy() != 0
    return _Points(places[~control], weights[~control]), _Points(places[control], weights[control])


def _covariance(points: _Points, bandwidth: float | None) -> Floats | None:
    if bandwidth is not None:
        return np.eye(2) * bandwidth**2
    if np.count_nonzero(points.weights) < 3:
        return None
    found = kernel_covariance(points.places, points.weights)
    # On one line, but for the last bits of its coordinates.
    least, most = np.linalg.eigvalsh(found)
    return found if least > 1e-10 * most and least > 0 else None


def _grid(places: Floats, params: DensityParams, covariance: Floats) -> Grid:
    if params.extent is not None:
        west, south, east, north = params.extent
        if west >= east or south >= north:
            raise BadInput("The extent is west, south, east, north, each west of east and south of north.")
    else:
        around = AROUND * np.sqrt(np.diag(covariance))
        (west, south), (east, north) = places.min(axis=0) - around, places.max(axis=0) + around
    return Grid(np.linspace(west, east, params.grid), np.linspace(south, north, params.grid))


def _surface(points: _Points, grid: Grid, covariance: Floats, lost: Floats | None) -> Floats:
    """The probability per square metre at each node."""
    found = smooth(points.places, points.weights, grid, covariance) / points.weights.sum()
    surface: Floats = found if lost is None else found / lost
    return surface


def _rounded(surface: Floats) -> Floats:
    """To six figures of the peak: a page need not carry more, and no kernel knows more."""
    peak = float(surface.max())
    found: Floats = np.round(surface, 6 - int(np.floor(np.log10(peak)))) if peak > 0 else surface
    return found


def _top(surface: npt.NDArray[np.float64]) -> tuple[int, int]:
    row, column = np.unravel_index(int(np.nanargmax(surface)), surface.shape)
    return int(row), int(column)


def _peak(
    points: _Points, surface: Floats, grid: Grid, covariance: Floats, lost: Floats | None, level: float
) -> Peak:
    row, column = _top(surface)
    made_up = KM2 / (1.0 if lost is None else float(lost[row, column]))
    shares = at(np.array([grid.x[column], grid.y[row]]), points.places, points.weights, covariance) * made_up
    total, squares = float(shares.sum()), float((shares**2).sum())
    low, high = weighted_interval(total, squares, points.weights.max() * height(covariance) * made_up, level)
    return Peak(
        x=float(grid.x[column]),
        y=float(grid.y[row]),
        per_km2=total,
        low=float(low),
        high=float(high),
        rests_on=total**2 / squares if squares else 0.0,
    )


def _relative(
    cases: _Points,
    controls: _Points,
    surface: Floats,
    grid: Grid,
    covariance: Floats,
    lost: Floats | None,
    level: float,
) -> tuple[list[list[float | None]], RelativePeak | None]:
    """One share over the other with the same kernel, so that what it blurs is blurred in both.

    Bithell 1990, https://doi.org/10.1002/sim.4780090616; Kelsall & Diggle 1995, https://doi.org/10.1002/sim.4780142106.
    """
    beside = _surface(controls, grid, covariance, lost)
    reach = 2 / height(covariance)
    rests = len(cases.weights) * np.maximum(surface, beside) * reach
    compared = len(controls.weights) * beside * reach
    with np.errstate(divide="ignore", invalid="ignore"):
        enough = (rests >= RELATIVE_FROM) & (compared >= RELATIVE_FROM)
        ratio = np.where(enough, surface / beside, np.nan)
    told = [[None if np.isnan(value) else round(value, 4) for value in row] for row in ratio.tolist()]
    if np.isnan(ratio).all():
        return told, None
    row, column = _top(ratio)
    share = (
        float(beside[row, column]) * cases.weights.sum() * (1.0 if lost is None else float(lost[row, column]))
    )
    parts = at(np.array([grid.x[column], grid.y[row]]), cases.places, cases.weights, covariance) / share
    largest = cases.weights.max() * height(covariance) / share
    low, high = weighted_interval(parts.sum(), (parts**2).sum(), largest, level)
    return told, RelativePeak(
        x=float(grid.x[column]),
        y=float(grid.y[row]),
        ratio=float(parts.sum()),
        low=float(low),
        high=float(high),
    )


def _nothing(cases: _Points, controls: _Points | None, refusal: Sentence) -> DensityResult:
    total = float(cases.weights.sum())
    return DensityResult(
        refusal=refusal,
        events=len(cases.weights),
        controls=0 if controls is None else len(controls.weights),
        total=total,
        bandwidth_m=None,
        covariance=None,
        x=[],
        y=[],
        density=None,
        events_per_km2=total * KM2,
        peak=None,
        relative=None,
        relative_peak=None,
    )


def say(result: DensityResult) -> tuple[Sentence, ...]:
    """Where they lie thickest, how sure that is, and whether more people live there."""
    if result.refusal is not None or result.peak is None:
        return (result.refusal,) if result.refusal is not None else ()
    peak = result.peak
    decimals = 0 if peak.per_km2 >= 10 else 1
    said = [
        Sentence(
            f"{counted(result.events, PLACE, 'sv')}, tätast kring öst {_hundreds(peak.x, 'sv')}, nord "
            f"{_hundreds(peak.y, 'sv')}: {number(peak.per_km2, 'sv', decimals)} per km² "
            f"({interval(peak.low, peak.high, 'sv', decimals)}).",
            f"{counted(result.events, PLACE, 'en')}, thickest around east {_hundreds(peak.x, 'en')}, north "
            f"{_hundreds(peak.y, 'en')}: {number(peak.per_km2, 'en', decimals)} per km² "
            f"({interval(peak.low, peak.high, 'en', decimals)}).",
        )
    ]
    if result.relative is None:
        said.append(
            Sentence(
                "Där många bor eller rör sig händer mycket: detta säger inte hur farlig en plats är.",
                "Where many live or pass much happens: this does not say how dangerous a place is.",
            )
        )
    elif result.relative_peak is None:
        said.append(NO_CONTROLS)
    else:
        said.append(_relative_said(result.relative_peak))
    return tuple(said)


def _relative_said(top: RelativePeak) -> Sentence:
    chance_sv, chance_en = (
        (", men det kan vara slump", ", but it could be chance") if top.low <= 1 else ("", "")
    )
    return Sentence(
        f"Mot jämförelsen är det mest kring öst {_hundreds(top.x, 'sv')}, nord {_hundreds(top.y, 'sv')}: "
        f"{number(top.ratio, 'sv', 1)} gånger så mycket ({interval(top.low, top.high, 'sv', 1)}){chance_sv}.",
        f"Against those compared with it is most around east {_hundreds(top.x, 'en')}, north "
        f"{_hundreds(top.y, 'en')}: {number(top.ratio, 'en', 1)} times as much "
        f"({interval(top.low, top.high, 'en', 1)}){chance_en}.",
    )


def _hundreds(value: float, language: str) -> str:
    """A coordinate to a hundred metres: a density has no address."""
    return number(round(value / 100) * 100, "sv" if language == "sv" else "en")
