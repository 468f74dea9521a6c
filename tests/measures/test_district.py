"""A district beside similar ones: a range of four or more, by hand, and nobody else's figure."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from app.domain.errors import BadInput
from app.measures.district.recurring import RECURRING, RecurringParams, RecurringResult, figure_of, say
from app.measures.district.similar import SIMILAR, SimilarParams, SimilarResult, alike_to, told

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def similar(rows: list[tuple[str, float | None, int, int, int, float | None]]) -> SimilarResult:
    names = ("area", "population", "reports", "named", "repeats", "gap_days")
    frame = pd.DataFrame(rows, columns=list(names))
    return SIMILAR.run(frame, SimilarParams(), now=NOW, rng=np.random.default_rng(0))


def many(count: int) -> list[tuple[str, float | None, int, int, int, float | None]]:
    return [(f"d{n}", 50_000, 100 + n, 80, 20 + n, 30.0 + n) for n in range(count)]


def test_the_range_is_that_of_the_others_alone():
    result = similar([*many(4), ("own", 50_000, 200, 80, 40, 12.0)])
    row = result.area.index("own")
    assert result.similar[row] == 4
    assert (result.rate[row], result.rate_low[row], result.rate_high[row]) == (400.0, 200.0, 206.0)
    assert (result.share[row], result.share_low[row], result.share_high[row]) == (0.5, 20 / 80, 23 / 80)
    assert (result.gap[row], result.gap_low[row], result.gap_high[row]) == (12.0, 30.0, 33.0)
    said = " ".join(sentence.sv for sentence in told(result, row))
    assert "över spannet" in said
    assert "under spannet" in said
    assert not any(f"d{n}" in said for n in range(4)), "no name of another"


def test_of_ten_or_more_the_ends_are_percentiles():
    result = similar([*many(11), ("own", 50_000, 100, 80, 20, 30.0)])
    row = result.area.index("own")
    assert result.similar[row] == 11
    assert result.rate_low[row] == pytest.approx(np.quantile([2.0 * (100 + n) for n in range(11)], 0.1))


def test_a_range_of_three_is_told_of_nobody():
    assert similar([*many(3), ("own", 50_000, 100, 80, 20, 30.0)]).refusal is not None
    result = similar([*many(3), ("few", 50_000, 100, 5, 1, None), ("own", 50_000, 100, 80, 20, 30.0)])
    row = result.area.index("own")
    assert result.rate_low[row] is not None
    assert (result.share_low[row], result.gap_low[row]) == (None, None), "only three have enough for a share"
    assert result.share[result.area.index("few")] is None
    with pytest.raises(ValueError, match="greater than or equal to 4"):
        SimilarParams(least=3)


def test_the_nearest_are_taken_where_too_few_are_alike():
    people = np.array([10.0, 12.0, 100.0, 200.0, 300.0, 400.0])
    alike = alike_to(0, people, people, 2.0, 4)
    assert alike.widened
    assert alike.rows.tolist() == [1, 2, 3, 4]
    assert not alike_to(2, np.full(6, 50.0), np.full(6, 7.0), 2.0, 4).widened


def test_a_district_without_known_inhabitants_is_neither_compared_nor_compared_with():
    result = similar([*many(5), ("own", None, 100, 80, 20, 30.0)])
    assert "own" not in result.area
    assert set(result.similar) == {4}


@pytest.mark.parametrize(
    "rows", [[("a", 1.0, -1, 0, 0, None)], [("a", 1.0, 1, 0, 0, None), ("a", 1.0, 1, 0, 0, None)]]
)
def test_a_table_that_will_not_do_is_refused(
    rows: list[tuple[str, float | None, int, int, int, float | None]],
):
    with pytest.raises(BadInput):
        similar(rows)


def recurring(rows: list[tuple[str, str, int, int, int]]) -> RecurringResult:
    frame = pd.DataFrame(rows, columns=["area", "of", "times", "open", "units"])
    return RECURRING.run(frame, RecurringParams(), now=NOW, rng=np.random.default_rng(0))


def test_counts_add_up_and_only_pairs_are_followed_up():
    result = recurring(
        [("a", "pair", 3, 1, 2), ("a", "pair", 4, 0, 1), ("a", "pair", 2, 0, 7), ("a", "victim", 2, 1, 3)]
    )
    assert figure_of(result, "pair", 2) == (10, 2)
    assert figure_of(result, "pair", 3) == (3, 2)
    assert figure_of(result, "victim", 2) == (3, 0)
    assert (
        say(result)[0].sv
        == "3 par med tre eller fler anmälningar det senaste året, 2 av dem utan uppföljning i tid."
    )
    assert say(recurring([("a", "pair", 3, 0, 1)]))[0].sv.endswith(
        "det senaste året, alla med uppföljning i tid."
    )
    assert (
        say(recurring([("a", "address", 1, 0, 1)]))[0].sv
        == "0 par med tre eller fler anmälningar det senaste året."
    )


@pytest.mark.parametrize("row", [("a", "witness", 2, 0, 1), ("a", "pair", 2, 0, -1)])
def test_what_there_is_no_word_for_is_refused(row: tuple[str, str, int, int, int]):
    with pytest.raises(BadInput):
        recurring([row])
