"""Nothing orders people by likelihood or harm: not the code, not a statement, not an endpoint, not a page."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import fields
from typing import Any

import pytest

import app.api.pairs
import app.commands.pairs
import app.commands.pairs_told
import app.domain.dyad
import app.domain.flags
import app.domain.follow_up
import app.queries.believed
import app.queries.dyads
import app.queries.flags
import app.queries.follow_ups
import app.queries.pairs
from app.api.main import create_api
from app.api.services import ApiServices
from app.config import ROOT
from app.domain.dyad import Dyad
from app.domain.flags import Flag, Rule
from app.domain.pair_id import PairIds
from app.domain.permissions import ABOUT_PERSONS
from app.domain.region import Region
from app.queries.live import Live

MODULES = (
    app.domain.dyad, app.domain.flags, app.domain.follow_up, app.queries.believed, app.queries.dyads,
    app.queries.flags, app.queries.follow_ups, app.queries.pairs, app.commands.pairs, app.api.pairs,
    app.commands.pairs_told,
)  # fmt: skip
STATEMENTS = tuple(module for module in MODULES if module.__name__.startswith("app.queries"))
JUDGING = re.compile(r"score|rank|risk|likel|probab|predict|danger|harm|weight", re.IGNORECASE)
ANYWHERE = re.compile(r"score|rank|risk|likel|probab|predict|danger", re.IGNORECASE)
"""Of areas and days harm is summed with weights; of people there is none of these, whatever it is called."""
PERSONS = {
    "app.queries.dyads",
    "app.queries.flags",
    "app.queries.follow_ups",
    "app.queries.pairs",
    "app.commands.suspicions",
    "app.commands.follow_ups",
}
"""Only ``app.commands.pairs`` reads by these, and it writes the log first."""
PAGE = ROOT / "dashboards" / "pages" / "par"


def names_in(tree: ast.AST) -> set[str]:
    return {
        node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) else node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Name)
    }


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_name_judges_a_person(module: Any):
    names = names_in(ast.parse(inspect.getsource(module)))
    names |= {field.name for kind in (Dyad, Flag, Rule) for field in fields(kind)}
    assert not [name for name in names if JUDGING.search(name)]


@pytest.mark.parametrize("module", STATEMENTS, ids=lambda module: module.__name__)
def test_no_statement_adds_up_or_orders_by_what_happened(module: Any):
    for name, text in vars(module).items():
        if not (name.isupper() and isinstance(text, str)) or name.startswith("ELSEWHERE"):
            continue
        assert not re.search(r"\b(sum|avg)\s*\(|harm_weight", text), name
        for order in re.findall(r"order by ([^)]*)", text):
            # Within one report its offences stand gravest first; the reports themselves by time.
            first = order.split(",")[0].strip().split()[0]
            assert first in {"v.occurred_from", "day", "reports", "f.noted_at"}, (name, order)


@pytest.mark.parametrize(
    "module",
    [app.domain.dyad, app.queries.pairs, app.commands.pairs, app.api.pairs],
    ids=lambda module: module.__name__,
)
def test_nothing_is_sorted_but_by_the_last_report_and_within_a_pair_by_time(module: Any):
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called in {"sorted", "sort", "max", "min", "nlargest", "nsmallest"}:
            text = ast.unparse(node)
            by_time = re.search(r"told_at|occurred_from|place_in_list", text)
            assert by_time or "rung.area" in text, text  # the codes of areas that the log is told
            assert not re.search(r"severity|count|len\(|flags|days_since", text), text


def test_persons_are_read_by_the_one_way_that_writes_the_log_first():
    folders = ("app/api", "app/gate", "app/jobs", "dashboards")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    files.append(ROOT / "app/main.py")
    assert len(files) > 20
    for file in files:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if "jobs" in file.parts:
            continue  # erasure and re-keying work on everybody, by the owner's login; they show nothing
        imported = {
            alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                imported |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        types_only = {"app.queries.pairs"} if imported & {"app.commands.pairs"} else set()
        assert not imported & (PERSONS - types_only), file


# Over HTTP


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    region = Region.read(ROOT / "geodata" / "regions" / "stockholm")
    told: dict[str, Any] = create_api(ApiServices(region, Live(), PairIds(bytes(32)))).openapi()
    return told


def fields_of(told: Any) -> set[str]:
    """Every name in a description: of schemas, of parameters and of the examples of answers."""
    if isinstance(told, list):
        return {name for item in told for name in fields_of(item)}
    if not isinstance(told, dict):
        return set()
    own = {str(name) for name in told}
    own |= {str(told["name"])} if "in" in told and "name" in told else set()
    return own.union(*(fields_of(value) for value in told.values()))


def test_no_field_of_the_api_judges(described: dict[str, Any]):
    names = fields_of(described["paths"]) | fields_of(described.get("components", {}))
    assert {"severity", "days_since_previous", "last_reported_at", "personnummer"} <= names
    links = fields_of({path: told for path, told in described["paths"].items() if "/links" in path})
    others = fields_of({path: told for path, told in described["paths"].items() if "/links" not in path})
    assert not [name for name in others | (names - links) if ANYWHERE.search(name)]
    # That two mentions are of one person is a judgement about the mentions, and says nothing of what anybody does.
    assert {name for name in links if ANYWHERE.search(name)} <= {"probability"}


def about_persons(path: str, operation: dict[str, Any]) -> bool:
    return any(word in path for word in ("/pairs", "/persons", "/suspicions"))


def test_no_endpoint_about_persons_lets_anybody_choose_an_order(described: dict[str, Any]):
    schemas = described["components"]["schemas"]
    seen = 0
    for path, operations in described["paths"].items():
        for operation in operations.values():
            if not about_persons(path, operation):
                continue
            seen += 1
            asked = {parameter["name"] for parameter in operation.get("parameters", [])}
            body = (
                operation.get("requestBody", {})
                .get("content", {})
                .get("application/json", {})
                .get("schema", {})
            )
            named = schemas.get(str(body.get("$ref", "")).rpartition("/")[2], {})
            asked |= set(named.get("properties", {}))
            assert named.get("additionalProperties") is False, path
            assert not [name for name in asked if re.search(r"order|sort|by$|top|weight|harm", name)], path
            told = fields_of(operation["responses"])
            assert not [name for name in told if JUDGING.search(name)], path
            assert not [name for name in told if re.search(r"total|sum\b|average|mean", name)], path
    assert seen >= 6


def every_route(routes: Any) -> list[tuple[str, str | None]]:
    """Paths and permissions, also of routers that are included."""
    found: list[tuple[str, str | None]] = []
    for route in routes:
        inner = getattr(getattr(route, "original_router", None), "routes", None)
        found += (
            every_route(inner) if inner is not None else [(route.path, getattr(route, "permission", None))]
        )
    return found


def test_every_route_that_tells_of_persons_is_counted_and_asks_for_a_reason(described: dict[str, Any]):
    region = Region.read(ROOT / "geodata" / "regions" / "stockholm")
    api = create_api(ApiServices(region, Live(), PairIds(bytes(32))))
    schemas = described["components"]["schemas"]
    checked = 0
    for path, permission in every_route(api.routes):
        if permission not in ABOUT_PERSONS:
            continue
        operation = described["paths"][f"/v1{path}"]["post"]
        body = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert "reason" in schemas[body]["required"], path
        checked += 1
    assert checked >= 6


# On the page


def test_the_page_names_and_sorts_nothing_that_judges():
    sources = {file.name: file.read_text(encoding="utf-8") for file in PAGE.glob("*.py")}
    assert "page.py" in sources
    for name, source in sources.items():
        tree = ast.parse(source)
        assert not [word for word in names_in(tree) if JUDGING.search(word)], name
        strings = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        keys = {text for text in strings if re.fullmatch(r"[\w.-]+", text)}
        assert not [text for text in keys if ANYWHERE.search(text)], name
        for node in ast.walk(tree):
            called = getattr(
                getattr(node, "func", None), "id", getattr(getattr(node, "func", None), "attr", "")
            )
            if called in {"sorted", "sort", "min", "max"}:
                # Within one pair's charts there are ends of axes; the list is drawn in the order that was read.
                assert name == "figures.py", (name, ast.unparse(node))
