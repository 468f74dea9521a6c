"""What the API and the pages both get from the house: what is opened at start-up, until shut-down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.db import Reader
from app.domain.errors import Unavailable
from app.queries.feed_health import Rhythms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.db import Pool
    from app.domain.feed_rhythm import FeedFacts
    from app.domain.intake import PushIntake
    from app.domain.naming import PersonNaming
    from app.domain.viewer import Viewer


@dataclass(kw_only=True)
class House:
    """Built by ``app.main`` before the server starts; what may be None is there from start-up to shut-down."""

    feeds: Mapping[str, FeedFacts] = field(default_factory=dict)
    rhythms: Rhythms = field(default_factory=Rhythms)
    pool: Pool | None = None
    intake: PushIntake | None = None
    naming: PersonNaming | None = None

    def reader_of(self, viewer: Viewer) -> Reader:
        """A reader for one question, on behalf of the viewer.

        Raises:
            Unavailable: The server has not yet opened its pool, or has closed it.
        """
        if self.pool is None:
            raise Unavailable(
                "The database is not connected yet; try again in a moment.",
                sv="Databasen är inte ansluten än; försök igen om en stund.",
            )
        return Reader(self.pool, viewer)

    def names(self) -> PersonNaming:
        """Where a personal number becomes a pseudonym.

        Raises:
            Unavailable: The server has not yet opened it.
        """
        if self.naming is None:
            raise Unavailable(
                "Nobody can be looked up yet; try again in a moment.",
                sv="Ingen går att slå upp än; försök igen om en stund.",
            )
        return self.naming

    def door(self) -> PushIntake:
        """Where deliveries go in, and what was refused goes in again.

        Raises:
            Unavailable: The server has not yet opened it.
        """
        if self.intake is None:
            raise Unavailable(
                "Nothing can be taken in yet; try again in a moment.",
                sv="Inget kan tas emot än; försök igen om en stund.",
            )
        return self.intake
