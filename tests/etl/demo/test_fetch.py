"""The order of the demo's deliveries, and that nothing is lost or told twice however it is interrupted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.errors import SetupError
from etl.feed import Fetched, get_feed
from etl.feeds.demo.deliveries import CALLS, REPORTS, Demo
from etl.feeds.demo.fetch import fetch

NOW = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)


class Time:
    """Real time that passes only when somebody rests."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def ticks(self) -> float:
        return self.now_s

    async def rest(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture(scope="module")
def demo() -> Demo:
    """The same world with its stories, as of ``NOW``."""
    first = NOW.date() - timedelta(days=800)
    return Demo(1, get_feed("demo").region, first, NOW.date(), stories_from_s=int(NOW.timestamp()))


def source(
    cursor: dict[str, Any], now: datetime = NOW, *, time: Time | None = None, **choices: Any
) -> AsyncIterator[tuple[str, Fetched]]:
    time = time or Time()
    settings: dict[str, Any] = {"days": 3, "speed": 1.0, "seed": 1, "history": False, **choices}
    return fetch(cursor, get_feed("demo"), now, ticks=time.ticks, rest=time.rest, **settings)


async def take(items: AsyncIterator[tuple[str, Fetched]], until: datetime) -> list[tuple[str, Fetched]]:
    """Deliveries until one reaches ``until``."""
    taken = []
    async with aclosing(items):  # type: ignore[type-var] - fetch is an async generator
        async for item in items:
            taken.append(item)
            if not item[1].archive and item[1].fetched_at >= until:
                return taken
    raise AssertionError("fetch never ends")


def told(items: list[tuple[str, Fetched]]) -> Counter[str]:
    """Every line with its feed, and how often it was delivered."""

    def lines(name: str, item: Fetched) -> Iterator[str]:
        rows = item.content.decode("utf-8-sig").splitlines()
        return (f"{name} {row}" for row in (rows[1:] if name == REPORTS else rows))

    return Counter(line for name, item in items for line in lines(name, item))


def expected(demo: Demo, items: list[tuple[str, Fetched]]) -> Counter[str]:
    """The same of the whole stretch at once."""
    feeds = items[-1][1].cursor["feeds"]  # type: ignore[index]
    whole = []
    for name in (CALLS, REPORTS):
        from_s = demo.midnight_s(datetime.fromisoformat(feeds[name]["back_to"]).date())
        until = datetime.fromisoformat(feeds[name]["until"])
        content = demo.content(name, from_s, int(until.timestamp()))
        assert content is not None
        whole.append((name, Fetched(content, "", until)))
    return told(whole)


async def test_the_last_days_come_first_newest_first_and_then_it_is_ready() -> None:
    items = await take(source({}), NOW + timedelta(minutes=3))
    recent = [item for item in items if item[1].archive]
    calls = [item for name, item in recent if name == CALLS]
    assert [item.fetched_at for item in calls] == sorted((item.fetched_at for item in calls), reverse=True)
    assert calls[0].fetched_at == NOW
    ready = [bool(item.cursor and item.cursor["ready"]) for _, item in items]
    assert ready.index(True) == len(recent) - 1
    assert recent[-1][1].cursor["feeds"][CALLS]["back_to"] == "2026-11-21"  # type: ignore[index]


async def test_what_is_delivered_is_the_whole_stretch_once(demo: Demo) -> None:
    items = await take(source({}), NOW + timedelta(minutes=40))
    assert told(items) == expected(demo, items)


@pytest.mark.parametrize("killed_after", [0, 1, 3, 5, 8])
async def test_killed_at_any_delivery_it_goes_on_where_the_database_stands(
    demo: Demo, killed_after: int
) -> None:
    committed = []
    async with aclosing(source({})) as items:  # type: ignore[type-var]
        async for item in items:
            if len(committed) == killed_after:
                break  # made, and never committed
            committed.append(item)
    cursor = json.loads(json.dumps(committed[-1][1].cursor)) if committed else {}
    later = NOW + timedelta(hours=7)
    committed += await take(source(cursor, later), later + timedelta(minutes=10))
    assert told(committed) == expected(demo, committed)


async def test_what_was_missed_was_known_when_it_was_registered() -> None:
    first = await take(source({}), NOW + timedelta(minutes=3))
    later = NOW + timedelta(days=2)
    items = await take(source(first[-1][1].cursor or {}, later), later + timedelta(minutes=3))
    missed = [item for _, item in items if item.fetched_at <= later]
    assert missed
    assert all(item.archive for item in missed)


async def test_history_comes_behind_while_real_time_goes_on(demo: Demo) -> None:
    time = Time()
    seen: list[tuple[str, Fetched]] = []
    async with aclosing(source({}, time=time, history=True)) as items:  # type: ignore[type-var]
        async for item in items:
            seen.append(item)
            time.now_s += 40  # so long does each take to load
            if item[1].cursor and item[1].cursor["feeds"][CALLS]["back_to"] < "2026-10-01":
                break
    after_ready = [item for _, item in seen if item.cursor and item.cursor["ready"]][1:]
    assert sum(not item.archive for item in after_ready) > 3
    assert sum(item.archive for item in after_ready) > 3
    assert told(seen) == expected(demo, seen)


async def test_speed_is_demo_seconds_per_real_second(demo: Demo) -> None:
    time = Time()
    items = await take(source({}, time=time, speed=3600.0), NOW + timedelta(hours=20))
    assert time.now_s < 30
    assert told(items) == expected(demo, items)


async def test_two_seeds_are_never_mixed() -> None:
    items = await take(source({}), NOW + timedelta(minutes=3))
    with pytest.raises(SetupError, match="seed 1"):
        await anext(source(items[-1][1].cursor or {}, seed=2))
