"""The overview names every measure that there is, with its method, and none that there is not."""

from __future__ import annotations

import re

import pytest

from app.config import ROOT
from app.measures import all_measures, folders, of_folder

TEXT = (ROOT / "docs" / "measures.md").read_text(encoding="utf-8")
CHOSEN = TEXT.partition("## Which, when")[2].partition("\n## ")[0]


def test_every_measure_is_named_once_and_no_other():
    named = re.findall(r"^\| .*?\| `(\w+)` \|", CHOSEN, re.MULTILINE)
    assert sorted(named) == sorted(all_measures())


@pytest.mark.parametrize("folder", folders())
def test_its_method_is_a_link(folder: str):
    for measure in of_folder(folder):
        row = next(line for line in CHOSEN.splitlines() if f"| `{measure.name}` |" in line)
        assert f"(../app/measures/{folder}/method.md)" in row


def test_links_lead_somewhere():
    for target in re.findall(r"\]\(([^)#]+)", TEXT):
        assert (ROOT / "docs" / target).exists(), target


def test_every_figure_told_names_the_command_that_gives_it():
    published = TEXT.partition("## Published figures")[2].partition("\n## ")[0]
    rows = [line for line in published.splitlines() if line.startswith("| ") and "`" in line]
    assert rows
    benchmarks = "".join(
        file.read_text(encoding="utf-8") for file in (ROOT / "tests" / "benchmarks").glob("test_*.py")
    )
    for row in rows:
        case = re.search(r"-k ([\w-]+)", row)
        assert case, row
        assert (
            f'"{case.group(1)}"' in benchmarks or f"def test_{case.group(1).replace('-', '_')}" in benchmarks
        ), row
