"""What it costs that nothing about a session is remembered between requests: one look-up, by its secret, each time."""

from __future__ import annotations

import secrets
import time
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.commands.sessions import Limits, Principal, begin_session
from app.commands.tokens import create_token, token_hash
from app.commands.users import create_user
from app.gate.sessions import secret_hash, utc_now
from app.queries.sessions import session_of_secret
from app.queries.tokens import viewer_of_token
from tests.benchmarks.report import median_ms, percentile_ms

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.db import Pool
    from tests.benchmarks.report import Report

pytestmark = pytest.mark.bench

SESSIONS, TIMES = 20_000, 2_000


async def test_looking_a_session_up(
    pool: Pool, begin: Callable[[str, str, str], Report], small: bool
) -> None:
    report = begin(
        "looking_a_session_up",
        "What looking a session up at every request costs",
        f"Among {SESSIONS:,} open sessions, {TIMES:,} times each, in turn on one connection over a local socket.",
    )
    async with pool.acquire() as connection:
        user = await create_user(
            connection, "anna", "", "analyst", (), "fyra rimliga ord här", must_change=False
        )
        token = await create_token(connection, "analyst", "bench")
        await connection.execute(
            "with opened as (insert into access_scope (actor, name, role) select 'user:' || $1::int, 'anna', 'analyst' "
            f"from generate_series(1, {SESSIONS}) returning scope_id) "
            "insert into app_session (secret_hash, user_id, scope_id, way, source, created_at, last_seen_at) "
            "select decode(md5(scope_id::text), 'hex'), $1::int, scope_id, 'password', '::1', now(), now() from opened",
            user,
        )
        await connection.execute("analyze app_session, access_scope")
        secret = secrets.token_urlsafe(32)
        limits = Limits(timedelta(minutes=30), timedelta(hours=16))
        principal = Principal(user, None, "anna", "analyst")
        await begin_session(connection, principal, secret_hash(secret), "password", "::1", limits, utc_now())
        took: dict[str, list[float]] = {"session": [], "token": [], "select 1": []}
        for _ in range(TIMES):
            begun = time.perf_counter()
            assert await session_of_secret(connection, secret_hash(secret), utc_now()) is not None
            took["session"].append(time.perf_counter() - begun)
            begun = time.perf_counter()
            assert await viewer_of_token(connection, token_hash(token)) is not None
            took["token"].append(time.perf_counter() - begun)
            begun = time.perf_counter()
            await connection.fetchrow("select 1")
            took["select 1"].append(time.perf_counter() - begun)
    for what, times in took.items():
        report.figure(what, f"median {median_ms(times):.2f} ms, p95 {percentile_ms(times, 0.95):.2f} ms")
    more = median_ms(took["session"]) - median_ms(took["select 1"])
    report.bound(
        "the look-up beside a bare round trip, median",
        f"{more:.2f} ms",
        "<= 1 ms",
        ok=None if small else more <= 1,
    )
    report.check()
