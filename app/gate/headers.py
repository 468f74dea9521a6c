"""What every answer tells the browser about what it may do, whoever made the answer.

Nothing runs that we did not write: no inline script but those whose hash is named, no code made from text
(``eval``, ``new Function``), nothing fetched from or sent to another machine, nobody frames us. What is no page of
ours (JSON, tiles, CSV) may do nothing at all, should a browser ever be led to render it.
"""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Message, Scope, Send

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""For what is no page."""
SCRIPT = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'"
"""For scripts: one that is run as a worker keeps to the policy it came with, and MapLibre's fetches the tiles."""

FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation",
    "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
"""What a browser can offer a page and no page of ours asks for. Copying the address to the clipboard is not here."""

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # says what frame-ancestors says, to browsers that do not know it
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
}
HTTPS_ONLY = "max-age=31536000"
"""A year of HTTPS (``Strict-Transport-Security``), told over HTTPS only: plain HTTP is for this machine alone."""
POLICY = "content-security-policy"


def page_policy(
    *, scripts: Iterable[str] = (), styles: Iterable[str] | None = (), trusted: bool = False
) -> str:
    """The Content-Security-Policy of a page.

    Args:
        scripts: The inline scripts that may run, each as it stands between its tags.
        styles: The inline style sheets that hold; None lets any hold.
        trusted: Text becomes markup, a script or a script's address only by the page's own policy ``default``
            (Trusted Types), in browsers that know them.
    """
    if styles is None:
        # Mantine writes its theme, AG Grid its sheets and Dash and plotly their rules into style elements of their own
        # making, whose text is not known before they run; none of them can be given a nonce through Dash. Plotly also
        # places the words under the pointer by style attributes. Neither can fetch anything from elsewhere: fonts and
        # pictures are ours.
        style = "style-src 'self'; style-src-elem 'self' 'unsafe-inline'; style-src-attr 'unsafe-inline'"
    else:
        style = "style-src 'self'" + "".join(f" {digest(sheet)}" for sheet in styles)
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'" + "".join(f" {digest(script)}" for script in scripts),
            "script-src-attr 'none'",
            style,
            "img-src 'self' data:",  # AG Grid's and MapLibre's icons are in their style sheets
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",  # MapLibre's worker is a module file of ours
            "manifest-src 'self'",
            "object-src 'none'",
            "frame-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            *(["require-trusted-types-for 'script'", "trusted-types default"] if trusted else []),
        ]
    )


def digest(text: str) -> str:
    """How a policy names an inline script or sheet."""
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"


def with_headers(send: Send, scope: Scope) -> Send:
    """Add to each answer what every answer has; what the answer says itself is left as it is.

    Whatever does not say how long it may be kept is kept nowhere.
    """
    secure = scope.get("scheme") == "https"

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in ALWAYS.items():
                headers.setdefault(name, value)
            headers.setdefault(POLICY, SCRIPT if "javascript" in headers.get("content-type", "") else NOTHING)
            headers.setdefault("Cache-Control", "no-store")
            if secure:
                headers.setdefault("Strict-Transport-Security", HTTPS_ONLY)
        await send(message)

    return sending
