"""The live stream over a real socket: nothing lost, nothing twice, nobody waited for."""

# ruff: noqa: ASYNC110 - a test looks until it sees
from __future__ import annotations

import asyncio
import json
import socket
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import asyncpg
import httpx
import pytest
import uvicorn

from app.api import stream
from app.commands.tokens import create_token
from app.config import ROOT, Settings
from app.main import create_app

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

CALL = {
    "DATUM": "2026-11-20", "TID": "18:03", "HAENDELSETYP": "Lägenhetsbråk", "PRIO_SLUTLIG": "2", "KOMMUN": "Stockholm",
    "LATITUDE": 59.3142, "LONGITUDE": 18.0735, "STATUS": "Aktiv",
}  # fmt: skip


@asynccontextmanager
async def serving(dsn: str, var: Path) -> AsyncIterator[tuple[str, uvicorn.Server]]:
    """A real server on a free port, in this loop."""
    config = uvicorn.Config(
        create_app(Settings(var=var), dsn),
        log_level="error",
        timeout_graceful_shutdown=2,
        ws="websockets-sansio",
    )
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)  # a reader that stalls is felt soon
    task = asyncio.create_task(server._serve([listening]))
    while not server.started:
        assert not task.done(), task.result()
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", server
    finally:
        server.should_exit = True
        await task
        listening.close()


@pytest.fixture
async def base(dsn: str, var: Path) -> AsyncIterator[str]:
    async with serving(dsn, var) as (base, _):
        yield base


@pytest.fixture
async def browser(base: str, token: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(
        base_url=base, headers={"Authorization": f"Bearer {token}"}, timeout=10
    ) as client:
        yield client


class Event(dict[str, Any]):
    """One server-sent event: ``event``, ``id``, ``data``."""


async def events(answer: httpx.Response) -> AsyncIterator[Event]:
    """Server-sent events, comments left out."""
    event = Event()
    async for line in answer.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            if name:
                event[name] = json.loads(value) if name == "data" else value
        elif event:
            yield event
            event = Event()


async def push(client: httpx.AsyncClient, *keys: str) -> str:
    content = "\n".join(json.dumps({**CALL, "HAENDELSE_ID": key}) for key in keys)
    answer = await client.post("/api/v1/feeds/uppdrag/records", content=content.encode())
    assert answer.status_code == 202
    return str(answer.json()["position"])


async def take(client: httpx.AsyncClient, position: str, rows: int) -> list[dict[str, Any]]:
    """Read from a position until so many rows have come."""
    found: list[dict[str, Any]] = []
    async with client.stream("GET", "/api/v1/stream", params={"from": position}) as answer:
        async for event in events(answer):
            if event["event"] == "ledger":
                assert event["id"] == event["data"]["position"] == event["data"]["rows"][-1]["position"]
                found += event["data"]["rows"]
            if len(found) >= rows:
                return found
    raise AssertionError("the stream ended")


async def test_news_come_at_once_and_only_news(browser: httpx.AsyncClient):
    await push(browser, "old")
    async with browser.stream("GET", "/api/v1/stream") as answer:
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        told = events(answer)
        start = await anext(told)
        assert (start["event"], start["retry"]) == ("start", "1000")
        begun = asyncio.get_running_loop().time()
        await push(browser, "new")
        news = await anext(told)
        took = asyncio.get_running_loop().time() - begun
    assert [row["incidents"] for row in news["data"]["rows"]] == [1]
    row = news["data"]["rows"][0]
    assert (row["kind"], row["sign"], row["area_name"] is not None, row["lon"]) == ("call", 1, True, 18.0735)
    assert took < 2


async def test_whoever_was_away_misses_nothing_and_gets_nothing_twice(browser: httpx.AsyncClient):
    position = await push(browser, "away-0")
    for number in range(1, 6):
        await push(browser, f"away-{number}")
    rows = await take(browser, position, 5)
    assert len(rows) == 5
    again = await take(browser, rows[2]["position"], 2)
    assert [row["uid"] for row in again] == [row["uid"] for row in rows[3:]]


async def test_last_event_id_goes_before_from(browser: httpx.AsyncClient):
    first = await push(browser, "last-1")
    second = await push(browser, "last-2")
    await push(browser, "last-3")
    asked = {"params": {"from": first}, "headers": {"Last-Event-ID": second}}
    async with browser.stream("GET", "/api/v1/stream", **asked) as answer:
        told = events(answer)
        assert (await anext(told))["data"]["position"] == second
        assert len((await anext(told))["data"]["rows"]) == 1


async def test_a_burst_comes_in_few_events(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch):
    position = await push(browser, "burst")
    await push(browser, *(f"burst-{number}" for number in range(1200)))
    seen = []
    async with browser.stream("GET", "/api/v1/stream", params={"from": position}) as answer:
        async for event in events(answer):
            seen.append(len(event["data"].get("rows", [])))
            if sum(seen) == 1200:
                break
    assert seen == [0, 500, 500, 200]


@pytest.mark.parametrize("position", ["5", "x-y", "", "1-2-3"])
async def test_a_position_that_is_none_is_refused(browser: httpx.AsyncClient, position: str):
    answer = await browser.get("/api/v1/stream", params={"from": position})
    assert answer.status_code == 400
    assert "error" in answer.json()


async def test_a_position_of_another_ledger_is_told(browser: httpx.AsyncClient):
    here = await push(browser, "here")
    ahead = "999999999999-1"
    answer = await browser.get("/api/v1/stream", params={"from": ahead})
    assert answer.status_code == 409
    assert "not of this ledger" in answer.json()["error"]
    for strange in (ahead, "rubbish"):
        async with browser.stream("GET", "/api/v1/stream", headers={"Last-Event-ID": strange}) as answer:
            reset = await anext(events(answer))
        assert (reset["event"], reset["id"]) == ("reset", here)


async def test_there_are_heartbeats_when_nothing_happens(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stream, "HEARTBEAT_S", 0.1)
    async with browser.stream("GET", "/api/v1/stream") as answer:
        seen = ""
        async for text in answer.aiter_text():
            seen += text
            if seen.count(": heartbeat\n\n") == 3:
                break


async def test_a_reader_that_stalls_is_dropped_and_holds_little(
    base: str, browser: httpx.AsyncClient, token: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stream, "SLOW_S", 0.5)
    await push(browser, *(f"slow-{number}" for number in range(3000)))
    host, port = base.removeprefix("http://").split(":")
    stalled = socket.create_connection((host, int(port)))
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    before = stream.EventStream.open_now
    stalled.sendall(
        f"GET /api/v1/stream?from=0-0 HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    while stream.EventStream.open_now == before:
        await asyncio.sleep(0.01)
    async with asyncio.timeout(20):
        while stream.EventStream.open_now > before:
            await asyncio.sleep(0.05)
    stalled.close()


async def test_a_reader_that_goes_is_let_go(browser: httpx.AsyncClient):
    before = stream.EventStream.open_now
    async with browser.stream("GET", "/api/v1/stream") as answer:
        await anext(events(answer))
        assert stream.EventStream.open_now == before + 1
    async with asyncio.timeout(5):
        while stream.EventStream.open_now > before:
            await asyncio.sleep(0.02)


async def test_the_number_of_streams_has_an_end(browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stream, "MOST_STREAMS", stream.EventStream.open_now)
    assert (await browser.get("/api/v1/stream")).status_code == 503


async def test_the_stream_goes_on_when_the_connections_to_the_database_were_cut(
    browser: httpx.AsyncClient, dsn: str
):
    async with browser.stream("GET", "/api/v1/stream") as answer:
        told = events(answer)
        await anext(told)
        admin = await asyncpg.connect(dsn)
        await admin.execute(
            """select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and application_name like 'lagesbild%'"""
        )
        await admin.close()
        async with asyncio.timeout(10):
            while (await browser.get("/api/v1/health")).status_code != 200:
                await asyncio.sleep(0.1)
            await push(browser, "after the cut")
            assert len((await anext(told))["data"]["rows"]) == 1


SERVER = """
import pathlib, sys, uvicorn
from app.config import ROOT, Settings
from app.main import create_app
app = create_app(Settings(var=pathlib.Path(sys.argv[2])), sys.argv[1])
uvicorn.run(app, port=int(sys.argv[3]), log_level="error", timeout_graceful_shutdown=60)
"""


async def test_open_streams_end_when_the_server_is_told_to_stop(dsn: str, var: Path):
    admin = await asyncpg.connect(dsn)
    headers = {"Authorization": f"Bearer {await create_token(admin, 'analyst', 'test')}"}
    await admin.close()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, dsn, str(var), str(port), cwd=ROOT
    )
    loop = asyncio.get_running_loop()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=20) as client:
        async with asyncio.timeout(60):
            while not await answers(client):
                await asyncio.sleep(0.1)
        async with client.stream("GET", "/api/v1/stream") as answer:
            told = events(answer)
            await anext(told)
            begun = loop.time()
            server.terminate()
            with pytest.raises(StopAsyncIteration):
                await anext(told)
            assert loop.time() - begun < 2
    async with asyncio.timeout(10):
        await server.wait()


async def answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/api/v1/health")).status_code == 200
    except httpx.ConnectError:
        return False
