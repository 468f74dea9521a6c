"""What is drawn of the log: the state of its chain, unusual readings as entries, and its rows for the table."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dash import html

from dashboards.components.format import moment, number
from dashboards.dom import HIDDEN, marked

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from app.domain.region import Region
    from dashboards.words import Words

DIGITS_SHOWN = 3
TRIED = re.compile(r"callback dashboards\.pages\.([a-z]+)\.")


def when(value: str, region: Region, words: Words, *, seconds: bool = False) -> str:
    """A moment in the region's zone."""
    return moment(datetime.fromisoformat(value), region, words.language, seconds=seconds)


def chain(state: dict[str, Any], region: Region, words: Words) -> Component:
    """Whether the log is whole: in words and shape, not by colour alone."""
    language = words.language
    if state["findings"]:
        mark, said = "broken", words["review.broken"]
    elif state["checked_to"] is None:
        mark, said = "unchecked", words["review.unchecked"]
    else:
        mark = "whole"
        until = when(state["checked_to"], region, words, seconds=True)
        said = words.fill("review.whole", until=until, n=number(state["checked_rows"], language))
    details = [html.Li(finding["sentence"]) for finding in state["findings"][:5]]
    if state["checked_at"] and mark != "unchecked":  # a check of an empty log checked nothing
        details.append(html.Li(words.fill("review.checked", at=when(state["checked_at"], region, words))))
    if state["sealed_to"]:
        sealed_at = when(state["sealed_to"], region, words, seconds=True)
        details.append(
            html.Li(words.fill("review.sealed", n=number(state["sealed"], language), at=sealed_at))
        )
    else:
        details.append(html.Li(words["review.sealed_none"]))
    if state["waiting"]:
        count = state["waiting"]
        waiting = (
            words["review.waiting_one"]
            if count == 1
            else words.fill("review.waiting", n=number(count, language))
        )
        details.append(html.Li(waiting, className="late"))
    details.append(html.Li(html.Code(words["review.command"])))
    head = html.Div([marked(html.I(), HIDDEN), html.B(said, id="chain-said")], className="said-of-chain")
    return marked(html.Div([head, html.Ul(details)], className="chain"), {"data-state": mark})


def entries(found: list[dict[str, Any]], region: Region, words: Words, chosen: str | None) -> list[Component]:
    """Each unusual reading as a button, in the order that was read."""
    return [html.Li(_entry(one, region, words, current=one["key"] == chosen)) for one in found]


def _entry(one: dict[str, Any], region: Region, words: Words, *, current: bool) -> Component:
    outcome = one["outcome"] or "none"
    facts = [_rows(len(one["log_ids"]), words), *_persons(one["persons"], words)]
    if one["rule"] in {"export", "denied"}:
        facts.append(words.fill("review.count", n=number(one["count"], words.language)))
    lines = [
        html.Div(
            [
                html.Time(when(one["last_at"], region, words)),
                marked(html.Span(words[f"review.outcome_{outcome}"], className="outcome"), {"data-outcome": outcome}),
            ],
            className="head",
        ),
        html.Div(words[f"review.rule_{one['rule']}"], className="rule"),
        html.Div(
            words.fill("review.by", name=one["name"] or one["actor"], role=role(one["role"], words)), className="by"
        ),
        html.Div([html.Span(fact) for fact in facts], className="facts"),
    ]  # fmt: skip
    button = html.Button(
        lines, id={"type": "review-row", "key": one["key"]}, n_clicks=0, className="entry", type="button"
    )
    return marked(button, {"aria-current": "true"} if current else {})


def _rows(count: int, words: Words) -> str:
    return (
        words["review.row_one"] if count == 1 else words.fill("review.rows", n=number(count, words.language))
    )


def _persons(digits: list[str], words: Words) -> list[str]:
    if not digits:
        return []
    if len(digits) == 1:
        return [words.fill("review.person_one", digits=digits[0])]
    return [words.fill("review.persons", n=number(len(digits), words.language))]


def role(name: str, words: Words) -> str:
    """The role in words."""
    key = f"review.role_{name}"
    return words[key] if key in words else name  # noqa: SIM401 - no mapping


def reason(row: dict[str, Any], words: Words) -> str:
    """The reason of the list, and what was added in the reader's own words; of a denied attempt why it was."""
    denied = f"review.denied_{row['reason_text']}"
    if row["action"] == "denied" and denied in words:
        return words[denied]
    key = f"review.reason_{row['reason']}"
    named = words[key] if row["reason"] and key in words else row["reason"]
    return " – ".join(part for part in (named, row["reason_text"]) if part)


def what(name: str, words: Words) -> str:
    """What was asked for, in words where there are some; a route of the API says most as it is."""
    if tried := TRIED.match(name):
        return words.fill("review.what_callback", page=f"/{tried[1]}")
    keys = (f"review.what_{name}", f"review.what_{name.partition('/')[0]}")
    return next((words[key] for key in keys if key in words), name)


def table(rows: list[dict[str, Any]], region: Region, words: Words) -> list[dict[str, Any]]:
    """The log's rows as the table shows them."""
    return [
        {
            "key": str(row["log_id"]),
            "log_id": row["log_id"],
            "at": when(row["at"], region, words, seconds=True),
            "name": row["name"] or row["actor"],
            "role": role(row["role"], words),
            "action": words[f"review.action_{row['action']}"],
            "reason": reason(row, words),
            "persons": _digits(row["persons"]),
            "found": row["found"],
            "areas": ", ".join(row["areas"]),
            "what": what(row["what"], words),
            "sealed": words["review.yes" if row["sealed"] else "review.no"],
        }
        for row in rows
    ]


def _digits(digits: list[str]) -> str:
    more = f" +{len(digits) - DIGITS_SHOWN}" if len(digits) > DIGITS_SHOWN else ""
    return ", ".join(digits[:DIGITS_SHOWN]) + more


def notes(held: list[dict[str, Any]], region: Region, words: Words) -> list[Component]:
    """What was noted before, oldest first."""
    return [
        html.Li(
            [
                html.Div(
                    [
                        html.Span(words[f"review.outcome_{one['outcome']}"]),
                        html.Small(f"{one['name']}, {when(one['at'], region, words)}"),
                    ],
                    className="head",
                ),
                html.P(one["note"], className="text"),
            ]
        )
        for one in held
    ]
