"""What browsers tell about where a request comes from, and where they keep the session."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.gate.sessions import COOKIE, SESSION_S

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.responses import Response


def set_cookie(response: Response, value: str) -> None:
    """Hand the session to the browser; scripts cannot read it and other sites cannot use it."""
    response.set_cookie(COOKIE, value, max_age=SESSION_S, path="/", httponly=True, samesite="strict")


def read_cookie(headers: Headers) -> str | None:
    """The session in a request's cookies."""
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return morsel.value if morsel else None


def from_our_pages(headers: Headers) -> bool:
    """Whether a browser says that one of our own pages asks; what is no browser says nothing."""
    site = headers.get("sec-fetch-site")
    if site is not None and site not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")


def local(there: str) -> str:
    """A path on this server: an address elsewhere is never gone to."""
    return "/" + there.lstrip("/\\")
