"""The table twins of a district: beside similar ones, what came again, and whether what was done worked."""

from __future__ import annotations

from app.domain.measure import Sentence
from app.domain.words import Language
from app.measures.district.recurring import RecurringResult
from app.measures.district.similar import FIGURES, SimilarResult
from app.measures.effect.displacement import DisplacementResult
from app.measures.effect.effect_model import EffectResult
from dashboards.components.figures.recurring import OF
from dashboards.components.figures.similar import NAMES
from dashboards.components.results_table import AREA, Head, side_by_side, table, worded
from dashboards.components.tabular import Table

AFTER = Head("after", Sentence("När", "When"), "text")
WHEN = (Sentence("före", "before"), Sentence("efter", "after"))
ROLES = {
    "treated": Sentence("Där insatsen gjordes", "Where it was done"),
    "control": Sentence("Jämförelsen", "The comparison"),
    "displacement": Sentence("Dit det kan ha flyttat", "Where it can have moved to"),
    "displacement_control": Sentence("Jämförelsen för det", "The comparison of that"),
}


def similar(result: SimilarResult, language: Language) -> Table:
    """A row for each figure: its own, and the ends of the range."""
    heads = (
        AREA,
        Head("figure", Sentence("Mått", "Figure"), "text"),
        Head("own", Sentence("Distriktet", "The district")),
        Head("low", Sentence("Liknande distrikt, från", "Similar districts, from")),
        Head("high", Sentence("till", "to")),
        Head("districts", Sentence("Antal liknande distrikt", "Similar districts")),
    )
    rows = [
        (
            area,
            getattr(NAMES[name], language),
            _as_told(name, getattr(result, name)[row]),
            _as_told(name, getattr(result, f"{name}_low")[row]),
            _as_told(name, getattr(result, f"{name}_high")[row]),
            result.similar[row],
        )
        for row, area in enumerate(result.area)
        for name in FIGURES
    ]
    return table(language, heads, rows)


def _as_told(name: str, value: float | None) -> float | None:
    """A share in per cent: the column holds days and rates too."""
    return 100 * value if name == "share" and value is not None else value


def recurring(result: RecurringResult, language: Language) -> Table:
    """A row for each district, kind and number of times."""
    heads = (
        AREA,
        Head("of", Sentence("Vad", "What"), "text"),
        Head("least", Sentence("Minst så många gånger", "So many times at least")),
        Head("units", Sentence("Antal", "How many")),
        Head("open", Sentence("Varav utan uppföljning i tid", "Of them without a follow-up in time")),
    )
    rows = [
        (area, worded(OF, of, language), least, units, unnoted if of == "pair" else None)
        for area, of, least, units, unnoted in side_by_side(
            result.area, result.of, result.least, result.units, result.open
        )
    ]
    return table(language, heads, rows)


def effect(result: EffectResult, language: Language) -> Table:
    """A row for each point of the picture, in shares of what the ratio was before."""
    heads = (
        Head("period", Sentence("Från", "From"), "day"),
        AFTER,
        Head("ratio", Sentence("Mot de andra områdena", "Against the other areas"), "percent"),
        Head("low", Sentence("Lägst", "Lowest"), "percent"),
        Head("high", Sentence("Högst", "Highest"), "percent"),
    )
    rows = [
        (period, getattr(WHEN[after], language), ratio, low, high)
        for period, after, ratio, low, high in side_by_side(
            result.point_period, result.point_after, result.point_ratio, result.point_low, result.point_high
        )
    ]
    return table(language, heads, rows)


def displacement(result: DisplacementResult, language: Language) -> Table:
    """A row for each group of districts, before and after."""
    heads = (
        Head("role", Sentence("Områden", "Areas"), "text"),
        Head("before", Sentence("Anmälningar före", "Reports before")),
        Head("after", Sentence("Anmälningar efter", "Reports after")),
        Head("change", Sentence("Ändring, lika lång tid", "Change, over as long a time")),
    )
    rows = [
        (worded(ROLES, role, language), before, after, change)
        for role, before, after, change in side_by_side(
            result.role, result.before, result.after, result.change
        )
    ]
    return table(language, heads, rows)
