"""One pair: its clock, its flags, two small lines, the ladder of reports, and what was noted."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from dash import dcc, html

from dashboards.components.format import interval, moment
from dashboards.components.freshness import name_of
from dashboards.pages.par import figures
from dashboards.pages.par.listing import day, name, rests_on

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from app.domain.region import Region
    from dashboards.words import Words

QUIET: Any = {"displayModeBar": False}


def describe(
    told: dict[str, Any], region: Region, words: Words, theme: str, *, incidents: bool
) -> list[Component]:
    """All of it but the form. ``incidents``: the viewer may open single incidents, so the sources are links."""
    parts: list[Component | None] = [
        html.Div(
            [
                html.H3(name(told["pair"], words), title=told["pair"]),
                html.P(_since(told["days_since_last"], words), className="lead", id="par-since"),
            ],
            className="head",
        ),
        _known(told, region, words),
        html.P(told["elsewhere"][words.language], className="note", id="par-elsewhere")
        if told["elsewhere"]
        else None,
        html.H2(words["par.flags"]),
        _flags(told, words),
        html.Div([_severity(told, words, theme), _frequency(told, words, theme)], className="lines"),
        html.H2(words["par.ladder"]),
        html.Ol(
            [
                _rung(rung, point, region, words, incidents=incidents)
                for rung, point in zip(told["rungs"], told["frequency"], strict=True)
            ][::-1],
            className="versions ladder",
        ),
        html.H2(words["par.follow_ups"]),
        _follow_ups(told, region, words),
    ]
    return [part for part in parts if part is not None]


def _since(days: int, words: Words) -> str:
    return words["par.days_since_one"] if days == 1 else words.fill("par.days_since_many", n=days)


def _known(told: dict[str, Any], region: Region, words: Words) -> Component | None:
    if told["known"] is None:
        return None
    when = moment(datetime.fromisoformat(told["known"]), region, words.language)
    return html.P(words.fill("par.known_then", when=when), className="note past")


def _flags(told: dict[str, Any], words: Words) -> Component:
    if not told["flags"]:
        return html.P(words["par.no_flags"], className="lead")
    return html.Ul(
        [
            html.Li(
                [html.Span(flag[f"text_{words.language}"]), html.Small(rests_on(flag["sources"], words))],
                className="flag",
            )
            for flag in told["flags"]
        ],
        className="flags",
    )


def _severity(told: dict[str, Any], words: Words, theme: str) -> Component:
    return html.Section(
        [
            html.H2(words["par.severity"]),
            html.Small(words["par.severity_hint"]),
            dcc.Graph(figure=figures.severity(told, words.language, theme), config=QUIET, responsive=True),
        ],
        className="card line",
    )


def _frequency(told: dict[str, Any], words: Words, theme: str) -> Component:
    if len(told["frequency"]) < 2:
        body: list[Component] = [html.P(words["par.frequency_one"], className="nothing")]
    else:
        body = [
            html.Small(words["par.frequency_hint"]),
            dcc.Graph(figure=figures.frequency(told, words.language, theme), config=QUIET, responsive=True),
        ]
    return html.Section([html.H2(words["par.frequency"]), *body], className="card line")


def _rung(
    rung: dict[str, Any], point: dict[str, Any], region: Region, words: Words, *, incidents: bool
) -> Component:
    language = words.language
    occurred = interval(
        datetime.fromisoformat(rung["occurred_from"]),
        datetime.fromisoformat(rung["occurred_to"]),
        region,
        language,
    )
    facts: list[tuple[str, Any]] = [
        ("area", " · ".join(dict.fromkeys(filter(None, (rung["area_name"], rung["district_name"]))))),
        ("address", rung["address"]),
        ("relation", ", ".join(rung["relation"]) or words["par.no_relation"]),
        ("told", _moment(rung["reported_at"], region, words)),
        ("known", _moment(rung["first_known_at"], region, words)),
        ("beside", ", ".join(_offence(act, words) for act in rung["beside"])),
        ("source", _source(rung, words, incidents=incidents)),
    ]
    lines = [
        (html.Dt(words[f"par.{key}"]), html.Dd(value)) for key, value in facts if value not in (None, "")
    ]
    return html.Li(
        [
            html.Div([html.Span(occurred), html.Small(_gap(point, words))], className="head"),
            *(html.Div(_offence(act, words), className="what") for act in rung["offences"]),
            html.P(words["par.protected"], className="note") if rung["protected"] else None,
            html.Dl([part for line in lines for part in line]),
        ],
        className="rung",
    )


def _gap(point: dict[str, Any], words: Words) -> str:
    days = point["days_since_previous"]
    if days is None:
        return words["par.gap_first"]
    if days == 0:
        return words["par.gap_same"]
    return words["par.gap_day"] if days == 1 else words.fill("par.gap_days", n=days)


def _offence(act: dict[str, Any], words: Words) -> str:
    count = f"{act['count']} × " if act["count"] > 1 else ""
    return f"{count}{act[f'offence_{words.language}']} ({act['offence']})"


def _source(rung: dict[str, Any], words: Words, *, incidents: bool) -> list[Any]:
    told: list[Any] = [name_of(rung["feed"], words)]
    if incidents:
        told += [" · ", html.A(words["par.open_incident"], href=f"/?incident={rung['uid']}", target="_blank")]
    return told


def _follow_ups(told: dict[str, Any], region: Region, words: Words) -> Component:
    if not told["follow_ups"]:
        return html.P(words["par.no_follow_ups"], className="lead")
    return html.Ol([_follow_up(one, region, words) for one in told["follow_ups"]][::-1], className="noted")


def _follow_up(one: dict[str, Any], region: Region, words: Words) -> Component:
    kind = f"par.kind_{one['kind']}"
    head = [html.Span(words[kind]), html.Small(f"{_moment(one['noted_at'], region, words)} · {one['name']}")]
    if one["corrects"]:
        head.append(html.Small(words["par.correction"]))
    if one["corrected"]:
        head.append(html.Small(words["par.corrected"]))
    more = [
        html.P(f"{words['par.decided']}: {one['decided']}") if one["decided"] else None,
        html.P(f"{words['par.due']}: {day(one['due'], words)}") if one["due"] else None,
    ]
    body = [html.Div(head, className="head"), html.P(one["text"], className="text"), *filter(None, more)]
    return html.Li(body, className="corrected" if one["corrected"] else "")


def _moment(text: str | None, region: Region, words: Words) -> str | None:
    return None if text is None else moment(datetime.fromisoformat(text), region, words.language)
