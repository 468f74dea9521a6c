"""What somebody does about the chosen alert: acknowledge, snooze, hand over, close; by hand or by keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import dash_mantine_components as dmc
from dash import Input, Output, State, ctx, html, no_update

from app.commands.alerts import HANDED_TO, MOST_NOTE, Action, act
from app.domain.errors import LagesbildError, Unavailable
from dashboards.dom import marked
from dashboards.guard import callback
from dashboards.pages.larm.text import TEXT
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.alerts.rule import Outcome
    from app.commands.alerts import Act
    from dashboards.services import Services

SNOOZES = (1, 4, 12, 72)
"""Hours."""
BUTTONS = ("acknowledge", "snooze", "hand_over", "close")
KEYS = {"acknowledge": "Q", "snooze": "S", "hand_over": "H", "close": "C"}
DONE = {"acknowledge": "acknowledged", "snooze": "snoozed", "hand_over": "handed_over", "close": "closed"}


def duty(words: Words) -> Component:
    """The form under the alert; shown while one is chosen and the picture is of now."""
    say = words.say

    def button(name: str, variant: str = "default") -> Any:
        text = say(html.Span(id=f"larm-{name}-text"), children=f"larm.{name}")
        made = dmc.Button(
            [text, html.Kbd(KEYS[name])], id=f"larm-{name}", size="xs", variant=variant, n_clicks=0
        )
        return marked(made, {"aria-keyshortcuts": KEYS[name].lower()})

    hours = say(
        dmc.Select(
            id="larm-hours", value="4", size="xs", allowDeselect=False, className="larm-short", data=[]
        ),
        data=[{"value": str(hour), "label": {"text": f"larm.snooze_{hour}"}} for hour in SNOOZES],
        aria_label="larm.snooze_for",
    )
    to = say(
        dmc.Select(
            id="larm-to", value="commander", size="xs", allowDeselect=False, className="larm-short", data=[]
        ),
        data=[{"value": role, "label": {"text": f"larm.role_{role}"}} for role in HANDED_TO],
        aria_label="larm.to",
    )
    outcome = say(
        dmc.Select(
            id="larm-outcome", value="true", size="xs", allowDeselect=False, className="larm-short", data=[]
        ),
        data=[
            {"value": one, "label": {"text": f"larm.outcome_{one}"}} for one in ("true", "false", "unclear")
        ],
        aria_label="larm.outcome",
    )
    note = say(
        dmc.TextInput(
            id="larm-note",
            size="xs",
            className="larm-note",
            value="",
            attributes={"input": {"maxLength": MOST_NOTE}},
        ),
        placeholder="larm.note",
        aria_label="larm.note",
    )
    return say(
        html.Section(
            [
                html.Div(note, className="larm-acts"),
                html.Div(
                    [
                        html.Span(button("acknowledge", "filled")),
                        html.Span([hours, button("snooze")]),
                        html.Span([to, button("hand_over")]),
                        html.Span([outcome, button("close")]),
                    ],
                    className="larm-acts",
                ),
                html.P(id="larm-said", className="note", role="status"),
            ],
            id="larm-duty",
            className="larm-duty",
            hidden=True,
        ),
        aria_label="larm.duty",
    )  # fmt: skip


def register(app: Dash, services: Services) -> None:
    """Register what the buttons do."""

    @callback(
        app,
        "alert_duty",
        Output("larm-acted", "data"),
        Output("larm-said", "children"),
        Output("larm-note", "value"),
        *(Input(f"larm-{name}", "n_clicks") for name in BUTTONS),
        State("larm-shown", "data"),
        State("larm-note", "value"),
        State("larm-hours", "value"),
        State("larm-to", "value"),
        State("larm-outcome", "value"),
        State("lang", "data"),
        prevent_initial_call=True,
    )
    async def do(
        _a: int, _s: int, _h: int, _c: int, shown: str | None, note: str | None, hours: str, to: str, outcome: str,
        lang: str | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        name = str(ctx.triggered_id or "").removeprefix("larm-")
        if name not in BUTTONS or not shown or not ctx.triggered[0]["value"]:
            return no_update, no_update, no_update
        now = datetime.now(UTC)
        action = Action(
            cast("Act", DONE[name]),
            until=now + timedelta(hours=int(hours)) if name == "snooze" else None,
            to_role=to if name == "hand_over" else None,
            outcome=cast("Outcome", outcome) if name == "close" else None,
            note=note or "",
        )
        words = Words(language_of(lang), TEXT)
        try:
            async with services.reader().writing() as connection:
                number = await act(connection, UUID(shown), action, now)
        except Unavailable:
            raise
        except LagesbildError as error:
            return no_update, error.said(words.language), no_update
        return number, words[f"larm.done_{DONE[name]}"], ""
