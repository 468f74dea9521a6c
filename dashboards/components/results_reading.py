"""Which stored answer a view gets: of the area that is looked at, else of the region, else of the own district."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.queries import measure_results as results

if TYPE_CHECKING:
    from datetime import date, datetime

    from app.db import Connection


async def answered(
    connection: Connection, question: str, wanted: str | None, known_at: datetime | None, day: date
) -> str | None:
    """The area whose answer to the question there is to show: the one wanted, the region (None), or the first seen.

    There are answers of the region and of each local police district; whoever sees only own districts has none of the
    region. Where there is none at all the wanted area is given back.

    Args:
        connection: In a transaction on behalf of the viewer.
        question: The question's name.
        wanted: Code of the area that is looked at; None for the region.
        known_at: Known at this moment at the latest; None for now.
        day: Made for this day of the region at the latest.
    """
    for area in dict.fromkeys((wanted, None)):
        if await results.one(connection, question, area, known_at=known_at) is not None:
            return area
    seen = await results.latest(connection, day, known_at)
    return next((row["area"] for row in seen if row["question"] == question and row["area"]), wanted)
