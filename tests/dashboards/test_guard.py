"""Every callback and every page names who may have it, and holds to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from dash import Dash, Input, Output, html

from app.config import ROOT, Settings
from app.domain.errors import NotAllowed
from app.domain.permissions import PERMISSIONS, allows
from app.domain.region import Region
from app.domain.viewer import ROLES, Viewer
from dashboards import guard
from dashboards.discovery import Page, find_pages
from dashboards.main import create_dash
from dashboards.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

PAGES = find_pages()


@pytest.fixture(scope="module")
def screen() -> ASGIApp:
    return create_dash(
        Settings(), Services(Region.read(ROOT / "geodata" / "regions" / "stockholm"), ("demo",))
    )


def served(screen: ASGIApp) -> dict[str, Any]:
    from dash import get_app

    app: Any = get_app()
    return {output: spec["callback"] for output, spec in app.callback_map.items() if "callback" in spec}


def test_every_callback_that_the_server_answers_names_its_permission(screen: ASGIApp) -> None:
    declared = {output: guard.permission_of(callback) for output, callback in served(screen).items()}
    assert len(declared) >= 7
    assert {output for output, permission in declared.items() if permission not in PERMISSIONS} == set()
    assert "public" not in declared.values(), "nothing on a page is for whoever is not signed in"


def test_a_callback_that_names_no_permission_would_be_found() -> None:
    app = Dash("plain", server=False)
    app.layout = html.Div(id="a")

    @app.callback(Output("a", "children"), Input("a", "id"))
    async def bare(_: str) -> str:
        return ""

    assert guard.permission_of(bare) is None


async def test_a_guarded_callback_answers_only_who_holds_its_permission(
    asking: Callable[[Viewer], None],
) -> None:
    app = Dash("guarded", server=False)
    calls = []

    @guard.callback(app, "incidents", Output("a", "children"), Input("a", "id"))
    async def tell(what: str) -> str:
        calls.append(what)
        return what

    for role in ROLES:
        asking(Viewer(role, role))
        if allows(Viewer(role, role), "incidents"):
            assert await tell(role) == role
        else:
            with pytest.raises(NotAllowed):
                await tell(role)
    assert calls == ["analyst", "area_chief"]


async def test_without_a_request_nobody_asks() -> None:
    app = Dash("nobody", server=False)

    @guard.callback(app, "incidents", Output("b", "children"), Input("b", "id"))
    async def tell_incident(what: str) -> str:
        return what

    with pytest.raises(NotAllowed):
        await tell_incident("a")


def test_every_page_names_its_permission() -> None:
    assert {page.name for page in PAGES if page.permission not in PERMISSIONS} == set()
    assert {page.name for page in PAGES if page.permission in {"public", "pages"}} == set()


@pytest.fixture
def as_role(screen: ASGIApp) -> Callable[[str], httpx.AsyncClient]:
    def client(role: str) -> httpx.AsyncClient:
        async def let_through(scope: Scope, receive: Receive, send: Send) -> None:  # in the place of the gate
            await screen({**scope, "state": {"viewer": Viewer(role, role)}}, receive, send)  # type: ignore[arg-type]

        return httpx.AsyncClient(transport=httpx.ASGITransport(let_through), base_url="http://127.0.0.1")

    return client


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
async def test_a_page_is_served_to_those_who_may_see_it_and_refused_in_words_to_others(
    as_role: Callable[[str], httpx.AsyncClient], role: Any, page: Page
) -> None:
    viewer = Viewer(role, role)
    seen = guard.permitted(PAGES, viewer)
    async with as_role(role) as client:
        answer = await client.get(page.path)
    assert "unsafe-eval" not in answer.headers.get("content-security-policy", "")
    if page in seen:
        assert answer.status_code == 200
        assert "_dash-renderer" in answer.text
        assert "require-trusted-types-for 'script'" in answer.headers["content-security-policy"]
    elif page.path == "/" and seen:
        assert (answer.status_code, answer.headers["location"]) == (303, seen[0].path)
    else:
        assert answer.status_code == 403
        assert "Din roll ser inte den här sidan" in answer.text
        assert all(one.path in answer.text for one in seen)


async def test_a_path_that_is_no_page_is_no_page(as_role: Callable[[str], httpx.AsyncClient]) -> None:
    async with as_role("analyst") as client:
        answer = await client.get("/finns-inte")
    assert answer.status_code == 404
