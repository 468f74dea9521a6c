"""The API's own description: OpenAPI, and a page to read it with that asks no other machine for anything."""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import FileResponse

from app.api.answers import Json
from app.api.routing import MayRead, routes
from app.config import ROOT
from app.domain.errors import NotFound

router = routes()

FOLDER = ROOT / "dashboards" / "assets" / "vendor" / "swagger-ui-dist"
FILES = ("swagger-ui.css", "swagger-ui-bundle.js")


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request, _: MayRead) -> Response:
    """The description, for machines."""
    return Json(request.app.openapi())


@router.get("/docs", include_in_schema=False)
async def docs(_: MayRead) -> Response:
    """The description, for people."""
    return get_swagger_ui_html(
        openapi_url="/api/v1/openapi.json",
        title="Lägesbild API v1",
        swagger_css_url="/api/v1/docs/swagger-ui.css",
        swagger_js_url="/api/v1/docs/swagger-ui-bundle.js",
        swagger_favicon_url="/favicon.ico",
        swagger_ui_parameters={"validatorUrl": None, "tryItOutEnabled": True},
    )


@router.get("/docs/{name}", include_in_schema=False)
async def files(name: str, _: MayRead) -> Response:
    """The page's script and style sheet."""
    if name not in FILES or not (FOLDER / name).is_file():
        raise NotFound(f"There is no {name} here; `make run` fetches what the page needs.")
    return FileResponse(FOLDER / name)
