"""Polls the public events of polisen.se, as the publisher asks (see ``feed.toml``).

Every answer is handed on, also one like the last: the loader knows a repeated file, and that the source answers is
news of its own. After a silence longer than the window of an answer, the missed days are asked for one by one first.
The cursor holds the last hour's calls, so that a restart does not forget its manners.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.domain.errors import NotFound
from etl.feed import Fetched
from etl.helpers.http import Answer, Manners, PoliteClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from etl.feed import Feed

log = logging.getLogger(__name__)

MOST_MISSED_DAYS = 60

_clients: dict[str, PoliteClient] = {}


async def fetch(cursor: dict[str, Any], feed: Feed, now: datetime) -> AsyncIterator[Fetched]:
    """Yield answers for ever.

    Raises:
        LagesbildError: The source does not answer or refuses; ``etl.serve`` rests and calls again.
    """
    url = feed.settings["fetch"]["url"]
    client = _clients.setdefault(url, PoliteClient(manners(feed)))
    async for fetched in poll(cursor, feed, now, client):
        yield fetched


def manners(feed: Feed) -> Manners:
    """The publisher's rules as ``feed.toml`` writes them."""
    wishes = feed.settings["fetch"]
    return Manners(
        wishes["user_agent"], wishes["min_gap_s"], wishes["hourly"], wishes["timeout_s"], wishes["max_bytes"]
    )


async def poll(
    cursor: dict[str, Any], feed: Feed, now: datetime, client: PoliteClient
) -> AsyncIterator[Fetched]:
    """The same with a client of one's own choice."""
    wishes = feed.settings["fetch"]
    if not client.calls:
        earlier = [datetime.fromisoformat(call) for call in cursor.get("calls", ())]
        client.calls.extend(call for call in earlier if call <= now)
    for day in _missed(cursor, feed, now):
        try:
            answer = await client.get(wishes["url"], {"DateTime": day.isoformat()})
        except NotFound as error:  # one day that the source no longer has is no reason to miss the others
            log.warning("feed %s: the missed day %s is passed over: %s", feed.name, day, error)
            continue
        reached = feed.region.midnight(day + timedelta(days=1))
        yield _fetched(answer, f"events-{day}.json", client, reached)
    latest: Answer | None = None
    while True:
        answer = await client.get(wishes["url"], etag=latest.etag if latest else None)
        if answer.status == 200:
            latest = answer
        # 304 says that the body we hold is what the source would say now.
        if latest is not None:
            asked_at = client.calls[-1]
            yield _fetched(latest, f"events-{asked_at:%Y%m%dT%H%M%SZ}.json", client, asked_at)
        await client.sleep(wishes["every_s"])


def _fetched(answer: Answer, name: str, client: PoliteClient, reached: datetime) -> Fetched:
    """``reached`` is the moment up to which the source has now been read."""
    cursor = {"polled_at": reached.isoformat(), "calls": [call.isoformat() for call in client.calls]}
    return Fetched(answer.body, name, client.clock(), cursor=cursor)


def _missed(cursor: dict[str, Any], feed: Feed, now: datetime) -> list[date]:
    """The days, oldest first, that the window of an ordinary answer no longer reaches; at most 60."""
    if "polled_at" not in cursor:
        return []
    last = datetime.fromisoformat(cursor["polled_at"])
    if now - last < timedelta(days=feed.settings["fetch"]["window_days"]):
        return []
    first, today = feed.region.day(last), feed.region.day(now)
    days = [first + timedelta(days=count) for count in range((today - first).days)]
    return days[-MOST_MISSED_DAYS:]
