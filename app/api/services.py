"""What the API gets from the house."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from app.house import House

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

    from app.db import Reader
    from app.domain.pair_id import PairIds
    from app.domain.region import Region
    from app.domain.viewer import Viewer
    from app.queries.live import Live


@dataclass
class ApiServices(House):
    """The house, and what only the API asks for."""

    region: Region
    live: Live
    pair_ids: PairIds

    def reader(self, viewer: Viewer) -> Reader:
        """A reader for one question; raises as ``reader_of``."""
        return self.reader_of(viewer)


def services_of(connection: HTTPConnection) -> ApiServices:
    """The services of the application that a request reached."""
    return cast("ApiServices", connection.app.state.services)
