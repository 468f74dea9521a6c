"""The table twins of the measures of time series: counts by area and time, their bands, and how these held."""

from __future__ import annotations

from app.domain.measure import Sentence
from app.domain.words import Language
from app.measures.backtest.model import BacktestResult
from app.measures.density.aoristic import WEEKDAYS, AoristicResult
from app.measures.deviation.deviation import DeviationResult
from app.measures.deviation.farrington import FarringtonResult
from app.measures.deviation.told import named
from app.measures.forecast.contract import ForecastResult
from app.measures.harm.model import HarmResult
from app.measures.nowcast.contract import NowcastResult
from dashboards.components.figures.deviation import KINDS
from dashboards.components.results_table import AREA, Head, side_by_side, table, worded
from dashboards.components.tabular import Table

ALL = Sentence("alla", "all")
YES_NO = (Sentence("nej", "no"), Sentence("ja", "yes"))
EXPECTED = Head("expected", Sentence("Väntat", "Expected"))
LOW, HIGH = Head("low", Sentence("Lägst", "Lowest")), Head("high", Sentence("Högst", "Highest"))
VERDICTS = {
    "fall": Sentence("nedgång", "a fall"),
    "only_lateness": Sentence("bara sent", "only late"),
    "no_fall": Sentence("ingen nedgång", "no fall"),
    "too_few": Sentence("för få fall", "too few cases"),
}


def _yes(value: bool, language: Language) -> str:
    return str(getattr(YES_NO[value], language))


def forecast(result: ForecastResult, language: Language) -> Table:
    """A row for each area and week to come, and beside it how such forecasts held."""
    held = dict(
        zip(
            result.checked_area,
            zip(result.coverage80, result.coverage95, result.checked, strict=True),
            strict=True,
        )
    )
    heads = (
        AREA,
        Head("week", Sentence("Vecka från", "Week from"), "day"),
        EXPECTED,
        Head("median", Sentence("Lika troligt fler som färre", "As likely more as fewer")),
        Head("low80", Sentence("Lägst, 80 av 100", "Lowest, 80 of 100")),
        Head("high80", Sentence("Högst, 80 av 100", "Highest, 80 of 100")),
        Head("low95", Sentence("Lägst, 95 av 100", "Lowest, 95 of 100")),
        Head("high95", Sentence("Högst, 95 av 100", "Highest, 95 of 100")),
        Head("held80", Sentence("Bandet 80 höll", "The 80 band held"), "percent"),
        Head("held95", Sentence("Bandet 95 höll", "The 95 band held"), "percent"),
        Head("checked", Sentence("Prövade veckor", "Weeks checked")),
    )
    rows = side_by_side(
        result.area, result.week, result.expected, result.median, result.low80, result.high80,
        result.low95, result.high95,
    )  # fmt: skip
    every = getattr(ALL, language)
    return table(
        language,
        heads,
        [(row[0] or every, *row[1:], *held.get(row[0], (None, None, None))) for row in rows],
    )


def deviation(result: DeviationResult, language: Language) -> Table:
    """A row for each area: what there was, what was expected, how it is called, how often such a warning was false."""
    heads = (
        AREA,
        Head("from_day", Sentence("Från", "From"), "day"),
        Head("to_day", Sentence("Till", "To"), "day"),
        Head("observed", Sentence("Antal", "Count")),
        EXPECTED,
        Head("low", Sentence("Väntat, lägst", "Expected, lowest")),
        Head("high", Sentence("Väntat, högst", "Expected, highest")),
        Head("status", Sentence("Läge", "State"), "text"),
        Head(
            "false_share",
            Sentence("Andel falska av sådana varningar", "Share of such warnings that are false"),
            "percent",
        ),
    )
    rows = [
        (
            getattr(named(result, row), language),
            result.from_day[row].isoformat(),
            result.to_day[row].isoformat(),
            result.observed[row],
            result.expected[row],
            result.expected_low[row],
            result.expected_high[row],
            getattr(KINDS[result.status[row]].words, language),
            result.false_share[row],
        )
        for row in range(len(result.area))
    ]
    return table(language, heads, rows)


def farrington(result: FarringtonResult, language: Language) -> Table:
    """A row for each area and period: what there was, what was expected, and the bound."""
    heads = (
        AREA,
        Head("t", Sentence("Period", "Period")),
        Head("observed", Sentence("Antal", "Count")),
        EXPECTED,
        Head("bound", Sentence("Gräns", "Bound")),
        Head("above", Sentence("Över gränsen", "Above the bound"), "text"),
    )
    areas = result.area or [getattr(ALL, language)] * len(result.t)
    rows = side_by_side(
        areas, result.t, result.observed, result.expected, result.upperbound,
        ["" if one is None else _yes(bool(one), language) for one in result.alarm],
    )  # fmt: skip
    return table(language, heads, rows)


def nowcast(result: NowcastResult, language: Language) -> Table:
    """A row for each area and span: what is known, what it will come to, what is normal."""
    heads = (
        AREA,
        Head("from_day", Sentence("Från", "From"), "day"),
        Head("to_day", Sentence("Till", "To"), "day"),
        Head("known", Sentence("Kända hittills", "Known so far")),
        Head("median", Sentence("När allt har kommit in", "When all has come in")),
        LOW,
        HIGH,
        Head("share_known", Sentence("Brukar vara känt", "Usually known"), "percent"),
        Head("normal_low", Sentence("Normalt, lägst", "Normal, lowest")),
        Head("normal_high", Sentence("Normalt, högst", "Normal, highest")),
        Head("verdict", Sentence("Läge", "State"), "text"),
    )
    rows = side_by_side(
        [area or getattr(ALL, language) for area in result.area], result.from_day, result.to_day, result.known,
        result.median, result.low, result.high, result.share_known, result.normal_low, result.normal_high,
        [worded(VERDICTS, verdict, language) for verdict in result.verdict],
    )  # fmt: skip
    return table(language, heads, rows)


def harm(result: HarmResult, language: Language) -> Table:
    """A row for each area: counts with their interval, and harm beside them."""
    heads = (
        AREA,
        Head("n", Sentence("Brott", "Offences")),
        Head("n_low", Sentence("Brott, lägst", "Offences, lowest")),
        Head("n_high", Sentence("Brott, högst", "Offences, highest")),
        Head("harm", Sentence("Skada", "Harm")),
        Head("harm_low", Sentence("Skada, lägst", "Harm, lowest")),
        Head("harm_high", Sentence("Skada, högst", "Harm, highest")),
        Head("provisional", Sentence("Med preliminär vikt", "Of provisional weights"), "percent"),
        Head("missing_n", Sentence("Brott utan vikt", "Offences without a weight")),
        Head("without_one", Sentence("Utan det grövsta brottet", "Without the gravest offence")),
    )
    areas = result.areas
    rows = side_by_side(
        areas.area, areas.n, areas.n_low, areas.n_high, areas.harm, areas.harm_low, areas.harm_high,
        areas.provisional_share, areas.missing_n, areas.harm_without_one,
    )  # fmt: skip
    return table(language, heads, rows)


def aoristic(result: AoristicResult, language: Language) -> Table:
    """A row for each hour of the week."""
    heads = (
        Head("weekday", Sentence("Veckodag", "Weekday"), "text"),
        Head("hour", Sentence("Timme", "Hour"), "text"),
        Head("cases", Sentence("Fall", "Cases")),
        Head("sure", Sentence("Säkert", "Surely")),
        Head("possible", Sentence("Högst", "At most")),
    )
    rows = [
        (
            getattr(WEEKDAYS[day], language).capitalize(),
            f"{hour:02d}–{(hour + 1) % 24:02d}",
            result.weights[day][hour],
            result.sure[day][hour],
            result.possible[day][hour],
        )
        for day in range(len(result.weights))
        for hour in range(len(result.weights[day]))
    ]
    return table(language, heads, rows)


def backtest(result: BacktestResult, language: Language) -> Table:
    """A row for each time the rule fired."""
    heads = (
        Head("day", Sentence("Dag", "Day"), "day"),
        AREA,
        Head("value", Sentence("Anmälningar då kända", "Reports known then")),
        Head("bound", Sentence("Gräns", "Bound")),
        Head("value_now", Sentence("Anmälningar kända nu", "Reports known now")),
        Head("holds", Sentence("Håller", "Holds"), "text"),
    )
    rows = side_by_side(
        [day.isoformat() for day in result.fired_day], result.fired_area, result.fired_value,
        result.fired_bound, result.fired_value_now, [_yes(holds, language) for holds in result.fired_holds],
    )  # fmt: skip
    return table(language, heads, rows)
