"""Finds the pages: a folder under ``dashboards/pages`` with ``page.py`` and ``text.py`` is a page."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Protocol, cast

from dashboards import pages

if TYPE_CHECKING:
    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from dashboards.services import Services
    from dashboards.words import Text, Words


class PageModule(Protocol):
    """What ``page.py`` holds."""

    PATH: str
    ORDER: int
    PERMISSION: Permission
    """Whoever holds it sees the page in the menu and is served it."""

    def layout(self, words: Words) -> Component:
        """The page's body, drawn in the language of ``words``."""

    def register(self, app: Dash, services: Services) -> None:
        """Register the page's callbacks on ``app``."""


@dataclass(frozen=True)
class Page:
    """A page that was found."""

    name: str
    module: PageModule
    text: Text

    @property
    def path(self) -> str:
        """Where it is served."""
        return self.module.PATH

    @property
    def permission(self) -> Permission:
        """Who may see it."""
        return self.module.PERMISSION


def find_pages() -> list[Page]:
    """All pages, in the order of the menu."""
    found = [
        Page(
            name,
            cast("PageModule", import_module(f"{pages.__name__}.{name}.page")),
            import_module(f"{pages.__name__}.{name}.text").TEXT,
        )
        for _, name, is_folder in iter_modules(pages.__path__)
        if is_folder
    ]
    return sorted(found, key=lambda page: page.module.ORDER)
