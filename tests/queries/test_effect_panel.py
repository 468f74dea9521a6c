"""Who is compared with whom, and over which weeks: a rule that anybody can say, and never fewer than four."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from app.measures import get_measure
from app.measures.effect.effect_model import EffectResult
from app.queries.effect_panel import LEAST, Compared, Done, compared, groups, panel, sizes, weeks_of
from app.queries.measure_frames import District
from app.statistics.frames import conform

DAY = date(2026, 11, 24)  # a Tuesday
FIRST = date(2023, 1, 1)
CODES = tuple("abcdefghijk")
PEOPLE: dict[str, int | None] = {code: 50_000 + 3_000 * number for number, code in enumerate(CODES)}
DISTRICTS = tuple(
    District(number, code, code.upper(), "po", "Po", date(1900, 1, 1)) for number, code in enumerate(CODES)
)
DONE = Done("1", "a", date(2026, 3, 2), None)  # a Monday


def test_the_weeks_are_whole_and_the_last_two_are_left_out():
    weeks = weeks_of(DONE, FIRST, DAY)
    assert len(weeks.before) == 104
    assert weeks.before[-1] == date(2026, 2, 23)
    assert weeks.after[0] == date(2026, 3, 2)
    assert weeks.after[-1] == date(2026, 11, 2), "the weeks of the 9th and the 16th are still coming in"
    assert all(one.weekday() == 0 for one in (*weeks.before, *weeks.after))


def test_a_week_in_which_it_began_or_ended_is_neither():
    weeks = weeks_of(Done("1", "a", date(2026, 3, 4), date(2026, 5, 6)), FIRST, DAY)
    assert weeks.before[-1] == date(2026, 2, 23)
    assert weeks.after[0] == date(2026, 3, 9)
    assert weeks.after[-1] == date(2026, 4, 27)
    until_sunday = weeks_of(Done("1", "a", date(2026, 3, 2), date(2026, 3, 15)), FIRST, DAY)
    assert until_sunday.after == (date(2026, 3, 2), date(2026, 3, 9))


@pytest.mark.parametrize("begins", [DAY, DAY + timedelta(days=40)])
def test_what_has_just_begun_has_no_time_after(begins: date):
    assert weeks_of(Done("1", "a", begins, None), FIRST, DAY).after == ()


def counts(rate: float = 5.0, **changed: float) -> dict[tuple[str, date], int]:
    random = np.random.default_rng(3)
    weeks = weeks_of(DONE, FIRST, DAY)
    return {
        (code, week): int(random.poisson(rate * (changed.get(code, 1.0) if week >= DONE.begins else 1.0)))
        for code in CODES
        for week in (*weeks.before, *weeks.after)
    }


def chosen(**asked: object) -> Compared:
    weeks = weeks_of(DONE, FIRST, DAY)
    told = {"districts": DISTRICTS, "people": PEOPLE, "counts": counts(), "bordering": (), "others_done": ()}
    return compared(DONE, weeks, **{**told, **asked})  # type: ignore[arg-type]


def test_neighbours_and_those_with_something_of_their_own_are_no_controls():
    found = chosen(
        bordering=(("a", "b"), ("c", "a"), ("d", "e")),
        others_done=(
            DONE,
            Done("2", "f", date(2026, 6, 1), None),
            Done("3", "g", date(2020, 1, 1), date(2020, 2, 1)),
        ),
    )
    assert found.beside == ("b", "c")
    assert "a" not in found.controls
    assert "f" not in found.controls, "it had something of its own then"
    assert "g" in found.controls, "what it had was over long before"
    assert set(found.controls) == set("deghijk")
    assert not found.widened


def test_districts_of_another_size_are_no_controls_unless_there_are_too_few():
    unlike = {**PEOPLE, **dict.fromkeys("hijk", 400_000)}
    assert set(chosen(people=unlike).controls) == set("bcdefg")
    few = {**PEOPLE, **dict.fromkeys("defghijk", 400_000)}
    found = chosen(people=few)
    assert found.widened
    assert len(found.controls) == LEAST
    assert {"b", "c"} <= set(found.controls)


def test_a_district_that_was_not_there_all_the_time_is_no_control():
    newer = tuple(one._replace(since=date(2025, 6, 1)) if one.code == "k" else one for one in DISTRICTS)
    assert "k" not in chosen(districts=newer).controls


def test_of_fewer_than_four_others_nothing_is_told():
    weeks, held = weeks_of(DONE, FIRST, DAY), counts()
    whom = compared(DONE, weeks, DISTRICTS, PEOPLE, held, (("a", "b"),), ())
    assert set(groups(DONE, weeks, whom, held)["role"]) == {"treated", "control"}, (
        "one neighbour alone is no group"
    )
    several = compared(DONE, weeks, DISTRICTS, PEOPLE, held, [("a", code) for code in "bcde"], ())
    assert set(groups(DONE, weeks, several, held)["role"]) == {"treated", "control"}, (
        "and nobody is left to hold them to"
    )
    table = groups(DONE, weeks, several, held)
    assert sizes(table, DONE, several, PEOPLE)["treated"] == PEOPLE["a"]


def test_the_counts_of_the_groups_add_up_to_those_of_the_panel():
    weeks, held = weeks_of(DONE, FIRST, DAY), counts()
    whom = chosen(counts=held)
    told, summed = panel(DONE, weeks, whom, held), groups(DONE, weeks, whom, held)
    treated = [n for area, n in zip(told["area"], told["count"], strict=True) if area == "a"]
    assert summed["before"][0] + summed["after"][0] == sum(treated)
    assert sum(summed["before"][:2]) + sum(summed["after"][:2]) == sum(told["count"])


@pytest.mark.parametrize(("change", "said"), [(0.5, "below"), (1.0, "level")])
def test_the_measure_sees_in_the_panel_what_was_put_there(change: float, said: str):
    held = counts(a=change)
    weeks = weeks_of(DONE, FIRST, DAY)
    whom = chosen(counts=held)
    measure = get_measure("effect")
    table = pd.DataFrame(dict(panel(DONE, weeks, whom, held)))
    params = measure.params.model_validate(
        {"treated": ["a"], "start": weeks.after[0].isoformat(), "least_controls": LEAST}
    )
    result: EffectResult = measure.run(
        conform(table, measure.columns),
        params,
        now=None,
        rng=np.random.default_rng(1),  # type: ignore[arg-type]
    )
    assert result.refusal is None
    assert result.low is not None
    assert result.high is not None
    assert (result.high < 1) == (said == "below")
    assert result.low < 1
