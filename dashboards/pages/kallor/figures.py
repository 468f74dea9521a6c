"""The pictures of the page Källor: silences on a line of time, the rhythm, the delay, what became of the rows."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from app.domain.measure import Sentence
from dashboards.components.figures.base import blank, day_axis, faint, look, sequential
from dashboards.components.format import WEEKDAYS, moment
from dashboards.components.freshness import name_of
from dashboards.components.tabular import Column, Table
from dashboards.pages.kallor.said import length

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.domain.region import Region
    from app.queries.feed_health import Health
    from dashboards.components.figures.base import Theme
    from dashboards.words import Words

OUTCOMES = ("new", "corrected", "withdrawn", "unchanged", "quarantined", "outside")


def _local(value: datetime, region: Region) -> str:
    """A moment as plotly draws it: it knows no time zones, so it is told the region's clock."""
    return value.astimezone(region.zone).replace(tzinfo=None).isoformat()


def gaps(found: Sequence[Health], region: Region, words: Words, theme: Theme) -> go.Figure:
    """A row for each feed: a pale band while it was heard, a marked piece for each silence longer than usual."""
    colour, language = look(theme), words.language
    drawn = blank(language, theme)
    names = [name_of(one.facts.name, words) for one in found]
    for one, name in zip(found, names, strict=True):
        first, last = _local(one.since, region), _local(one.at, region)
        drawn.add_scatter(
            x=[first, last],
            y=[name, name],
            mode="lines",
            line={"color": faint(colour.good, 0.35), "width": 18},
            name=words["kallor.known"],
            legendgroup="known",
            showlegend=one is found[0],
            hoverinfo="skip",
        )
    for grade, shade, width in (("late", colour.expected, 9), ("silent", colour.notable, 18)):
        pieces = [(one, *gap) for one in found for gap in one.gaps if gap[2] == grade]
        xs: list[str | None] = []
        ys: list[str | None] = []
        texts: list[str] = []
        for one, begins, ends, _ in pieces:
            name = name_of(one.facts.name, words)
            begun = max(begins, one.since)
            told = f"{name}: {moment(begins, region, language)} – {moment(ends, region, language)}"
            xs += [_local(begun, region), _local(ends, region), None]
            ys += [name, name, None]
            texts += [f"{told} ({length(ends - begins, words)})"] * 3
        drawn.add_scatter(
            x=xs,
            y=ys,
            mode="lines",
            line={"color": shade, "width": width},
            name=words[f"kallor.{grade}"],
            text=texts,
            hovertemplate="%{text}<extra></extra>",
            visible=True if pieces else "legendonly",
        )
    if found:
        days = [
            (found[0].since.astimezone(region.zone).date() + timedelta(days=n))
            for n in range((found[0].at - found[0].since).days + 2)
        ]
        drawn.update_xaxes(
            **day_axis(days, language), range=[_local(found[0].since, region), _local(found[0].at, region)]
        )
    drawn.update_yaxes(type="category", categoryorder="array", categoryarray=names[::-1], tickformat="")
    drawn.update_yaxes(range=[-0.6, max(0, len(names) - 1) + 0.6], showgrid=False)
    return drawn


def gap_table(found: Sequence[Health], words: Words) -> Table:
    """Every silence longer than usual."""
    rows = [
        {
            "feed": name_of(one.facts.name, words), "begins": begins.isoformat(), "ends": ends.isoformat(),
            "minutes": round((ends - begins).total_seconds() / 60), "what": words[f"kallor.{grade}"],
        }
        for one in found
        for begins, ends, grade in one.gaps
    ]  # fmt: skip
    return Table(
        [
            Column("feed", words["kallor.feed"]), Column("begins", words["kallor.begins"], "moment"),
            Column("ends", words["kallor.ends"], "moment"),
            Column("minutes", words["kallor.length"], "number", words["kallor.minutes"]),
            Column("what", words["kallor.what"]),
        ],
        rows,
    )  # fmt: skip


def rhythm(one: Health, words: Words, theme: Theme) -> go.Figure:
    """The usual time to the next sign of life, for each hour of the week."""
    minutes = [[_minutes(one, day, hour) for hour in range(24)] for day in range(1, 8)]
    days = WEEKDAYS[words.language]
    drawn = blank(words.language, theme, x=Sentence("Klockslag", "Time of day"))
    texts = [
        [
            f"{days[day]} {hour:02d}–{(hour + 1) % 24:02d}: {_told(one, day + 1, hour, words)}"
            for hour in range(24)
        ]
        for day in range(7)
    ]
    drawn.add_heatmap(
        x=[f"{hour:02d}" for hour in range(24)],
        y=list(days),
        z=minutes,
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        colorscale=sequential(theme),
        zmin=0,
        xgap=2,
        ygap=2,
        colorbar={"title": {"text": words["kallor.minutes"]}, "thickness": 12, "outlinewidth": 0},
    )
    drawn.update_layout(margin_t=8)
    drawn.update_xaxes(type="category", tickvals=[f"{hour:02d}" for hour in range(0, 24, 3)])
    drawn.update_yaxes(type="category", autorange="reversed", showgrid=False)
    return drawn


def _minutes(one: Health, day: int, hour: int) -> float | None:
    usual = one.rhythm.usual(day, hour)
    return None if usual is None else usual.total_seconds() / 60


def _told(one: Health, day: int, hour: int, words: Words) -> str:
    usual = one.rhythm.usual(day, hour)
    return words["kallor.unlearned"] if usual is None else length(usual, words)


def rhythm_table(one: Health, words: Words) -> Table:
    """The same as rows, with how many silences each rests on."""
    days = WEEKDAYS[words.language]
    rows: list[dict[str, Any]] = [
        {
            "weekday": days[day - 1], "hour": f"{hour:02d}", "silences": cell.gaps,
            "minutes": round(cell.usual.total_seconds() / 60, 2),
        }
        for (day, hour), cell in sorted(one.rhythm.cells.items())
    ]  # fmt: skip
    return Table(
        [
            Column("weekday", words["kallor.weekday"]), Column("hour", words["kallor.hour"]),
            Column("minutes", words["kallor.usual_minutes"], "number", words["kallor.minutes"]),
            Column("silences", words["kallor.silences"], "number"),
        ],
        rows,
    )  # fmt: skip


def step_names(edges_h: Sequence[float], words: Words) -> list[str]:
    """The steps of the delay: ``under 15 min``, ``15 min–1 h``, …, ``over 30 d``."""
    marks = [length(timedelta(hours=edge), words) for edge in edges_h]
    return [
        words.fill("kallor.under", to=marks[0]),
        *(words.fill("kallor.from_to", first=one, to=two) for one, two in itertools.pairwise(marks)),
        words.fill("kallor.over", first=marks[-1]),
    ]


def delay(found: Sequence[Health], edges_h: Sequence[float], words: Words, theme: Theme) -> go.Figure:
    """Which share of the incidents became known how late, a bar for each feed and step."""
    names, colours = step_names(edges_h, words), look(theme)
    drawn = blank(words.language, theme, y=Sentence("Andel av händelserna", "Share of the incidents"))
    shapes = ("", "/", "x", ".")
    told = [one for one in found if one.delay is not None]
    for number, one in enumerate(told):
        steps = one.delay.steps if one.delay is not None else ()
        total = sum(steps) or 1
        drawn.add_bar(
            x=names,
            y=[count / total for count in steps],
            name=name_of(one.facts.name, words),
            marker={
                "color": colours.series[number % 6],
                "pattern": {"shape": shapes[number % 4], "solidity": 0.25},
            },
            customdata=list(steps),
            hovertemplate="%{x}: <b>%{y:.0%}</b> (%{customdata})<extra>%{fullData.name}</extra>",
        )
    drawn.update_layout(barmode="group", bargap=0.25)
    drawn.update_yaxes(tickformat=".0%", rangemode="tozero")
    drawn.update_xaxes(tickangle=0 if len(names) < 6 else -35)
    return drawn


def delay_table(found: Sequence[Health], edges_h: Sequence[float], words: Words) -> Table:
    """The same as rows."""
    names = step_names(edges_h, words)
    rows = [
        {
            "feed": name_of(one.facts.name, words), "step": name, "incidents": count,
            "share": count / (sum(one.delay.steps) or 1),
        }
        for one in found
        if one.delay is not None
        for name, count in zip(names, one.delay.steps, strict=True)
    ]  # fmt: skip
    return Table(
        [
            Column("feed", words["kallor.feed"]), Column("step", words["kallor.step"]),
            Column("share", words["kallor.share"], "percent"), Column("incidents", words["kallor.incidents"], "number"),
        ],
        rows,
    )  # fmt: skip


def outcomes(one: Health, words: Words, theme: Theme) -> go.Figure:
    """What became of a feed's rows, by day, one upon the other."""
    colour, days = look(theme), [row["day"].isoformat() for row in one.days]
    drawn = blank(words.language, theme, y=Sentence("Rader per dygn", "Rows a day"))
    shades = {
        "new": colour.observed, "corrected": colour.series[2], "withdrawn": colour.series[3],
        "unchanged": colour.expected, "quarantined": colour.notable, "outside": colour.provisional,
    }  # fmt: skip
    shapes = {"corrected": "/", "withdrawn": "\\", "quarantined": "x", "outside": "."}
    for name in OUTCOMES:
        counts = [row[name] for row in one.days]
        drawn.add_bar(
            x=days,
            y=counts,
            name=words[f"kallor.{name}"],
            marker={"color": shades[name], "pattern": {"shape": shapes.get(name, ""), "solidity": 0.25}},
            hovertemplate="%{y}<extra>%{fullData.name}</extra>",
            visible=True if any(counts) else "legendonly",
        )
    drawn.update_layout(barmode="stack", bargap=0.2, hovermode="x unified")
    drawn.update_xaxes(**day_axis(days, words.language), tickformat="%Y-%m-%d", hoverformat="%Y-%m-%d")
    return drawn


def outcome_table(one: Health, words: Words) -> Table:
    """The same as rows."""
    columns = [
        Column("day", words["kallor.day"], "day"),
        *(Column(name, words[f"kallor.{name}"], "number") for name in OUTCOMES),
    ]
    return Table(columns, [dict(row) for row in one.days])
