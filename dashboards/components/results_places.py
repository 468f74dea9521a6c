"""The table twins of the measures of places: areas that stand out, clusters, thickness, near and soon."""

from __future__ import annotations

from app.domain.measure import Sentence
from app.domain.words import Language
from app.measures.density.density_model import DensityResult
from app.measures.hotspot.area_rates import AreaRatesResult
from app.measures.hotspot.local_g_model import LocalGResult
from app.measures.hotspot.moran_model import LocalMoranResult
from app.measures.near.asked import KnoxResult
from app.measures.near.space_time_k import SpaceTimeKResult
from app.measures.near.words import when_of, where_of
from app.measures.scan.asked import ScanResult
from dashboards.components.figures import area_rates as rates_figure
from dashboards.components.figures import local_g as g_figure
from dashboards.components.figures import local_moran as moran_figure
from dashboards.components.figures import scan as scan_figure
from dashboards.components.results_table import AREA, Head, side_by_side, table, worded
from dashboards.components.tabular import Table

METRES = Sentence("m", "m")
DAYS = Sentence("dygn", "days")
MORAN = {
    "High-High": moran_figure.CORNERS[0][0],
    "Low-Low": moran_figure.CORNERS[1][0],
    "High-Low": moran_figure.CORNERS[2][0],
    "Low-High": moran_figure.CORNERS[3][0],
    "chance": moran_figure.CHANCE,
    "alone": Sentence("utan grannar", "without neighbours"),
    "too few": Sentence("för få fall", "too few cases"),
}
EAST = Head("east", Sentence("Öst", "East"), unit=METRES)
NORTH = Head("north", Sentence("Nord", "North"), unit=METRES)
CALLED = Head("called", Sentence("Läge", "State"), "text")
THICKEST = 200
"""Nodes of a density surface that the table shows: those with most."""


def local_g(result: LocalGResult, language: Language) -> Table:
    """A row for each area, the one that stands out most first."""
    heads = (
        AREA,
        Head("value", Sentence("Värde", "Value")),
        Head("around", Sentence("Medel med grannarna", "Mean with the neighbours")),
        Head("z", Sentence("Standardavvikelser", "Standard deviations")),
        Head("p", Sentence("Chans av slump, alla prövade", "Chance, all tested"), "percent"),
        CALLED,
    )
    rows = side_by_side(
        result.i, result.value, result.local_mean, result.Gi_star_z_binary, result.p_adjusted,
        [worded(dict(g_figure.NAMES), called, language) for called in result.called],
    )  # fmt: skip
    return table(language, heads, sorted(rows, key=lambda row: -abs(row[3] or 0.0)))


def local_moran(result: LocalMoranResult, language: Language) -> Table:
    """A row for each area, the one that is farthest from chance first."""
    heads = (
        AREA,
        Head("value", Sentence("Värde", "Value")),
        Head("z", Sentence("Eget läge, standardavvikelser", "Its own, standard deviations")),
        Head("lag_z", Sentence("Grannarnas, standardavvikelser", "Its neighbours', standard deviations")),
        Head("p", Sentence("Chans av slump, alla prövade", "Chance, all tested"), "percent"),
        CALLED,
    )
    rows = side_by_side(
        result.i, result.value, result.z, result.lag_z, result.p_adjusted,
        [worded(MORAN, called, language) for called in result.called],
    )  # fmt: skip
    return table(language, heads, sorted(rows, key=lambda row: 2.0 if row[4] is None else row[4]))


def area_rates(result: AreaRatesResult, language: Language) -> Table:
    """A row for each area: its rate with its interval, and how many times what its inhabitants give."""
    per = Sentence(f"per {result.per:.0f} inv.", f"per {result.per:.0f} inh.")
    risk = result.poisson_prob_map
    heads = (
        AREA,
        Head("rate", Sentence("Anmälningar", "Reports"), unit=per),
        Head("rate_low", Sentence("Lägst", "Lowest"), unit=per),
        Head("rate_high", Sentence("Högst", "Highest"), unit=per),
        Head("rate_eb", Sentence("Draget mot alla", "Drawn towards all"), unit=per),
        Head("expected", Sentence("Väntade fall", "Cases expected")),
        Head("times", Sentence("Gånger det väntade", "Times what is expected")),
        Head("times_low", Sentence("Gånger, lägst", "Times, lowest")),
        Head("times_high", Sentence("Gånger, högst", "Times, highest")),
        CALLED,
    )
    rows = side_by_side(
        result.i, result.rate, result.rate_low, result.rate_high, result.rate_eb, risk.expected,
        risk.relative_risk, risk.low, risk.high,
        [worded(dict(rates_figure.NAMES), called, language) for called in result.called],
    )  # fmt: skip
    return table(language, heads, sorted(rows, key=lambda row: -(row[6] or 0.0)))


def scan(result: ScanResult, language: Language) -> Table:
    """A row for each cluster, the strongest first."""
    heads = (
        Head("cluster", Sentence("Kluster", "Cluster")),
        EAST,
        NORTH,
        Head("radius", Sentence("Radie", "Radius"), unit=Sentence(result.unit, result.unit)),
        Head("days", Sentence("Längd", "Length"), unit=DAYS),
        Head("observed", Sentence("Anmälningar", "Reports")),
        Head("expected", Sentence("Väntat", "Expected")),
        Head("recurrence", Sentence("Av slump en gång på", "By chance once in"), unit=DAYS),
        Head("act", Sentence("Läge", "State"), "text"),
    )
    rows = [
        (
            rank,
            one.x,
            one.y,
            one.radius,
            one.days,
            one.observed,
            one.expected,
            one.recurrence_days,
            getattr(scan_figure.ACT if one.act else scan_figure.CHANCE, language),
        )
        for rank, one in enumerate(result.clusters, 1)
    ]
    return table(language, heads, rows)


def density(result: DensityResult, language: Language) -> Table:
    """The nodes of the surface where it lies thickest, the thickest first."""
    heads = (
        EAST,
        NORTH,
        Head("per_km2", Sentence("Anmälningar", "Reports"), unit=Sentence("per km²", "per km²")),
    )
    nodes = [
        (x, y, value * result.events_per_km2)
        for y, row in zip(result.y, result.density or [], strict=bool(result.density))
        for x, value in zip(result.x, row, strict=True)
    ]
    return table(language, heads, sorted(nodes, key=lambda node: -node[2])[:THICKEST])


def knox(result: KnoxResult, language: Language) -> Table:
    """A row for each band of distance and time."""
    heads = (
        Head("where", Sentence("Avstånd", "Distance"), "text"),
        Head("when", Sentence("Tid emellan", "Time between"), "text"),
        Head("observed", Sentence("Par av händelser", "Pairs of events")),
        Head("expected", Sentence("Par av slump", "Pairs by chance")),
        Head("ratio", Sentence("Gånger slumpen", "Times chance")),
        Head("p", Sentence("Så ovanligt av slump", "As unusual by chance"), "percent"),
    )
    rows = [
        (
            getattr(where_of(band, result.unit), language),
            getattr(when_of(band, whole=result.whole_days), language),
            band.observed,
            band.expected,
            band.ratio,
            band.p_adjusted,
        )
        for band in result.bands
    ]
    return table(language, heads, rows)


def space_time_k(result: SpaceTimeKResult, language: Language) -> Table:
    """A row for each distance and span."""
    heads = (
        Head(
            "distance",
            Sentence("Avstånd, högst", "Distance, at most"),
            unit=Sentence(result.unit, result.unit),
        ),
        Head("span", Sentence("Tid, högst", "Time, at most"), unit=DAYS),
        Head("beyond", Sentence("Par utöver slumpen", "Pairs beyond chance"), "percent"),
        Head("low", Sentence("Slumpen ger, lägst", "Chance gives, lowest"), "percent"),
        Head("high", Sentence("Slumpen ger, högst", "Chance gives, highest"), "percent"),
    )
    nothing: list[float | None] = [None] * len(result.s)
    rows = side_by_side(result.s, result.t, result.d0, result.d0_low or nothing, result.d0_high or nothing)
    return table(language, heads, rows)
