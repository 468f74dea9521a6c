"""What the pictures of the page Område get: figure, table and sentences, made of what was read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from app.measures import get_measure
from app.statistics.frames import conform
from dashboards.components import picture
from dashboards.components.figures.base import day_label
from dashboards.components.format import number
from dashboards.components.picture import Column, Table
from dashboards.components.results import NOTHING_YET, note_of, of_row, result_of, said_of
from dashboards.pages.omrade import figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.domain.region import Region
    from app.measures.deviation.farrington import FarringtonResult
    from app.measures.forecast.contract import ForecastResult
    from app.measures.hotspot.area_rates import AreaRatesResult
    from app.measures.nowcast.contract import NowcastResult
    from dashboards.components.figures.base import Theme
    from dashboards.pages.omrade.reading import Places
    from dashboards.words import Words

NAMED = 3
"""Names in a sentence at most."""
VERDICTS = {"above": "of_above", "below": "of_below", "chance": "of_chance", "too few": "of_few"}


@dataclass(frozen=True)
class Drawing:
    """In which words, of which region and in which colours."""

    words: Words
    region: Region
    theme: Theme


def trend(rows: Mapping[str, Any], code: str, drawing: Drawing) -> tuple[Any, ...]:
    """The weeks with what is normal, the last as they will come to, and the weeks ahead."""
    words, language = drawing.words, drawing.words.language
    normal = cast("FarringtonResult | None", _told(rows["normal"]))
    nowcast = cast("NowcastResult | None", _told(rows["nowcast"]))
    forecast = cast("ForecastResult | None", _told(rows["forecast"]))
    row = rows["normal"] if normal is not None else rows["forecast"]
    if normal is not None:
        weeks = figures.weeks_of(normal, row["day"])
    elif forecast is not None:  # what is normal takes longer to know than what is to come
        weeks = figures.weeks_known(forecast, code)
    else:
        return of_row(rows["normal"], words, drawing.region, drawing.theme)
    drawn = figures.trend(weeks, nowcast, forecast, code, words, drawing.theme)
    table = [
        {
            "what": words["omrade.came"],
            "week": week.monday,
            "count": week.came,
            "low": week.low,
            "high": week.high,
        }
        for week in weeks
    ]
    if forecast is not None:
        table += [
            {"what": words["omrade.ahead"], "week": day, "count": median, "low": low, "high": high}
            for day, median, low, high in zip(
                forecast.week, forecast.median, forecast.low80, forecast.high80, strict=True
            )
        ]
    columns = [
        Column("what", words["omrade.what"]), Column("week", words["omrade.week"], "day"),
        Column("count", words["omrade.count"], "number"), Column("low", words["omrade.low"], "number"),
        Column("high", words["omrade.high"], "number"),
    ]  # fmt: skip
    short = [] if normal is not None or rows["normal"] is None else [said_of(rows["normal"], language)[0]]
    said = [
        *_first(rows["deviation"], drawing, 3),
        *_first(rows["nowcast"], drawing, 1),
        *_first(rows["forecast"], drawing, 1),
        *short,
    ]
    note = note_of(row, language, drawing.region)
    return picture.shown(words, drawing.region, drawn, Table(columns, table), said=said, note=note)


def _told(row: Mapping[str, Any] | None) -> Any:
    """A stored result that says something."""
    if row is None or row["content"] is None:
        return None
    result = result_of(row["measure"], row["content"])
    return None if result.refusal is not None else result


def _first(row: Mapping[str, Any] | None, drawing: Drawing, most: int) -> tuple[str, ...]:
    return () if row is None or row["state"] != "told" else said_of(row, drawing.words.language)[:most]


def small_areas(told: Mapping[str, Any], now: datetime, drawing: Drawing) -> tuple[Any, ...]:
    """The district's small areas on a map, and which have more than their inhabitants give."""
    words, language = drawing.words, drawing.words.language
    rows, window = told["rows"], told["window"]
    total = sum(row["n"] for row in rows) + told["without"]
    if not total:
        return picture.empty(words["omrade.hot_none"], language)
    called = _called(rows, now)
    above = {code for code, verdict in called.items() if verdict == "above"}
    first = [f"{row['name']} {number(row['n'], language)}" for row in rows if row["n"]][:NAMED]
    names = {row["code"]: row["name"] for row in rows}
    said = [
        words.fill(
            "omrade.hot_said", n=number(total, language), without=number(told["without"], language),
            first=day_label(window.first, language), last=day_label(window.last, language),
        ),
        *([words.fill("omrade.hot_top", names=", ".join(first))] if first else []),
        words.fill("omrade.hot_above", names=", ".join(names[code] for code in above))
        if above
        else words["omrade.hot_no_above"],
    ]  # fmt: skip
    table = Table(
        [
            Column("name", words["omrade.small_area"]), Column("n", words["omrade.count"], "number"),
            Column("population", words["omrade.people"], "number"),
            Column("rate", words["omrade.per_1000"], "number"), Column("verdict", words["omrade.verdict"]),
        ],
        [
            {
                **row,
                "rate": 1000 * row["n"] / row["population"] if row["population"] else None,
                "verdict": words[f"omrade.{VERDICTS[called[row['code']]]}"] if row["code"] in called else "",
            }
            for row in rows
        ],
    )  # fmt: skip
    drawn = figures.small_areas(rows, told["borders"], above, words, drawing.theme)
    counted = {row["code"]: row["n"] for row in rows}
    placed = {
        **told["borders"],
        "features": [
            {**one, "properties": {**one["properties"], "n": counted[one["id"]]}}
            for one in told["borders"]["features"]
        ],
    }
    return picture.shown(words, drawing.region, drawn, table, said=said, geojson=placed)


def _called(rows: Sequence[Mapping[str, Any]], now: datetime) -> dict[str, str]:
    """What `area_rates` calls each small area with inhabitants; nothing where it refuses."""
    held = [row for row in rows if row["population"]]
    if not held:
        return {}
    measure = get_measure("area_rates")
    frame = pd.DataFrame(
        {
            "i": [row["code"] for row in held],
            "pop": [row["population"] for row in held],
            "cases": [row["n"] for row in held],
        }
    )
    table = conform(frame, measure.columns)
    result: AreaRatesResult = measure.run(table, measure.params(), now=now, rng=np.random.default_rng(0))
    return {} if result.refusal is not None else dict(zip(result.i, result.called, strict=True))


def places(found: Places | None, drawing: Drawing) -> tuple[Any, ...]:
    """Squares with several, as bars; empty for a role that sees figures only."""
    words, language = drawing.words, drawing.words.language
    if found is None:
        return picture.empty(words["omrade.places_refused"], language)
    rows = found.rows
    if not rows:
        return picture.empty(words["omrade.places_none"], language)
    time = "year" if found.of_year else "window"
    many = words[f"omrade.places_{time}_one"]
    if len(rows) > 1:
        many = words.fill(f"omrade.places_{time}", n=len(rows))
    said = [words["omrade.places_not"], many] if found.of_year else [many]
    table = Table(
        [
            Column("name", words["omrade.small_area"]), Column("n", words["omrade.count"], "number"),
            Column("last", words["omrade.last"], "day"), Column("lat", words["omrade.lat"]),
            Column("lon", words["omrade.lon"]),
        ],
        [{**row, "lat": f"{row['lat']:.4f}", "lon": f"{row['lon']:.4f}"} for row in rows],
    )  # fmt: skip
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(row["lon"], 5), round(row["lat"], 5)]},
            "properties": {"name": row["name"], "n": row["n"], "last": row["last"].isoformat()},
        }
        for row in rows
    ]
    placed = {"type": "FeatureCollection", "features": features}
    drawn = figures.places(rows, words, drawing.theme)
    return picture.shown(words, drawing.region, drawn, table, said=said, geojson=placed)


def effect(row: Mapping[str, Any] | None, drawing: Drawing) -> tuple[Any, ...]:
    """Whether one thing worked: its figure, and in words also what may have moved and whom it is compared with."""
    words, language = drawing.words, drawing.words.language
    if row is None:
        return picture.empty(words["omrade.done_none"], language)
    if row["effect"] is None:
        return picture.empty(words["omrade.waits"], language)
    moved = row["displacement"]
    if moved is None or moved["state"] != "told":
        return of_row(row["effect"], words, drawing.region, drawing.theme)
    first = said_of(moved, language)[0]
    told = {
        **row["effect"],
        "words": [*row["effect"]["words"], _as_words(words.fill("omrade.moved", said=first))],
    }
    return of_row(told, words, drawing.region, drawing.theme)


def _as_words(text: str) -> dict[str, str]:
    return {"sv": text, "en": text}


__all__ = ["NOTHING_YET", "Drawing", "effect", "places", "small_areas", "trend"]
