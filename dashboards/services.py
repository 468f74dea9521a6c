"""What the pages get from the house: readers of the picture, the region and the settings they may show."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from dash import get_app
from dash.exceptions import AppNotFoundError

from app.domain.viewer import NOBODY, Viewer
from app.house import House

if TYPE_CHECKING:
    from app.db import Reader
    from app.domain.pair_id import PairIds
    from app.domain.region import Region


@dataclass
class Services(House):
    """The house, and what only the pages ask for."""

    region: Region
    feed_names: tuple[str, ...]
    pair_ids: PairIds | None = None

    @property
    def demo(self) -> bool:
        """Whether what is shown is made up: every page says so while it is."""
        return "demo" in self.feed_names

    def reader(self) -> Reader:
        """A reader for one question, on behalf of whoever asks it in the browser; raises as ``reader_of``."""
        return self.reader_of(viewer_now())


async def note_denied_now(what: str, why: str) -> None:
    """Write into the log that the request that is being answered was refused."""
    try:
        state = cast("Any", get_app)().backend.request_adapter().context
    except (RuntimeError, AppNotFoundError):  # no request: a callback that is called by a test
        return
    note = getattr(state, "note_denied", None)
    if note is not None:
        await note(what, why)


def viewer_now() -> Viewer:
    """The viewer whom the gate let through with the request that is being answered."""
    try:
        state = cast("Any", get_app)().backend.request_adapter().context
    except (RuntimeError, AppNotFoundError):  # no request: a callback that is called by a test
        return NOBODY
    viewer: Viewer | None = getattr(state, "viewer", None)
    return viewer or NOBODY


def spend_now() -> None:
    """Count the request that is being answered against its viewer's limit of questions about persons.

    Raises:
        TooMany: The viewer has asked too often.
    """
    try:
        state = cast("Any", get_app)().backend.request_adapter().context
    except (RuntimeError, AppNotFoundError):
        return
    limit, viewer = getattr(state, "limit", None), getattr(state, "viewer", None)
    if limit is not None and viewer is not None:
        limit.spend(viewer, time.monotonic())
