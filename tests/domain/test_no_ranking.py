"""Nothing orders people by likelihood or harm, and nothing of a pair is within reach of HTTP yet."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import fields

import pytest

import app.domain.dyad
import app.domain.flags
import app.queries.believed
import app.queries.dyads
import app.queries.flags
from app.config import ROOT
from app.domain.dyad import Dyad
from app.domain.flags import Flag, Rule

MODULES = (app.domain.dyad, app.domain.flags, app.queries.believed, app.queries.dyads, app.queries.flags)
JUDGING = re.compile(r"score|rank|risk|likel|probab|predict|danger|harm|weight", re.IGNORECASE)
PERSONS = {
    "app.domain.dyad",
    "app.domain.flags",
    "app.queries.dyads",
    "app.queries.flags",
    "app.commands.suspicions",
}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_name_judges_a_person(module):
    names = {
        node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else node.id
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Name)
    }
    names |= {field.name for kind in (Dyad, Flag, Rule) for field in fields(kind)}
    assert not [name for name in names if JUDGING.search(name)]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_statement_adds_up_or_orders_by_what_happened(module):
    for name, text in vars(module).items():
        if not (name.isupper() and isinstance(text, str)) or name.startswith("ELSEWHERE"):
            continue
        assert not re.search(r"\b(sum|avg)\s*\(|harm_weight", text), name
        for order in re.findall(r"order by ([^)]*)", text):
            # Within one report its offences stand gravest first; the reports themselves by time.
            first = order.split(",")[0].strip().split()[0]
            assert first in {"v.occurred_from", "day", "reports"}, (name, order)


def test_no_route_and_no_page_reaches_a_pair():
    files = [
        file
        for folder in ("app/api", "app/gate", "app/jobs", "dashboards")
        for file in (ROOT / folder).rglob("*.py")
    ]
    files.append(ROOT / "app/main.py")
    assert len(files) > 20
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        imported = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                imported |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        assert not imported & PERSONS, file
