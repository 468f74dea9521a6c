"""Why can I see this? In the header of every page: sentences from the policy itself, and the database's own rules."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dash import Input, Output, State, dcc, html, no_update

from app.domain.permissions import allows
from app.domain.policy import subjects
from app.queries import why as queries
from dashboards.components.text import TEXT
from dashboards.dom import HIDDEN, marked
from dashboards.guard import callback
from dashboards.services import viewer_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from app.domain.viewer import Viewer
    from dashboards.services import Services


def why(words: Words, permission: Permission) -> Component:
    """Draw the closed panel of a page that needs ``permission``; it is filled in when it is opened."""
    say = words.say
    return html.Details(
        [
            dcc.Store(id="why-of", data=subject_of(permission, viewer_now())),
            say(
                html.Summary(marked(html.Span("?"), HIDDEN), id="why-open", n_clicks=0),
                aria_label="why.title",
                title="why.title",
            ),
            html.Div(
                [say(html.H2(id="why-title"), children="why.title"), html.Div(id="why-told")],
                className="card",
            ),
        ],
        id="why",
        className="account why",
    )


def register(app: Dash, services: Services) -> None:
    """Register the callback that answers."""

    @callback(
        app,
        "pages",
        Output("why-told", "children"),
        Input("why-open", "n_clicks"),
        Input("lang", "data"),
        State("why-of", "data"),
        prevent_initial_call=True,
    )
    async def answer(clicks: int, lang: str | None, subject: str) -> Any:
        if not clicks:
            return no_update
        viewer = viewer_now()
        today = services.region.day(datetime.now(UTC))
        async with services.reader().transaction() as connection:
            told = await queries.why(connection, viewer, subject, today)
        return draw(told, Words(language_of(lang), TEXT))


def subject_of(permission: Permission, viewer: Viewer) -> str:
    """What is explained on a page that needs ``permission``; where figures are, whoever may see incidents does."""
    if permission == "figures" and allows(viewer, "incidents"):
        return "incidents"
    return next(name for name, subject in subjects().items() if subject.permission == permission)


def draw(told: queries.Why, words: Words) -> list[Component]:
    """The sentences, and below them the rules as they stand in the database."""
    place = 0 if words.language == "sv" else 1
    rules = [
        part
        for policy in told.policies
        for part in (
            html.Dt(f"{policy['table']} · {policy['policy']} · {policy['command']}"),
            html.Dd(policy["using"]),
        )
    ]
    return [
        html.Ul([html.Li(sentence[place]) for sentence in told.sentences]),
        html.Details([html.Summary(words["why.rules"]), html.Dl(rules)], className="rules", open=False)
        if rules
        else html.Span(),
    ]
