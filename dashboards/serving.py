"""Before the Dash app: a page that the viewer may not see is not served, and each page is sent with its policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, RedirectResponse

from app.domain.permissions import allows
from app.gate import viewer_of
from app.gate.headers import POLICY, page_policy
from dashboards.guard import permitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from app.domain.viewer import Viewer
    from dashboards.discovery import Page

STYLE = """
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 95vh; margin: 0 }
main { width: min(34rem, 90vw) }
h1 { font-size: 1.5rem; margin: 0 }
[lang=en] { display: block; opacity: .75 }
"""

REFUSED = """<!doctype html>
<html lang="sv"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Lägesbild – ingen behörighet</title><style>{style}</style></head><body><main>
<h1>Din roll ser inte den här sidan</h1>
<p>{sv} <span lang="en">{en}</span></p>
{links}
</main></body></html>"""
SOME = (
    "Den visar uppgifter som rollen {role} inte behöver. Dina sidor:",
    "It shows what the role {role} has no need to see. Your pages:",
)
NONE = (
    "Rollen {role} har inga sidor; be den som delar ut roller om du behöver en.",
    "The role {role} has no pages; ask whoever grants roles if you need one.",
)


class Serving:
    """Stands between the gate and the Dash app."""

    def __init__(self, app: ASGIApp, pages: Sequence[Page], policy: str) -> None:
        self._app = app
        self._pages = {page.path: page for page in pages}
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, lead on or refuse."""
        if scope["type"] == "http" and (page := self._pages.get(scope["path"])):
            viewer = viewer_of(scope)
            if not allows(viewer, page.permission):
                await self._refusal(page, viewer)(scope, receive, send)
                return
        await self._app(scope, receive, self._with_policy(send) if scope["type"] == "http" else send)

    def _refusal(self, page: Page, viewer: Viewer | None) -> Response:
        seen = permitted(list(self._pages.values()), viewer)
        if page.path == "/" and seen:  # where everybody begins
            return RedirectResponse(seen[0].path, 303)
        role = viewer.role if viewer else "nobody"
        links = "".join(
            f'<p><a href="{one.path}">{" · ".join(one.text[f"page.{one.name}"])}</a></p>' for one in seen
        )
        sv, en = (text.format(role=role) for text in (SOME if seen else NONE))
        content = REFUSED.format(style=STYLE, sv=sv, en=en, links=links)
        return HTMLResponse(content, 403, {POLICY: page_policy(styles=[STYLE])})

    def _with_policy(self, send: Send) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message.setdefault("headers", []))
                if headers.get("content-type", "").startswith("text/html"):
                    headers.setdefault(POLICY, self._policy)
            await send(message)

        return sending
