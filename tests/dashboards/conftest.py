"""Callbacks and pages without a browser: on whose behalf they are drawn is told by the test."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.domain.viewer import Viewer


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Callable[[Viewer], None]:
    """Let a request be on behalf of this viewer, as the gate does."""

    def tell(viewer: Viewer) -> None:
        request = SimpleNamespace(context=SimpleNamespace(viewer=viewer))
        app = SimpleNamespace(backend=SimpleNamespace(request_adapter=lambda: request))
        monkeypatch.setattr("dashboards.services.get_app", lambda: app)

    return tell
