"""What the API gets from the house."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from app.db import Reader
from app.domain.errors import Unavailable
from app.queries.feed_health import Rhythms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import HTTPConnection

    from app.db import Pool
    from app.domain.feed_rhythm import FeedFacts
    from app.domain.intake import PushIntake
    from app.domain.naming import PersonNaming
    from app.domain.pair_id import PairIds
    from app.domain.region import Region
    from app.domain.viewer import Viewer
    from app.queries.live import Live


@dataclass
class ApiServices:
    """Built by ``app.main`` before the server starts; what may be None is there from start-up to shut-down."""

    region: Region
    live: Live
    pair_ids: PairIds
    feeds: Mapping[str, FeedFacts] = field(default_factory=dict)
    rhythms: Rhythms = field(default_factory=Rhythms)
    pool: Pool | None = None
    intake: PushIntake | None = None
    naming: PersonNaming | None = None

    def reader(self, viewer: Viewer) -> Reader:
        """A reader for one question.

        Raises:
            Unavailable: The server has not yet opened its pool, or has closed it.
        """
        if self.pool is None:
            raise Unavailable("The database is not connected yet; try again in a moment.")
        return Reader(self.pool, viewer)

    def names(self) -> PersonNaming:
        """Where a personal number becomes a pseudonym.

        Raises:
            Unavailable: The server has not yet opened it.
        """
        if self.naming is None:
            raise Unavailable("Nobody can be looked up yet; try again in a moment.")
        return self.naming

    def door(self) -> PushIntake:
        """Where pushed deliveries go in.

        Raises:
            Unavailable: The server has not yet opened it.
        """
        if self.intake is None:
            raise Unavailable("Nothing can be taken in yet; try again in a moment.")
        return self.intake


def services_of(connection: HTTPConnection) -> ApiServices:
    """The services of the application that a request reached."""
    return cast("ApiServices", connection.app.state.services)
