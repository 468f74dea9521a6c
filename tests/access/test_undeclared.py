"""What nobody declared reaches nothing: other spellings, methods, hosts, headers and protocols, asked from outside.

Held elsewhere: a route, callback or page without a permission (``tests/api/test_gate.py``, ``tests/dashboards/
test_guard.py``), each other spelling of a path (``tests/gate/test_paths.py``), each route in each role
(``test_routes``). Here is the whole server at once, and the bytes that only a hand-made client sends.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.routing import Mount, WebSocketRoute

from app.cli import running
from app.commands.tokens import create_token
from app.config import Settings
from app.db import open_pool
from app.domain.permissions import GRANTED
from app.domain.viewer import ROLES, Role
from app.gate.gate import PUBLIC
from tests.access.asking import routes
from tests.access.people import OWN
from tests.access.threaded import threaded_server
from tests.api.conftest import BASE, app, token, var
from tests.api.test_gate import websocket
from tests.gate.test_paths import NOWHERE

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import ASGIApp

    from app.db import Pool

__all__ = ["app", "token", "var"]

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
FILLED = {
    "uid": "4c9e5d1e-6a0b-4a53-9a1e-0c6f0f7b8f11", "feed": "uppdrag", "layer": "points", "z": "9", "x": "281",
    "y": "150", "name": "begin.js", "pair": "x", "quarantine_id": "1", "package_name": "dash",
    "fingerprinted_path": "dash.js", "path": "map.js",
}  # fmt: skip
SIGN_IN = ("/login", "/session", "/logout")
"""The gate's own paths."""


def every_path(app: Any) -> set[str]:
    """Every path that the API and the screen know, with something in the place of each parameter."""
    paths = {"/api/v1" + route.path.removeprefix("/v1") for route in routes()}
    paths |= {route.path for route in screen_routes(app)}
    return {filled(path) for path in paths}


def screen_routes(app: Any) -> list[Any]:
    """The routes of the pages, Dash's own among them."""
    while not hasattr(app, "routes"):
        app = app._app
    screen = next(part.app for part in app.routes if isinstance(part, Mount) and part.path != "/api")
    while not hasattr(screen, "routes"):
        screen = screen._app
    return list(screen.routes)


def filled(path: str) -> str:
    parts = [
        FILLED.get(part[1:-1].partition(":")[0], "x") if part.startswith("{") and part.endswith("}") else part
        for part in path.split("/")
    ]
    return "/".join(parts).replace("{y}", FILLED["y"])


async def test_without_sign_in_no_path_and_no_method_tells_anything(app: ASGIApp):
    paths = every_path(app)
    assert {"/api/v1/counts", "/_dash-update-component", "/_dash-layout", "/backdrop.geojson", "/"} <= paths
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as client:
        for path in sorted(paths - PUBLIC):
            for method in METHODS:
                answer = await client.request(method, path, headers={"Sec-Fetch-Dest": "empty"})
                assert answer.status_code == 401, (method, path)
                assert len(answer.content) < 100, (method, path)
        for path in PUBLIC:
            statuses = {(await client.request(method, path)).status_code for method in METHODS}
            assert statuses <= {200, 405}, path


async def test_without_sign_in_no_websocket_opens_on_any_path(app: ASGIApp):
    for path in sorted(every_path(app) | PUBLIC | set(SIGN_IN)):
        answer = await websocket(app, [], path)
        assert answer == {"type": "websocket.close", "code": 4401, "reason": "Sign in first."}, path


async def test_a_websocket_opens_where_one_is_declared_and_on_no_other_path(app: ASGIApp, pool: Pool):
    async with pool.acquire() as connection:
        bearer = (b"authorization", f"Bearer {await create_token(connection, 'analyst', 'a')}".encode())
    declared = {route.path for route in screen_routes(app) if isinstance(route, WebSocketRoute)}
    assert declared <= {"/_dash-ws-callback"}
    for path in [*sorted(every_path(app) - declared), *NOWHERE]:
        async with asyncio.timeout(5):
            answer = await websocket(app, [bearer], path)
        assert answer["type"] in {"websocket.close", "websocket.http.response.start"}, path


@pytest.mark.parametrize("role", ROLES)
async def test_no_method_reaches_more_than_the_declared_one(app: ASGIApp, pool: Pool, role: Role):
    async with pool.acquire() as connection:
        areas = (OWN,) if role == "area_chief" else ()
        held = {"Authorization": f"Bearer {await create_token(connection, role, role, areas)}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=held) as client:
        for route in routes():
            path = filled("/api/v1" + route.path.removeprefix("/v1"))
            allowed = route.permission == "public" or route.permission in GRANTED[role]
            for method in set(METHODS) - (route.methods or set()):
                if other_route_takes(method, route.path):
                    continue
                answer = await client.request(method, path)
                assert answer.status_code in {403, 404, 405}, (method, path)
                assert len(answer.content) < 300, (method, path)
            if not allowed:
                for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
                    answer = await client.request(min(route.methods or ()), path, headers={name: "GET"})
                    assert answer.status_code == 403, (name, path)


def other_route_takes(method: str, path: str) -> bool:
    return any(method in (route.methods or ()) and route.path_regex.match(filled(path)) for route in routes())


# From outside, over a socket: what clients tidy up before they send it, an attacker does not.


@pytest.fixture(scope="module")
def options() -> dict[str, Any]:
    """How the product itself runs its server."""
    found: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(running, "join", lambda *_: "postgresql://unused")
        patched.setattr("app.main.create_app", lambda *_: None)
        patched.setattr("uvicorn.run", lambda _, **options: found.update(options))
        patched.delenv("LAGESBILD_PUBLIC_URL", raising=False)
        running.web(supervised=False)
    return {name: found[name] for name in ("proxy_headers", "server_header")}


@pytest.fixture(scope="module")
def base(dsn: str, var: Path, options: dict[str, Any]) -> Iterator[str]:
    with threaded_server(dsn, Settings(var=var), **options) as base:
        yield base


@pytest.fixture(scope="module")
def analyst(dsn: str) -> str:
    async def make() -> str:
        async with open_pool(dsn, size=1, name="tests") as pool, pool.acquire() as connection:
            return await create_token(connection, "analyst", "outside")

    return asyncio.run(make())


def send(base: str, *lines: str, body: bytes = b"") -> tuple[int, bytes]:
    """Send these very bytes; the status that came back (0: the connection was closed) and all of the answer."""
    parts = urlsplit(base)
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body)
        received = b""
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except ConnectionResetError:
            pass
    status = int(received.split(b" ", 2)[1]) if received.startswith(b"HTTP/1.") else 0
    return status, received


COUNTS = "/api/v1/counts"


def test_the_same_request_made_rightly_is_answered(base: str, analyst: str):
    status, answer = send(
        base, f"GET {COUNTS} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {analyst}"
    )
    assert status == 200
    assert b'"rows"' in answer
    assert b"\r\nserver:" not in answer.lower()


@pytest.mark.parametrize(
    "host",
    [
        None, "Host:", "Host: evil.example", "Host: 127.0.0.1@evil.example", "Host: evil.example#127.0.0.1",
        "Host: evil.example/127.0.0.1", "Host: 127.0.0.1.", "Host: 0.0.0.0", "Host: 127.1", "Host: 2130706433",
        "Host: [::1", "Host: [::1]evil.example", "Host: 127.0.0.1:8050/login?x=", "Host: 127.0.0.1:x",
        "Host: 127.0.0.1:8050@evil.example", "Host: [::ffff:127.0.0.1]", "Host: localhost.evil.example:8050",
        "Host: 127.0.0.1, evil.example", "Host: 127.0.0.1\r\nHost: evil.example",
        "Host: evil.example\r\nHost: 127.0.0.1", "Host: evil.example\r\nX-Forwarded-Host: 127.0.0.1",
        "Host: evil.example\r\nForwarded: host=127.0.0.1",
    ],
)  # fmt: skip
def test_no_other_name_is_answered_however_it_is_written(base: str, analyst: str, host: str | None):
    lines = [f"GET {COUNTS} HTTP/1.1", *([host] if host is not None else [])]
    status, answer = send(base, *lines, f"Authorization: Bearer {analyst}")
    assert status in {400, 421}, answer[:200]
    assert b'"rows"' not in answer


@pytest.mark.parametrize(
    "line",
    [
        f"GET http://evil.example{COUNTS} HTTP/1.1", "GET * HTTP/1.1", "OPTIONS * HTTP/1.1",
        "CONNECT 127.0.0.1:5432 HTTP/1.1", f"GET /login?x={COUNTS} HTTP/1.1", f"GET /login/..{COUNTS} HTTP/1.1",
        f"GET {COUNTS}\x00 HTTP/1.1", f"GET {COUNTS}#x HTTP/1.1", f"GET \t{COUNTS} HTTP/1.1",
        f"get {COUNTS} HTTP/1.1", f"G\x00T {COUNTS} HTTP/1.1", f"GET /{'a' * 200_000} HTTP/1.1",
        f"GET /{'a/' * 50_000} HTTP/1.1", f"GET {COUNTS}/{'%2e' * 30_000} HTTP/1.1", "PRI * HTTP/2.0",
    ],
)  # fmt: skip
def test_no_request_line_tells_anything_without_sign_in(base: str, line: str):
    status, answer = send(base, line, "Host: 127.0.0.1")
    assert status in {0, 200, 400, 401, 404, 405, 421, 431}, answer[:200]
    assert b'"rows"' not in answer
    if status == 200:
        assert line.startswith("GET /login?")
        assert b"<form" in answer


@pytest.mark.parametrize(
    "header",
    [
        "X-Original-URL: /api/v1/counts", "X-Rewrite-URL: /api/v1/counts", "X-Forwarded-Prefix: /api",
        "X-Forwarded-User: analyst", "X-Remote-User: analyst", "Remote-User: analyst", "X-Forwarded-For: 127.0.0.1",
        "X-Real-IP: 127.0.0.1", "Authorization: Basic YWRtaW46YWRtaW4=", "Authorization: Bearer ",
        "Authorization: Bearer null", "Cookie: lagesbild=", "Cookie: __Host-lagesbild=x", "X-Role: analyst",
        "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", [COUNTS, "/api/v1/health", "/_dash-layout"])
def test_no_header_signs_anybody_in_or_leads_to_another_path(base: str, header: str, path: str):
    status, answer = send(base, f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Sec-Fetch-Dest: empty", header)
    assert status == (200 if path in PUBLIC else 401)
    assert b'"rows"' not in answer


def test_a_second_request_in_the_body_of_the_first_is_not_read_as_one(base: str, analyst: str):
    """Request smuggling: two lengths, or a length and chunks, are refused and the connection is closed."""
    hidden = f"GET {COUNTS} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {analyst}\r\n\r\n".encode()
    both = ["Content-Length: 5", "Transfer-Encoding: chunked"]
    for lengths, body in (
        (both, b"0\r\n\r\n" + hidden),
        (["Content-Length: 0", f"Content-Length: {len(hidden)}"], hidden),
        (["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], b"0\r\n\r\n" + hidden),
    ):
        status, answer = send(base, "POST /login HTTP/1.1", "Host: 127.0.0.1", *lengths, body=body)
        assert status in {400, 401, 403, 413}, answer[:200]
        assert answer.count(b"HTTP/1.1 ") == 1, (lengths, answer[:600])
        assert b'"rows"' not in answer


def test_where_a_sign_in_came_from_is_not_what_a_header_says(base: str, dsn: str):
    forwarded = (
        "X-Forwarded-For: 203.0.113.9\r\nX-Real-IP: 203.0.113.9\r\nForwarded: for=203.0.113.9;proto=https"
    )
    body = b"token=wrong"
    status, answer = send(
        base, "POST /login HTTP/1.1", "Host: 127.0.0.1", forwarded, "X-Forwarded-Proto: https",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", body=body,
    )  # fmt: skip
    assert status == 401, answer[:300]
    assert b"strict-transport-security" not in answer.lower()  # that would be told over HTTPS only
    assert {source for (source,) in asyncio.run(_sources(dsn))} == {"127.0.0.1"}


async def _sources(dsn: str) -> list[Any]:
    async with open_pool(dsn, size=1, name="tests") as pool, pool.acquire() as connection:
        return list(await connection.fetch("select distinct source from sign_in"))


def test_a_refusal_tells_no_more_than_that(base: str):
    for path in (COUNTS, "/api/v1/nowhere", "/nowhere", "/_dash-layout"):
        status, answer = send(base, f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Sec-Fetch-Dest: empty")
        assert status == 401
        assert json.loads(answer.partition(b"\r\n\r\n")[2]) == {
            "error": "Sign in first, or send a token: Authorization: Bearer …"
        }
