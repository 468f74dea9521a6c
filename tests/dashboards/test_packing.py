"""What is sent is compressed, what never changes is fetched once, and what changed is fetched anew."""

from __future__ import annotations

from collections.abc import AsyncIterator

import brotli
import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from dashboards.packing import Packing, lasts

SCRIPT = "let a = 1;\n" * 500


class Site:
    """A site whose one script can be changed."""

    def __init__(self) -> None:
        self.script, self.asked = SCRIPT, 0

    async def file(self, request: Request) -> Response:
        self.asked += 1
        if request.path_params["name"].endswith(".woff2"):
            return Response(bytes(range(256)) * 40, media_type="font/woff2")
        if request.path_params["name"] == "none.js":
            return PlainTextResponse("There is none.", 404)
        return Response(self.script, media_type="text/javascript", headers={"etag": '"theirs"'})

    async def answer(self, _: Request) -> Response:
        return Response(b'{"rows":[' + b",".join([b'"samma"'] * 400) + b"]}")  # as Dash does: of no type

    async def parts(self, _: Request) -> Response:
        async def parts() -> AsyncIterator[str]:
            for n in range(3):
                yield ("[" if n == 0 else ",") + ",".join(['"samma"'] * 200) + ("]" if n == 2 else "")

        return StreamingResponse(parts(), media_type="application/json")

    async def stream(self, _: Request) -> Response:
        async def parts() -> AsyncIterator[str]:
            for n in range(3):
                yield f"data: {n} {'x' * 2000}\n\n"

        return StreamingResponse(parts(), media_type="text/event-stream")


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def client(site: Site) -> httpx.AsyncClient:
    app = Starlette(
        routes=[
            Route("/assets/{name}", site.file),
            Route("/_dash-component-suites/dcc/{name}", site.file),
            Route("/answer", site.answer, methods=["GET", "POST"]),
            Route("/parts", site.parts),
            Route("/stream", site.stream),
        ]
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(Packing(app)), base_url="http://test")


async def raw(client: httpx.AsyncClient, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    async with client.stream("GET", path, headers={"accept-encoding": "gzip, br", **headers}) as answer:
        return answer, b"".join([part async for part in answer.aiter_raw()])


@pytest.mark.parametrize(
    "path", ["/assets/a.js?m=1764400000.1", "/_dash-component-suites/dcc/a.v4_4_0m1764.min.js"]
)
async def test_what_never_changes_is_compressed_once_and_kept_for_ever(
    client: httpx.AsyncClient, site: Site, path: str
) -> None:
    for _ in range(3):
        answer, sent = await raw(client, path)
        assert brotli.decompress(sent).decode() == SCRIPT
        assert answer.headers["content-encoding"] == "br"
        assert answer.headers["cache-control"].endswith("immutable")
        assert int(answer.headers["content-length"]) == len(sent) < len(SCRIPT) / 20
    assert site.asked == 1
    again, sent = await raw(client, path, **{"if-none-match": answer.headers["etag"]})
    assert (again.status_code, sent) == (304, b"")
    other = await client.get(path.replace("1764", "1765"))
    assert other.text == SCRIPT
    assert site.asked == 2


async def test_what_may_change_is_asked_after_each_time(client: httpx.AsyncClient, site: Site) -> None:
    first, _ = await raw(client, "/assets/a.mjs")
    assert first.headers["cache-control"] == "private, no-cache"
    same, sent = await raw(client, "/assets/a.mjs", **{"if-none-match": first.headers["etag"]})
    assert (same.status_code, sent) == (304, b"")
    site.script = SCRIPT + "let b;"
    changed, sent = await raw(client, "/assets/a.mjs", **{"if-none-match": first.headers["etag"]})
    assert changed.status_code == 200
    assert brotli.decompress(sent).decode().endswith("let b;")


async def test_who_takes_no_brotli_gets_it_as_it_is(client: httpx.AsyncClient) -> None:
    for path in ("/assets/a.js?m=1", "/answer", "/assets/a.js?m=1"):
        answer = await client.get(path, headers={"accept-encoding": "gzip"})
        assert "content-encoding" not in answer.headers
        assert len(answer.content) > 2000


async def test_fonts_and_what_is_missing_are_left_as_they_are(client: httpx.AsyncClient) -> None:
    answer, sent = await raw(client, "/assets/inter.woff2?v=1")
    assert "content-encoding" not in answer.headers
    assert len(sent) == 256 * 40
    assert (await raw(client, "/assets/none.js?m=1"))[0].status_code == 404


async def test_an_answer_is_compressed_and_a_stream_passes(client: httpx.AsyncClient) -> None:
    answer = await client.post("/answer", headers={"accept-encoding": "br"})
    assert answer.headers["content-encoding"] == "br"
    assert answer.json() == {"rows": ["samma"] * 400}
    parts = await client.get("/parts", headers={"accept-encoding": "br"})
    assert parts.headers["content-encoding"] == "br"
    assert parts.json() == ["samma"] * 600
    streamed, sent = await raw(client, "/stream")
    assert "content-encoding" not in streamed.headers
    assert sent.count(b"data:") == 3


def test_an_address_lasts_when_it_carries_a_version() -> None:
    assert lasts("/_dash-component-suites/dash/deps/react@18.v4_4_1m1764400000.3.1.min.js?")
    assert lasts("/assets/style.css?m=1764400000.0")
    assert not lasts("/_dash-component-suites/dash/dcc/async-graph.js?")
    assert not lasts("/assets/vendor/maplibre-gl/maplibre-gl.mjs?")
