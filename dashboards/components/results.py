"""A stored result of a measure as a picture: its figure, its table twin and its sentences, for every daily question.

    row = await one(connection, "deviation", "lpo-farsta", known_at=window.known_at)   # app.queries.measure_results
    names = names_of(await areas(connection))                                           # app.queries.areas
    return await asyncio.to_thread(of_row, row, words, services.region, theme, names=names)

Rebuilding a result loads its measure the first time (a second or so): never on the event loop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import Language, day_text
from app.measures import get_measure
from dashboards.components import picture
from dashboards.components.figures.base import Theme, untitled
from dashboards.components.format import moment
from dashboards.components.tabular import Table

if TYPE_CHECKING:
    from app.domain.measure import Result
    from app.domain.region import Region
    from dashboards.words import Words

Row = Mapping[str, Any]
"""A row of `app.queries.measure_results`, with its ``content``."""

NOTHING_YET = Sentence(
    "Svaret finns inte än. Måtten räknas om varje morgon kl. 05.30; titta igen då, eller ta bort Känt vid.",
    "There is no answer yet. The measures are worked out every morning at 05:30; look again then, or clear Known at.",
)
NOTE = Sentence("Dagarna före {day}, känt {known}.", "The days before {day}, known {known}.")
TABLES = {
    "results_series": ("forecast", "deviation", "farrington", "nowcast", "harm", "aoristic", "backtest"),
    "results_places": (
        "local_g", "local_moran", "area_rates", "scan", "density", "knox", "space_time_k",
    ),
    "results_repeats": ("repeats", "concentration"),
    "results_district": ("similar", "recurring", "effect", "displacement"),
}  # fmt: skip
"""Where the table twin of each measure is; the function has the measure's name."""
BY_AREA = frozenset({"nowcast", "forecast"})
"""Measures whose figure shows one area of several."""
SHAPED = frozenset({"knox", "scan"})
"""Measures whose figure has a form of its own for a narrow screen."""


class Told(NamedTuple):
    """A result as a page shows it."""

    figure: go.Figure
    table: Table
    said: tuple[str, ...]
    result: Result


def names_of(areas: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Areas' names by their codes (rows of `app.queries.areas`); two of one kind and name with what each is in."""
    held = [area for area in areas if area["code"]]
    within = {area["code"]: area["name"] for area in held}
    often = Counter((area["kind"], area["name"]) for area in {one["code"]: one for one in held}.values())
    return {
        area["code"]: area["name"]
        if often[area["kind"], area["name"]] == 1
        else f"{area['name']} ({within.get(area['parent'], area['code'])})"
        for area in held
    }


def of_row(
    row: Row | None,
    words: Words,
    region: Region,
    theme: Theme,
    *,
    names: Mapping[str, str] | None = None,
    area: str | None = None,
    most: int | None = None,
    narrow: bool = False,
) -> tuple[Any, ...]:
    """What a picture's outputs get (``*outputs(name)``): of a stored row, or why there is nothing to show.

    Args:
        row: Of `app.queries.measure_results.one`; None where there is none that the viewer may see.
        words: Texts of the page, in whose language everything is written.
        region: Whose clock tells as known at which moment it is.
        theme: Dark or light.
        names: Names by areas' codes, `names_of`.
        area: Code of an area that a region's figure shows (``nowcast``, ``forecast``).
        most: Sentences at most.
        narrow: Whether it is for a phone.
    """
    language = words.language
    told = told_of(row, language, theme, names=names, area=area, narrow=narrow)
    if row is None or told is None:
        return picture.empty(NOTHING_YET if row is None else said_of(row, language)[0], language)
    if told.result.refusal is not None:
        return picture.empty(told.said[0], language)
    note = note_of(row, language, region)
    return picture.shown(words, region, told.figure, told.table, said=told.said[:most], note=note)


def told_of(
    row: Row | None,
    language: Language,
    theme: Theme,
    *,
    names: Mapping[str, str] | None = None,
    area: str | None = None,
    narrow: bool = False,
) -> Told | None:
    """The row's figure, table, sentences and result; None where there is no row, or no answer in it."""
    if row is None or row["content"] is None:
        return None
    content = _named(row["content"], names or {})
    result = result_of(row["measure"], content)
    shown = (names or {}).get(area, area) if area else _own_area(row, result)
    return Told(
        drawn(row["measure"], result, language, theme, area=shown, narrow=narrow),
        table_of(row["measure"], result, language),
        said_of(row, language),
        result,
    )


def result_of(measure: str, content: Mapping[str, Any]) -> Result:
    """The result that a stored content is of."""
    result: Result = get_measure(measure).result.model_validate(content)
    return result


def drawn(
    measure: str,
    result: Result,
    language: Language,
    theme: Theme,
    *,
    area: str | None = None,
    narrow: bool = False,
) -> go.Figure:
    """The measure's figure without its sentences: those stand above it, where they can be wrapped and read aloud."""
    figure: Callable[..., go.Figure] = import_module(f"dashboards.components.figures.{measure}").figure
    chosen: dict[str, Any] = {"area": area} if measure in BY_AREA and area is not None else {}
    if narrow and measure in SHAPED:
        chosen["narrow"] = True
    return untitled(figure(result, language, theme, **chosen))


def table_of(measure: str, result: Result, language: Language) -> Table:
    """The measure's table twin."""
    module = next(module for module, measures in TABLES.items() if measure in measures)
    made: Table = getattr(import_module(f"dashboards.components.{module}"), measure)(result, language)
    return made


def note_of(row: Row, language: Language, region: Region) -> str:
    """Of which days it is, and as known when."""
    text: str = getattr(NOTE, language)
    return text.format(day=day_text(row["day"], language), known=moment(row["known_at"], region, language))


def said_of(row: Row, language: Language) -> tuple[str, ...]:
    """What was said, in the language; areas by their names."""
    return tuple(words[language] for words in row["words"])


def _own_area(row: Row, result: Result) -> str | None:
    """The one area that a district's own share is about."""
    if row["area"] is None:
        return None
    areas = {one for one in getattr(result, "area", ()) if one is not None}
    return next(iter(areas)) if len(areas) == 1 else None


def _named(content: Any, names: Mapping[str, str]) -> Any:
    """The content with every area's code replaced by its name."""
    if not names:
        return content
    if isinstance(content, str):
        return names.get(content, content)
    if isinstance(content, list):
        return [_named(one, names) for one in content]
    if isinstance(content, Mapping):
        return {key: _named(value, names) for key, value in content.items()}
    return content
