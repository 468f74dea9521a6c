"""The API's own description: OpenAPI, and a page to read it with that asks no other machine for anything."""

from __future__ import annotations

from fastapi import Request, Response
from starlette.responses import FileResponse, HTMLResponse

from app.api.answers import Json
from app.api.routing import Anyone, routes
from app.config import ROOT
from app.domain.errors import NotFound
from app.gate.headers import POLICY, page_policy

router = routes()

FOLDER = ROOT / "dashboards" / "assets" / "vendor" / "swagger-ui-dist"
FILES = ("swagger-ui.css", "swagger-ui-bundle.js")

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lägesbild API v1</title>
<link rel="stylesheet" href="/api/v1/docs/swagger-ui.css">
<link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">
</head><body><div id="swagger-ui"></div>
<script src="/api/v1/docs/swagger-ui-bundle.js"></script>
<script src="/api/v1/docs/begin.js"></script>
</body></html>"""

BEGIN = """window.ui = SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
  tryItOutEnabled: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIBundle.SwaggerUIStandalonePreset],
});
"""
"""A file of its own: the policy runs no inline script."""


@router.get("/openapi.json", include_in_schema=False)
async def openapi(request: Request, _: Anyone) -> Response:
    """The description, for machines."""
    return Json(request.app.openapi())


@router.get("/docs", include_in_schema=False)
async def docs(_: Anyone) -> Response:
    """The description, for people."""
    return HTMLResponse(
        PAGE, headers={POLICY: page_policy(styles=None)}
    )  # Swagger UI places things by style attributes


@router.get("/docs/{name}", include_in_schema=False)
async def files(name: str, _: Anyone) -> Response:
    """The page's scripts and style sheet."""
    if name == "begin.js":
        return Response(BEGIN, media_type="text/javascript")
    if name not in FILES or not (FOLDER / name).is_file():
        raise NotFound(f"There is no {name} here; `make run` fetches what the page needs.")
    return FileResponse(FOLDER / name)
