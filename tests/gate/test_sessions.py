"""A session lasts as long as its right: what ends or narrows it holds from the next request, and closes streams."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx
import pytest

from app.commands.sessions import end_sessions
from app.commands.tokens import create_token, revoke_token
from app.commands.users import disable_user, enable_user, set_password, set_role
from app.config import Settings
from app.gate import Gate, sessions
from app.gate.browser import COOKIE
from app.gate.limits import RequestLimit
from app.gate.sessions import utc_now
from app.main import create_app
from app.queries.users import user_id_of
from tests.api.test_gate import layer
from tests.gate.conftest import BASE, OURS, browser, running, sign_in

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from app.db import Connection, Pool

    Change = Callable[[Connection, int, UUID], Coroutine[Any, Any, object]]

SOUTH = ("lpo-sodermalm",)
ENDS: dict[str, Change] = {
    "the session is revoked": lambda c, _, session: end_sessions(c, "session_id", session, "revoked", utc_now()),
    "the account is disabled": lambda c, user, _: disable_user(c, user, utc_now()),
    "the password is changed": lambda c, user, _: set_password(
        c, user, "x", "ett helt annat", utc_now(), must_change=False
    ),
    "the role is changed past us": lambda c, user, _: c.execute(
        "update app_user set role = 'partner' where user_id = $1", user
    ),
    "its time is over": lambda c, _, session: c.execute(
        "update app_session set ends_at = now() where session_id = $1", session
    ),
    "nobody showed for too long": lambda c, _, session: c.execute(
        "update app_session set last_seen_at = now() - interval '30 minutes' where session_id = $1", session
    ),
}  # fmt: skip
TOLD = ["the session is revoked", "the account is disabled", "the password is changed"]


@pytest.fixture
async def signed_in(
    app: ASGIApp, user: str, pool: Pool
) -> AsyncIterator[tuple[httpx.AsyncClient, int, UUID]]:
    """A browser with a session, the user's number and the session's."""
    async with browser(app) as client, pool.acquire() as connection:
        assert (await sign_in(client, user)).status_code == 303
        number = await user_id_of(connection, user)
        session = await connection.fetchval(
            "select session_id from app_session where user_id = $1 and ended_at is null", number
        )
        yield client, number, session


@pytest.mark.parametrize("how", ENDS)
async def test_the_next_request_is_refused_when(
    signed_in: tuple[httpx.AsyncClient, int, UUID], pool: Pool, how: str
):
    client, user, session = signed_in
    assert (await client.get("/api/v1/offences")).status_code == 200
    async with pool.acquire() as connection:
        await ENDS[how](connection, user, session)
    assert (await client.get("/api/v1/offences")).status_code == 401


async def test_an_account_that_is_opened_again_does_not_bring_its_sessions_back(
    signed_in: tuple[httpx.AsyncClient, int, UUID], pool: Pool
):
    client, user, _ = signed_in
    async with pool.acquire() as connection:
        await disable_user(connection, user, utc_now())
        await enable_user(connection, user)
    assert (await client.get("/api/v1/offences")).status_code == 401


async def test_another_role_holds_from_the_next_request_under_another_scope(
    signed_in: tuple[httpx.AsyncClient, int, UUID], pool: Pool
):
    client, user, session = signed_in
    scope = "select scope_id from app_session where session_id = $1"
    before = await pool.fetchval(scope, session)
    async with pool.acquire() as connection:
        await set_role(connection, user, "partner", (), utc_now())
        assert (await client.get("/api/v1/counts")).status_code == 403
        await set_role(connection, user, "area_chief", SOUTH, utc_now())
    assert (await client.get("/api/v1/counts")).status_code == 200
    after = await pool.fetchrow(
        "select * from access_scope where scope_id = $1", await pool.fetchval(scope, session)
    )
    assert (after["role"], after["areas"], after["actor"]) == ("area_chief", list(SOUTH), f"user:{user}")
    assert await pool.fetchval("select ended_at is not null from access_scope where scope_id = $1", before)


async def test_a_token_taken_back_ends_what_was_begun_with_it(app: ASGIApp, pool: Pool):
    async with pool.acquire() as connection, browser(app) as client:
        token = await create_token(connection, "analyst", "leaver")
        number = await connection.fetchval("select max(token_id) from app_token")
        await client.post("/login", data={"token": token})
        bearer = {"Authorization": f"Bearer {token}"}
        assert (await client.get("/api/v1/offences")).status_code == 200
        await revoke_token(connection, number)
        assert (await client.get("/api/v1/offences")).status_code == 401
        assert (await client.get("/api/v1/offences", headers=bearer)).status_code == 401


async def test_what_a_page_asks_by_itself_is_no_sign_of_its_person(
    signed_in: tuple[httpx.AsyncClient, int, UUID], pool: Pool
):
    client, _, session = signed_in
    seen = "select now() - last_seen_at from app_session where session_id = $1"
    by_itself = {**OURS, "Sec-Fetch-Dest": "empty"}
    for headers, path, method, is_sign in (
        (by_itself, "/api/v1/offences", "GET", False),
        (by_itself, "/session/here", "POST", True),
        (by_itself, "/api/v1/health", "GET", False),
        ({"Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"}, "/", "GET", True),
    ):
        await pool.execute(
            "update app_session set last_seen_at = now() - interval '20 minutes' where session_id = $1",
            session,
        )
        assert (await client.request(method, path, headers=headers)).status_code in {200, 204}
        assert (await pool.fetchval(seen, session) < timedelta(minutes=1)) == is_sign, path


async def test_a_wall_has_no_hands_and_stays(app: ASGIApp, pool: Pool):
    async with pool.acquire() as connection, browser(app) as client:
        token = await create_token(connection, "wall", "väggen i ledningscentralen")
        await client.get("/", params={"login": token}, headers={"Sec-Fetch-Dest": "document"})
        await connection.execute("update app_session set last_seen_at = now() - interval '90 days'")
        assert (await client.get("/api/v1/counts")).status_code == 200


async def test_signing_out_ends_the_session_and_is_no_link(signed_in: tuple[httpx.AsyncClient, int, UUID]):
    client, _, _ = signed_in
    secret = client.cookies[COOKIE]
    assert (await client.get("/logout")).status_code == 405
    assert (await client.post("/logout")).status_code == 403  # says nothing of where it comes from
    assert (await client.post("/logout", headers={"Sec-Fetch-Site": "none"})).status_code == 403
    answer = await client.post("/logout", headers=OURS)
    assert answer.status_code == 303
    assert COOKIE not in client.cookies
    assert (await client.get("/api/v1/offences", headers={"Cookie": f"{COOKIE}={secret}"})).status_code == 401


@asynccontextmanager
async def stream(app: ASGIApp, cookie: str) -> AsyncIterator[asyncio.Task[None]]:
    """An open stream of server-sent events; the task ends when the server ends it."""
    opened = asyncio.Event()

    async def receive() -> dict[str, object]:
        await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            assert message["status"] == 200
        if message.get("body"):
            opened.set()

    scope = {
        "type": "http", "path": "/api/v1/stream", "raw_path": b"/api/v1/stream", "query_string": b"", "method": "GET",
        "headers": [(b"host", b"127.0.0.1"), (b"cookie", cookie.encode())], "scheme": "http", "root_path": "",
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 5), "http_version": "1.1", "asgi": {"version": "3.0"},
    }  # fmt: skip
    task = asyncio.create_task(app(scope, receive, send))
    async with asyncio.timeout(5):
        await opened.wait()
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def cookie_of(client: httpx.AsyncClient) -> str:
    return f"{COOKIE}={client.cookies[COOKIE]}"


@pytest.mark.parametrize("how", [*TOLD, "the role is changed"])
async def test_an_open_stream_closes_at_once_when(
    app: ASGIApp, signed_in: tuple[httpx.AsyncClient, int, UUID], pool: Pool, how: str
):
    client, user, session = signed_in
    change = ENDS.get(how, lambda c, user, _: set_role(c, user, "area_chief", SOUTH, utc_now()))
    async with stream(app, cookie_of(client)) as open_stream, pool.acquire() as connection:
        await asyncio.sleep(0.3)
        assert not open_stream.done()
        await change(connection, user, session)
        begun = time.monotonic()
        async with asyncio.timeout(3):
            await open_stream
        assert time.monotonic() - begun < 1


@pytest.mark.parametrize("how", sorted(ENDS.keys() - TOLD))
async def test_an_open_stream_closes_soon_without_a_word_when(
    app: ASGIApp,
    signed_in: tuple[httpx.AsyncClient, int, UUID],
    pool: Pool,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
):
    monkeypatch.setattr(sessions, "LOOK_ANYWAY_S", 0.2)
    client, user, session = signed_in
    async with stream(app, cookie_of(client)) as open_stream, pool.acquire() as connection:
        await ENDS[how](connection, user, session)
        async with asyncio.timeout(2):
            await open_stream


async def test_other_streams_stay_open(
    app: ASGIApp, signed_in: tuple[httpx.AsyncClient, int, UUID], user: str
):
    client, _, _ = signed_in
    async with browser(app) as other:
        await sign_in(other, user)
        async with stream(app, cookie_of(client)) as ours, stream(app, cookie_of(other)) as theirs:
            await client.post("/logout", headers=OURS)
            async with asyncio.timeout(2):
                await ours
            await asyncio.sleep(0.3)
            assert not theirs.done()


async def test_word_that_was_missed_while_the_connection_was_cut_is_made_up_for(
    app: ASGIApp, signed_in: tuple[httpx.AsyncClient, int, UUID], pool: Pool
):
    client, user, session = signed_in
    async with stream(app, cookie_of(client)) as open_stream, pool.acquire() as connection:
        async with connection.transaction():  # the word goes out after the listener is gone
            await ENDS["the session is revoked"](connection, user, session)
            await connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where application_name = 'lagesbild live' and datname = current_database()"
            )
        async with asyncio.timeout(5):
            await open_stream


async def talking(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that would talk for ever."""
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


async def test_an_open_websocket_closes_when_its_session_ends(
    app: ASGIApp, signed_in: tuple[httpx.AsyncClient, int, UUID], pool: Pool
):
    client, user, session = signed_in
    real = layer(app, Gate)
    gate = Gate(talking, real._sessions, real._sign_in, RequestLimit(60))
    sent: list[dict[str, object]] = []
    inbox: asyncio.Queue[dict[str, object]] = asyncio.Queue()
    await inbox.put({"type": "websocket.connect"})

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"origin", BASE.encode()), (b"cookie", cookie_of(client).encode())]
    scope = {"type": "websocket", "path": "/talk", "raw_path": b"/talk", "headers": headers, "scheme": "ws"}
    task = asyncio.create_task(gate(scope, inbox.get, send))
    await asyncio.sleep(0.3)
    assert sent == [{"type": "websocket.accept"}]
    async with pool.acquire() as connection:
        await ENDS["the session is revoked"](connection, user, session)
    async with asyncio.timeout(2):
        await task
    assert sent[1] == {"type": "websocket.close", "code": 4401, "reason": "Sign in again."}


async def test_a_session_outlives_a_restart_of_the_server(
    dsn: str, var: Path, signed_in: tuple[httpx.AsyncClient, int, UUID]
):
    client, _, _ = signed_in
    restarted = create_app(Settings(var=var), dsn)
    async with running(restarted), browser(restarted) as again:
        answer = await again.get("/api/v1/offences", headers={"Cookie": cookie_of(client)})
        assert answer.status_code == 200


async def test_a_sign_in_that_crosses_a_change_of_role_holds_nothing(app: ASGIApp, user: str, pool: Pool):
    """Begun for what the account was a moment ago, and committed after the change re-scoped the others."""
    async with browser(app) as client, pool.acquire() as connection:
        await sign_in(client, user)
        number = await user_id_of(connection, user)
        await connection.execute(
            "update app_user set role = 'area_chief', areas = $2 where user_id = $1", number, SOUTH
        )
        assert (await client.get("/api/v1/offences")).status_code == 401
