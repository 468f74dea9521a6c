"""Time to the event: a falling step for each group, with its interval where they are few enough to be told apart."""

from __future__ import annotations

import plotly.graph_objects as go

from app.domain.measure import Sentence
from app.domain.words import DAY, MONTH, WEEK, YEAR, Language, percent
from app.measures.repeats.survival import SurvivalResult, say
from dashboards.components.figures.base import Series, Theme, blank, faint, refused, series

MOST_CURVES = 6
MOST_BANDS = 2
MARKS = 7
UNITS = {"day": DAY, "week": WEEK, "month": MONTH, "year": YEAR}
STILL = Sentence("Andel som inte haft händelsen än", "Share still without the event")
MORE = Sentence("fler grupper visas inte", "more groups are not shown")


def figure(result: SurvivalResult, language: Language, theme: Theme) -> go.Figure:
    """The first six curves, with bands for one or two; above them whether the groups differ, or when half had it."""
    if result.refusal is not None:
        return refused(language, theme, result.refusal)
    unit = UNITS[result.unit].many
    drawn = blank(
        language,
        theme,
        x=Sentence(unit.sv.capitalize(), unit.en.capitalize()),
        y=STILL,
        title=say(result)[-1],
    )
    groups = [row.stratum for row in result.table]
    for number, name in enumerate(groups[:MOST_CURVES]):
        own = [row for row in range(len(result.time)) if result.strata is None or result.strata[row] == name]
        add_steps(
            drawn,
            [0.0, *(result.time[row] for row in own)],
            [1.0, *(result.surv[row] for row in own)],
            [1.0, *(result.lower[row] for row in own)] if len(groups) <= MOST_BANDS else None,
            [1.0, *(result.upper[row] for row in own)] if len(groups) <= MOST_BANDS else None,
            name=name,
            how=series(number, theme),
            language=language,
        )
    drawn.update_yaxes(range=[0, 1.02], **percents(language))
    drawn.update_xaxes(rangemode="tozero")
    drawn.update_layout(showlegend=len(groups) > 1)
    if len(groups) > MOST_CURVES:
        drawn.add_annotation(
            text=f"{len(groups) - MOST_CURVES} {getattr(MORE, language)}",
            x=1,
            y=1,
            xref="paper",
            yref="paper",
            xanchor="right",
            yanchor="bottom",
            showarrow=False,
        )
    return drawn


def percents(language: Language) -> dict[str, object]:
    """An axis of shares, a tick at each fifth, as the language writes per cent."""
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    return {"tickmode": "array", "tickvals": ticks, "ticktext": [percent(tick, language) for tick in ticks]}


def add_steps(
    drawn: go.Figure,
    time: list[float],
    height: list[float | None],
    lower: list[float | None] | None,
    upper: list[float | None] | None,
    *,
    name: str,
    how: Series,
    language: Language,
) -> None:
    """A step curve with a marker now and then, so that its shape tells it too, and a band behind it if given."""
    if lower is not None and upper is not None:
        known = [row for row in range(len(time)) if lower[row] is not None and upper[row] is not None]
        for limit, fill in ((upper, None), (lower, "tonexty")):
            drawn.add_scatter(
                x=[time[row] for row in known],
                y=[limit[row] for row in known],
                mode="lines",
                line={"width": 0, "shape": "hv"},
                fill=fill,
                fillcolor=faint(how.colour, 0.18),
                hoverinfo="skip",
                showlegend=False,
            )
    drawn.add_scatter(
        x=time,
        y=height,
        mode="lines",
        line={"color": how.colour, "dash": how.dash, "width": 2, "shape": "hv"},
        hoverinfo="skip",
        showlegend=False,
    )
    some = sorted({round(part * (len(time) - 1) / MARKS) for part in range(1, MARKS + 1)})
    drawn.add_scatter(
        x=[time[row] for row in some],
        y=[height[row] for row in some],
        mode="markers+lines",
        # the line of the legend; where the curve is, it is already drawn in steps
        line={"color": how.colour, "dash": how.dash, "width": 0.001},
        marker={"color": how.colour, "symbol": how.symbol, "size": 8},
        name=name or " ",
        customdata=[[_share(height[row], language)] for row in some],
        hovertemplate=f"{name} %{{x}}: %{{customdata[0]}}<extra></extra>",
    )


def _share(value: float | None, language: Language) -> str:
    return "–" if value is None else percent(value, language)
