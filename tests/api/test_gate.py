"""The gate is shut unless something opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from app.api.routing import Route, routes
from app.commands.tokens import create_token, revoke_token
from app.gate.browser import COOKIE

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from app.db import Pool

PAGE = {"Accept": "text/html", "Sec-Fetch-Dest": "document", "Sec-Fetch-Site": "none"}


@pytest.mark.parametrize(
    "path", ["/api/v1/counts", "/api/v1/docs", "/api/v1/nowhere", "/api", "/assets/map.js"]
)
async def test_without_token_or_session_there_is_nothing_but_a_401(anonymous: httpx.AsyncClient, path: str):
    answer = await anonymous.get(path, headers={"Sec-Fetch-Dest": "script"})
    assert answer.status_code == 401
    assert "token" in answer.json()["error"]


async def test_health_is_public(anonymous: httpx.AsyncClient):
    assert (await anonymous.get("/api/v1/health")).json()["status"] == "ok"


async def test_a_page_leads_to_the_login_and_back(anonymous: httpx.AsyncClient, token: str):
    answer = await anonymous.get("/?kind=call&area=0180", headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2F%3Fkind%3Dcall%26area%3D0180"
    form = await anonymous.get(answer.headers["location"])
    assert 'value="/?kind=call&amp;area=0180"' in form.text
    begun = await anonymous.post("/login", data={"token": token, "next": "/?kind=call&area=0180"})
    assert (begun.status_code, begun.headers["location"]) == (303, "/?kind=call&area=0180")
    cookie = begun.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert (await anonymous.get("/api/v1/offences")).status_code == 200


async def test_the_printed_address_signs_in_and_forgets_the_token(anonymous: httpx.AsyncClient, token: str):
    answer = await anonymous.get(f"/?kind=call&login={token}", headers=PAGE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?kind=call")
    assert (await anonymous.get("/api/v1/feeds")).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_site_cannot_sign_its_reader_in(anonymous: httpx.AsyncClient, token: str, site: str):
    answer = await anonymous.get(f"/?login={token}", headers={**PAGE, "Sec-Fetch-Site": site})
    assert answer.headers["location"] == "/login?said=elsewhere"
    assert COOKIE not in anonymous.cookies


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_site_cannot_fetch_with_a_session_but_may_link_to_a_page(
    anonymous: httpx.AsyncClient, token: str, site: str
):
    await anonymous.post("/login", data={"token": token})
    fetched = {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": "image"}
    assert (await anonymous.get("/api/v1/offences", headers=fetched)).status_code == 403
    assert (await anonymous.get("/", headers={**PAGE, "Sec-Fetch-Site": site})).status_code == 200


async def test_a_wrong_token_is_told_on_the_login_page(anonymous: httpx.AsyncClient):
    answer = await anonymous.get("/?login=wrong", headers=PAGE)
    assert answer.headers["location"].startswith("/login?")
    assert "Nyckeln gäller inte" in (await anonymous.get(answer.headers["location"])).text
    assert (await anonymous.post("/login", data={"token": "wrong"})).status_code == 401
    assert COOKIE not in anonymous.cookies


async def test_many_wrong_tokens_are_slowed_down(anonymous: httpx.AsyncClient):
    statuses = {(await anonymous.post("/login", data={"token": f"wrong{n}"})).status_code for n in range(40)}
    assert statuses == {401, 429}


@pytest.mark.parametrize("there", ["//evil.example/x", "https://evil.example", "/\\evil.example"])
async def test_the_login_never_leads_elsewhere(anonymous: httpx.AsyncClient, token: str, there: str):
    answer = await anonymous.post("/login", data={"token": token, "next": there})
    where = answer.headers["location"]
    assert where.startswith("/")
    assert not where.startswith(("//", "/\\"))


async def test_a_forged_session_is_nobody(anonymous: httpx.AsyncClient, token: str):
    begun = await anonymous.post("/login", data={"token": token})
    good = begun.cookies[COOKIE]
    anonymous.cookies.clear()
    for value in (good[:-1], good + "A", good.swapcase(), token, "x", "", "å.ä"):
        header = {"Cookie": f"{COOKIE}={value}".encode("latin-1")}
        assert (await anonymous.get("/api/v1/feeds", headers=header)).status_code == 401, value
    assert (await anonymous.get("/api/v1/feeds", headers={"Cookie": f"{COOKIE}={good}"})).status_code == 200


async def test_a_revoked_token_ends_its_sessions(app: ASGIApp, pool: Pool):
    async with pool.acquire() as connection:
        token = await create_token(connection, "analyst", "leaver")
        number = await connection.fetchval("select max(token_id) from app_token")
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            await client.post("/login", data={"token": token})
            await revoke_token(connection, number)
            assert (await client.get("/api/v1/feeds")).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "192.168.1.5:8050"])
async def test_other_names_of_this_machine_are_not_answered(client: httpx.AsyncClient, host: str):
    assert (await client.get("/api/v1/health", headers={"Host": host})).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost:8050", "LOCALHOST", "[::1]:8050"])
async def test_the_machines_own_names_are(client: httpx.AsyncClient, host: str):
    assert (await client.get("/api/v1/health", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
    ],
)
async def test_another_site_cannot_use_a_session(
    anonymous: httpx.AsyncClient, token: str, headers: dict[str, str]
):
    await anonymous.post("/login", data={"token": token})
    answer = await anonymous.post("/api/v1/feeds/uppdrag/records", content=b"", headers=headers)
    assert answer.status_code == 403
    assert (await anonymous.post("/login", data={"token": token}, headers=headers)).status_code == 403


async def test_a_link_on_another_site_is_asked_for_again_from_here(anonymous: httpx.AsyncClient):
    answer = await anonymous.get("/?kind=call", headers={**PAGE, "Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200
    assert 'http-equiv="refresh"' in answer.text


async def websocket(
    app: ASGIApp, headers: list[tuple[bytes, bytes]], path: str = "/_dash-ws-callback"
) -> dict[str, object]:
    """Open a WebSocket and return the first thing that comes back."""
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "websocket", "path": unquote(path), "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"host", b"127.0.0.1"), *headers], "scheme": "ws", "root_path": "", "subprotocols": [],
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 5), "http_version": "1.1", "asgi": {"version": "3.0"},
    }  # fmt: skip
    await app(scope, receive, send)
    return sent[0]


async def test_a_websocket_without_session_is_closed_before_it_opens(app: ASGIApp):
    assert await websocket(app, []) == {"type": "websocket.close", "code": 4401, "reason": "Sign in first."}


async def test_a_websocket_from_another_site_is_closed(
    app: ASGIApp, anonymous: httpx.AsyncClient, token: str
):
    begun = await anonymous.post("/login", data={"token": token})
    cookie = (b"cookie", f"{COOKIE}={begun.cookies[COOKIE]}".encode())
    answer = await websocket(app, [cookie, (b"origin", b"https://evil.example")])
    assert answer["type"] == "websocket.close"


@pytest.mark.parametrize("role", ["partner", "auditor"])
async def test_roles_that_see_no_figures_are_told_so(app: ASGIApp, pool: Pool, role: str):
    async with pool.acquire() as connection:
        headers = {"Authorization": f"Bearer {await create_token(connection, role, role)}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client:
        answer = await client.get("/api/v1/counts")
        assert answer.status_code == 403
        assert role in answer.json()["error"]


async def test_a_commander_reads_and_does_not_push(app: ASGIApp, pool: Pool):
    async with pool.acquire() as connection:
        headers = {"Authorization": f"Bearer {await create_token(connection, 'commander', 'chief')}"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as client:
        assert (await client.get("/api/v1/counts")).status_code == 200
        assert (await client.post("/api/v1/feeds/uppdrag/records", content=b"{}")).status_code == 403


def test_every_route_of_the_api_names_its_permission(app: ASGIApp):
    server = layer(app, Starlette)
    api = next(route.app for route in server.routes if isinstance(route, Mount) and route.path == "/api")
    declared = {route.path: route.permission for part in api.routes for route in _all(part)}
    assert {path for path, permission in declared.items() if permission == "public"} == {"/health"}
    assert len(declared) >= 14


def layer(app: ASGIApp, kind: type) -> Any:
    """The layer of that kind in the server's layers, which lie one inside the other."""
    while not isinstance(app, kind):
        app = app._app
    return app


def _all(route: object) -> list[Route]:
    if isinstance(route, Route):
        return [route]
    inner = getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", None)
    assert inner, f"{route!r} is neither a route with a permission nor a router of them"
    return [found for one in inner for found in _all(one)]


def test_a_route_without_permission_cannot_be_made():
    router = routes()
    with pytest.raises(TypeError, match="names no permission"):
        router.get("/open")(lambda: "anything")


@pytest.mark.parametrize(
    "forged", [b"1-1.\xe5\xe4\xf6", b"\xff", b"1-1.", b"\xe5-1.seal", b".", rb'"1-1.\345\344"', rb'"\377"']
)
async def test_a_cookie_of_any_bytes_is_no_session_and_no_error(anonymous: httpx.AsyncClient, forged: bytes):
    answer = await anonymous.get("/api/v1/counts", headers={b"Cookie": COOKIE.encode() + b"=" + forged})
    assert answer.status_code == 401
