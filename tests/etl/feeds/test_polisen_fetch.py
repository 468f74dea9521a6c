"""Polling polisen.se, against a server of this machine and with a clock of our own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from app.domain.errors import NotFound, Unavailable
from etl.feed import get_feed
from etl.feeds.polisen import fetch
from etl.helpers.http import PoliteClient

if TYPE_CHECKING:
    from etl.feed import Feed, Fetched

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass
class Publisher:
    """Serves ``body``; asked with the ETag it gave, it says 304."""

    url: str = ""
    body: bytes = b"[]"
    status: int = 200
    etag: str | None = None
    gone: str = "-"
    """Addresses that end so are answered with 404."""
    asked: list[str] = field(default_factory=list)
    agents: set[str | None] = field(default_factory=set)
    now: datetime = START

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    told = Publisher()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            told.agents.add(self.headers.get("User-Agent"))
            same = told.etag is not None and self.headers.get("If-None-Match") == told.etag
            gone = self.path.endswith(told.gone)
            self.send_response(404 if gone else 304 if same else told.status)
            if told.etag:
                self.send_header("ETag", told.etag)
            self.send_header("Content-Length", "0" if same else str(len(told.body)))
            self.end_headers()
            if not same:
                self.wfile.write(told.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}/api/events"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def feed_of(publisher: Publisher, **wishes: Any) -> Feed:
    plain = get_feed("polisen")
    settings = {**plain.settings, "fetch": {**plain.settings["fetch"], "url": publisher.url, **wishes}}
    return replace(plain, settings=settings)


async def take(
    publisher: Publisher,
    count: int,
    cursor: dict[str, Any] | None = None,
    client: PoliteClient | None = None,
    **wishes: Any,
) -> list[Fetched]:
    feed = feed_of(publisher, **wishes)
    client = client or PoliteClient(fetch.manners(feed), publisher.clock, publisher.sleep)
    found = []
    async for fetched in fetch.poll(cursor or {}, feed, publisher.now, client):
        found.append(fetched)
        if len(found) == count:
            break
    return found


def gaps_s(found: list[Fetched]) -> list[float]:
    return [(b.fetched_at - a.fetched_at).total_seconds() for a, b in pairwise(found)]


async def test_polls_every_three_minutes_by_its_name(publisher: Publisher) -> None:
    publisher.body = b'[{"id": 1}]'

    found = await take(publisher, 3)

    assert [fetched.content for fetched in found] == [b'[{"id": 1}]'] * 3
    assert gaps_s(found) == [180, 180]
    assert publisher.agents == {get_feed("polisen").settings["fetch"]["user_agent"]}
    assert not any(fetched.archive for fetched in found)


async def test_what_has_not_changed_is_told_again(publisher: Publisher) -> None:
    publisher.body, publisher.etag = b'[{"id": 1}]', '"one"'

    first, second = await take(publisher, 2)

    assert first.content == second.content == b'[{"id": 1}]'
    assert second.fetched_at > first.fetched_at


async def test_an_empty_body_is_handed_on_for_quarantine(publisher: Publisher) -> None:
    publisher.body = b""

    [fetched] = await take(publisher, 1)

    assert fetched.content == b""


async def test_never_asks_more_often_than_the_publisher_allows(publisher: Publisher) -> None:
    found = await take(publisher, 65, every_s=0)

    moments = [fetched.fetched_at for fetched in found]
    assert min(gaps_s(found)) >= 10
    assert all(late - early >= timedelta(hours=1) for early, late in zip(moments, moments[60:], strict=False))


async def test_a_restart_does_not_forget_its_manners(publisher: Publisher) -> None:
    [first] = await take(publisher, 1)
    publisher.now += timedelta(seconds=2)

    [second] = await take(publisher, 1, cursor=first.cursor)

    assert second.fetched_at - first.fetched_at == timedelta(seconds=10)


async def test_after_a_long_silence_the_missed_days_are_asked_for_first(publisher: Publisher) -> None:
    cursor = {"polled_at": (START - timedelta(days=8)).isoformat()}

    found = await take(publisher, 9, cursor=cursor)

    days = [f"/api/events?DateTime=2026-11-{day}" for day in range(16, 24)]
    assert publisher.asked == [*days, "/api/events"]
    assert min(gaps_s(found)) >= 10


async def test_a_catch_up_that_is_broken_off_goes_on_where_it_was(publisher: Publisher) -> None:
    found = await take(publisher, 1, cursor={"polled_at": (START - timedelta(days=8)).isoformat()})
    publisher.asked.clear()

    await take(publisher, 1, cursor=found[0].cursor)

    assert publisher.asked == ["/api/events?DateTime=2026-11-17"]


async def test_a_missed_day_that_is_gone_does_not_end_the_feed(publisher: Publisher) -> None:
    publisher.gone = "2026-11-17"
    cursor = {"polled_at": (START - timedelta(days=8)).isoformat()}

    found = await take(publisher, 8, cursor=cursor)

    days = [f"/api/events?DateTime=2026-11-{day}" for day in range(16, 24)]
    assert publisher.asked == [*days, "/api/events"]
    assert [fetched.name for fetched in found[:2]] == ["events-2026-11-16.json", "events-2026-11-18.json"]


async def test_a_source_that_is_gone_is_not_asked_again(publisher: Publisher) -> None:
    publisher.status = 404
    client = PoliteClient(fetch.manners(feed_of(publisher)), publisher.clock, publisher.sleep)

    for _ in range(3):
        with pytest.raises(NotFound):
            await take(publisher, 1, client=client)

    assert len(publisher.asked) == 1


async def test_too_many_requests_waits(publisher: Publisher) -> None:
    publisher.status = 429
    client = PoliteClient(fetch.manners(feed_of(publisher)), publisher.clock, publisher.sleep)

    with pytest.raises(Unavailable, match="asks us to wait"):
        await take(publisher, 1, client=client)
    publisher.status = 200
    [fetched] = await take(publisher, 1, client=client)

    assert fetched.fetched_at - START == timedelta(seconds=300)


async def test_the_service_calls_it_as_the_contract_says(publisher: Publisher) -> None:
    async for fetched in fetch.fetch({}, feed_of(publisher), datetime.now(UTC)):
        assert fetched.content == b"[]"
        break
