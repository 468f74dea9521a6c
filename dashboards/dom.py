"""Two small bridges to the browser that Dash's own types do not cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from dash import ClientsideFunction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dash import Dash

Anything = TypeVar("Anything")
HIDDEN: Mapping[str, str] = {"aria-hidden": "true"}
"""For what is only decoration: screen readers skip it."""


def marked(component: Anything, attributes: Mapping[str, str]) -> Anything:
    """Set ``data-`` and ``aria-`` attributes, whose names are no Python names."""
    for name, value in attributes.items():
        setattr(component, name, value)
    return component


def in_browser(app: Dash, function: str, *dependencies: Any, **options: Any) -> None:
    """Register ``namespace.function`` of our JavaScript (``assets/*.js``) as a callback of ``app``.

    Dash tells callbacks without an output apart by their inputs alone: two with the same inputs would be one.
    """
    namespace, _, name = function.partition(".")
    register: Any = app.clientside_callback
    register(ClientsideFunction(namespace, name), *dependencies, **options)
