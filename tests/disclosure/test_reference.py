"""Against the reference tables with their attack intervals: ``../shared/data`` beside the checkout."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from app.disclosure.attack import attack
from app.disclosure.axis import Axis
from app.disclosure.cube import Cube, Plan
from app.disclosure.policy import Policy
from app.disclosure.suppress import suppress
from tests.disclosure.small import cells_with_counts

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "reference_results" / "suppression"
pytestmark = pytest.mark.skipif(
    not FOLDER.exists(),
    reason=f"THE REFERENCE TABLES ARE NOT HERE ({FOLDER}): disclosure control is NOT checked against them",
)
TABLES = ["t6x4", "t12x5", "t26x6"]


def reference(name):
    """A table's cells with their counts, and what is expected of it."""
    header, *lines = csv.reader((FOLDER / f"{name}.csv").read_text().splitlines())
    row = Axis.of("row", [line[0] for line in lines])
    column = Axis.of("column", header[1:])
    counts = {
        (line[0], code): int(number)
        for line in lines
        for code, number in zip(header[1:], line[1:], strict=True)
    }
    everything = Cube("all", {"row": tuple(row.groups), "column": tuple(column.groups)})
    plan = Plan("reference", "reference", (row, column), "column", (everything,), Policy())
    results = json.loads((FOLDER / "expected.json").read_text())["results"]
    return cells_with_counts(plan, counts), next(result for result in results if result["table"] == name)


def named(cells):
    """Cells by the reference's names, ``row,column``."""
    return {
        f"{row},{column.removeprefix('c')}": (frozenset({row}), frozenset({column})) for row, column in cells
    }


@pytest.mark.parametrize("pattern", ["primary_only", "naive_secondary", "greedy_pruned"])
@pytest.mark.parametrize("name", TABLES)
def test_the_attack_finds_the_intervals_of_the_reference(name, pattern):
    counts, expected = reference(name)
    intervals = expected[pattern]["intervals"]
    cells = named([(key.split(",")[0], f"c{key.split(',')[1]}") for key in intervals])
    shown = {cell: (number, number) for cell, number in counts.items() if cell not in cells.values()}
    found = attack(shown, cells.values())
    assert {key: [found[cell].least, found[cell].greatest] for key, cell in cells.items()} == intervals


@pytest.mark.parametrize("name", TABLES)
def test_what_we_hide_is_safe_and_no_more_than_the_reference_hides(name):
    counts, expected = reference(name)
    policy = Policy()
    hidden = suppress(counts, policy)
    found = attack({cell: (n, n) for cell, n in counts.items() if cell not in hidden}, hidden)
    assert all(policy.wide(seen.least, seen.greatest) for seen in found.values())
    assert sum(policy.small(counts[cell]) for cell in hidden) == expected["primary"]
    assert len(hidden) <= expected["greedy_pruned"]["suppressed"]
    extra = sum(counts[cell] for cell in hidden if not policy.small(counts[cell]))
    assert extra <= expected["greedy_pruned"]["value_lost"]
