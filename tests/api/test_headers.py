"""What every answer carries, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.responses import JSONResponse, Response

from app.gate.headers import NOTHING, SCRIPT, digest, page_policy, with_headers

if TYPE_CHECKING:
    from starlette.types import Message


async def sent(response: Response, scheme: str = "http") -> dict[str, str]:
    told: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        told.append(message)

    scope = {"type": "http", "scheme": scheme, "method": "GET", "path": "/", "headers": []}
    await response(scope, receive, with_headers(send, scope))
    return {name.decode(): value.decode() for name, value in told[0]["headers"]}


async def test_what_says_nothing_of_itself_may_do_nothing_and_is_kept_nowhere() -> None:
    headers = await sent(JSONResponse({}))
    assert headers["content-security-policy"] == NOTHING
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


async def test_what_an_answer_says_of_itself_is_left() -> None:
    policy = page_policy()
    headers = await sent(
        Response("", headers={"Content-Security-Policy": policy, "Cache-Control": "max-age=9"})
    )
    assert headers["content-security-policy"] == policy
    assert headers["cache-control"] == "max-age=9"


async def test_a_worker_may_fetch_from_us_and_nowhere_else() -> None:
    assert (await sent(Response("", media_type="text/javascript")))["content-security-policy"] == SCRIPT
    assert "connect-src 'self'" in SCRIPT


async def test_https_is_told_to_stay() -> None:
    assert (await sent(Response(""), "https"))["strict-transport-security"].startswith("max-age=31536000")


@pytest.mark.parametrize("styles", [None, (), ("a{}",)])
def test_no_page_makes_code_from_text(styles: tuple[str, ...] | None) -> None:
    parts = dict(part.partition(" ")[::2] for part in page_policy(scripts=["x()"], styles=styles).split("; "))
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == f"'self' {digest('x()')}"
    assert parts["script-src-attr"] == "'none'"
    assert parts["object-src"] == parts["base-uri"] == parts["frame-ancestors"] == "'none'"
    assert {parts["connect-src"], parts["worker-src"], parts["form-action"], parts["font-src"]} == {"'self'"}
