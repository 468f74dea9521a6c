"""Whether what the page Nu counted is as usual: asked once the counters are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.domain.words import TOO_FEW, against_usual
from app.queries.usual import same_window
from app.statistics.usual import expected
from dashboards.view import question

if TYPE_CHECKING:
    from datetime import datetime

    from dashboards.services import Services


async def usual(services: Services, query: dict[str, Any], observed: int, now: datetime) -> dict[str, str]:
    """Whether so many in the window are more or fewer than usual, as a sentence in each language.

    Raises:
        Unavailable: The database does not answer.
        BadInput: The query names an area, offence or day that does not exist.
    """
    window, filters = question(query)
    async with services.reader().transaction() as connection:
        past = await same_window(connection, window, filters, now, services.region)
    found = expected(past)
    if found is None:
        return {"verdict": "none", "sv": TOO_FEW.sv, "en": TOO_FEW.en}
    said = against_usual(observed, found.low, found.high, by_chance=found.by_chance(observed))
    return {"verdict": found.verdict(observed), "sv": said.sv, "en": said.en}
