"""A pure ASGI gate: what it does not let through reaches nothing.

* Only names of this machine are answered (``Host``), so that a page elsewhere cannot reach us by a rebound name.
* A few paths are public. Everything else, HTTP or WebSocket, needs a bearer token or a session.
* With a session, what changes something and what opens a WebSocket must come from our own pages.
* Pages need the permission ``pages``; the API's routes name theirs themselves, and refuse when they name none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from app.domain.errors import NotAllowed, Unavailable
from app.domain.permissions import require
from app.gate.browser import from_our_pages, local, read_cookie, set_cookie
from app.gate.login import LOGIN, Login

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from app.domain.viewer import Viewer
    from app.gate.sessions import Sessions

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
PUBLIC = frozenset({"/api/v1/health", "/favicon.ico"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})
AGAIN = '<!doctype html><html lang="sv"><title>Lägesbild</title><meta http-equiv="refresh" content="0">'
"""A link on another site brings no session with it; asked for again from here, it does."""
NOT_SIGNED_IN = 4401  # WebSocket close code, after HTTP's 401

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Nothing may be asked of another machine. Dash and plotly need inline scripts and generated functions.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; "
        "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
    ),
}


def viewer_of(scope: Scope) -> Viewer | None:
    """On whose behalf a request that came through the gate is; None on a public path."""
    viewer: Viewer | None = scope.get("state", {}).get("viewer")
    return viewer


class Gate:
    """Stands before ``app``."""

    def __init__(self, app: ASGIApp, sessions: Sessions, *, hosts: Collection[str] = HOSTS) -> None:
        self._app = app
        self._sessions = sessions
        self._login = Login(sessions)
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, or answer in the application's stead."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] not in {"http", "websocket"}:
            return
        path = "/api/" if scope["path"] == "/api" else scope["path"]
        scope = {**scope, "path": path, "state": {**scope.get("state", {}), "viewer": None}}
        try:
            answer = await self._judge(scope)
        except Unavailable as error:
            answer = _refusal(503, str(error))
        except NotAllowed as error:
            answer = _refusal(403, str(error))
        if answer is None:
            await self._app(scope, receive, _with_headers(send) if scope["type"] == "http" else send)
        elif scope["type"] == "http":
            await answer(scope, receive, _with_headers(send))
        else:
            await receive()  # websocket.connect
            await send({"type": "websocket.close", "code": NOT_SIGNED_IN, "reason": "Sign in first."})

    async def _judge(self, scope: Scope) -> ASGIApp | None:
        """None lets through; anything else answers."""
        headers = Headers(scope=scope)
        path, http = scope["path"], scope["type"] == "http"
        if _name(headers.get("host", "")) not in self._hosts:
            return _refusal(421, "This server answers to the names of its own machine only.")
        if http and path in {LOGIN, *PUBLIC}:
            return self._login if path == LOGIN else None
        if http and scope["method"] == "GET" and (begun := await self._begin_by_link(scope)):
            return begun
        viewer = await self._who(scope, headers)
        if viewer is None:
            return _ask_to_sign_in(scope, headers)
        scope["state"]["viewer"] = viewer
        if not _is_api(path):
            require(viewer, "pages")
        return None

    async def _who(self, scope: Scope, headers: Headers) -> Viewer | None:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            holder = await self._sessions.from_token(token.strip())
            return holder.viewer if holder else None
        value = read_cookie(headers)
        if value is None:
            return None
        if (scope["type"] == "websocket" or scope["method"] not in READING) and not from_our_pages(headers):
            raise NotAllowed("This was not sent by one of our own pages.")
        return await self._sessions.from_cookie(value)

    async def _begin_by_link(self, scope: Scope) -> Response | None:
        """The printed address carries the token: begin a session and go on to the address without it."""
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        tokens = [value for name, value in asked if name == "login"]
        if not tokens or _is_api(scope["path"]):
            return None
        rest = urlencode([pair for pair in asked if pair[0] != "login"])
        there = scope["path"] + (f"?{rest}" if rest else "")
        holder = await self._sessions.from_token(tokens[0])
        if holder is None:
            return RedirectResponse(f"{LOGIN}?{urlencode({'next': there, 'wrong': '1'})}", 303)
        response = RedirectResponse(local(there), 303, {"Cache-Control": "no-store"})
        set_cookie(response, self._sessions.begin(holder))
        return response


def _ask_to_sign_in(scope: Scope, headers: Headers) -> Response:
    page = scope["type"] == "http" and not _is_api(scope["path"]) and scope["method"] == "GET"
    if not (page and _wants_page(headers)):
        return _refusal(401, "Sign in first, or send a token: Authorization: Bearer …")
    if headers.get("sec-fetch-site") == "cross-site":
        return HTMLResponse(AGAIN, headers={"Cache-Control": "no-store"})
    return RedirectResponse(f"{LOGIN}?{urlencode({'next': _whole(scope)})}", 303)


def _is_api(path: str) -> bool:
    return path.startswith("/api/")


def _name(host: str) -> str:
    return (
        host[: host.index("]") + 1]
        if host.startswith("[") and "]" in host
        else host.partition(":")[0].lower()
    )


def _wants_page(headers: Headers) -> bool:
    return headers.get("sec-fetch-dest", "document") == "document" and "html" in headers.get("accept", "html")


def _whole(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return str(scope["path"]) + (f"?{query}" if query else "")


def _refusal(status: int, sentence: str) -> Response:
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse({"error": sentence}, status, headers)


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
