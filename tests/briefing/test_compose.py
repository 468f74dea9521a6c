"""Facts in, an edition out: what is missing comes first, what is not unusual is said, nobody is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.briefing.compose import compose
from app.briefing.edition import Edition, Said, canonical
from app.briefing.facts import FeedState, Gap, Pair, Report
from app.briefing.pairs import risen
from app.briefing.unknown import expected, silences
from app.domain.measure import Sentence
from app.domain.words import objection
from tests.briefing.made_up import DAY, KNOWN, STEADY, counted, deviation, eventful, facts, measured


def said(edition: Edition, name: str) -> Said:
    return next(one for one in edition.sentences() if one.name == name)


def names(edition: Edition) -> set[str]:
    return {one.name for one in edition.sentences()}


@pytest.mark.parametrize("told", [facts(), eventful()], ids=["quiet", "eventful"])
def test_each_sentence_can_be_said_in_both_languages_and_carries_what_it_rests_on(told: object) -> None:
    edition = compose(told)  # type: ignore[arg-type]
    for one in edition.sentences():
        problem = objection(Sentence(one.text.sv, one.text.en))
        assert problem is None, problem
        assert one.source.query
        assert one.source.known_at <= KNOWN
        assert one.source.position in {"10-20", "10-30"}
    assert len(list(edition.sentences())) == len(
        {(section.name, one.name) for section in edition.sections for one in section.said}
    ) + 1  # fmt: skip


def test_the_same_facts_give_the_same_edition() -> None:
    assert canonical(compose(eventful())) == canonical(compose(eventful()))


def test_a_quiet_morning_says_that_it_is_quiet() -> None:
    edition = compose(facts())
    assert edition.first.figures["missing"] == 0
    assert edition.first.text.sv == "Allt underlag som genomgången behöver finns."
    for name in ("nowhere", "normal", "no_cluster", "again", "night_reports"):
        assert said(edition, name).tone != "unusual"
    assert said(edition, "nowhere").text.sv == (
        "Inget lokalpolisområde ligger över det vanliga den senaste hela veckan."
    )
    assert said(edition, "normal").figures == {"districts": 2}


def test_what_the_picture_does_not_know_is_its_first_section() -> None:
    assert compose(facts()).sections[0].name == "unknown"


@pytest.mark.parametrize("question", facts().asked)
def test_a_measure_that_is_not_there_is_named_on_the_first_line(question: str) -> None:
    told = facts()
    without = replace(told, measured={name: one for name, one in told.measured.items() if name != question})
    failed = replace(told, measured={**told.measured, question: measured(question, None, "failed")})
    for one in (without, failed):
        edition = compose(one)
        assert edition.first.tone == "unknown"
        assert edition.first.figures["missing"] == 1
        assert edition.first.text.sv.startswith("Det här saknas i underlaget: ")
        assert f"no_{question}" in names(edition)


def test_no_chart_is_drawn_where_the_history_is_too_short() -> None:
    (happened,) = [one for one in compose(facts()).sections if one.name == "happened"]
    assert len(happened.charts[0].weeks) == 26
    short = compose(facts(first_day=DAY - timedelta(days=90), counted=(counted("reports", "night", 4, ()),)))
    (happened,) = [one for one in short.sections if one.name == "happened"]
    assert happened.charts == ()
    assert "tidigare veckor" in short.first.text.sv


def test_a_log_book_that_cannot_be_read_is_missing() -> None:
    edition = compose(facts(log_book=None))
    assert "loggboken" in edition.first.text.sv
    assert said(edition, "log_book").tone == "unknown"


def test_an_eventful_morning_tells_all_of_it() -> None:
    edition = compose(eventful())
    assert "anmälningar sedan" in edition.first.text.sv
    assert said(edition, "above_lpo-a").text.sv.startswith(
        "Älvnäs: fler än vanligt. 31 anmälningar 16–22 november"
    )
    assert said(edition, "above_lpo-a").figures["expected_high"] == 24
    assert said(edition, "cluster_1").tone == "unusual"
    assert said(edition, "night_reports").tone == "unusual"
    assert said(edition, "again").figures == {"again": 2, "third": 1, "oftener": 1, "graver": 2, "both": 1}
    assert said(edition, "outcomes").figures["unreviewed"] == 1
    assert said(edition, "changes").figures == {"added": 12, "withdrawn": 2, "moved": 0, "corrected": 1}
    assert said(edition, "silent_uppdrag_1").figures["expected"] == 12.0
    assert said(edition, "log_book").figures == {"decided": 1, "open": 1, "overdue": 1}
    assert said(edition, "held").figures == {"held": 3}


def test_what_is_about_a_case_is_not_quoted() -> None:
    (decided,) = [one for one in compose(eventful()).sections if one.name == "decided"]
    rows = decided.grids[1].rows
    assert rows[0]["text"].sv == "Om ett ärende; läs i loggboken."  # type: ignore[union-attr]


def test_a_district_is_told_of_itself_only() -> None:
    own = {"deviation": measured("deviation", deviation(a="above"))}
    told = replace(eventful(), area="lpo-a", asked=("deviation",), measured=own)
    edition = compose(told)
    assert all(one.source.scope == "lpo-a" for one in edition.sentences())
    assert not {"clusters", "no_cluster", "repeats"} & names(edition)
    assert not [
        grid for section in edition.sections for grid in section.grids if grid.name == "pairs_by_district"
    ]


@given(st.lists(st.tuples(st.integers(0, 500), st.sampled_from([200, 450, 700])), min_size=1, max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_pair_rises_by_its_own_reports_alone(reports: list[tuple[int, int]]) -> None:
    ordered = sorted(reports, reverse=True)
    pair = Pair(1, tuple(Report(DAY - timedelta(days=back), None, grave) for back, grave in ordered))
    rise = risen(pair, facts())
    again = len(ordered) > 1 and 1 <= ordered[-1][0] <= 7
    assert (rise is not None) == again
    if rise is not None:
        gaps = [before - after for (before, _), (after, _) in pairwise(ordered)]
        assert rise.graver == all(grave < ordered[-1][1] for _, grave in ordered[:-1])
        assert rise.oftener == (len(gaps) > 1 and all(gaps[-1] < gap for gap in gaps[:-1]))
        assert rise.third == (sum(back - ordered[-1][0] <= 365 for back, _ in ordered) >= 3)


@given(st.integers(1, 900), st.floats(0, 40))
@settings(max_examples=200, deadline=None)
def test_a_gap_is_a_silence_by_what_usually_comes_in_it(minutes: int, rate: float) -> None:
    gap = Gap(KNOWN - timedelta(minutes=minutes), KNOWN, 0)
    feed = FeedState("uppdrag", "call", gap.first, (rate,) * 24, (gap,), 0)
    many = expected(feed, gap, "Europe/Stockholm")
    assert abs(many - rate * minutes / 60) < 1e-6
    assert bool(silences(feed, "Europe/Stockholm")) == (many >= 7.0)


def test_an_hour_that_the_clock_repeats_counts_twice() -> None:
    zone, hours = "Europe/Stockholm", list(STEADY)
    hours[2] = 100.0
    gap = Gap(
        KNOWN.replace(month=10, day=24, hour=23, minute=0),
        KNOWN.replace(month=10, day=25, hour=3, minute=0),
        0,
    )
    feed = FeedState("uppdrag", "call", gap.first, tuple(hours), (gap,), 0)
    assert expected(feed, gap, zone) == pytest.approx(3.0 + 100.0 + 100.0 + 3.0)
