"""The polite client against a real server of this machine; only its clock is made up."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.domain.errors import NotAllowed, NotFound, SetupError, Unavailable
from etl.helpers.http import Manners, PoliteClient, retry_after_s

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass
class Time:
    """A clock that only sleeping moves."""

    now: datetime = START
    slept_s: list[float] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.now += timedelta(seconds=seconds)


@dataclass
class Source:
    """What the server answers, in turn (the last for ever), and what it was asked."""

    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""
    delay_s: float = 0.0


@pytest.fixture
def source() -> Iterator[Source]:
    told = Source()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append((self.path, dict(self.headers)))
            threading.Event().wait(told.delay_s)
            status, headers, body = told.answers[min(len(told.asked), len(told.answers)) - 1]
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            with suppress(BrokenPipeError):
                self.end_headers()
            with suppress(BrokenPipeError):  # a client that has had enough hangs up
                self.wfile.write(body)

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


@pytest.fixture
def time() -> Time:
    return Time()


def client(time: Time, **manners: float) -> PoliteClient:
    return PoliteClient(Manners("lagesbild-test", **manners), time.clock, time.sleep)  # type: ignore[arg-type]


async def test_says_who_we_are_and_gives_the_body(source: Source, time: Time) -> None:
    source.answers = [(200, {"ETag": '"a"'}, b"[]")]

    answer = await client(time).get(source.url, {"DateTime": "2026-11-24"})

    assert (answer.status, answer.body, answer.etag) == (200, b"[]", '"a"')
    path, headers = source.asked[0]
    assert path == "/api/events?DateTime=2026-11-24"
    assert headers["User-Agent"] == "lagesbild-test"


async def test_an_etag_asks_only_for_news(source: Source, time: Time) -> None:
    source.answers = [(304, {}, b"")]

    answer = await client(time).get(source.url, etag='"a"')

    assert (answer.status, answer.body) == (304, b"")
    assert source.asked[0][1]["If-None-Match"] == '"a"'


async def test_keeps_the_gap_between_calls(source: Source, time: Time) -> None:
    source.answers = [(200, {}, b"[]")]
    polite = client(time)

    for _ in range(3):
        await polite.get(source.url)

    assert time.slept_s == [10.0, 10.0]


async def test_keeps_the_gap_also_between_callers(source: Source, time: Time) -> None:
    source.answers = [(200, {}, b"[]")]
    polite = client(time)

    await asyncio.gather(*(polite.get(source.url) for _ in range(3)))

    assert [(b - a).total_seconds() for a, b in zip(polite.calls, list(polite.calls)[1:], strict=False)] == [
        10,
        10,
    ]


async def test_keeps_the_hourly_budget(source: Source, time: Time) -> None:
    source.answers = [(200, {}, b"[]")]
    polite = client(time, min_gap_s=1.0, hourly=5)

    moments = []
    for _ in range(11):
        await polite.get(source.url)
        moments.append(time.now)

    for first, sixth in zip(moments, moments[5:], strict=False):
        assert sixth - first >= timedelta(hours=1)


@pytest.mark.parametrize("status", [429, 503])
async def test_waits_as_long_as_the_source_asks(source: Source, time: Time, status: int) -> None:
    source.answers = [(status, {"Retry-After": "120"}, b""), (200, {}, b"[]")]
    polite = client(time)

    with pytest.raises(Unavailable, match="asks us to wait"):
        await polite.get(source.url)
    await polite.get(source.url)

    assert time.now - START == timedelta(seconds=120)


async def test_404_is_permanent(source: Source, time: Time) -> None:
    source.answers = [(404, {}, b"")]
    polite = client(time)

    for _ in range(3):
        with pytest.raises(NotFound, match="does not exist"):
            await polite.get(source.url)

    assert len(source.asked) == 1


@pytest.mark.parametrize(
    ("status", "error"), [(403, NotAllowed), (401, NotAllowed), (500, Unavailable), (302, Unavailable)]
)
async def test_a_refusal_is_told_in_one_sentence(
    source: Source, time: Time, status: int, error: type[Exception]
) -> None:
    source.answers = [(status, {"Location": "http://elsewhere.example/"}, b"")]

    with pytest.raises(error, match=rf"{status}.*[^\n]\.?$"):
        await client(time).get(source.url)


async def test_takes_no_more_than_it_was_told_to(source: Source, time: Time) -> None:
    source.answers = [(200, {}, b"x" * 2_000)]

    with pytest.raises(Unavailable, match="more than 1,000 bytes"):
        await client(time, max_bytes=1_000).get(source.url)


async def test_does_not_wait_for_ever(source: Source, time: Time) -> None:
    source.answers = [(200, {}, b"[]")]
    source.delay_s = 1.0

    with pytest.raises(Unavailable, match="gives no answer"):
        await client(time, timeout_s=0.1).get(source.url)


async def test_a_body_that_ends_too_soon_is_no_body(source: Source, time: Time) -> None:
    source.answers = [(200, {"Content-Length": "100"}, b"[{")]

    with pytest.raises(Unavailable, match="gives no answer"):
        await client(time).get(source.url)


async def test_nobody_there_is_told(time: Time) -> None:
    with pytest.raises(Unavailable, match="gives no answer"):
        await client(time).get("http://127.0.0.1:9/")


@pytest.mark.parametrize(
    "url", ["http://polisen.se/api/events", "ftp://polisen.se/", "polisen.se", "https://[x"]
)
async def test_asks_over_https_only(time: Time, url: str) -> None:
    with pytest.raises(SetupError, match=r"feed\.toml"):
        await client(time).get(url)


def test_a_user_agent_is_obligatory() -> None:
    with pytest.raises(SetupError, match="user_agent"):
        Manners(" ")


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("120", 120), (None, 300), ("soon", 300), ("Tue, 24 Nov 2026 12:01:00 GMT", 60), ("999999999", 21_600),
     ("Tue, 24 Nov 2026 11:00:00 GMT", 0)],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(told: str | None, seconds: float) -> None:
    assert retry_after_s(told, START) == seconds
