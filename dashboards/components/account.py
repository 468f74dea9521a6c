"""Who is signed in, in which role, and the way out: the last thing in the header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboards.dom import HIDDEN, marked

if TYPE_CHECKING:
    from dash.development.base_component import Component

    from app.domain.viewer import Viewer
    from dashboards.words import Words


def account(words: Words, viewer: Viewer) -> Component:
    """Draw the menu. Signing out is a form, so that it works when nothing else on the page does."""
    say = words.say
    about = [
        html.B(viewer.name),
        say(html.Span(id="account-role"), children=f"role.{viewer.role}"),
        *([html.Span(", ".join(viewer.areas), className="areas")] if viewer.areas else []),
    ]
    return html.Details(
        [
            say(
                html.Summary(marked(html.Span(initials(viewer.name)), HIDDEN), id="account-open"),
                aria_label="account.open",
                title="account.open",
            ),
            html.Div(
                [
                    html.P(about, className="about"),
                    *([_way_out(words)] if viewer.session else []),
                ],
                className="card",
            ),
        ],
        id="account",
        className="account",
    )


def _way_out(words: Words) -> Component:
    button = words.say(html.Button(id="sign-out", type="submit"), children="account.out")
    return html.Form(button, action="/logout", method="POST")


def initials(name: str) -> str:
    """One or two letters for a name: of the first word and the last."""
    words = name.split()
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper() if words else "?"
