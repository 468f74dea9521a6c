"""Pairs of somebody by their number: asked, sent, and gone from the page as it is sent.

The number goes to the server in the body of one question and becomes a pseudonym there. The field is emptied before the
answer comes (``running``, and in the browser ``pairs.sent``), whatever it is; so a number with a slip in it has to be
written anew, and lies nowhere.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Input, Output, State, ctx, html, no_update, set_props

from app.domain.errors import BadInput, LagesbildError, Unavailable
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.pages.par import reading
from dashboards.pages.par.text import TEXT
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from dashboards.services import Services


def find(words: Words) -> Component:
    """The field, the role and the button, folded until they are wanted."""
    say = words.say
    number = say(
        dmc.TextInput(
            id="par-number", value="", size="xs", autoComplete="off", spellCheck=False, debounce=True
        ),
        label="par.number",
        placeholder="par.number_hint",
    )
    role = say(
        dmc.SegmentedControl(id="par-role", value="victim", data=[], size="xs", fullWidth=True),
        data=[{"value": role, "label": {"text": f"par.role_{role}"}} for role in reading.ROLES],
        aria_label="par.role",
    )
    return html.Details(
        [
            say(html.Summary(id="par-find-open"), children="par.find"),
            html.Div(
                [
                    html.Div(
                        [
                            number,
                            say(dmc.Button(id="par-find", size="xs", n_clicks=0), children="par.find_go"),
                        ],
                        className="line",
                    ),
                    role,
                    say(html.P(id="par-number-kept", className="hint"), children="par.number_kept"),
                    html.P(id="par-number-problem", className="problem", role="alert"),
                ],
                className="find-form",
            ),
        ],
        className="find",
    )


def found(words: Words) -> Component:
    """Above the list: that it is somebody's, and the way back to all pairs."""
    return html.Div(
        [
            html.Span(id="par-found-said", role="status"),
            words.say(
                dmc.Button(id="par-found-close", size="xs", variant="subtle", n_clicks=0),
                children="par.found_close",
            ),
        ],
        id="par-found-line",
        className="found-line",
        hidden=True,
    )


def said(told: dict[str, Any], words: Words) -> str:
    """Whose pairs these are, without saying who that is."""
    n = len(told["rows"])
    role = told["role"]
    return words[f"par.found_one_{role}"] if n == 1 else words.fill(f"par.found_{role}", n=n)


def register(app: Dash, services: Services) -> None:
    """Register the callback that looks somebody up, and what empties the field as it does."""
    in_browser(
        app,
        "pairs.sent",
        Input("par-find", "n_clicks"),
        Input("par-number", "n_submit"),
        prevent_initial_call=True,
    )

    @callback(
        app,
        "pairs",
        Output("par-found", "data"),
        Output("par-number-problem", "children"),
        Input("par-find", "n_clicks"),
        Input("par-number", "n_submit"),
        Input("par-found-close", "n_clicks"),
        State("par-number", "value"),
        State("par-role", "value"),
        State("par-given", "data"),
        State("known", "data"),
        State("lang", "data"),
        running=[(Output("par-number", "value"), "", "")],
        prevent_initial_call=True,
    )
    async def look_up(
        _find: int, _submit: int, _close: int, number: str | None, role: str | None, given: str | None,
        known: str | None, lang: str | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        if ctx.triggered_id == "par-found-close":
            return None, ""
        words = Words(language_of(lang), TEXT)
        if not given:
            return no_update, no_update
        if not (number or "").strip():
            return no_update, words["par.number_missing"]
        try:
            told = await reading.of_person(
                services, number or "", role or "", datetime.fromisoformat(known) if known else None, given
            )
        except Unavailable:
            raise  # the shell says so; the number has to be written anew
        except BadInput:
            return no_update, words["par.number_wrong"]
        except LagesbildError as error:
            return no_update, error.said(words.language)
        set_props("fault", {"data": None})
        return told, ""
