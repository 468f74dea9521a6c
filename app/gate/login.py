"""The one page that is there without a session: it takes a token and begins one."""

from __future__ import annotations

import html
import time
from collections import deque
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from app.gate.browser import from_our_pages, local, set_cookie

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from app.gate.sessions import Sessions

LOGIN = "/login"
FORM_BYTES = 4096
TRIES, TRIES_S = 20, 60.0

PAGE = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Lägesbild – logga in</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 95vh; margin: 0 }}
form {{ display: grid; gap: .75rem; width: min(26rem, 90vw) }}
h1 {{ font-size: 1.5rem; margin: 0 }}
label span, p span {{ display: block; opacity: .75; font-size: .9rem }}
input, button {{ font: inherit; padding: .6rem .7rem; width: 100%; box-sizing: border-box }}
.wrong {{ border-inline-start: .3rem solid #c0392b; padding-inline-start: .7rem; margin: 0 }}
</style></head><body><main><form method="post" action="/login">
<h1>Lägesbild</h1>
{wrong}
<label>Åtkomstnyckel <span lang="en">Access token</span>
<input name="token" type="password" autocomplete="current-password" required autofocus></label>
<input type="hidden" name="next" value="{there}">
<button>Logga in · <span lang="en">Sign in</span></button>
<p>Adressen som skrivs ut när servern startar loggar in dig direkt.
<span lang="en">The address printed when the server starts signs you in at once.</span></p>
</form></main></body></html>"""

WRONG = """<p class="wrong" role="alert">Nyckeln gäller inte. Kontrollera att hela kom med.
<span lang="en">The token is not valid. Check that all of it was copied.</span></p>"""
TOO_MANY = """<p class="wrong" role="alert">För många försök. Vänta en minut.
<span lang="en">Too many tries. Wait a minute.</span></p>"""


class Login:
    """``GET`` shows the form, ``POST`` takes it."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._wrong: deque[float] = deque(maxlen=TRIES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        if request.method == "POST":
            response = await self._take(request)
        elif request.method in {"GET", "HEAD"}:
            wrong = WRONG if request.query_params.get("wrong") else ""
            response = _page(wrong, request.query_params.get("next", "/"), 200)
        else:
            response = HTMLResponse("", 405, {"Allow": "GET, POST"})
        await response(scope, receive, send)

    async def _take(self, request: Request) -> HTMLResponse | RedirectResponse:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > FORM_BYTES:
                return _page(WRONG, "/", 413)
        form = parse_qs(body.decode("utf-8", "replace"))
        there = local(form.get("next", ["/"])[0])
        if not from_our_pages(request.headers):
            return _page(WRONG, there, 403)
        if len(self._wrong) == TRIES and time.monotonic() - self._wrong[0] < TRIES_S:
            return _page(TOO_MANY, there, 429)
        holder = await self._sessions.from_token(form.get("token", [""])[0].strip())
        if holder is None:
            self._wrong.append(time.monotonic())
            return _page(WRONG, there, 401)
        response = RedirectResponse(there, 303)
        set_cookie(response, self._sessions.begin(holder))
        return response


def _page(wrong: str, there: str, status: int) -> HTMLResponse:
    content = PAGE.format(wrong=wrong, there=html.escape(there, quote=True))
    return HTMLResponse(content, status, {"Cache-Control": "no-store"})
