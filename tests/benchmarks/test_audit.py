"""What the log costs whoever reads about persons, and how soon a row of it is sealed: over HTTP, on a durable server.

The same request (one pair, read with a reason) against two web processes that run at the same time on databases of the
same content: the product as it is, and one made for this measurement that writes no row and whose database asks for
none. They are asked in turn, never together, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import pytest

from app.commands.tokens import create_token
from app.config import ROOT
from app.db import open_pool
from etl.keep import Keys
from tests.benchmarks.report import Report, percentile_ms
from tests.pairs_world import load, report
from tests.servers import own_server

pytestmark = pytest.mark.bench

CLIENTS = 8
MOST_COST = 0.10
MOST_LAG_S = 1.0
BALLAST = 2000
"""Reports of other pairs: a read finds its own among them."""
NO_AUDIT = """
create or replace function audited() returns boolean stable parallel restricted language sql as 'select true';
create or replace function audited(sees text) returns boolean stable parallel restricted language sql
    as 'select coalesce(scope_sees(sees), false)'
"""
WITHOUT = """
import contextlib
import app.commands.consult as consult
import app.commands.pairs as pairs

@contextlib.asynccontextmanager
async def no_row(reader, consultation, given, *, persons):
    async with (reader.persons if persons else reader.writing)() as connection:
        yield consult.Consulted(connection, 0, consultation)

consult._logged = no_row
from app.cli import main
import sys
sys.exit(main())
"""
LAG = """
select extract(epoch from s.sealed_at - l.at)::float8 as lag from read_seal as s join read_log as l using (log_id)
where l.at > $1
"""

Begin = Callable[[str, str, str], Report]


@dataclass
class Web:
    """One web process, its database, and the request that it is asked."""

    port: int
    token: str
    pair: str

    def request(self) -> bytes:
        body = json.dumps({"reason": "follow_up"}).encode()
        head = (
            f"POST /api/v1/pairs/{self.pair} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            "Content-Type: application/json\r\n"
            f"Authorization: Bearer {self.token}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


@pytest.mark.timeout(900)
def test_audit(begin: Begin, small: bool, tmp_path: Path) -> None:
    told = begin(
        "audit",
        "What the log costs, and how soon it is sealed",
        f"One pair read with a reason over HTTP by {CLIENTS} connections at once, among {BALLAST:,} others: with "
        "the row in the log and its sealer running, and without either. In turn, a few seconds each; durable commits.",
    )  # fmt: skip
    rounds, seconds = (2, 2.0) if small else (12, 5.0)
    with own_server(durable=True) as dsn, ExitStack() as stack:
        asyncio.run(_fill(dsn))
        other = asyncio.run(_copy(dsn))
        webs = {
            "with the log": stack.enter_context(_web(dsn, tmp_path, [])),
            "without": stack.enter_context(_web(other, tmp_path, ["-c", WITHOUT])),
        }
        rates: dict[str, list[float]] = {name: [] for name in webs}
        with _sealer(dsn, tmp_path) as sealer:
            for name in (*webs, *webs):  # warm
                asyncio.run(_rate(webs[name], 1.0))
            since = datetime.now(UTC)
            for number in range(rounds):
                order = list(webs) if number % 2 else list(webs)[::-1]
                for name in order:
                    time.sleep(1.5)  # what was written last is sealed before the sealer is held
                    sealer.send_signal(signal.SIGCONT if name == "with the log" else signal.SIGSTOP)
                    rates[name].append(asyncio.run(_rate(webs[name], seconds)))
            sealer.send_signal(signal.SIGCONT)
            time.sleep(1.5)
            lags = asyncio.run(_lags(dsn, since))
    for name, held in rates.items():
        told.figure(f"requests a second, {name}", f"{statistics.median(held):.0f} (median of {rounds})")
    # Each round by itself, so that a slow minute of the machine falls on both of its halves.
    costs = [1 - a / b for a, b in zip(rates["with the log"], rates["without"], strict=True)]
    cost = statistics.median(costs)
    told.bound(
        "cost of the log, median of the rounds", f"{cost:.1%}", f"≤ {MOST_COST:.0%}",
        ok=None if small else cost <= MOST_COST,
    )  # fmt: skip
    told.figure("rows sealed under load", f"{len(lags):,}")
    told.figure("seal lag p50 / p95", f"{percentile_ms(lags, 0.5):.0f} / {percentile_ms(lags, 0.95):.0f} ms")
    told.bound(
        "seal lag, the longest", f"{max(lags):.2f} s", f"≤ {MOST_LAG_S:.0f} s",
        ok=None if small else max(lags) <= MOST_LAG_S,
    )  # fmt: skip
    told.check()


async def _fill(dsn: str) -> None:
    keys = Keys(bytes(range(32)))
    async with open_pool(dsn, size=2) as pool:
        await load(pool, keys)
        await load(pool, keys, [report(1000 + n, 1 + n % 300, "", "") for n in range(BALLAST)])
        async with pool.acquire() as connection:
            await connection.execute("vacuum analyze")


async def _copy(dsn: str) -> str:
    """A second database with the same content, in which nothing asks for a row of the log."""
    other = dsn.replace("/lagesbild?", "/unlogged?", 1)
    admin = await asyncpg.connect(dsn.replace("/lagesbild?", "/postgres?", 1))
    await admin.execute("create database unlogged template lagesbild")
    await admin.close()
    connection = await asyncpg.connect(other)
    await connection.execute(NO_AUDIT)
    await connection.close()
    return other


def _environment(dsn: str, var: Path) -> dict[str, str]:
    return {
        **os.environ, "DATABASE_URL": dsn, "LAGESBILD_VAR": str(var), "LAGESBILD_FEEDS": "",
        "LAGESBILD_PERSON_REQUESTS_PER_MINUTE": "10000000",
    }  # fmt: skip


@contextmanager
def _web(dsn: str, var: Path, how: list[str]) -> Iterator[Web]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = _environment(dsn, var) | {"LAGESBILD_PORT": str(port)}
    process = subprocess.Popen([sys.executable, *(how or ["-m", "app.cli"]), "web"], cwd=ROOT, env=env)
    try:
        ends = time.monotonic() + 60
        while not _answers(f"http://127.0.0.1:{port}/api/v1/health"):
            assert process.poll() is None
            assert time.monotonic() < ends
            time.sleep(0.2)
        token = asyncio.run(_token(dsn))
        yield Web(port, token, _a_pair(port, token))
    finally:
        process.terminate()
        process.wait(20)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


async def _token(dsn: str) -> str:
    async with open_pool(dsn, size=1) as pool, pool.acquire() as connection:
        return await create_token(connection, "analyst", "bench")


def _a_pair(port: int, token: str) -> str:
    """The pair with the most reports."""
    answer = httpx.post(
        f"http://127.0.0.1:{port}/api/v1/pairs/search", json={"reason": "follow_up", "at_least": 3}, timeout=30,
        headers={"Authorization": f"Bearer {token}"}, trust_env=False,
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    pair: str = answer.json()["rows"][0]["pair"]
    return pair


@contextmanager
def _sealer(dsn: str, var: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "audit", "seal"], cwd=ROOT, env=_environment(dsn, var),
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.wait(20)


async def _rate(web: Web, seconds: float) -> float:
    """Requests a second, by connections that each ask again as soon as they are answered."""
    ends = time.perf_counter() + seconds
    begun = time.perf_counter()
    counts = await asyncio.gather(*(_ask(web, ends) for _ in range(CLIENTS)))
    return sum(counts) / (time.perf_counter() - begun)


async def _ask(web: Web, ends: float) -> int:
    """A client that costs next to nothing: the same bytes again and again on one connection."""
    count, request = 0, web.request()
    async with _connection(web.port) as (reader, writer):
        while time.perf_counter() < ends:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
            count += 1
    return count


@asynccontextmanager
async def _connection(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        await writer.wait_closed()


async def _lags(dsn: str, since: datetime) -> list[float]:
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(LAG, since)
    await connection.close()
    return [row["lag"] for row in rows]
