"""The Dash app: the frame that every page hangs in. Mounted under ``/`` by ``app.main``, never on the API's own app."""

from __future__ import annotations

import gzip
import logging
from typing import TYPE_CHECKING, Any, cast

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, set_props
from dash.backends._fastapi import reset_current_request, set_current_request
from fastapi import FastAPI, Request
from starlette.responses import Response

from app.config import ROOT
from app.domain.errors import BadInput, LagesbildError, TooMany, Unavailable
from dashboards import shell
from dashboards.components.text import TEXT
from dashboards.discovery import find_pages
from dashboards.dom import marked
from dashboards.guard import callback, permitted
from dashboards.index import index_string, policy
from dashboards.packing import Packing
from dashboards.services import viewer_now
from dashboards.serving import Serving
from dashboards.words import Words, language_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from app.config import Settings
    from dashboards.services import Services

log = logging.getLogger(__name__)


def create_dash(settings: Settings, services: Services) -> ASGIApp:
    """Build the app with every page that is found, and return it for mounting."""
    del settings  # what the pages may show of them is in the services
    server = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app = Dash(
        "dashboards",
        server=cast("Any", server),
        backend="fastapi",
        assets_folder=str(ROOT / "dashboards" / "assets"),
        assets_ignore=r".*\.mjs$|swagger-",  # modules, imported by our JavaScript; what only the API's page needs
        title="Lägesbild",
        update_title="",
        index_string=index_string(services),
        suppress_callback_exceptions=True,  # a page's components are not there until the page is
        on_error=explain,
        add_log_handler=False,
    )
    pages = find_pages()
    region = {"region.name": (services.region.facts["name_sv"], services.region.facts["name_en"])}
    app.layout = dmc.MantineProvider(
        id="mantine",
        forceColorScheme="dark",
        theme={"fontFamily": "Inter, system-ui, sans-serif", "primaryColor": "cyan", "defaultRadius": "sm"},
        children=dmc.DatesProvider(
            id="calendar",
            settings={"locale": "sv", "firstDayOfWeek": 1, "weekendDays": [0, 6]},
            children=[
                dcc.Location(id="place", refresh=False),
                html.Div(marked(html.Div(className="waiting"), {"aria-busy": "true"}), id="screen"),
            ],
        ),
    )

    @callback(
        app,
        "pages",
        Output("screen", "children"),
        Input("place", "pathname"),
        State("place", "search"),
    )
    async def draw(path: str, search: str) -> Any:
        seen = permitted(pages, viewer_now())
        page = next((page for page in seen if page.path == path), seen[0])
        words = Words(language_of(shell.asked(search, "lang")), TEXT, region, *(one.text for one in pages))
        return shell.screen(services, words, seen, page)

    shell.register(app, services)
    for page in pages:
        page.module.register(app, services)
        if page.path != "/":
            server.add_api_route(page.path, _index(app), methods=["GET"])
    _serve_backdrop(server, services)
    _serve_icon(server)
    cast("Any", app)._setup_server()  # noqa: SLF001 - freezes the callbacks now, not at the first request
    return Packing(Serving(server, pages, policy(app.renderer)))


def explain(error: Exception) -> None:
    """Say in one sentence what is wrong; the page asks again until it is well."""
    if isinstance(error, Unavailable):
        fault = {"key": "fault.database"}
    elif isinstance(error, BadInput):
        fault = {"key": "fault.input", "reason": error.said("en"), "reason_sv": error.said("sv")}
    elif isinstance(error, TooMany):
        fault = {"key": "fault.too_many"}
    else:
        fault = {"key": "fault.other"}
        if not isinstance(error, LagesbildError):
            log.error("A callback failed", exc_info=error)
    set_props("fault", {"data": fault})


def _index(app: Dash) -> Any:
    async def index(request: Request) -> Response:
        token = set_current_request(request)  # type: ignore[no-untyped-call]  # Dash does so for its own path only
        try:
            return Response(cast("Any", app).index(), media_type="text/html")
        finally:
            reset_current_request(token)  # type: ignore[no-untyped-call]

    return index


def _serve_backdrop(server: FastAPI, services: Services) -> None:
    file = ROOT / "geodata" / "regions" / services.region.code / "backdrop.geojson"
    packed = gzip.compress(file.read_bytes(), 6, mtime=0)

    async def backdrop(_request: Request) -> Response:
        headers = {"Content-Encoding": "gzip", "Cache-Control": "private, max-age=3600"}
        return Response(packed, media_type="application/geo+json", headers=headers)

    server.add_api_route("/backdrop.geojson", backdrop, methods=["GET"])


def _serve_icon(server: FastAPI) -> None:
    """Browsers ask for it by this name on pages that name none; the gate lets it through to everybody."""
    drawn = (ROOT / "dashboards" / "assets" / "favicon.svg").read_bytes()

    async def icon(_request: Request) -> Response:
        return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})

    server.add_api_route("/favicon.ico", icon, methods=["GET"])
