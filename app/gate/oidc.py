"""Sign-in at a provider (OpenID Connect): authorization code with PKCE, the ID token checked in every claim.

Authlib brings the parts of the protocol and the rules for ID tokens, joserfc (Authlib's own) the signatures, httpx the
transport. Authlib's client classes are not used: since 1.8 they want another HTTP library, and its session middleware
keeps in a readable cookie what our sealed note keeps (app/gate/notes.py).
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.config import LOOPBACK
from app.domain.errors import Unavailable
from app.gate.claims import Person, Refused, person_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from app.config import Settings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a private key only: with ``none`` or a shared secret anybody could be the provider."""
SIGNS = frozenset({"RSA", "EC"})
SCOPE = "openid profile"
REMEMBERED_S = 3600.0
"""What the provider says of itself, and its keys."""
ASK_AGAIN_S = 30.0
"""A token signed by a key we do not know makes us ask for the keys again, no more often than this."""
LEEWAY_S = 60
TIMEOUT_S = 10.0
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Leaving(NamedTuple):
    """Where a browser is sent to sign in, and what must be known when it comes back."""

    address: str
    state: str
    nonce: str
    verifier: str


class Provider:
    """The provider of the settings. ``clock`` gives the time that tokens are held against."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        assert settings.oidc_issuer is not None  # noqa: S101 - asked before it is built
        self.issuer = settings.oidc_issuer
        self.name = settings.oidc_name
        self._settings = settings
        self._clock = clock
        self._about: tuple[float, dict[str, Any]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def leave(self, redirect_uri: str) -> Leaving:
        """Begin: the provider's address, with a state, a nonce and a PKCE verifier made for this once."""
        about = await self._metadata()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        address = prepare_grant_uri(
            about["authorization_endpoint"], self._settings.oidc_client_id, "code", redirect_uri, SCOPE, state,
            nonce=nonce, code_challenge=create_s256_code_challenge(verifier), code_challenge_method="S256",
        )  # fmt: skip
        return Leaving(address, state, nonce, verifier)

    async def arrive(self, code: str, redirect_uri: str, nonce: str, verifier: str) -> Person:
        """Finish: exchange the code, and return whom the ID token names, with role and areas.

        Raises:
            Refused: The provider does not take the code, or its token does not hold, or names no role of ours.
            Unavailable: The provider does not answer.
        """
        about = await self._metadata()
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri,
            "client_id": self._settings.oidc_client_id, "code_verifier": verifier,
        }  # fmt: skip
        secret = self._settings.oidc_client_secret
        auth = (
            httpx.BasicAuth(quote(self._settings.oidc_client_id), quote(secret.get_secret_value()))
            if secret else None
        )  # fmt: skip
        status, told = await self._ask("POST", about["token_endpoint"], data=form, auth=auth)
        token = told.get("id_token")
        if status != httpx.codes.OK or not isinstance(token, str):
            raise Refused("provider_refused", str(told.get("error", f"status {status}")))
        claims = await self._read(token, {"nonce": nonce, "access_token": told.get("access_token")})
        return person_of(claims, self._settings)

    async def logout_address(self, back: str) -> str | None:
        """Where the browser signs out at the provider too; None when it has no such place."""
        endpoint = (await self._metadata()).get("end_session_endpoint")
        if not isinstance(endpoint, str):
            return None
        asked = {"client_id": self._settings.oidc_client_id, "post_logout_redirect_uri": back}
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def read_logout(self, token: str) -> tuple[str | None, str | None]:
        """Whom a logout token of the provider (OpenID Connect Back-Channel Logout 1.0) signs out: subject, session.

        Raises:
            Refused: It is no logout token of this provider for us.
        """
        claims = await self._read(token, {}, essential=("iss", "aud", "iat", "exp"))
        events = claims.get("events")
        if not (isinstance(events, dict) and LOGOUT_EVENT in events) or "nonce" in claims:
            raise Refused("provider_token", "it is no logout token")
        subject, session = claims.get("sub"), claims.get("sid")
        if not subject and not session:
            raise Refused("provider_token", "it names nobody")
        return subject, session

    async def _read(
        self, token: str, params: dict[str, Any], essential: tuple[str, ...] = CodeIDToken.ESSENTIAL_CLAIMS
    ) -> dict[str, Any]:
        """The claims of a signed token of this provider for us."""
        try:
            try:
                read = jwt.decode(token, await self._key_set(), algorithms=ALGORITHMS)
            except (JoseError, ValueError):  # perhaps signed by a key that is new
                read = jwt.decode(token, await self._key_set(anew=True), algorithms=ALGORITHMS)
            wanted = {
                "iss": {"essential": True, "value": self.issuer},
                "aud": {"essential": True, "value": self._settings.oidc_client_id},
            }
            known = {"client_id": self._settings.oidc_client_id, **params}
            claims = CodeIDToken(read.claims, read.header, wanted, known)
            claims.ESSENTIAL_CLAIMS = list(essential)
            claims.validate(now=int(self._clock().timestamp()), leeway=LEEWAY_S)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise Refused("provider_token", str(error)) from error
        return dict(claims)

    async def _metadata(self) -> dict[str, Any]:
        """What the provider says of itself (discovery), asked for once an hour."""
        if self._about is None or time.monotonic() - self._about[0] > REMEMBERED_S:
            status, about = await self._ask(
                "GET", self.issuer.rstrip("/") + "/.well-known/openid-configuration"
            )
            if status != httpx.codes.OK or about.get("issuer") != self.issuer:
                raise Unavailable(f"The provider at {self.issuer} does not say that it is this issuer.")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                require_safe(str(about.get(name)))
            self._about = time.monotonic(), about
        return self._about[1]

    async def _key_set(self, *, anew: bool = False) -> KeySet:
        """The provider's keys that sign."""
        age = time.monotonic() - self._keys[0] if self._keys else None
        if self._keys is None or age is None or age > (ASK_AGAIN_S if anew else REMEMBERED_S):
            about = await self._metadata()
            status, told = await self._ask("GET", about["jwks_uri"])
            keys = [
                key for key in told.get("keys", ()) if key.get("kty") in SIGNS and key.get("use") != "enc"
            ]
            if status != httpx.codes.OK or not keys:
                raise Unavailable(f"The provider at {self.issuer} shows no keys.")
            self._keys = time.monotonic(), KeySet.import_key_set({"keys": keys})
        return self._keys[1]

    async def _ask(self, method: str, url: str, **more: Any) -> tuple[int, dict[str, Any]]:
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as client:
                answer = await client.request(method, url, headers={"Accept": "application/json"}, **more)
                told = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(
                f"The sign-in provider does not answer ({type(error).__name__}); try again."
            ) from error
        return answer.status_code, told if isinstance(told, dict) else {}


def require_safe(url: str) -> None:
    """Raises: Unavailable, when an address of the provider is neither HTTPS nor on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise Unavailable(f"The sign-in provider names an address that is not safe to use: {url}.")
