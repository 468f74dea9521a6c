"""How alerts are drawn: a line of the list, and the chosen one with why it fired and what was done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from dash import html

from app.alerts.described import Names, describe, tell
from app.alerts.rule import Rule, read_rule
from app.domain import words as sentences
from dashboards.components import links
from dashboards.components.format import decimal, moment
from dashboards.dom import HIDDEN, marked

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dash.development.base_component import Component

    from app.domain.region import Region
    from dashboards.words import Words

Row = dict[str, Any]
MOST_SOURCES = 12
ANYWHERE: Mapping[str, Any] = {"point": (18.0, 59.0)}
"""Stands for a fence, which this page tells nobody but in the form of its rule."""


def rule_of(row: Row) -> Rule:
    """The rule that an alert is of."""
    return read_rule(row["definition"], ANYWHERE if row["kind"] == "geofence" else None)


def line(row: Row, words: Words, region: Region, *, chosen: bool) -> Component:
    """One alert in the list."""
    say = words.language
    parts = [
        html.Span(
            [html.Span(words[f"larm.kind_{row['kind']}"], className="larm-kind"), html.Span(state(row, words, region))],
            className="larm-top",
        ),
        html.Span(row[f"title_{say}"], className="larm-title"),
        html.Span(
            [
                html.Span(where(row, words)),
                html.Span(moment(row["period"], region, say)),
                *([html.Span(times(row, words))] if row["firings"] > 1 else []),
            ],
            className="larm-where",
        ),
    ]  # fmt: skip
    button = html.Button(
        parts, id={"type": "larm-row", "alert": row["uid"]}, n_clicks=0, type="button", className="larm-row"
    )
    told = {"data-kind": row["kind"], "data-state": row["state"]}
    told |= {"data-probation": "yes"} if row["probation"] else {}
    return html.Li(marked(button, told | ({"aria-current": "true"} if chosen else {})))


def where(row: Row, words: Words) -> str:
    """The district, the feed, or the channel that could not be used."""
    if row["kind"] == "delivery":
        return words[f"larm.place_{row['place']}"]
    return str(row["area_name"] or row["feed"] or words["larm.region"])


def times(row: Row, words: Words) -> str:
    """How often it fired."""
    return words["larm.once"] if row["firings"] == 1 else words.fill("larm.times", n=row["firings"])


def state(row: Row, words: Words, region: Region) -> str:
    """How it stands."""
    if row["probation"] and row["state"] == "new":
        return words["larm.probation"]
    return words.fill(
        f"larm.state_{row['state']}",
        until=_short(row["until"], region),
        to=words[f"larm.role_{row['to_role']}"] if row["to_role"] else "",
        outcome=words[f"larm.outcome_{row['outcome']}"] if row["outcome"] else "",
    )


def detail(
    row: Row, life: Sequence[Row], sources: Sequence[str], words: Words, region: Region, names: Names, *, pairs: bool
) -> list[Component]:  # fmt: skip
    """The chosen alert, from why it fired to what was done."""
    language = words.language
    rule = rule_of(row)
    why = tell(rule, row["value"], row["bound"], row["normal"])
    head = html.Div(
        [
            html.Span(words[f"larm.kind_{row['kind']}"], className="larm-kind"),
            html.Span(state(row, words, region), className="larm-state"),
            *([html.Span(words["larm.again"], className="larm-state")] if row["again"] else []),
        ],
        className="larm-top",
    )
    drawn: list[Component] = [
        head,
        html.H2(f"{row[f'title_{language}']} · {where(row, words)}", id="larm-title", tabIndex="-1"),
        *([html.P(words["larm.probation_explained"], className="note")] if row["probation"] else []),
        html.H3(words["larm.why"]),
        html.P(getattr(why, language), className="larm-why", id="larm-why"),
        _links(row, words, pairs=pairs),
        html.H3(words["larm.facts"]),
        _facts(row, words, region),
        html.H3(words["larm.rule"]),
        html.P(getattr(describe(rule, names), language)),
        html.H3(words["larm.tried"]),
        html.P(tried(row["tried"], words), id="larm-tried"),
    ]
    if sources:
        drawn += [html.H3(words["larm.sources"]), _sources(sources, words)]
    return [*drawn, html.H3(words["larm.life"]), _life(life, words, region)]


def _facts(row: Row, words: Words, region: Region) -> Component:
    language = words.language
    counted = row["kind"] not in {"repeat", "delivery"}
    facts = [
        (key, decimal(row[key], language, 1))
        for key in ("value", "bound", "normal")
        if counted and row[key] is not None
    ]
    for key, at in (("window", row["window_from"]), ("first", row["period"])):
        if at is not None:
            facts.append((key, moment(at, region, language)))
    if row["firings"] > 1:
        facts += [("last", moment(row["fired_at"], region, language)), ("firings", times(row, words))]
    if row["noticed_at"] - row["fired_at"] > timedelta(minutes=1):
        facts.append(("noticed", moment(row["noticed_at"], region, language)))
    if row["position"] is not None:
        facts.append(("position", row["position"]))
    drawn = [part for key, told in facts for part in (html.Dt(words[f"larm.{key}"]), html.Dd(told))]
    return html.Dl(drawn, className="larm-facts")


def tried(found: Row | None, words: Words) -> str:
    """What a trial of the rule said, and how many of its alerts may be false."""
    language = words.language
    if found is None:
        return words["larm.untried"]
    told = words.fill(
        "larm.tried_said", fired=decimal(found["fired"], language), weeks=decimal(found["weeks"], language),
        over=decimal(found["weeks_over"], language), allowed=decimal(found["allowed_per_week"], language, 1),
    )  # fmt: skip
    if found["false_per_month"] is None or found["false_share"] is None:
        return told
    return f"{told} " + words.fill(
        "larm.false_said", rate=decimal(found["false_per_month"], language, 1),
        low=decimal(found["false_low"], language, 1), high=decimal(found["false_high"], language, 1),
        share=sentences.fraction(found["false_share"], language),
    )  # fmt: skip


def _links(row: Row, words: Words, *, pairs: bool) -> Component:
    then = row["fired_at"].isoformat()
    ways: list[tuple[str, str]] = []
    if row["kind"] == "silence":
        ways.append(("larm.see_feeds", links.to("/kallor", words)))
    elif row["kind"] != "delivery":
        ways.append(("larm.see_then", links.to("/", words, area=row["area"], known=then)))
        if row["area"]:
            ways.append(("larm.see_area", links.to("/omrade", words, area=row["area"])))
    if row["kind"] == "repeat" and pairs and row["definition"].get("of") == "pair":
        ways.append(("larm.see_pair", links.to("/par", words)))
    return html.P([html.A(words[key], href=address) for key, address in ways], className="larm-links")


def _sources(sources: Sequence[str], words: Words) -> Component:
    shown = sources[:MOST_SOURCES]
    items = [
        html.Li(html.A(words.fill("larm.incident", n=uid[:8]), href=links.to("/", words, incident=uid)))
        for uid in shown
    ]
    if len(sources) > len(shown):
        items.append(html.Li(words.fill("larm.more", n=len(sources) - len(shown)), className="note"))
    return html.Div(
        [
            html.P(words.fill("larm.sources_n", n=len(sources)), className="note") if len(sources) > 1 else None,
            html.Ul(items),
        ],
        className="larm-sources",
    )  # fmt: skip


def _life(life: Sequence[Row], words: Words, region: Region) -> Component:
    items = []
    for step in life:
        told = words.fill(
            f"larm.did_{step['kind']}",
            until=_short(step["until"], region),
            to=words[f"larm.role_{step['to_role']}"] if step["to_role"] else "",
            outcome=words[f"larm.outcome_{step['outcome']}"] if step["outcome"] else "",
            channel=words[f"larm.place_{step['channel']}"] if step["channel"] else "",
        )
        at = step["fired_at"] or step["at"]
        items.append(
            html.Li(
                [
                    html.Span(
                        [
                            html.Span(moment(at, region, words.language), className="when"),
                            html.Span(told, className="what"),
                            *([html.Span(step["name"], className="who")] if step["name"] else []),
                        ],
                        className="head",
                    ),
                    *([html.P(step["note"], className="said")] if step["note"] else []),
                ]
            )
        )
    return marked(html.Ol(items, className="larm-life"), {"role": "list"})


def _short(at: datetime | None, region: Region) -> str:
    return "" if at is None else f"{at.astimezone(region.zone):%d/%m %H:%M}"


def nothing(text: str) -> Component:
    """A line where there is nothing."""
    return html.P([marked(html.I(), HIDDEN), text], className="nothing")
