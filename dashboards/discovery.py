"""Finds the pages: a folder under ``dashboards/pages`` with ``page.py`` and ``text.py`` is a page."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Literal, Protocol, cast

from dashboards import pages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash import Dash
    from dash.development.base_component import Component

    from app.domain.permissions import Permission
    from dashboards.services import Services
    from dashboards.words import Text, Words

Clocks = Literal["both", "known", "none"]


class PageModule(Protocol):
    """What ``page.py`` holds."""

    PATH: str
    ORDER: int
    PERMISSION: Permission
    """Whoever holds it sees the page in the menu and is served it. ``CLOCKS``, ``CHOICES`` and ``WALL`` may be too."""

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

    @property
    def clocks(self) -> Clocks:
        """Which clocks it has: the time bar's both, known-at only, or none."""
        clocks: Clocks = getattr(self.module, "CLOCKS", "both")
        return clocks

    @property
    def on_wall(self) -> bool:
        """Whether a wall shows it in turn with others (``WALL``)."""
        return bool(getattr(self.module, "WALL", False))

    @property
    def leans_on(self) -> tuple[str, ...]:
        """The kinds whose feeds it rests on (``chosen``: that of the filters): a silent one is said on it."""
        told: tuple[str, ...] = getattr(self.module, "LEANS_ON", LEANING.get(self.permission, ()))
        return told

    @property
    def choices(self) -> tuple[str, ...]:
        """The names of what can be chosen on this page only; they stand in the address."""
        choices: tuple[str, ...] = getattr(self.module, "CHOICES", ())
        return choices


LEANING: Mapping[Permission, tuple[str, ...]] = {
    **dict.fromkeys(("figures", "incidents"), ("chosen",)),
    **dict.fromkeys(("pairs", "follow_up", "links", "notes"), ("report",)),
}
"""What pages lean on that do not say it, by their permission: published statistics and the log on no feed at all."""


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
