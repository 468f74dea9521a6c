"""Incidents as rows of a table, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.queries import incidents

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.db import Connection
    from app.domain.region import Region
    from app.domain.window import Filters, Window
    from dashboards.words import Words


async def pages(
    connection: Connection, window: Window, filters: Filters, *, size: int, count: int
) -> tuple[list[dict[str, Any]], bool]:
    """The first ``count`` pages of ``size`` incidents, and whether there are more."""
    found: list[dict[str, Any]] = []
    after = None
    for _ in range(count):
        rows, after = await incidents.page(connection, window, filters, after, size)
        found += rows
        if after is None:
            return found, False
    return found, True


def for_table(row: Mapping[str, Any], region: Region, words: Words) -> dict[str, Any]:
    """One incident in the words of the table's columns. Times sort as they are written: year first."""
    occurred = row["occurred_from"].astimezone(region.zone)
    known = row["known_at"].astimezone(region.zone)
    return {
        "uid": row["uid"],
        "occurred": f"{occurred:%Y-%m-%d %H:%M}",
        "known": f"{known:%Y-%m-%d %H:%M:%S}",
        "offence": row[f"offence_{words.language}"],
        "area": row["area_name"],
        "position": words[f"precision.{row['precision']}"],
    }
