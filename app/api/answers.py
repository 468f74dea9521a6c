"""The form of every answer: rows and the moment they are true for, or one sentence that says what is wrong."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.domain.errors import BadInput, LagesbildError, NotAllowed, NotFound, TooMany, Unavailable

if TYPE_CHECKING:
    from datetime import datetime

    from app.domain.window import Position

STATUS: tuple[tuple[type[LagesbildError], int], ...] = (
    (BadInput, 400),
    (NotAllowed, 403),
    (NotFound, 404),
    (TooMany, 429),
    (Unavailable, 503),
)
PLAIN = {
    404: "There is no such path in the API; /api/v1/docs lists what there is.",
    405: "This path knows no such method.",
}

log = logging.getLogger(__name__)


class Json(Response):
    """JSON with moments in UTC ("…Z") and days as YYYY-MM-DD."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Turn rows from the database into bytes."""
        return dump(content)


def dump(content: Any) -> bytes:
    """JSON as bytes; positions are written ``xid-id``."""
    return orjson.dumps(content, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_PASSTHROUGH_SUBCLASS)


def answer(rows: list[dict[str, Any]], known_at: datetime, position: Position, **more: Any) -> Json:
    """Rows, and for what they are true: known at this moment, up to this position of the ledger."""
    return Json(
        {**more, "rows": rows, "known_at": known_at, "position": str(position)},
        headers={"Cache-Control": "no-store"},
    )


def problem(status: int, sentence: str, retry_after_s: int | None = None) -> Json:
    """An answer that is none."""
    headers = {"Cache-Control": "no-store"}
    if status == 503 or retry_after_s is not None:
        headers["Retry-After"] = str(retry_after_s or 1)
    return Json({"error": sentence}, status, headers)


def answer_errors(app: FastAPI) -> None:
    """Give every error its status and its sentence."""

    @app.exception_handler(LagesbildError)
    async def explained(_: Request, error: LagesbildError) -> Response:
        status = next((status for kind, status in STATUS if isinstance(error, kind)), 500)
        return problem(status, str(error), error.retry_after_s if isinstance(error, TooMany) else None)

    @app.exception_handler(RequestValidationError)
    async def misread(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        return problem(400, f"{first['loc'][-1]}: {first['msg']}.")

    @app.exception_handler(HTTPException)
    async def plain(_: Request, error: HTTPException) -> Response:
        return problem(error.status_code, PLAIN.get(error.status_code, str(error.detail)))

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return problem(500, "Something went wrong here; it has been written to the server's log.")
