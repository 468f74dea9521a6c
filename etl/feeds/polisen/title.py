"""A title of polisen.se in its parts: "20 januari 19.57, Mord/dråp, försök, Eskilstuna".

The title alone says when it happened and, since 2026-01-20, in which kommun. It has no year, writes the time as 10:25
(until 2023-11-08) or 10.25, and its type may hold commas itself; two titles in 85,000 end with a comma.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from etl.helpers.swedish import MONTHS

_BEGINNING = re.compile(
    r"(?P<day>\d{1,2}) (?P<month>[a-zåäö]+) (?P<hour>\d{1,2})[.:](?P<minute>\d{2})\s*,\s*", re.IGNORECASE
)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Title:
    """The parts of a title. ``stated`` is the local time without its year, as (month, day, hour, minute)."""

    stated: tuple[int, int, int, int] | None
    place: str


def split(title: str, kind: str) -> Title:
    """Take a title apart from both ends, since what is between them, the type, may hold commas.

    ``kind`` is the type as the item itself gives it. A title of another form has no stated time, and its place is
    what follows the last comma.
    """
    rest = title.strip().rstrip(",").rstrip()
    stated = None
    if found := _BEGINNING.match(f"{rest}, "):
        month = MONTHS.get(found["month"].casefold())
        if month:
            stated = (month, int(found["day"]), int(found["hour"]), int(found["minute"]))
        rest = rest[found.end() :]
    if rest.casefold() == kind.casefold():
        return Title(stated, "")
    if rest.casefold().startswith(f"{kind.casefold()},"):
        return Title(stated, rest[len(kind) + 1 :].strip())
    return Title(stated, rest.rpartition(",")[2].strip() if "," in rest else "")


def happened(stated: tuple[int, int, int, int], published: datetime) -> datetime | None:
    """When it happened, in the local time of ``published`` (naive, as clocks in the region show it).

    The year is the one that brings it nearest to its publication (a title of December may be published in January).
    What then lies after the publication is read so:

    * up to an hour ahead: a rounded or foretold time ("Sammanfattning natt" of 08.00, out at 07.57): the publication;
    * up to a day ahead: the editor wrote the day of publication for an event of the evening before: a day earlier;
    * further ahead: an announcement of what is to come: the publication.

    None when no such day or time exists.
    """
    month, day, hour, minute = stated
    candidates = []
    for year in (published.year - 1, published.year, published.year + 1):
        try:
            candidates.append(published.replace(year, month, day, hour, minute, 0, 0))
        except ValueError:  # 29 February of another year, or no such time at all
            continue
    if not candidates:
        return None
    event = min(candidates, key=lambda moment: abs(published - moment))
    ahead = event - published
    if ahead <= timedelta(0):
        return event
    if HOUR < ahead <= DAY:
        return event - DAY
    return published
