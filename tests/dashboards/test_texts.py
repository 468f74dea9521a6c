"""Every page renders, and says everything in both languages."""

from __future__ import annotations

import inspect
import re
from string import Formatter
from typing import TYPE_CHECKING, Any

import pytest
from dash.development.base_component import Component

from app.config import ROOT, Settings
from app.domain.permissions import allows
from app.domain.region import Region
from app.domain.viewer import ROLES, Viewer
from dashboards.components.text import TEXT
from dashboards.discovery import Page, find_pages
from dashboards.main import create_dash
from dashboards.services import Services
from dashboards.shell import screen
from dashboards.words import LANGUAGES, Words

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES = find_pages()
REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
REGION_NAME = {"region.name": ("a", "b")}
SOURCES = [
    file
    for folder in (ROOT / "dashboards", ROOT / "dashboards" / "assets")
    for file in [*folder.rglob("*.py"), *folder.glob("*.js")]
    if "vendor" not in file.parts
]


def texts(*pages: Page) -> dict[str, tuple[str, str]]:
    return {**TEXT, **REGION_NAME, **{key: text for page in pages for key, text in page.text.items()}}


def every_component(root: Any) -> list[Component]:
    if isinstance(root, (list, tuple)):
        return [found for item in root for found in every_component(item)]
    if not isinstance(root, Component):
        return []
    return [root, *every_component(getattr(root, "children", None))]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


SERVED = [(page, role) for page in PAGES for role in ROLES if allows(Viewer(role, role), page.permission)]
"""Each page with each role that is served it."""


@pytest.mark.parametrize(("page", "role"), SERVED, ids=[f"{page.name}-{role}" for page, role in SERVED])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_renders(page: Page, role: Any, language: Any, asking: Callable[[Viewer], None]) -> None:
    viewer = Viewer(role, role)
    asking(viewer)
    services = Services(REGION, ("demo",))
    words = Words(language, TEXT, REGION_NAME, *(one.text for one in PAGES))
    drawn = every_component(screen(services, words, PAGES, page))
    named = [component for component in drawn if getattr(component, "id", None)]
    known = {str(component.id): component for component in named}
    assert len(known) == len(named), "ids are unique"
    for identity, prop, _ in words.for_browser()["bindings"]:
        assert getattr(known[str(identity)], prop) not in (None, "")
    assert f"to-{page.name}" in known


@pytest.mark.parametrize("key", sorted(texts(*PAGES)))
def test_each_text_is_complete_in_both_languages(key: str) -> None:
    swedish, english = texts(*PAGES)[key]
    assert swedish.strip()
    assert english.strip()
    assert placeholders(swedish) == placeholders(english)


def test_each_text_that_is_asked_for_exists_and_each_that_exists_is_asked_for() -> None:
    source = "\n".join(file.read_text(encoding="utf-8") for file in SOURCES if file.name != "text.py")
    functions = set(re.findall(r"""in_browser\(\s*app,\s*"([a-z]+\.[a-z_]+)\"""", source))
    asked = set(re.findall(r"""["']([a-z]+\.[a-z0-9_]+)["']""", source))
    families = {match[0] for match in re.findall(r"""f?["']([a-z]+\.[a-z_]*)(\{|["'] \+)""", source)}
    known = texts(*PAGES)
    prefixes = {key.split(".")[0] for key in known}
    missing = {
        key
        for key in asked - functions
        if key.split(".")[0] in prefixes and key not in known and not key.endswith("_")
    }
    assert missing == set()
    unused = {key for key in known if key not in asked and not key.startswith(tuple(families))}
    assert unused == set()


def test_callbacks_are_async_and_none_is_global() -> None:
    from dash._callback import GLOBAL_CALLBACK_LIST

    create_dash(Settings(), Services(REGION, ("demo",)))
    assert GLOBAL_CALLBACK_LIST == []
    from dash import get_app

    app: Any = get_app()
    served = {output: spec["callback"] for output, spec in app.callback_map.items() if "callback" in spec}
    assert served
    assert [output for output, callback in served.items() if not inspect.iscoroutinefunction(callback)] == []


def test_no_two_callbacks_without_an_output_are_one() -> None:
    create_dash(Settings(), Services(REGION, ("demo",)))
    from dash import get_app

    app: Any = get_app()
    bare = [str(spec["inputs"]) for spec in app._callback_list if spec["no_output"]]
    assert len(bare) == len(set(bare))
