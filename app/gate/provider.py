"""Signing in and out by way of the provider: there, back, and what the provider tells us by itself."""

from __future__ import annotations

import hmac
import logging
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from app.commands.sessions import end_sessions
from app.commands.tries import note_success, note_try
from app.commands.users import user_from_provider
from app.domain.errors import BadInput, LagesbildError, NotAllowed, TooMany, Unavailable
from app.gate.browser import AT_PROVIDER, drop_cookie, is_secure, local, read_cookie, set_cookie
from app.gate.claims import Refused
from app.gate.notes import Notes
from app.gate.pages import again_page
from app.gate.sign_in import read_form
from app.queries.users import user_id_of_subject

if TYPE_CHECKING:
    from starlette.requests import Request

    from app.commands.sessions import Principal
    from app.gate.oidc import Provider
    from app.gate.sessions import Sessions
    from app.gate.sign_in import Handler, SignIn

AWAY_FOR = timedelta(minutes=10)
START, CALLBACK, OUT, TOLD = (
    "/login/oidc",
    "/login/oidc/callback",
    "/login/oidc/out",
    "/login/oidc/backchannel",
)

log = logging.getLogger(__name__)


class ProviderSignIn:
    """Answers under ``/login/oidc``."""

    def __init__(self, provider: Provider, sessions: Sessions, key: bytes, public_url: str | None) -> None:
        self._provider = provider
        self._sessions = sessions
        self._notes = Notes(key, "away at the provider", AWAY_FOR)
        self._public_url = public_url
        self.name = provider.name
        self.sign_in: SignIn | None = None
        self.handlers: dict[tuple[str, str], Handler] = {
            ("GET", START): self._leave, ("GET", CALLBACK): self._arrive, ("GET", OUT): self._leave_for_good,
            ("POST", TOLD): self._signed_out_there,
        }  # fmt: skip

    async def _leave(self, request: Request) -> Response:
        try:
            leaving = await self._provider.leave(self._ours(request, CALLBACK))
        except Unavailable as error:
            return self._refuse("provider_away", str(error))
        note = {
            "state": leaving.state, "nonce": leaving.nonce, "verifier": leaving.verifier,
            "next": local(request.query_params.get("next", "/")),
        }  # fmt: skip
        response = RedirectResponse(leaving.address, 303, {"Cache-Control": "no-store"})
        # Lax: the provider's answer comes by a link from another site, with which a strict cookie is not sent.
        set_cookie(
            response, request.scope, self._notes.seal(note, self._sessions.clock()), name=AT_PROVIDER,
            lasts_s=self._notes.lasts_s, same_site="lax",
        )  # fmt: skip
        return response

    async def _arrive(self, request: Request) -> Response:
        asked, now = request.query_params, self._sessions.clock()
        note = self._notes.read(read_cookie(request.scope, name=AT_PROVIDER) or "", now)
        if note is None or not hmac.compare_digest(note["state"].encode(), asked.get("state", "").encode()):
            return self._refuse("late", "no note, or another state")
        if asked.get("iss", self._provider.issuer) != self._provider.issuer:
            return self._refuse("provider_token", "the answer is another issuer's")
        source = request.client.host if request.client else "unknown"
        assert self.sign_in is not None  # noqa: S101 - set when the gate is built
        try:
            async with self._sessions.door.open() as connection:
                number = await note_try(connection, "provider", None, source, now)
            principal, session = await self._principal(request, note)
            async with self._sessions.door.open() as connection:
                await note_success(connection, number, principal.actor, now)
        except TooMany as error:
            return self.sign_in.too_many(note["next"], error)
        except LagesbildError as error:
            return self._refuse(*_why(error))
        begun = await self.sign_in.begin(request, principal, "provider", note["next"], session)
        response = again_page(
            begun.headers["location"]
        )  # a step of our own, so that the new cookie goes with it
        response.raw_headers.extend(
            (name, value) for name, value in begun.raw_headers if name == b"set-cookie"
        )
        drop_cookie(response, request.scope, name=AT_PROVIDER)
        return response

    async def _principal(self, request: Request, note: dict[str, str]) -> tuple[Principal, str | None]:
        code = request.query_params.get("code")
        if code is None:
            raise Refused("provider_refused", request.query_params.get("error", "no code"))
        person = await self._provider.arrive(
            code, self._ours(request, CALLBACK), note["nonce"], note["verifier"]
        )
        async with self._sessions.door.open() as connection:
            principal = await user_from_provider(
                connection, self._provider.issuer, person.subject, person.username, person.name, person.role,
                person.areas, self._sessions.clock(),
            )  # fmt: skip
        return principal, person.session

    async def _leave_for_good(self, request: Request) -> Response:
        try:
            address = await self._provider.logout_address(self._ours(request, "/login"))
        except Unavailable as error:
            return self._refuse("provider_away", str(error))
        return RedirectResponse(address or "/login?said=signed_out", 303, {"Cache-Control": "no-store"})

    async def _signed_out_there(self, request: Request) -> Response:
        """The provider tells, server to server, that a person signed out there or was signed out."""
        form = await read_form(request)
        try:
            subject, session = await self._provider.read_logout(form.get("logout_token", ""))
        except Refused as error:
            log.warning("A logout token was refused: %r", error.detail)
            return Response('{"error":"invalid_request"}', 400, media_type="application/json")
        now = self._sessions.clock()
        async with self._sessions.door.open() as connection:
            if session is not None:
                await end_sessions(connection, "provider_session", session, "provider", now)
            elif subject is not None:
                user_id = await user_id_of_subject(connection, self._provider.issuer, subject)
                if user_id is not None:
                    await end_sessions(connection, "user_id", user_id, "provider", now)
        return Response("", 200, {"Cache-Control": "no-store"})

    def _refuse(self, key: str, detail: str) -> Response:
        log.warning("A sign-in by the provider was refused: %s (%r)", key, detail)
        return RedirectResponse(f"/login?{urlencode({'said': key})}", 303, {"Cache-Control": "no-store"})

    def _ours(self, request: Request, path: str) -> str:
        """An address of ours as the provider knows it: the public one, or this machine's own."""
        if self._public_url and is_secure(request.scope):
            return self._public_url.rstrip("/") + path
        return f"{request.url.scheme}://{request.headers['host']}{path}"


def _why(error: LagesbildError) -> tuple[str, str]:
    """The sentence that the page says, and what the server's log says."""
    if isinstance(error, Refused):
        return error.key, error.detail
    kinds = ((BadInput, "no_areas"), (NotAllowed, "disabled"), (Unavailable, "provider_away"))
    return next((key for kind, key in kinds if isinstance(error, kind)), "provider_refused"), str(error)
