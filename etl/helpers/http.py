"""Fetching politely: who we are, how seldom, how much, and no stubbornness when a source says no."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from app.domain.errors import NotAllowed, NotFound, SetupError, Unavailable

HOUR = timedelta(hours=1)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
UNTOLD_WAIT_S = 300.0
"""How long to keep away after 429 or 503 without a Retry-After."""
LONGEST_WAIT_S = 6 * 3600.0

Clock = Callable[[], datetime]
Sleep = Callable[[float], Awaitable[None]]


def utc_now() -> datetime:
    """The time of the machine."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Manners:
    """How a source wants to be asked: seconds between calls, calls an hour, and what we take at most."""

    user_agent: str
    min_gap_s: float = 10.0
    hourly: int = 60
    timeout_s: float = 30.0
    max_bytes: int = 20_000_000

    def __post_init__(self) -> None:
        if not self.user_agent.strip():
            raise SetupError(
                "A fetched feed needs a user_agent under [fetch]: sources refuse those without a name."
            )


@dataclass(frozen=True)
class Answer:
    """What a source answered, with status 200 or 304 (then without a body)."""

    status: int
    body: bytes
    etag: str | None


@dataclass
class PoliteClient:
    """Asks one source, one call at a time, and waits before a call as long as manners demand.

    Keep one for the life of the process: it remembers its calls, and what is gone for good.
    """

    manners: Manners
    clock: Clock = utc_now
    sleep: Sleep = asyncio.sleep
    calls: deque[datetime] = field(default_factory=deque)
    _gone: set[str] = field(default_factory=set)
    _not_before: datetime | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self, url: str, params: Mapping[str, str] | None = None, etag: str | None = None) -> Answer:
        """Ask for ``url``.

        Raises:
            NotFound: 404 or 410, which are permanent: it is never asked for again.
            NotAllowed: 401, 403 and their like: asking again will not help.
            Unavailable: No answer in time, too much of it, or the source asks us to wait; later it may work.
            SetupError: The address is not https (http is allowed to this machine only).
        """
        _require_https(url)
        asked = str(httpx.URL(url, params=dict(params or {})))
        async with self._lock:
            if asked in self._gone:
                raise _gone_for_good(asked)
            await self._wait()
            try:
                async with asyncio.timeout(2 * self.manners.timeout_s):  # a source that drips bytes ends too
                    return await self._ask(asked, etag)
            except (httpx.HTTPError, TimeoutError, OSError) as error:
                raise Unavailable(
                    f"{asked} gives no answer ({type(error).__name__}); it is asked again."
                ) from error

    async def _wait(self) -> None:
        """Sleep until the gap, the hourly budget and the source's own wish are kept; then count the call."""
        while (due := self._due()) > (now := self.clock()):
            await self.sleep((due - now).total_seconds())
        self.calls.append(now)

    def _due(self) -> datetime:
        now = self.clock()
        while self.calls and now - self.calls[0] >= HOUR:
            self.calls.popleft()
        due = self._not_before or now
        if self.calls:
            due = max(due, self.calls[-1] + timedelta(seconds=self.manners.min_gap_s))
        if len(self.calls) >= self.manners.hourly:
            due = max(due, self.calls[-self.manners.hourly] + HOUR)
        return due

    async def _ask(self, asked: str, etag: str | None) -> Answer:
        headers = {"User-Agent": self.manners.user_agent}
        if etag:
            headers["If-None-Match"] = etag
        async with (
            httpx.AsyncClient(timeout=self.manners.timeout_s, follow_redirects=False) as client,
            client.stream("GET", asked, headers=headers) as response,
        ):
            self._refuse(response, asked)
            body = bytearray()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > self.manners.max_bytes:
                    raise Unavailable(
                        f"{asked} answers with more than {self.manners.max_bytes:,} bytes; none is kept."
                    )
            return Answer(response.status_code, bytes(body), response.headers.get("ETag"))

    def _refuse(self, response: httpx.Response, asked: str) -> None:
        status = response.status_code
        if status in {200, 304}:
            return
        if status in {404, 410}:
            self._gone.add(asked)
            raise _gone_for_good(asked)
        if status in {429, 503}:
            wait_s = retry_after_s(response.headers.get("Retry-After"), self.clock())
            self._not_before = self.clock() + timedelta(seconds=wait_s)
            raise Unavailable(f"{asked} asks us to wait ({status}); it is left alone for {wait_s:.0f} s.")
        if 400 <= status < 500:
            raise NotAllowed(
                f"{asked} refuses us ({status}); see the publisher's rules and user_agent in feed.toml."
            )
        raise Unavailable(f"{asked} answers {status}; it is asked again.")


def retry_after_s(told: str | None, now: datetime) -> float:
    """The seconds that a Retry-After header asks for, written as seconds or as a date; at most six hours."""
    wait_s = UNTOLD_WAIT_S
    if told and told.strip().isdecimal():
        wait_s = float(told)
    elif told:
        try:
            until = parsedate_to_datetime(told)
        except ValueError:
            return wait_s
        wait_s = (until if until.tzinfo else until.replace(tzinfo=UTC)).timestamp() - now.timestamp()
    return min(max(wait_s, 0.0), LONGEST_WAIT_S)


def _gone_for_good(asked: str) -> NotFound:
    return NotFound(
        f"{asked} does not exist and is not asked for again; mend its address in feed.toml and restart."
    )


def _require_https(url: str) -> None:
    try:
        parts = urlsplit(url)
        httpx.URL(url)
    except (ValueError, httpx.InvalidURL) as error:
        raise SetupError(f"{url} is no address ({error}); change it under [fetch] in feed.toml.") from error
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return
    raise SetupError(f"{url} is not https; change the address under [fetch] in feed.toml.")
