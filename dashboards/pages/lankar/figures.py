"""What is drawn of a proposal: the list, the evidence as weights with a bar each, the reports of either side.

A weight is a number with its sign, and a bar to one side of a line: colour says nothing that these do not.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dash import html

from app.linkage.measured import tried
from dashboards.components.format import day_text, moment, number
from dashboards.components.reason import in_words
from dashboards.dom import HIDDEN, marked

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from app.domain.region import Region
    from dashboards.words import Language, Words

SHOWN_LETTERS = 6
"""Of an opaque id: enough for two people to say that they look at the same proposal."""
AGAINST, FOR = 8.0, 16.0
"""Bits at the ends of the bars' scale, the same for all proposals. What lies beyond fills it; the number tells it."""
FIELDS = ("given", "family", "born", "where", "sex")
ALMOST = 0.9995
"""From here on the probability is told as more than 99.9 per cent."""


def rows(told: dict[str, Any], region: Region, words: Words, opened: str | None) -> list[Component]:
    """Each proposal that waits as a button, in the order that was read: the latest proposed first."""
    return [
        html.Li(
            _row(row, _moment(row["proposed_at"], region, words), words, current=row["proposal"] == opened)
        )
        for row in told["rows"]
    ]


def decided(told: dict[str, Any], region: Region, words: Words, opened: str | None) -> list[Component]:
    """Each decision that holds as a button, the last first."""
    found: list[Component] = []
    for row in told["decided"]:
        decision = words[f"link.is_{row['decision']}"]
        head = f"{decision}, {_moment(row['decided_at'], region, words)}"
        found.append(html.Li(_row(row, head, words, current=row["proposal"] == opened)))
    return found


def _row(row: dict[str, Any], head: str, words: Words, *, current: bool) -> Component:
    places = dict.fromkeys(one["district"] for one in (*row["one"], *row["other"]) if one["district"])
    facts = [words.fill("link.reports", one=len(row["one"]), other=len(row["other"])), *places]
    lines = [
        html.Div([html.Span(head), html.Small(row["proposal"][:SHOWN_LETTERS])], className="when"),
        html.Div([html.Span(fact) for fact in facts], className="where"),
    ]
    button = html.Button(
        lines,
        id={"type": "link-row", "proposal": row["proposal"]},
        n_clicks=0,
        className="pair-row",
        type="button",
    )
    return marked(button, {"aria-current": "true"} if current else {})


def describe(row: dict[str, Any], region: Region, words: Words) -> list[Component]:
    """One proposal: how sure it is, what speaks for and against, and where either side is mentioned."""
    parts: list[Component | None] = [
        html.Div(
            [
                html.H3(
                    words.fill("link.proposal", id=row["proposal"][:SHOWN_LETTERS]),
                    id="link-title",
                    title=row["proposal"],
                    tabIndex=-1,
                ),
                html.P(
                    words.fill("link.proposed", when=_moment(row["proposed_at"], region, words)),
                    className="lead",
                ),
            ],
            className="head",
        ),
        _standing(row, region, words),
        _sure(row, words),
        html.H2(words["link.evidence"]),
        evidence(row["evidence"], words),
        html.H2(words["link.mentions"]),
        html.Div([_side(row, side, words) for side in ("one", "other")], className="sides"),
    ]
    return [part for part in parts if part is not None]


def _standing(row: dict[str, Any], region: Region, words: Words) -> Component | None:
    if "decision" not in row:
        return None
    return html.P(
        [
            html.B(words[f"link.is_{row['decision']}"]),
            f" · {_moment(row['decided_at'], region, words)} · {row['name']} · {in_words(row['reason'], words)}",
        ],
        className="note past",
        id="link-standing",
    )


def _sure(row: dict[str, Any], words: Words) -> Component:
    """The probability of identity in words, with how such proposals did when they were tried."""
    share = percent(row["probability"], words.language)
    band = tried(row["probability"], row["model_version"])
    model = words.fill("link.model", share=share, version=row["model_version"])
    if band is None:
        return html.Div([html.P(model), html.Small(words["link.identity"])], className="sure")
    key = "maybe" if band.at_least < 0.9 else "likely" if band.at_least < 0.99 else "very_likely"
    counts = {name: number(value, words.language) for name, value in (("right", band.right), ("of", band.of))}
    return html.Div(
        [
            html.P(words.fill(f"link.sure_{key}", **counts), id="link-sure", className="said-sure"),
            html.Small(f"{model} {words['link.identity']}"),
        ],
        className="sure",
    )


def percent(probability: float, language: Language) -> str:
    """``97,3 %``; near certainty is not told as certainty."""
    if probability >= ALMOST:
        return f"> {number(99.9, language, 1)} %"
    return f"{number(100 * probability, language, 1)} %"


def evidence(told: dict[str, dict[str, Any]], words: Words) -> Component:
    """A row for each field that was compared: which level of agreement held, and its weight."""
    names = [name for name in FIELDS if name in told] + [name for name in told if name not in FIELDS]
    head = html.Tr(
        [
            html.Th(words["link.field"]),
            html.Th(words["link.level"]),
            html.Th(
                [html.Span(words["link.against"]), html.Span(words["link.for"])], className="ends", title=""
            ),
            html.Th(words["link.weight"], className="number"),
        ]
    )
    return html.Div(
        [
            html.Table(
                [html.Thead(head), html.Tbody([_compared(name, told[name], words) for name in names])]
            ),
            html.P(words["link.weight_hint"], className="hint"),
        ],
        className="evidence",
    )


def _compared(field: str, found: dict[str, Any], words: Words) -> Component:
    bits = float(found["bits"])
    begins, width = bar(bits)
    side = "for" if bits > 0 else "against" if bits < 0 else "none"
    drawn = html.Div(
        [
            html.I(className="zero"),
            marked(
                html.B(style={"left": f"{begins:.2f}%", "width": f"{width:.2f}%"}),
                {"data-side": side},
            ),
        ],
        className="weight",
    )
    told: list[Any] = [html.Span(signed(bits, words.language)), " ", html.Small(words[f"link.says_{side}"])]
    return html.Tr(
        [
            marked(html.Th(_known(f"link.field_{slug(field)}", field, words)), {"scope": "row"}),
            html.Td(_known(f"link.level_{slug(str(found['level']))}", str(found["level"]), words)),
            html.Td(marked(drawn, HIDDEN), className="bar"),
            html.Td(told, className="number"),
        ]
    )


def bar(bits: float) -> tuple[float, float]:
    """Where a weight's bar begins, and how wide it is, in per cent of the scale from ``-AGAINST`` to ``FOR``."""
    held = min(max(bits, -AGAINST), FOR)
    whole = AGAINST + FOR
    return 100 * (AGAINST + min(held, 0.0)) / whole, 100 * abs(held) / whole


def signed(bits: float, language: Language) -> str:
    """``+7,2``, ``−3,1`` with a real minus, ``0,0``."""
    text = number(abs(bits), language, 1)
    return text if not float(f"{bits:.1f}") else f"{'+' if bits > 0 else '−'}{text}"


def slug(text: str) -> str:
    """A level's name as a part of a text's key."""
    return re.sub(r"[^a-z]+", "_", text.lower()).strip("_")


def _known(key: str, otherwise: str, words: Words) -> str:
    """The wording, or the name itself: a later model may compare what the screen has no word for."""
    return words[key] if key in words else otherwise  # noqa: SIM401 - no mapping


def _side(row: dict[str, Any], side: str, words: Words) -> Component:
    found = row[side]
    title = html.H4(words[f"link.side_{side}"])
    if not found:
        return html.Section([title, html.P(words["link.no_reports"], className="nothing")], className="side")
    head = html.Tr([html.Th(words[f"link.col_{name}"]) for name in ("day", "role", "district", "report")])
    return html.Section(
        [
            title,
            html.Table([html.Thead(head), html.Tbody([_report(one, words) for one in found])]),
        ],
        className="side",
    )


def _report(one: dict[str, Any], words: Words) -> Component:
    day = date.fromisoformat(one["day"])
    return html.Tr(
        [
            html.Td(f"{day_text(day, words.language)} {day.year}"),
            html.Td(words[f"link.role_{one['role']}"]),
            html.Td(one["district"] or words["link.no_district"]),
            html.Td(
                html.A(
                    one["uid"][:SHOWN_LETTERS],
                    href=f"/?incident={one['uid']}",
                    target="_blank",
                    title=words["link.open_incident"],
                )
            ),
        ]
    )


def _moment(text: str, region: Region, words: Words) -> str:
    return moment(datetime.fromisoformat(text), region, words.language)
