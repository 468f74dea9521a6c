"""Corrections to what is published: neither the figures nor their differences give anything away."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from app.disclosure.cube import counted
from app.disclosure.ledger import Publications, next_version, publish, revise
from app.disclosure.recover import recover
from app.disclosure.versions import came, in_version, leaf, stays, tagged, went
from app.domain.errors import BadInput
from tests.disclosure.small import MONTHS, PIN, area_plan, counts_of, month_of

PLAN = area_plan(months=3)


def everything(made):
    """All editions of all cubes, as a partner has kept them."""
    for cube in PLAN.cubes:
        for time in cube.shown["month"]:
            if PLAN.axes[2].group(time) <= made.pins.keys():
                for version in made.versions(time):
                    yield made.edition(cube.name, time, version).document()


class World:
    """Reports that come, move and go; the counts of any version of it."""

    def __init__(self, seed):
        self.chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.lives = {}  # report -> its base cell in each picture
        self.pictures = 0

    def report(self, month, number):
        for _ in range(number):
            key = (f"a{self.chance.randrange(4)}", f"o{self.chance.randrange(2)}", month)
            self.lives[len(self.lives)] = [None] * self.pictures + [key]

    def picture(self, *, moved=0.0, gone=0.0):
        """Pin the world as it is, and let it go on."""
        self.pictures += 1
        for life in self.lives.values():
            now = life[-1]
            draw = self.chance.random()
            if now is not None and draw < moved:
                now = (f"a{self.chance.randrange(4)}", *now[1:])
            elif draw < moved + gone:
                now = None
            life.append(now)

    def counts(self, periods, pictures, versions):
        """Base cells with the leaf of the versions that count them."""
        made = Counter()
        for life in self.lives.values():
            had = [life[picture] if picture < len(life) else None for picture in pictures]
            for key in {key for key in had if key is not None and key[-1] in periods}:
                made.update(
                    (*key[:-1], tagged(key[-1], part))
                    for part in stays([key == one for one in had], versions)
                )
        return dict(made)


def run(seed, size, corrections):
    """Three months published one after the other, then corrected a few times, one by one or as a whole."""
    world = World(seed)
    made = Publications(PLAN)
    pictures = {month: [] for month in MONTHS}
    for month in MONTHS:
        world.report(month, size)
        world.picture(moved=0.02, gone=0.02)
        pictures[month].append(world.pictures - 1)
        first = Counter(
            key for life in world.lives.values() if (key := life[world.pictures - 1]) and key[-1] == month
        )
        made = publish(made, month, dict(first), PIN)
    for time, late, moved in corrections:
        periods = PLAN.axes[2].group(time)
        for month in periods:
            world.report(month, late)
        world.picture(moved=moved, gone=moved / 2)
        number = 1 + max(max(made.pins[month]) for month in periods)
        for month in periods:
            pictures[month].append(world.pictures - 1)
        counts = {}
        for month in periods:
            counts |= world.counts({month}, pictures[month], [*made.pins[month], number])
        made = revise(made, time, counts, PIN)
    return made


def test_the_leaves_of_a_life_are_the_runs_of_versions_that_count_it():
    assert stays([True, True, True], [1, 2, 3]) == ["1-9"]
    assert stays([True, False, True], [1, 2, 5]) == ["1-1", "5-9"]
    assert stays([False, True, False], [1, 3, 4]) == ["3-3"]
    with pytest.raises(BadInput):
        stays([True], [10])


def test_a_version_is_the_one_before_with_what_came_and_without_what_went():
    parts = {leaf(1): 7, leaf(1, 1): 3, leaf(2): 5, leaf(2, 2): 2, leaf(3): 1}
    counts = {("a", tagged("m", part)): number for part, number in parts.items()}
    cell = (frozenset({"a"}), frozenset({"m"}))
    of = counted([in_version(cell, 1), in_version(cell, 2), in_version(cell, 3)], counts)
    assert list(of.values()) == [10, 14, 13]
    assert counted([came(cell, 1, 3), went(cell, 1, 3)], counts) == {came(cell, 1, 3): 6, went(cell, 1, 3): 3}


@pytest.mark.parametrize("size", [10, 60, 300])
@pytest.mark.parametrize("seed", range(2))
def test_all_editions_together_recover_nothing_and_show_no_small_correction(seed, size):
    chance = random.Random(f"{seed} {size}")  # noqa: S311 - repeatable, not secret
    corrections = [
        (chance.choice([*MONTHS, "total"]), chance.choice([2, 9, 60]), chance.choice([0.0, 0.05, 0.4]))
        for _ in range(2)
    ]
    made = run(seed, size, corrections)
    found = recover(everything(made))
    assert found.nothing, found
    # What is told is what was counted: in the version that the row names.
    for cube in PLAN.cubes:
        for labels, cell in PLAN.rows(cube):
            row = next(row for row in made.cube(cube.name).rows if row.labels == labels)
            exact = counted([in_version(cell, row.version)], made.counts)[in_version(cell, row.version)]
            assert row.figure in {None, exact}


def test_a_large_correction_is_told_and_a_small_one_is_held_back():
    counts = counts_of(
        PLAN, [40, 50, 60, 70, 80, 90, 41, 51, 61, 71, 81, 91, 42, 52, 62, 72, 82, 92, 43, 53, 63, 73, 83, 93]
    )
    made = Publications(PLAN)
    for month in MONTHS:
        made = publish(made, month, month_of(counts, month), PIN)
    assert all(row.figure is not None for row in made.cube("district").rows)
    january = {
        (*key[:-1], tagged(key[-1], leaf(1))): number for key, number in month_of(counts, MONTHS[0]).items()
    }
    # 2 came in one area; in another so many that it may be told.
    late = january | {
        ("a0", "o0", tagged(MONTHS[0], leaf(2))): 2,
        ("a2", "o1", tagged(MONTHS[0], leaf(2))): 30,
    }
    after = revise(made, MONTHS[0], late, PIN)
    rows = {
        (row.labels["area"], row.labels["offence"]): row
        for row in after.edition("district", MONTHS[0], 2).rows
    }
    assert rows["a0", "o0"].version == 1
    assert rows["a0", "o0"].figure == 40
    assert rows["a2", "o1"].version == 2
    assert rows["a2", "o1"].figure == counts["a2", "o1", MONTHS[0]] + 30
    # The first edition is what it was.
    assert after.edition("district", MONTHS[0], 1) == made.edition("district", MONTHS[0], 1)
    assert after.versions("total") == [1]


def corrected(first, changes):
    """An edition of the same period in which some rows have another figure, and others are not given."""
    rows = []
    for row in first["rows"]:
        change = changes.get((row["area"], row["offence"]))
        if change is not None:
            rows.append(row | {"version": 2, "figure": row["figure"] + change})
    return {**first, "rows": rows}


def test_corrected_figures_put_side_by_side_without_care_are_found():
    made = publish(Publications(PLAN), MONTHS[0], month_of(counts_of(PLAN, [40] * 24), MONTHS[0]), PIN)
    first = made.edition("district", MONTHS[0], 1).document()
    found = recover([first, corrected(first, {("a0", "total"): 2})])
    assert list(found.changes.values()) == [2]
    assert recover([first, corrected(first, {("a0", "total"): 7})]).nothing


def test_a_small_correction_between_two_large_ones_is_found_by_whoever_takes_reports_only_to_be_added():
    made = publish(Publications(PLAN), MONTHS[0], month_of(counts_of(PLAN, [40] * 24), MONTHS[0]), PIN)
    first = made.edition("district", MONTHS[0], 1).document()
    # north grew by 12, a0 in it by 10; nothing is said of a1.
    found = recover([first, corrected(first, {("north", "total"): 12, ("a0", "total"): 10})])
    assert set(found.exact.values()) == {2}
    assert all(cell[0] == frozenset({"a1"}) for cell in found.exact)


def test_what_was_published_before_must_be_counted_the_same_again():
    counts = counts_of(PLAN, [40] * 24)
    made = publish(Publications(PLAN), MONTHS[0], month_of(counts, MONTHS[0]), PIN)
    other = {
        (*key[:-1], tagged(key[-1], leaf(1))): number + 1
        for key, number in month_of(counts, MONTHS[0]).items()
    }
    with pytest.raises(BadInput, match="counted otherwise"):
        revise(made, MONTHS[0], other, PIN)
    with pytest.raises(BadInput, match="not published"):
        revise(made, MONTHS[1], {}, PIN)


def test_a_period_has_nine_versions_at_most():
    made = Publications(PLAN, pins={MONTHS[0]: dict.fromkeys(range(1, 9), PIN)})
    assert next_version(made, MONTHS[0]) == 9
    full = Publications(PLAN, pins={MONTHS[0]: dict.fromkeys(range(1, 10), PIN)})
    with pytest.raises(BadInput, match="no room"):
        next_version(full, MONTHS[0])
