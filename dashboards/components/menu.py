"""The menu at the left of every page: a line for each page that the viewer may see. Its links carry the view along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import html

from dashboards.dom import HIDDEN, marked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash.development.base_component import Component

    from dashboards.discovery import Page
    from dashboards.words import Words


def menu(words: Words, pages: Sequence[Page], current: Page) -> Component:
    """Draw the menu; ``assets/25_menu.js`` keeps what is looked at in its links."""
    links = [_link(page, words, current=page is current) for page in pages]
    return words.say(html.Nav(links, id="menu", className="rail"), aria_label="shell.menu")


def _link(page: Page, words: Words, *, current: bool) -> Component:
    icon = marked(html.Span(className=f"icon icon-{page.name}"), HIDDEN)
    name = words.say(html.Span(id=f"to-{page.name}-name"), children=f"page.{page.name}")
    link = html.A([icon, name], id=f"to-{page.name}", href=page.path)
    about = {"aria-current": "page"} if current else {}
    return marked(link, about | ({"data-wall": "yes"} if page.on_wall else {}))
