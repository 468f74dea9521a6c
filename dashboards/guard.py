"""Who may see which page and have which callback answered: below it the database says the same once more."""

from __future__ import annotations

import functools
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from app.domain.errors import NotAllowed
from app.domain.permissions import ABOUT_PERSONS, allows, require
from dashboards.services import note_denied_now, spend_now, viewer_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dash import Dash

    from app.domain.permissions import Permission
    from app.domain.viewer import Viewer
    from dashboards.discovery import Page

Answering = TypeVar("Answering", bound=Callable[..., Coroutine[Any, Any, Any]])
MARK = "lagesbild_permission"
"""The attribute of a guarded function that names its permission; ``tests/dashboards/test_guard.py`` looks for it."""


def callback(
    app: Dash, permission: Permission, *dependencies: Any, **options: Any
) -> Callable[[Answering], Answering]:
    """Register an ``async def`` as a callback of ``app`` that answers only those who hold ``permission``.

    Each call asks anew on whose behalf it is. ``NotAllowed`` goes to the app's own error handler: one sentence.
    """

    def decorate(function: Answering) -> Answering:
        @functools.wraps(function)
        async def guarded(*arguments: Any, **named: Any) -> Any:
            try:
                require(viewer_now(), permission)
            except NotAllowed:
                await note_denied_now(f"callback {function.__module__}.{function.__name__}", "403")
                raise
            if permission in ABOUT_PERSONS:
                spend_now()
            return await function(*arguments, **named)

        setattr(guarded, MARK, permission)
        register: Any = app.callback
        registered: Answering = register(*dependencies, **options)(guarded)
        return registered

    return decorate


def permission_of(function: Any) -> Permission | None:
    """The permission that a registered callback asks for; None for one that asks for none."""
    while function is not None:
        found: Permission | None = getattr(function, MARK, None)
        if found is not None:
            return found
        function = getattr(function, "__wrapped__", None)
    return None


def permitted(pages: Sequence[Page], viewer: Viewer | None) -> list[Page]:
    """The pages that the viewer may see, in the order of the menu."""
    return [page for page in pages if allows(viewer, page.permission)]
