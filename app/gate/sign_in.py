"""The addresses that are there without a session: signing in with a password or a token, and changing a password."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from app.commands.passwords import hash_password, is_right, nobodys
from app.commands.sessions import Principal
from app.commands.tries import note_success, note_token, note_try
from app.commands.users import plain_username, set_password
from app.config import ROOT
from app.domain.errors import BadInput, TooMany
from app.gate.browser import local, not_from_elsewhere, read_cookie, set_cookie
from app.gate.notes import Notes
from app.gate.pages import SAID, change_page, sign_in_page
from app.gate.sessions import principal_of_token
from app.queries.users import local_user, local_user_by_id

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from app.commands.sessions import Way
    from app.domain.viewer import Viewer
    from app.gate.provider import ProviderSignIn
    from app.gate.sessions import Sessions
    from app.queries.users import LocalUser

Handler: TypeAlias = Callable[[Request], Awaitable[Response]]

LOGIN = "/login"
FORM_BYTES = 8192
AT_ONCE = 2
"""Comparisons of passwords at a time: each takes 64 MiB and a processor."""
CHANGE_WITHIN = timedelta(minutes=10)
FILES = {
    "/login/sign_in.css": (Path(__file__).parent / "assets" / "sign_in.css", "text/css"),
    "/login/inter.woff2": (
        ROOT / "dashboards" / "assets" / "vendor" / "inter" / "inter-latin-wght-normal.woff2", "font/woff2",
    ),
}  # fmt: skip


class SignIn:
    """Answers under ``/login``. ``key`` seals notes and hashes names; it lies outside the database."""

    def __init__(
        self, sessions: Sessions, key: bytes, region: str, provider: ProviderSignIn | None = None
    ) -> None:
        self._sessions = sessions
        self._key = key
        self._region = region
        self._changes = Notes(key, "change password", CHANGE_WITHIN)
        nobodys()  # made beforehand: the first wrong name takes no longer than the others
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._provider = provider
        self._handlers: dict[tuple[str, str], Handler] = {
            ("GET", LOGIN): self._show, ("POST", LOGIN): self._take, ("POST", "/login/password"): self._change,
            **{("GET", path): _file for path in FILES}, **(provider.handlers if provider else {}),
        }  # fmt: skip
        self._paths = {path for _, path in self._handlers}

    def answers(self, path: str) -> bool:
        """Whether this path is one of these."""
        return path in self._paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        method = "GET" if request.method == "HEAD" else request.method
        handler = self._handlers.get((method, request.url.path))
        if handler is None:
            allowed = ", ".join(sorted(m for m, path in self._handlers if path == request.url.path))
            response = Response("", 405, {"Allow": allowed})
        else:
            response = await handler(request)
        await response(scope, receive, send)

    async def begin(
        self,
        request: Request,
        principal: Principal,
        way: Way,
        there: str,
        provider_session: str | None = None,
    ) -> Response:
        """A new session, whatever the browser had before, and on to where it wanted to go."""
        response = RedirectResponse(local(there), 303, {"Cache-Control": "no-store"})
        secret = await self._sessions.begin(
            principal, way, source_of(request), instead_of=read_cookie(request.scope),
            provider_session=provider_session,
        )  # fmt: skip
        set_cookie(response, request.scope, secret)
        return response

    async def begin_with_token(self, request: Request, token: str, there: str) -> Response | None:
        """A session of a token's holder; None when the token does not hold."""
        viewer = await self._holder(request, token)
        return await self.begin(request, principal_of_token(viewer), "token", there) if viewer else None

    async def _show(self, request: Request) -> Response:
        said = request.query_params.get("said")
        return self._page(
            request.query_params.get("next", "/"), said if said in SAID and said != "too_many" else None,
            left_provider="left" in request.query_params,
        )  # fmt: skip

    async def _take(self, request: Request) -> Response:
        form = await read_form(request)
        there = local(form.get("next", "/"))
        if not not_from_elsewhere(request.headers):
            return self._page(there, "elsewhere", status=403)
        try:
            if "token" in form:
                begun = await self.begin_with_token(request, form["token"].strip(), there)
                return begun or self._page(there, "token", status=401)
            return await self._with_password(request, form, there)
        except TooMany as error:
            return self.too_many(there, error)

    async def _with_password(self, request: Request, form: dict[str, str], there: str) -> Response:
        username, password = plain_username(form.get("username", "")), form.get("password", "")
        now = self._sessions.clock()
        async with self._sessions.door.open() as connection:
            number = await note_try(connection, "password", self._account(username), source_of(request), now)
            user = await local_user(connection, username)
        if not await self._compare(user, password):
            return self._page(there, "wrong", status=401)
        assert user is not None  # noqa: S101 - nobody's password is never right
        if user.must_change_password:
            note = self._changes.seal({"user": str(user.user_id), "hash": self._mark(user)}, now)
            return change_page(self._region, there, note, user.username, said="must_change")
        async with self._sessions.door.open() as connection:
            await note_success(connection, number, f"user:{user.user_id}", now)
        return await self.begin(request, principal_of_user(user), "password", there)

    async def _change(self, request: Request) -> Response:
        form, now = await read_form(request), self._sessions.clock()
        there, password = local(form.get("next", "/")), form.get("password", "")
        if not not_from_elsewhere(request.headers):
            return self._page(there, "elsewhere", status=403)
        note = form.get("note", "")
        said = self._changes.read(note, now)
        user = None
        if said is not None:
            async with self._sessions.door.open() as connection:
                user = await local_user_by_id(connection, int(said["user"]))
        if (
            said is None or user is None or said["hash"] != self._mark(user)
        ):  # late, disabled, or changed before
            return self._page(there, "late", status=401)
        wrong = "not_same" if password != form.get("again") else None
        if wrong is None and await self._compare(user, password):
            wrong = "same_again"
        if wrong is None:
            try:
                async with self._turns:
                    kept = await asyncio.to_thread(hash_password, password)
                async with self._sessions.door.open() as connection:
                    await set_password(
                        connection, user.user_id, user.username, password, now, must_change=False, kept=kept
                    )
                    number = await note_try(
                        connection, "password", self._account(user.username), source_of(request), now
                    )
                    await note_success(connection, number, f"user:{user.user_id}", now)
            except BadInput:
                wrong = "weak"
        if wrong is not None:
            return change_page(self._region, there, note, user.username, said=wrong, status=422)
        return await self.begin(request, principal_of_user(user), "password", there)

    async def _holder(self, request: Request, token: str) -> Viewer | None:
        """On whose behalf a token is. One that holds is never locked out: it cannot have been guessed."""
        viewer = await self._sessions.from_token(token)
        source, now = source_of(request), self._sessions.clock()
        async with self._sessions.door.open() as connection:
            if viewer is None:
                await note_try(connection, "token", None, source, now)
            else:
                await note_token(connection, source, viewer.actor, now)
        return viewer

    async def _compare(self, user: LocalUser | None, password: str) -> bool:
        async with self._turns:
            return await asyncio.to_thread(is_right, user.password_hash if user else None, password)

    def too_many(self, there: str, error: TooMany) -> Response:
        """The page that asks for patience."""
        minutes = -(-error.retry_after_s // 60)
        return self._page(
            there, "too_many", status=429, minutes=minutes, headers={"Retry-After": str(error.retry_after_s)}
        )

    def _page(
        self, there: str, said: str | None, *, status: int = 200, minutes: int = 0, left_provider: bool = False,
        headers: dict[str, str] | None = None,
    ) -> Response:  # fmt: skip
        name = self._provider.name if self._provider else None
        return sign_in_page(
            self._region, there, said=said, status=status, minutes=minutes, provider=name,
            query=urlencode({"next": there}), left_provider=left_provider, headers=headers,
        )  # fmt: skip

    def _account(self, username: str) -> bytes:
        return blake2b(
            username.encode("utf-8", "replace"), key=self._key, digest_size=16, person=b"account"
        ).digest()

    def _mark(self, user: LocalUser) -> str:
        """Changes with the password, so that a note is good for one change."""
        return blake2b((user.password_hash or "").encode(), key=self._key, digest_size=16).hexdigest()


def principal_of_user(user: LocalUser) -> Principal:
    """For whom a session of a local user is."""
    return Principal(user.user_id, None, user.name, user.role, user.areas)


def source_of(request: Request) -> str:
    """The address that a request came from; behind a proxy the one that the proxy names."""
    return request.client.host if request.client else "unknown"


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a small form. One that is too large holds nothing."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            return {}
    return {
        name: values[0]
        for name, values in parse_qs(body.decode("utf-8", "replace"), max_num_fields=20).items()
    }


async def _file(request: Request) -> Response:
    path, kind = FILES[request.url.path]
    if not path.is_file():
        return Response("", 404)
    return FileResponse(path, media_type=kind, headers={"Cache-Control": "public, max-age=3600"})
