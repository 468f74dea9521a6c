"""What is asked of the judge: why, and which of the two. The buttons are alike: none is the one to press."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

import dash_mantine_components as dmc
from dash import Input, Output, State, ctx, html, no_update, set_props

from app.commands.links import Overtaken
from app.domain.errors import BadInput, LagesbildError, NotFound, Unavailable
from app.domain.personal_number import holds_number
from app.domain.reasons import FEWEST, MOST, parse
from dashboards.guard import callback
from dashboards.pages.lankar import reading
from dashboards.pages.lankar.text import TEXT
from dashboards.services import note_denied_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.link import Decision
    from dashboards.services import Services

BUTTONS: tuple[Decision, ...] = ("accept", "reject", "undo")


def decide(words: Words) -> Component:
    """The reason, and the buttons of which those show that make sense."""
    say = words.say
    why = say(
        dmc.Textarea(
            id="link-text", size="sm", debounce=True, autosize=True, minRows=1, maxRows=5,
            inputProps={"maxLength": MOST},
        ),
        label="link.why",
        placeholder="link.why_hint",
    )  # fmt: skip
    buttons = [
        say(dmc.Button(id=f"link-{name}", size="sm", variant="default", n_clicks=0), children=f"link.{name}")
        for name in BUTTONS
    ]
    return html.Section(
        [
            say(html.H2(id="link-decide"), children="link.decide"),
            why,
            html.P(id="link-text-problem", className="problem", role="alert"),
            html.Div(
                [*buttons, say(html.P(id="link-meaning", className="hint"), children="link.meaning")],
                className="line",
            ),
            html.P(id="link-said", className="said", role="status"),
        ],
        id="link-form",
        className="link-form",
        hidden=True,
    )


def find(told: dict[str, Any] | None, opened: str | None) -> dict[str, Any] | None:
    """The proposal that is open, from what was read."""
    if told is None:
        return None
    return next((row for row in (*told["rows"], *told["decided"]) if row["proposal"] == opened), None)


def after(told: dict[str, Any], judged: str) -> str | None:
    """The proposal that stands after one in the list, or before it where it is the last; None where none is left."""
    ids = [row["proposal"] for row in told["rows"]]
    place = ids.index(judged) if judged in ids else -1
    left = [*ids[place + 1 :], *ids[:place][::-1]] if place >= 0 else ids
    return left[0] if left else None


def register(app: Dash, services: Services) -> None:
    """Register the callback that decides; what waits is then read anew."""

    @callback(
        app,
        "links",
        Output("link-judged", "data"),
        Output("link-said", "children"),
        Output("link-text", "value"),
        Output("link-text-problem", "children"),
        *(Input(f"link-{name}", "n_clicks") for name in BUTTONS),
        State("link-given", "data"),
        State("link-told", "data"),
        State("link-open", "data"),
        State("link-text", "value"),
        State("lang", "data"),
        prevent_initial_call=True,
    )
    async def judge(
        _accept: int, _reject: int, _undo: int, given: str | None, told: dict[str, Any] | None, opened: str | None,
        text: str | None, lang: str | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        row, words = find(told, opened), Words(language_of(lang), TEXT)
        if not given or told is None or opened is None or row is None:
            return (no_update,) * 4
        decision = cast("Decision", str(ctx.triggered_id).removeprefix("link-"))
        said = " ".join((text or "").split())
        problem = unfit(said, words)
        if problem:
            return no_update, "", no_update, problem
        try:
            await reading.judge(services, opened, decision, row.get("decision", "undo"), given, said)
        except Unavailable:
            raise  # the shell says so; nothing was decided
        except Overtaken:
            return {"at": time.time(), "open": opened}, "", no_update, words["link.overtaken"]
        except NotFound:
            await note_denied_now("links/judge", f"404 {opened}")
            return {"at": time.time(), "open": None}, "", no_update, words["link.gone"]
        except LagesbildError as error:
            return no_update, "", no_update, error.said(words.language)
        set_props("fault", {"data": None})
        then = opened if decision == "undo" else after(told, opened)
        return {"at": time.time(), "open": then}, words[f"link.said_{decision}"], "", ""


def unfit(said: str, words: Words) -> str:
    """What is wrong with a reason for a decision; empty where it will do."""
    if holds_number(said):
        return words["link.why_number"]
    try:
        parse(said)
    except BadInput:
        return words.fill("link.why_needed", n=FEWEST)
    return ""
