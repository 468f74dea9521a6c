"""The API's own application, mounted under ``/api``; every path of it begins with ``/v1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from app.api import (
    alerts,
    alerts_rules,
    audit,
    briefings,
    changed,
    cubes,
    districts,
    docs,
    export,
    feed_health,
    links,
    log_book,
    map,  # noqa: A004 - the map of the picture
    measures,
    pairs,
    push,
    quarantine,
    reading,
    stream,
    views,
    why,
)
from app.api.answers import answer_errors

if TYPE_CHECKING:
    from app.api.services import ApiServices

ABOUT = """The common situational picture, as known at any moment.

Every question has two clocks: when it **happened** (`from`, `to`: days of the region, inclusive) and when we **knew**
it (`known_at`: a moment with its UTC offset; now when left out). Every answer says for which `known_at` and up to
which ledger `position` it is true; with `until=<position>` the same question has the same answer for ever.

Errors are one sentence: `{"error": "…"}`."""


class Api(FastAPI):
    """FastAPI, whose description tells no status that never comes: what is misread is a 400 here, and no 422."""

    def openapi(self) -> dict[str, Any]:
        """The description, made once."""
        if self.openapi_schema is None:
            described = super().openapi()
            for operation in (one for path in described["paths"].values() for one in path.values()):
                operation["responses"].pop("422", None)
            for name in ("HTTPValidationError", "ValidationError"):
                described.get("components", {}).get("schemas", {}).pop(name, None)
        return super().openapi()


def create_api(services: ApiServices) -> FastAPI:
    """The API on these services."""
    api = Api(
        title="Lägesbild",
        version="1",
        description=ABOUT,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        servers=[{"url": "/api"}],
    )
    api.state.services = services
    answer_errors(api)
    for part in (
        alerts_rules,
        alerts,
        audit,
        export,
        reading,
        feed_health,
        changed,
        stream,
        map,
        push,
        quarantine,
        pairs,
        links,
        log_book,
        views,
        why,
        cubes,
        measures,
        briefings,
        districts,
        docs,
    ):
        api.include_router(part.router, prefix="/v1")
    return api
