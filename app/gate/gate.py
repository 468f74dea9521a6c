"""A pure ASGI gate: what it does not let through reaches nothing.

* Only names of this machine, and the public one, are answered (``Host``), so that a page elsewhere cannot reach us by
  a rebound name.
* A path that is not written in the one way leads nowhere (``paths``).
* A few paths are public. Everything else, HTTP or WebSocket, needs a bearer token or a session, looked up each time.
* With a session, what changes something and what opens a WebSocket must come from our own pages.
* Pages need the permission ``pages``; the API's routes name theirs themselves, and refuse when they name none.
* What stays open is closed when the session or the token under it ends or is given another role.
"""

from __future__ import annotations

import asyncio
import re
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.domain.errors import NotAllowed, TooMany, Unavailable
from app.domain.permissions import require
from app.gate.browser import by_hand, drop_cookie, from_elsewhere, from_our_pages, local, read_cookie
from app.gate.headers import with_headers
from app.gate.pages import again_page
from app.gate.paths import canonical
from app.gate.sign_in import LOGIN, SignIn

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from starlette.types import ASGIApp, Receive, Scope, Send

    from app.domain.viewer import Viewer
    from app.gate.limits import RequestLimit
    from app.gate.sessions import Sessions

HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?")
PUBLIC = frozenset({"/api/v1/health", "/favicon.ico"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})
LOGOUT, HERE = "/logout", "/session/here"
"""``HERE`` is where a page tells that its person has done something."""
NOT_SIGNED_IN = 4401  # WebSocket close code, after HTTP's 401


def viewer_of(scope: Scope) -> Viewer | None:
    """On whose behalf a request that came through the gate is; None on a public path."""
    viewer: Viewer | None = scope.get("state", {}).get("viewer")
    return viewer


async def until_ended(scope: Scope) -> None:
    """Wait until what the request was let in for no longer holds; what stays open then closes."""
    wait: Callable[[], Awaitable[None]] | None = scope.get("state", {}).get("until_ended")
    await (wait() if wait else asyncio.Event().wait())


class Gate:
    """Stands before ``app``."""

    def __init__(
        self, app: ASGIApp, sessions: Sessions, sign_in: SignIn, limit: RequestLimit, *,
        hosts: Collection[str] = HOSTS, public_host: str | None = None,
    ) -> None:  # fmt: skip
        self._app = app
        self._sessions = sessions
        self._sign_in = sign_in
        self._limit = limit
        self._hosts = hosts
        self._public_host = public_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, or answer in the application's stead."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] not in {"http", "websocket"}:
            return
        path = canonical(scope)
        if self._public_host is not None and _name(Headers(scope=scope).get("host", "")) == self._public_host:
            # Whoever comes by the public name came over HTTPS, whether the proxy says so or not.
            scope = {**scope, "scheme": "https" if scope["type"] == "http" else "wss"}
        scope = {
            **scope, "path": "/api/" if path == "/api" else path,
            "state": {**scope.get("state", {}), "viewer": None, "until_ended": None, "limit": self._limit},
        }  # fmt: skip
        try:
            answer = await self._judge(scope)
        except Unavailable as error:
            answer = refusal(503, str(error))
        except NotAllowed as error:
            answer = refusal(403, str(error))
        if scope["type"] == "http":
            await (answer or self._app)(scope, receive, with_headers(send, scope))
        elif answer is None:
            await self._websocket(scope, receive, send)
        else:
            await receive()  # websocket.connect
            await send({"type": "websocket.close", "code": NOT_SIGNED_IN, "reason": "Sign in first."})

    async def _judge(self, scope: Scope) -> ASGIApp | None:
        """None lets through; anything else answers."""
        headers = Headers(scope=scope)
        path, http = scope["path"], scope["type"] == "http"
        if (misdirected := self._nowhere(path, headers)) is not None:
            return misdirected
        if http and path in PUBLIC:
            return None
        if http and (answer := await self._without_session(scope)):
            return answer
        viewer = await self._who(scope, headers)
        if viewer is None:
            return _ask_to_sign_in(scope, headers)
        scope["state"] |= {"viewer": viewer, "until_ended": partial(self._sessions.until_ended, viewer)}
        if http and path in {LOGOUT, HERE}:
            return await self._of_session(scope, viewer)
        require(viewer, "public" if _is_api(path) else "pages")
        return None

    def _nowhere(self, path: str | None, headers: Headers) -> Response | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or _name(hosts[0]) not in self._hosts:  # of two names nobody knows which is meant
            return refusal(421, "This server answers to the names of its own machine only.")
        return (
            refusal(404, "There is no such path; a path is written in one way only.")
            if path is None
            else None
        )

    async def _without_session(self, scope: Scope) -> ASGIApp | None:
        if self._sign_in.answers(scope["path"]):
            return self._sign_in
        return await self._begin_by_link(scope) if scope["method"] == "GET" else None

    async def _who(self, scope: Scope, headers: Headers) -> Viewer | None:
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return await self._sessions.from_token(token.strip())
        secret = read_cookie(scope)
        if secret is None:
            return None
        http = scope["type"] == "http"
        changes = not http or scope["method"] not in READING
        opened = http and by_hand(headers)
        if not from_our_pages(headers) if changes else from_elsewhere(headers) and not opened:
            raise NotAllowed("This was not sent by one of our own pages.")
        return await self._sessions.from_cookie(secret, by_hand=opened or scope["path"] == HERE)

    async def _of_session(self, scope: Scope, viewer: Viewer) -> Response:
        """Sign out, or take note of the person (which is done by then)."""
        if scope["method"] != "POST":
            return Response("", 405, {"Allow": "POST"})
        if scope["path"] == HERE:
            return Response("", 204, {"Cache-Control": "no-store"})
        await self._sessions.end(viewer)
        left = {"left": "1"} if await self._sessions.came_by_provider(viewer) else {}
        response = RedirectResponse(
            f"{LOGIN}?{urlencode({'said': 'signed_out', **left})}", 303, {"Cache-Control": "no-store"}
        )
        drop_cookie(response, scope)
        return response

    async def _begin_by_link(self, scope: Scope) -> Response | None:
        """The printed address carries the token: begin a session and go on to the address without it."""
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        tokens = [value for name, value in asked if name == "login"]
        if not tokens or _is_api(scope["path"]):
            return None
        if from_elsewhere(
            Headers(scope=scope)
        ):  # another site would sign its reader in as somebody of its choice
            return RedirectResponse(f"{LOGIN}?said=elsewhere", 303)
        rest = urlencode([pair for pair in asked if pair[0] != "login"])
        there = scope["path"] + (f"?{rest}" if rest else "")
        try:
            begun = await self._sign_in.begin_with_token(Request(scope), tokens[0], there)
        except TooMany as error:
            return self._sign_in.too_many(local(there), error)
        return begun or RedirectResponse(f"{LOGIN}?{urlencode({'next': there, 'said': 'token'})}", 303)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the application talk for as long as the viewer's right holds."""
        talking = asyncio.ensure_future(self._app(scope, receive, send))
        ended = asyncio.ensure_future(until_ended(scope))
        try:
            await asyncio.wait([talking, ended], return_when=asyncio.FIRST_COMPLETED)
            if not talking.done():
                talking.cancel()
                await asyncio.gather(talking, return_exceptions=True)
                await send({"type": "websocket.close", "code": NOT_SIGNED_IN, "reason": "Sign in again."})
                return
            await talking
        finally:
            ended.cancel()
            talking.cancel()


def _ask_to_sign_in(scope: Scope, headers: Headers) -> Response:
    page = scope["type"] == "http" and not _is_api(scope["path"]) and scope["method"] == "GET"
    if not (page and _wants_page(headers)):
        return refusal(401, "Sign in first, or send a token: Authorization: Bearer …")
    if headers.get("sec-fetch-site") == "cross-site":
        return again_page()
    return RedirectResponse(f"{LOGIN}?{urlencode({'next': _whole(scope)})}", 303)


def _is_api(path: str) -> bool:
    return path.startswith("/api/")


def _name(host: str) -> str | None:
    """The name in a Host header, without port; None when it holds anything else besides."""
    found = HOST.fullmatch(host)
    return found["name"].lower() if found else None


def _wants_page(headers: Headers) -> bool:
    return headers.get("sec-fetch-dest", "document") == "document" and "html" in headers.get("accept", "html")


def _whole(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return str(scope["path"]) + (f"?{query}" if query else "")


def refusal(status: int, sentence: str) -> Response:
    """An answer of the gate's own: one sentence."""
    headers = {"Cache-Control": "no-store"}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse({"error": sentence}, status, headers)
