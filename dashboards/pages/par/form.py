"""What is asked of the reader: which pairs, and what was done."""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import ALL, Input, Output, State, html, no_update

from app.domain.errors import LagesbildError
from app.domain.flags import flag_rules
from app.domain.follow_up import Entry, kinds
from app.domain.reasons import catalogue
from dashboards.components.format import moment
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.pages.par import person, reading
from dashboards.pages.par.text import TEXT
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.region import Region
    from dashboards.services import Services


def with_one_press(asked: Component, words: Words) -> Component:
    """The question for a reason with the reasons of the list beside it, each given by one press."""
    buttons = [
        words.say(
            html.Button(
                id={"type": "par-quick", "reason": name}, n_clicks=0, type="button", className="quick"
            ),
            children=f"reason.of_{name}",
        )
        for name in catalogue()
    ]
    row: Any = words.say(
        html.Div(buttons, id="par-quick-row", className="quick-reasons", role="group"),
        aria_label="reason.choose",
    )
    parts: Any = asked
    parts.children[0].children.insert(2, row)
    return asked


def choices(words: Words) -> Component:
    """Which pairs: how often reported, and with which flag."""
    say = words.say
    least = say(
        dmc.SegmentedControl(id="par-least", value="2", data=[], size="xs", fullWidth=True),
        data=[{"value": n, "label": {"text": f"par.least_{n}"}} for n in reading.LEAST],
        aria_label="par.least",
    )
    flag = say(
        dmc.Select(id="par-flag", data=[], size="xs", clearable=True),
        data=[{"value": rule.id, "label": {"text": f"par.flag_{rule.id}"}} for rule in flag_rules()],
        placeholder="par.flag_all",
        aria_label="par.flag",
    )
    return html.Div(
        [
            html.Div(
                [
                    say(html.H2(id="par-list-title"), children="par.list"),
                    html.Span(id="par-count", role="status"),
                ],
                className="caption",
            ),
            person.find(words),
            person.found(words),
            html.Div([least, flag], id="par-filters", className="pair-filters"),
            html.Div(
                [
                    html.Span(id="par-only-said", role="status"),
                    words.say(
                        dmc.Button(id="par-only-close", size="xs", variant="subtle", n_clicks=0),
                        children="par.found_close",
                    ),
                ],
                id="par-only",
                className="found-line",
                hidden=True,
            ),
        ],
        className="pair-choices",
    )


def follow_up(words: Words) -> Component:
    """A new entry."""
    say = words.say
    return html.Section(
        [
            say(html.H2(id="par-new-title"), children="par.new_follow_up"),
            html.Div(
                [
                    say(
                        dmc.Select(id="par-kind", data=[], size="sm", value=next(iter(kinds()))),
                        data=[{"value": kind, "label": {"text": f"par.kind_{kind}"}} for kind in kinds()],
                        label="par.kind",
                    ),
                    say(dmc.Select(id="par-corrects", data=[], size="sm", clearable=True), label="par.corrects",
                        placeholder="par.corrects_none"),
                ],
                className="line",
            ),
            say(
                dmc.Textarea(id="par-text", size="sm", autosize=True, minRows=2, maxRows=8),
                label="par.text",
                placeholder="reason.words_hint",
            ),
            html.Div(
                [
                    say(dmc.TextInput(id="par-decided", size="sm"), label="par.decided"),
                    say(
                        dmc.DatePickerInput(
                            id="par-due", size="sm", clearable=True, valueFormat="D MMM YYYY", dropdownType="modal"
                        ),
                        label="par.due",
                    ),
                    say(dmc.Button(id="par-note", size="sm", n_clicks=0), children="par.note"),
                ],
                className="line",
            ),
            html.P(id="par-note-said", className="problem", role="status"),
        ],
        id="par-follow-up",
        className="follow-up",
        hidden=True,
    )  # fmt: skip


def entries(told: dict[str, Any], region: Region, words: Words) -> list[dict[str, str]]:
    """The entries that a new one may correct, the last first."""
    return [
        {
            "value": one["id"],
            "label": f"{moment(datetime.fromisoformat(one['noted_at']), region, words.language)}: {one['text'][:40]}",
        }
        for one in told["follow_ups"][::-1]
        if not one["corrected"]
    ]


def register_choices(app: Dash, services: Services) -> None:
    """Register what keeps the choices in the address, what says them, and the reasons of one press."""
    in_browser(
        app,
        "pairs.quick",
        Input({"type": "par-quick", "reason": ALL}, "n_clicks"),
        State("par-begin", "n_clicks"),
        prevent_initial_call=True,
    )
    in_browser(
        app,
        "pairs.chosen",
        Output("par-least", "value"),
        Output("par-flag", "value"),
        Input("choice", "data"),
        State("par-least", "value"),
        State("par-flag", "value"),
    )
    in_browser(
        app,
        "pairs.pick",
        Input("par-least", "value"),
        Input("par-flag", "value"),
        State("choice", "data"),
        prevent_initial_call=True,
    )
    in_browser(
        app,
        "pairs.all",
        Input("par-only-close", "n_clicks"),
        State("choice", "data"),
        prevent_initial_call=True,
    )

    @callback(
        app,
        "pairs",
        Output("par-only-said", "children"),
        Output("par-only", "hidden"),
        Input("query", "data"),
        Input("choice", "data"),
        Input("par-found", "data"),
        Input("lang", "data"),
        prevent_initial_call=True,
    )
    async def only(
        query: dict[str, Any] | None,
        choice: dict[str, str] | None,
        found: dict[str, Any] | None,
        lang: str | None,
    ) -> tuple[str, bool]:
        area, several = (query or {}).get("area"), (choice or {}).get("several")
        if found is not None or not (area or several):
            return "", True
        words = Words(language_of(lang), TEXT)
        told = []
        if area:
            told.append(words.fill("par.only_area", area=await reading.area_name(services, area)))
        if several in reading.ROLES:
            told.append(words[f"par.only_{several}"])
        return " ".join(told), False


def register_note(app: Dash, services: Services) -> None:
    """Register the callback that notes an entry; the pair is then read anew."""

    @callback(
        app,
        "follow_up",
        Output("par-noted", "data"),
        Output("par-note-said", "children"),
        Output("par-text", "value"),
        Output("par-decided", "value"),
        Output("par-due", "value"),
        Output("par-corrects", "value"),
        Input("par-note", "n_clicks"),
        State("par-given", "data"),
        State("par-open", "data"),
        State("par-kind", "value"),
        State("par-text", "value"),
        State("par-decided", "value"),
        State("par-due", "value"),
        State("par-corrects", "value"),
        State("lang", "data"),
        prevent_initial_call=True,
    )
    async def note(
        clicks: int, given: str | None, opened: str | None, kind: str | None, text: str | None,
        decided: str | None, due: str | None, corrects: str | None, lang: str | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        if not clicks or not given or not opened:
            return (no_update,) * 6
        entry = Entry(
            kind or "",
            text or "",
            decided or "",
            date.fromisoformat(due) if due else None,
            reading.uuid_of(corrects),
        )
        words = Words(language_of(lang), TEXT)
        try:
            await reading.note(services, opened, entry, given)
        except LagesbildError as error:
            return no_update, error.said(words.language), no_update, no_update, no_update, no_update
        return time.time(), words["par.noted"], "", "", None, None
