"""There is one way to write a path; what is written otherwise leads nowhere, over HTTP and WebSocket alike."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from app.gate.paths import canonical
from tests.api.test_gate import websocket

if TYPE_CHECKING:
    import httpx
    from starlette.types import ASGIApp

NOWHERE = [
    "//api/v1/counts", "/api//v1/counts", "/api/v1//counts", "/api%2fv1/counts", "/api%2Fv1/counts",
    "/%2fapi/v1/counts", "/%2e%2e/api/v1/counts", "/assets/../api/v1/counts",
    "/assets/%2e%2e/api/v1/counts", "/assets/..%2fapi/v1/counts", "/./api/v1/counts", "/api/v1/counts.",
    "/api./v1/counts", "/api/v1/counts;x=1", "/api;/v1/counts", "/api/v1/counts%3Bx", "/API/v1/counts",
    "/Api/v1/counts", "/LOGIN", "/%61pi/v1/counts", "/ap%69/v1/counts", "/api/v1/counts%00",
    "/api/v1/counts%0a", "/api\\v1/counts", "/api%5cv1/counts", "/api/v1/counts%20%2f", "/api/v1/%ff",
    "/api/v1/%c0%af", "/api/v1/counts%", "/api/v1/counts%zz", "/api/v1/counts%252f", "/api/v1/cöunts",
    "/assets/%252e%252e/x", "/api/v1/ ",
]  # fmt: skip
SOMEWHERE = [
    "/", "/api", "/api/v1/counts", "/api/v1/areas/lpo-s%C3%B6dermalm", "/assets/vendor/inter/inter.woff2",
    "/_dash-component-suites/dash/dash-renderer/build/dash_renderer.v4_4_1m1.min.js", "/api/v1/tiles/7/70/37.mvt",
    "/api/v1/feeds/a%20b/records", "/assets/30_map.js", "/login/oidc/callback", "/a:b", "/api/v1/UPPER",
]  # fmt: skip


def scope_of(raw: str) -> dict[str, object]:
    return {"type": "http", "raw_path": raw.encode(), "path": unquote(raw, "utf-8", "replace")}


@pytest.mark.parametrize("raw", NOWHERE)
def test_another_spelling_is_no_path(raw: str):
    assert canonical(scope_of(raw)) is None


@pytest.mark.parametrize("raw", SOMEWHERE)
def test_what_browsers_and_our_pages_write_is_one(raw: str):
    assert canonical(scope_of(raw)) == unquote(raw)


def test_a_path_that_was_decoded_otherwise_than_here_is_none():
    assert canonical({"type": "http", "raw_path": b"/login", "path": "/api/v1/counts"}) is None


def test_without_the_raw_path_the_decoded_one_is_looked_at():
    assert canonical({"type": "http", "path": "/api/v1/counts"}) == "/api/v1/counts"
    assert canonical({"type": "http", "path": "/api//v1"}) is None


@pytest.mark.parametrize("raw", NOWHERE)
async def test_it_leads_nowhere_even_for_an_analyst(client: httpx.AsyncClient, app: ASGIApp, raw: str):
    answer = await ask(app, raw, client.headers["authorization"])
    assert answer["status"] == 404
    assert answer["body"].startswith(b'{"error"')


@pytest.mark.parametrize("raw", [*NOWHERE, "/_dash-ws-callback", "/api/v1/stream"])
async def test_nor_does_it_to_a_websocket_and_none_opens_without_session(app: ASGIApp, raw: str):
    assert (await websocket(app, [], raw))["type"] == "websocket.close"


async def ask(app: ASGIApp, raw: str, authorization: str) -> dict[str, object]:
    """As a server hands it on: httpx and browsers would tidy the path before they send it."""
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"authorization", authorization.encode())]
    scope = scope_of(raw) | {
        "query_string": b"", "headers": headers, "method": "GET", "scheme": "http", "root_path": "",
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 5), "http_version": "1.1", "asgi": {"version": "3.0"},
    }  # fmt: skip
    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent)
    return {"status": sent[0]["status"], "body": body}
