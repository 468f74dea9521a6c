"""How measurements are asked for, and where they are written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from app.config import ROOT
from tests.benchmarks.report import Report, busy, write

MEASURED = ROOT / "docs" / "measured.md"


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("benchmarks")
    group.addoption("--small", action="store_true", help="a tenth of the size, ratios only: for CI")
    group.addoption("--whole", action="store_true", help="load all 1.5 million incidents, not a twentieth")
    group.addoption("--write", action="store_true", help="put the tables into docs/measured.md")


@pytest.fixture
def small(request: pytest.FixtureRequest) -> bool:
    """Whether this is the quick version, on a machine whose absolute times mean nothing."""
    return bool(request.config.getoption("--small"))


@pytest.fixture
def whole(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--whole"))


@pytest.fixture
def begin(request: pytest.FixtureRequest) -> Iterator[Callable[[str, str, str], Report]]:
    """Begin a report; it is shown when it is checked, and written down at the end if asked for."""
    reports: list[Report] = []

    def begin(case: str, title: str, how: str) -> Report:
        reports.append(Report(case, title, how))
        reports[-1].note(busy())
        return reports[-1]

    yield begin
    if request.config.getoption("--write"):
        write(MEASURED, reports)
