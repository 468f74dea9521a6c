"""What the log names is said to the auditor in words."""

from __future__ import annotations

import ast

import pytest

from app.config import ROOT
from dashboards.components.text import TEXT as COMMON
from dashboards.pages.granskning.figures import what
from dashboards.pages.granskning.text import TEXT
from dashboards.words import LANGUAGES, Language, Words


def names() -> set[str]:
    """Every name that the code gives the log; of one that is put together, its first part."""
    found = set()
    for file in [*(ROOT / "app").rglob("*.py"), *(ROOT / "dashboards").rglob("*.py")]:
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "Consultation":
                continue
            given = call.args[1]
            if isinstance(given, ast.JoinedStr):
                given = given.values[0]
            if isinstance(given, ast.Constant):
                found.add(str(given.value))
    return found


def test_there_are_names_to_say() -> None:
    assert {"pairs/search", "page granskning", "cubes/"} <= names()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(names()))
def test_what_was_read_is_said_in_words(name: str, language: Language) -> None:
    words = Words(language, COMMON, TEXT)
    said = what(f"{name}x" if name.endswith("/") else name, words)
    assert said != name
    assert "/" not in said


def test_a_route_is_told_as_it_is_and_a_callback_by_its_page() -> None:
    words = Words("sv", COMMON, TEXT)
    assert what("GET /api/v1/pairs/{pair}", words) == "GET /api/v1/pairs/{pair}"
    assert what("callback dashboards.pages.par.page.read", words) == "Försökte på sidan /par"
    assert what("briefings/8c2f", words) == "Morgongenomgång som fil"
