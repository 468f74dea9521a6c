"""The page Morgongenomgång: which edition, the edition itself, and ways to hand it out.

``of`` (whose: ``region`` or a code) and ``edition`` are chosen on this page; the moment is the view's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_mantine_components as dmc
from dash import Input, Output, State, dcc, html, no_update, set_props

from app.domain.permissions import allows
from dashboards.components.format import day_text
from dashboards.components.text import TEXT as COMMON
from dashboards.dom import in_browser
from dashboards.guard import callback
from dashboards.pages.morgon import reading
from dashboards.pages.morgon.article import Drawing
from dashboards.pages.morgon.text import TEXT
from dashboards.services import viewer_now
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from dashboards.pages.morgon.reading import Shown
    from dashboards.services import Services

PATH = "/morgon"
ORDER = 2
WALL = True
CLOCKS = "known"
CHOICES = ("of", "edition")
LEANS_ON: tuple[str, ...] = ()  # an edition says itself which feeds were silent
PERMISSION: Permission = "figures"
LINK = "morgon-link"


def layout(words: Words) -> Component:
    """Which edition and what to do with it on top; the edition below."""
    say = words.say
    return html.Div(
        [
            dcc.Store(id="morgon-shown"),
            html.Div(
                [
                    say(_select("morgon-of"), aria_label="morgon.of"),
                    say(_select("morgon-edition"), aria_label="morgon.edition"),
                    html.Div(className="grow"),
                    say(
                        html.A(id="morgon-html", className=LINK, target="_blank", rel="noopener"),
                        children="morgon.document",
                    ),
                    say(html.A(id="morgon-pdf", className=LINK, download=""), children="morgon.pdf"),
                    say(html.Button(id="morgon-print", className=LINK, n_clicks=0), children="morgon.print"),
                ],
                className="filters morgon-bar",
                id="morgon-bar",
            ),
            html.P(id="morgon-older", className="note past", hidden=True),
            html.Div(id="morgon-body", className="morgon-body"),
        ],
        className="page sheet morgon",
    )  # fmt: skip


def _select(name: str) -> Any:
    return dmc.Select(
        id=name, data=[], size="xs", allowDeselect=False, className="morgon-select", persistence=False,
        comboboxProps={"withinPortal": True},
    )  # fmt: skip


def register(app: Dash, services: Services) -> None:
    """Register the page's callbacks."""
    in_browser(
        app,
        "morgon.choose",
        Input("morgon-of", "value"),
        Input("morgon-edition", "value"),
        State("morgon-shown", "data"),
        State("choice", "data"),
        prevent_initial_call=True,
    )
    in_browser(app, "morgon.print", Input("morgon-print", "n_clicks"), prevent_initial_call=True)

    @callback(
        app,
        PERMISSION,
        Output("morgon-shown", "data"),
        *(Output(f"morgon-{name}", prop) for name in ("of", "edition") for prop in ("data", "value")),
        Output("morgon-html", "href"),
        Output("morgon-pdf", "href"),
        Output("morgon-bar", "hidden"),
        Output("morgon-older", "children"),
        Output("morgon-older", "hidden"),
        Output("morgon-body", "children"),
        Input("query", "data"),
        Input("choice", "data"),
        Input("lang", "data"),
        Input("theme-now", "data"),
        Input("minute", "n_intervals"),
        Input("again", "data"),
        State("morgon-shown", "data"),
    )
    async def show(
        query: dict[str, Any] | None, choice: dict[str, str] | None, lang: str | None, theme: str | None,
        _minute: int, _again: float, before: dict[str, Any] | None,
    ) -> tuple[Any, ...]:  # fmt: skip
        if query is None:
            return (no_update,) * 11
        words, chosen = Words(language_of(lang), COMMON, TEXT), choice or {}
        shown = await reading.read(
            services, query["known"], query["area"], chosen.get("of"), chosen.get("edition")
        )
        set_props("fault", {"data": None})
        language = words.language
        if shown.head is None or shown.edition is None:
            nothing = html.P(words[_why_nothing(shown)], className="nothing", id="morgon-nothing")
            return (
                {"of": None, "edition": None},
                [],
                None,
                [],
                None,
                "",
                "",
                not shown.areas,
                "",
                True,
                nothing,
            )
        edition_id = str(shown.head.edition_id)
        now = {
            "of": shown.chosen or reading.REGION,
            "edition": edition_id,
            "lang": language,
            "theme": theme,
            "heads": [one["edition_id"] for one in shown.heads],
        }
        if now == before:
            return (no_update,) * 11
        older = edition_id != str(shown.heads[0]["edition_id"])
        path = f"/api/v1/briefings/{edition_id}"
        return (
            now,
            [
                {"value": code or reading.REGION, "label": name or words["morgon.region"]}
                for code, name in shown.areas
            ],
            now["of"],
            [
                {
                    "value": str(one["edition_id"]),
                    "label": words.fill("morgon.named", day=day_text(one["day"], language), n=one["number"]),
                }
                for one in shown.heads
            ],
            edition_id,
            f"{path}.html?lang={language}",
            f"{path}.pdf?lang={language}",
            False,
            words["morgon.newest"] if older else "",
            not older,
            Drawing(shown.edition, shown.head, language, theme or "dark").article(),
        )


def _why_nothing(shown: Shown) -> str:
    """The text that says why there is no edition."""
    if shown.areas:
        return "morgon.none_then"
    return "morgon.none" if allows(viewer_now(), "notes") else "morgon.none_for_you"
