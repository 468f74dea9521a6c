"""Answers of the pages, compressed and kept: what a browser fetches once it does not fetch again.

Files that never change under their address are compressed once for all who ask and told to be immutable: Dash's own are
named after their version and time, ours carry the time of their last change (``?m=``) or the version of what was
fetched at set-up (``?v=``). Any other file is asked after each time and answered with 304 while it is the same. What a
callback answers is compressed as it comes. Streams pass as they are, and so does what is small or compressed already.
"""

from __future__ import annotations

import asyncio
import re
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import brotli
from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LEAST_BYTES = 1_000
"""Smaller than this nothing is worth compressing."""
STATIC_QUALITY, LIVE_QUALITY = 5, 4
"""Of brotli, 0 to 11: for what is kept (9 is 4 % smaller and takes six times as long, which the first visitor waits
for), and for what is made anew each time (1 ms for 100 kB)."""
STATIC = re.compile(r"/(?:assets|_dash-component-suites)/")
FOREVER = re.compile(r"\.v[\w-]+m[0-9a-fA-F]+\.")
PACKABLE = re.compile(r"text/|application/(?:json|javascript|geo\+json)|image/svg")
STREAM = re.compile(r"text/event-stream")
IMMUTABLE = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"


class Kept(NamedTuple):
    """A static file as it is sent: its headers and its bytes, compressed."""

    headers: list[tuple[bytes, bytes]]
    body: bytes


class Packing:
    """Stands before ``app`` and packs what it answers to browsers that take brotli; others get it as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._kept: dict[str, Kept] = {}
        self._packing: dict[str, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        takes = "br" in re.split(r"[,;\s]+", headers.get("accept-encoding", ""))
        if scope["method"] != "GET" or not STATIC.match(scope["path"]) or "range" in headers:
            packs = takes and scope["method"] in {"GET", "POST"}
            await self._app(scope, receive, _packed(send) if packs else send)
            return
        address = f"{scope['path']}?{scope['query_string'].decode('latin-1')}"
        lasting = lasts(address)
        kept = self._kept.get(address) if lasting and takes else None
        if kept is None:
            kept = await self._fetched(address, scope, receive, send, lasting=lasting, takes=takes)
        if kept is not None:
            await _answer(kept, headers.get("if-none-match"), send)

    async def _fetched(
        self, address: str, scope: Scope, receive: Receive, send: Send, *, lasting: bool, takes: bool
    ) -> Kept | None:
        """Ask ``app``; None when it answered otherwise than with a file, and that was sent on."""
        async with self._packing.setdefault(address, asyncio.Lock()):
            if lasting and takes and address in self._kept:  # somebody else asked for it meanwhile
                return self._kept[address]
            told: list[Message] = []

            async def keep(message: Message) -> None:
                told.append(message)

            await self._app({**scope, "headers": _unconditional(scope)}, receive, keep)
            if told[0]["status"] != 200:
                for message in told:
                    await send(message)
                return None
            body = b"".join(message.get("body", b"") for message in told[1:])
            kept = await _made(told[0], body, lasting=lasting, takes=takes)
            if lasting and takes:
                self._kept[address] = kept
            return kept


def lasts(address: str) -> bool:
    """Whether what is under an address never changes: it carries the version of what is there."""
    path, _, query = address.partition("?")
    return bool(FOREVER.search(path)) or query.startswith(("m=", "v="))


def _unconditional(scope: Scope) -> list[tuple[bytes, bytes]]:
    """The request's headers without those that ask for a part, or for nothing when it is the same."""
    asked = {b"if-none-match", b"if-modified-since", b"accept-encoding"}
    return [(name, value) for name, value in scope["headers"] if name not in asked]


async def _made(start: Message, body: bytes, *, lasting: bool, takes: bool) -> Kept:
    headers = MutableHeaders(raw=list(start["headers"]))
    del headers["last-modified"]
    if takes and len(body) >= LEAST_BYTES and PACKABLE.match(headers.get("content-type", "")):
        body = await asyncio.to_thread(brotli.compress, body, quality=STATIC_QUALITY)
        headers["content-encoding"] = "br"
    headers["vary"] = "Accept-Encoding"
    headers["cache-control"] = IMMUTABLE if lasting else ASK_AGAIN
    headers["etag"] = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers["content-length"] = str(len(body))
    return Kept(headers.raw, body)


async def _answer(kept: Kept, known: str | None, send: Send) -> None:
    same = known is not None and Headers(raw=kept.headers).get("etag") in known.split(", ")
    dropped = {b"content-length", b"content-encoding"} if same else set()
    headers = [(name, value) for name, value in kept.headers if name not in dropped]
    await send({"type": "http.response.start", "status": 304 if same else 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if same else kept.body})


def _packed(send: Send) -> Send:
    """Compress an answer once it is whole; a stream of events passes as it comes."""
    held: list[Message] = []

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = Headers(raw=message["headers"])
            kind = headers.get("content-type", "")
            packable = not kind or PACKABLE.match(
                kind
            )  # Dash does not say that what a callback answers is JSON
            if packable and not STREAM.match(kind) and "content-encoding" not in headers:
                held.append(message)
                return
        elif held:
            held.append(message)
            if message.get("more_body"):
                return
            start, body = held[0], b"".join(part.get("body", b"") for part in held[1:])
            held.clear()
            told = MutableHeaders(raw=start["headers"])
            if len(body) >= LEAST_BYTES:
                body = brotli.compress(body, quality=LIVE_QUALITY)
                told["content-encoding"] = "br"
                told.add_vary_header("Accept-Encoding")
            told["content-length"] = str(len(body))
            await send(start)
            await send({"type": "http.response.body", "body": body})
            return
        await send(message)

    return sending
