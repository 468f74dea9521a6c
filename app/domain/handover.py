"""The shift handover: what changed since the last one and what is open, as figures that are signed and kept.

Pure: what was read goes in, the figures come out as plain JSON with codes, days and moments (ISO 8601, UTC), both
languages of an offence's name, and no person. What is gravest goes by the catalogue's fixed order of offences.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from app.domain.feed_rhythm import FeedFacts, State


class Status(Protocol):
    """How a feed is, as ``app.queries.feed_health`` tells it."""

    @property
    def facts(self) -> FeedFacts:
        """What ``feed.toml`` says of it."""

    @property
    def state(self) -> State:
        """In time, late, silent, or never heard of."""

    @property
    def since(self) -> datetime | None:
        """From when on nothing of it is known."""


SHIFT = timedelta(hours=12)
"""How far back the first handover looks, where there is none before it."""
LONGEST = timedelta(days=7)
"""How far back one looks at most: what lies before it is no shift any more."""
MOST_GRAVE, MOST_ROWS = 8, 50
KINDS_OF_CHANGE = ("added", "corrected", "withdrawn", "moved")


def begins(last: datetime | None, now: datetime, chosen: datetime | None = None) -> datetime:
    """Since when a handover tells: the chosen moment, else the last handover, else one shift back; a week at most."""
    since = chosen or last or now - SHIFT
    return min(max(since, now - LONGEST), now)


def late_feeds(feeds: Iterable[Status]) -> list[dict[str, Any]]:
    """The feeds that are silent for longer than usual, by name, and since when (``app.queries.feed_health``).

    One that only writes in others' formats (the demo) is none of its own.
    """
    found = [one for one in feeds if one.state != "good" and not one.facts.demo]
    return [
        {
            "feed": one.facts.name,
            "title_sv": one.facts.title_sv,
            "title_en": one.facts.title_en,
            "state": one.state,
            "since": _plain(one.since),
        }
        for one in sorted(found, key=lambda one: one.facts.name)
    ]


def gravest(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The gravest of what is new, by the offence's place in the catalogue's order; ties by day, area and id.

    ``rows`` have ``severity`` (a place in that order), which is not told on: an order of offences is no amount.
    """

    def place(row: Mapping[str, Any]) -> tuple[Any, ...]:
        return (-row["severity"], row["offence"], row["day"] or date.min, row["area"] or "", row["uid"] or "")

    told = ("uid", "offence", "offence_sv", "offence_en", "area", "area_name", "day", "incidents")
    return [{name: _plain(row[name]) for name in told} for row in sorted(rows, key=place)[:MOST_GRAVE]]


def compose(
    since: datetime,
    until: datetime,
    position: str,
    *,
    changes: Mapping[str, int],
    grave: Iterable[Mapping[str, Any]],
    alerts: Sequence[Mapping[str, Any]],
    follow_ups: Sequence[Mapping[str, Any]],
    feeds: Iterable[Status],
    decisions: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """The figures of a handover from ``since`` to ``until``, up to a position of the ledger (``xid-id``).

    ``follow_ups`` are rows of ``app.queries.log_book.open_items``, ``decisions`` of ``decisions``, ``alerts`` of
    ``app.queries.alerts.open_alerts``; at most ``MOST_ROWS`` of each are kept.
    """
    return {
        "since": _plain(since),
        "until": _plain(until),
        "position": position,
        "changes": {kind: int(changes.get(kind, 0)) for kind in KINDS_OF_CHANGE},
        "gravest": gravest(grave),
        "alerts": [_of(row, ALERT) for row in alerts[:MOST_ROWS]],
        "follow_ups": [_of(row, FOLLOW_UP) for row in follow_ups[:MOST_ROWS]],
        "late_feeds": late_feeds(feeds),
        "decisions": [_of(row, DECISION) for row in decisions[:MOST_ROWS]],
    }


ALERT = ("uid", "kind", "title_sv", "title_en", "area", "area_name", "feed", "period", "state")
FOLLOW_UP = ("entry", "text", "owner", "due", "overdue", "area", "area_name", "incident")
DECISION = ("entry", "text", "noted_at", "name", "area", "area_name", "incident")


def _of(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: _plain(row[name]) for name in names if name in row}


def _plain(value: Any) -> Any:
    """As JSON holds it: moments in UTC, days and ids as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)
