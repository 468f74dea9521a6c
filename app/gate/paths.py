"""One decision about a path, before anything is matched with it: there is one way to write each, and no other is read.

What a proxy, the gate and a router read differently is how a path reaches what it should not. So a path with an
encoded or doubled slash, a dot segment, a trailing dot, a ``;``, a backslash, a control character, a letter encoded for
no reason, or capitals where ours are small, leads nowhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

if TYPE_CHECKING:
    from starlette.types import Scope

PLAIN = re.compile(rb"(?:[A-Za-z0-9\-._~!$&'()*+,=:@/]|%[0-9A-Fa-f]{2})+")
"""What a path is written with (RFC 3986), but for ``;``."""
NEVER = re.compile(r"[\x00-\x1f\x7f-\x9f/\\;A-Za-z0-9\-._~%]")
"""What is never written encoded: what separates or controls, and what needs no encoding."""
ENCODED = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")


def canonical(scope: Scope) -> str | None:
    """The path of a request, decoded; None when it is not written the one way."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    raw = raw.partition(b"?")[0]
    if not raw.startswith(b"/") or not PLAIN.fullmatch(raw):
        return None
    try:
        if any(NEVER.search(unquote_to_bytes(part).decode()) for part in ENCODED.findall(raw)):
            return None
        path = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        return None
    segments = path.split("/")[1:]
    if path != scope["path"] or segments[0] != segments[0].lower():
        return None
    if any(segment.endswith(".") for segment in segments) or "" in segments[:-1]:
        return None
    return path
