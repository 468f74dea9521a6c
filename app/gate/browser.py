"""What browsers tell about where a request comes from, and where they keep the session.

Over HTTPS the cookie is ``__Host-lagesbild``: sent over HTTPS only, to this host only, for all paths. Plain HTTP is
spoken on loopback alone, where browsers do not take a cookie of that name; there it has another.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from starlette.datastructures import Headers

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import Scope

COOKIE = "lagesbild"
AT_PROVIDER = "lagesbild-oidc"
SECURE = "__Host-"
SECURE_SCHEMES = frozenset({"https", "wss"})


def is_secure(scope: Scope) -> bool:
    """Whether the request came over HTTPS (a proxy in front says so; see ``LAGESBILD_PUBLIC_URL``)."""
    return scope.get("scheme") in SECURE_SCHEMES


def set_cookie(
    response: Response, scope: Scope, value: str, *, name: str = COOKIE, lasts_s: int | None = None,
    same_site: Literal["strict", "lax"] = "strict",
) -> None:  # fmt: skip
    """Hand a value to the browser to keep; scripts cannot read it. Without ``lasts_s`` it goes with the browser."""
    secure = is_secure(scope)
    response.set_cookie(
        (SECURE if secure else "") + name, value, max_age=lasts_s, path="/", httponly=True, secure=secure,
        samesite=same_site,
    )  # fmt: skip


def drop_cookie(response: Response, scope: Scope, *, name: str = COOKIE) -> None:
    """Let the browser forget a value."""
    secure = is_secure(scope)
    response.delete_cookie(
        (SECURE if secure else "") + name, path="/", httponly=True, secure=secure, samesite="strict"
    )


def read_cookie(scope: Scope, *, name: str = COOKIE) -> str | None:
    """A value that the browser kept."""
    try:
        cookies = SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return None
    morsel = cookies.get((SECURE if is_secure(scope) else "") + name)
    return morsel.value if morsel else None


def from_our_pages(headers: Headers) -> bool:
    """Whether the browser vouches that one of our own pages asks. What says nothing of itself is not believed."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != headers.get("host", ""):
        return False
    return site == "same-origin" if site is not None else origin is not None


def not_from_elsewhere(headers: Headers) -> bool:
    """The same where there is no session to misuse: what is no browser says nothing, and may ask."""
    said = "sec-fetch-site" in headers or "origin" in headers
    return not said or from_our_pages(headers)


def from_elsewhere(headers: Headers) -> bool:
    """Whether the browser says that another site asks, or leads here."""
    return headers.get("sec-fetch-site") in {"cross-site", "same-site"}


def by_hand(headers: Headers) -> bool:
    """Whether a person opened this, as opposed to a page that asks by itself, as the clock and the stream do."""
    return headers.get("sec-fetch-dest", "document") == "document"


def local(there: str) -> str:
    """A path on this server: an address elsewhere is never gone to."""
    return "/" + "".join(letter for letter in there if letter.isprintable()).lstrip("/\\")
