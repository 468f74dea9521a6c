"""The attack finds what careless publishing gives away: it is no check that cannot fail."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from app.disclosure.__main__ import report
from app.disclosure.axis import TOTAL
from app.disclosure.cube import Cube
from app.disclosure.ledger import Publications, publish
from app.disclosure.published import PublishedCube, Row
from app.disclosure.recover import recover
from app.disclosure.versions import in_version
from tests.disclosure.small import PIN, area_plan, cells_with_counts, counts_of

NUMBERS = [1, 30, 22, 9, 12, 16, 7, 45]
ROOT = Path(__file__).parents[2]


def careless(plan, name, numbers, *, hide=lambda number: 0 < number < 5):
    """A cube with its small cells hidden, and no complement."""
    counts = cells_with_counts(plan, counts_of(plan, numbers))
    rows = [
        Row(labels, None if hide(counts[cell]) else counts[cell])
        for labels, cell in plan.rows(plan.cube(name))
    ]
    return PublishedCube(plan, name, tuple(rows)).document()


def test_hiding_only_the_small_cells_is_undone_by_subtraction():
    plan = area_plan()
    found = recover([careless(plan, "district", NUMBERS)])
    cell = (frozenset({"a0"}), frozenset({"o0"}), frozenset({"2026-01"}))
    assert found.exact == {in_version(cell, 1): 1}


def test_another_cube_that_shows_what_one_hides_is_found():
    plan = area_plan()
    everything_hidden = careless(plan, "across", NUMBERS, hide=lambda _: True)
    shown = careless(plan, "across", NUMBERS, hide=lambda _: False)
    assert recover([everything_hidden]).nothing
    found = recover([everything_hidden, shown])
    assert found.exact
    assert not found.wide


def test_a_small_piece_between_overlapping_areas_is_found():
    plan = area_plan()
    fewer = replace(
        plan,
        cubes=tuple(
            Cube(code, {"area": (code,), "offence": (TOTAL,), "month": ("2026-01",)})
            for code in ("north", "odd", "a1", TOTAL)
        ),
    )
    # north = a0+a1 and a1 are shown, each 5 or more; what is between them is a0 = 1.
    found = recover([careless(fewer, code, [1, 0, *NUMBERS[2:]]) for code in ("north", "a1")])
    assert list(found.exact.values()) == [1]


def test_yesterday_and_today_published_each_for_itself_is_found():
    plan = area_plan()
    today = [2, *NUMBERS[1:]]
    days = [
        publish(Publications(plan), "2026-01", counts_of(plan, numbers), PIN) for numbers in (NUMBERS, today)
    ]
    found = recover([day.cube("district").document() for day in days])
    assert found.differs
    assert not found.nothing


def test_a_cell_that_is_narrowed_down_is_told_from_one_that_is_recovered():
    plan = area_plan()
    # Two neighbours of 1 and 2 hide each other and their sum of 3 is known.
    found = recover([careless(plan, "district", [1, 2, 22, 9, 12, 16, 7, 45], hide=lambda n: n in {1, 2})])
    assert not found.wide
    assert found.exact or found.narrow


def test_the_command_reads_what_was_published_and_ends_with_1_when_something_is_given_away(tmp_path):
    plan = area_plan()
    safe = publish(Publications(plan), "2026-01", counts_of(plan, NUMBERS), PIN)
    files = {"safe": safe.cube("district").document(), "careless": careless(plan, "district", NUMBERS)}
    ends = {}
    for name, document in files.items():
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(document))
        ends[name] = subprocess.run(
            [sys.executable, "-m", "app.disclosure", str(path)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert ends["safe"].returncode == 0
    assert "0 recovered, 0 too narrow" in ends["safe"].stdout
    assert ends["careless"].returncode == 1
    assert "recovered  a0 × o0 × 2026-01 = 1" in ends["careless"].stdout
    assert "recovered  a0" in report(recover([files["careless"]]))
