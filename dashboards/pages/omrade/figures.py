"""The figures of the page Område that no measure has by itself: the trend, the small areas, the places."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import plotly.graph_objects as go
from scipy import stats

from app.domain.words import interval, number
from dashboards.components.figures.base import blank, day_axis, day_label, faint, look, sequential

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.measures.deviation.farrington import FarringtonResult
    from app.measures.forecast.contract import ForecastResult
    from app.measures.nowcast.contract import NowcastResult
    from dashboards.components.figures.base import Language, Theme
    from dashboards.words import Words

WEEK = timedelta(days=7)
TAIL = 0.025
"""Of weeks that are normal, this share lies below the band and this share above it."""


class Week(NamedTuple):
    """One week of the trend: its Monday, what came, and what is normal (None: cannot be told)."""

    monday: date
    came: int | None
    low: float | None
    high: float | None

    @property
    def above(self) -> bool:
        """Whether more came than is normal."""
        return self.came is not None and self.high is not None and self.came > self.high


def weeks_of(result: FarringtonResult, day: date) -> list[Week]:
    """The weeks of a stored ``normal``, which ends with the last whole one before ``day``."""
    last = day - timedelta(days=day.weekday()) - WEEK
    end = max(result.t, default=0)
    return [
        Week(last - (end - t) * WEEK, observed, _low(expected, phi), upper)
        for t, observed, expected, phi, upper in zip(
            result.t, result.observed, result.expected, result.phi, result.upperbound, strict=True
        )
    ]


def weeks_known(result: ForecastResult, area: str) -> list[Week]:
    """The last year's weeks of a stored ``forecast``: where the series is too short to say what is normal."""
    return [
        Week(date.fromisoformat(week), came, None, None)
        for name, week, came in zip(result.recent_area, result.recent_week, result.recent_count, strict=True)
        if name == area
    ]


def _low(expected: float | None, phi: float | None) -> float | None:
    """What so few weeks that are normal lie below: of the negative binomial with this mean and dispersion."""
    if expected is None or expected <= 0:
        return None
    if phi is None or phi <= 1.001:
        return float(stats.poisson.ppf(TAIL, expected))
    return float(stats.nbinom.ppf(TAIL, expected / (phi - 1), 1 / phi))


def trend(
    weeks: Sequence[Week],
    nowcast: NowcastResult | None,
    forecast: ForecastResult | None,
    area: str,
    words: Words,
    theme: Theme,
) -> go.Figure:
    """The weeks in their band, the last ones as they are expected to come to, and four weeks ahead."""
    language, colour = words.language, look(theme)
    drawn = blank(language, theme)
    known = [week for week in weeks if week.low is not None and week.high is not None]
    if known:
        drawn.add_scatter(
            x=[week.monday for week in known] + [week.monday for week in reversed(known)],
            y=[week.high for week in known] + [week.low for week in reversed(known)],
            fill="toself", mode="lines", line={"width": 0}, fillcolor=faint(colour.expected, 0.25),
            name=words["omrade.normal"], hoverinfo="skip",
        )  # fmt: skip
    drawn.add_scatter(
        x=[week.monday for week in weeks], y=[week.came for week in weeks], mode="lines+markers",
        name=words["omrade.came"], line={"color": colour.observed, "width": 2}, marker={"size": 5},
        customdata=[_told(week, language, words) for week in weeks],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    high = [week for week in weeks if week.above]
    if high:
        drawn.add_scatter(
            x=[week.monday for week in high], y=[week.came for week in high], mode="markers",
            name=words["omrade.above"], hoverinfo="skip",
            marker={"symbol": "diamond", "size": 11, "color": colour.notable,
                    "line": {"color": colour.card, "width": 1.5}},
        )  # fmt: skip
    if nowcast is not None:
        _soon(drawn, nowcast, area, words, theme)
    if forecast is not None:
        _ahead(drawn, forecast, area, words, theme)
    days = [week.monday for week in weeks]
    drawn.update_xaxes(**day_axis(days, language))
    drawn.update_yaxes(rangemode="tozero")
    return drawn.update_layout(hovermode="closest", height=330)


def _soon(drawn: go.Figure, result: NowcastResult, area: str, words: Words, theme: Theme) -> None:
    """The last seven-day stretches, each at its first day."""
    language, colour = words.language, look(theme)
    rows = [row for row, name in enumerate(result.area) if name == area and result.span_days[row] == 7]
    drawn.add_scatter(
        x=[result.from_day[row] for row in rows], y=[result.median[row] for row in rows], mode="markers",
        name=words["omrade.soon"],
        marker={"symbol": "diamond-open", "size": 11, "color": colour.provisional, "line": {"width": 2}},
        error_y={
            "type": "data", "symmetric": False, "color": colour.provisional, "thickness": 2, "width": 6,
            "array": [result.high[row] - result.median[row] for row in rows],
            "arrayminus": [result.median[row] - result.low[row] for row in rows],
        },
        customdata=[
            f"{day_label(result.from_day[row], language)} – {day_label(result.to_day[row], language)}<br>"
            f"{words['omrade.soon']}: {interval(result.low[row], result.high[row], language)}"
            for row in rows
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def _ahead(drawn: go.Figure, result: ForecastResult, area: str, words: Words, theme: Theme) -> None:
    language, colour = words.language, look(theme)
    rows = [row for row, name in enumerate(result.area) if name == area]
    x = [result.week[row] for row in rows]
    drawn.add_scatter(
        x=x + x[::-1],
        y=[result.high80[row] for row in rows] + [result.low80[row] for row in reversed(rows)],
        fill="toself", mode="lines", line={"width": 0}, fillcolor=faint(colour.provisional, 0.22),
        name=words["omrade.ahead"], hoverinfo="skip",
    )  # fmt: skip
    drawn.add_scatter(
        x=x, y=[result.median[row] for row in rows], mode="lines", showlegend=False,
        line={"color": colour.provisional, "width": 2, "dash": "dash"},
        customdata=[
            f"{day_label(result.week[row], language)}<br>{words['omrade.ahead']}: "
            f"{interval(result.low80[row], result.high80[row], language)}"
            for row in rows
        ],
        hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip


def _told(week: Week, language: Language, words: Words) -> str:
    counted = "–" if week.came is None else number(week.came, language)
    normal = "" if week.low is None or week.high is None else interval(week.low, week.high, language)
    return f"{day_label(week.monday, language)}<br>{words['omrade.came']}: {counted}" + (
        f"<br>{words['omrade.normal']}: {normal}" if normal else ""
    )


def small_areas(
    rows: Sequence[Mapping[str, Any]], borders: Mapping[str, Any], above: set[str], words: Words, theme: Theme
) -> go.Figure:
    """The district's small areas, filled by how many; a heavy border where there are more than inhabitants give."""
    language, colour = words.language, look(theme)
    drawn = blank(language, theme)
    counts = {row["code"]: row for row in rows}
    most = max((row["n"] for row in rows), default=0) or 1
    stretch = 1.0
    for last in (False, True):  # heavy borders lie on top of the others
        for feature in borders["features"]:
            row = counts[feature["id"]]
            if (row["code"] in above) is not last:
                continue
            x, y = _outline(feature["geometry"])
            told = f"{row['name']}: {number(row['n'], language)}"
            middle = next((one for one in y if one is not None), 59.0)
            stretch = math.cos(math.radians(middle))
            drawn.add_scatter(
                x=x, y=y, mode="lines", fill="toself", showlegend=False, hoveron="fills",
                fillcolor=_shade(theme, row["n"] / most),
                line={"color": colour.notable if last else colour.grid, "width": 3.5 if last else 1},
                name=told, text=told, hoverinfo="text",
            )  # fmt: skip
    drawn.add_scatter(
        x=[None], y=[None], mode="markers", showlegend=False, hoverinfo="skip",
        marker={"color": [0], "cmin": 0, "cmax": most, "colorscale": sequential(theme), "showscale": True,
                "colorbar": {"thickness": 12, "len": 0.8, "outlinewidth": 0, "tickfont": {"color": colour.soft},
                             "nticks": 5}},
    )  # fmt: skip
    drawn.update_xaxes(visible=False)
    drawn.update_yaxes(visible=False, scaleanchor="x", scaleratio=1 / stretch)
    return drawn.update_layout(height=400, hovermode="closest", margin={"l": 4, "r": 4, "t": 8, "b": 4})


def _shade(theme: Theme, share: float) -> str:
    """The colour of a share of the most (0 to 1), on the scale of counts."""
    steps = sequential(theme)
    at = next(
        number for number in range(1, len(steps)) if share <= steps[number][0] or number == len(steps) - 1
    )
    (first, low), (last, high) = steps[at - 1], steps[at]
    part = (share - first) / (last - first)
    mixed = (
        round((1 - part) * int(low[start : start + 2], 16) + part * int(high[start : start + 2], 16))
        for start in (1, 3, 5)
    )
    return "#" + "".join(f"{one:02x}" for one in mixed)


def _outline(geometry: Mapping[str, Any]) -> tuple[list[float | None], list[float | None]]:
    """Longitudes and latitudes of a polygon's or several polygons' rings, with a gap between two."""
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in (ring for part in parts for ring in part):
        if x:
            x.append(None)
            y.append(None)
        x += [point[0] for point in ring]
        y += [point[1] for point in ring]
    return x, y


def places(rows: Sequence[Mapping[str, Any]], words: Words, theme: Theme) -> go.Figure:
    """A bar for each square, at most twelve; of two in one area the second is numbered."""
    language, colour = words.language, look(theme)
    drawn = blank(language, theme)
    shown = list(rows[:12])
    labels = [f"{at}. {row['name']} " for at, row in enumerate(shown, 1)]
    drawn.add_bar(
        y=labels, x=[row["n"] for row in shown], orientation="h", marker={"color": colour.observed},
        text=[number(row["n"], language) for row in shown], textposition="outside", cliponaxis=False,
        customdata=[day_label(row["last"], language) for row in shown],
        hovertemplate="%{y}: %{x}<br>" + words["omrade.last"] + " %{customdata}<extra></extra>",
    )  # fmt: skip
    drawn.update_yaxes(autorange="reversed", showgrid=False)
    drawn.update_xaxes(visible=False, rangemode="tozero")
    return drawn.update_layout(height=max(160, 40 + 28 * len(shown)), margin={"t": 8})
