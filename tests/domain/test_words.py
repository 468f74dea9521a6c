"""What is said is said right: figures as each language writes them, forms by number, and nothing nobody is to hear."""

from __future__ import annotations

import math
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import words
from app.domain.measure import Sentence

NBSP = "\u00a0"
finite = st.floats(-1e12, 1e12, allow_nan=False)
counts = st.integers(0, 10**7)
shares = st.floats(0, 1)
ratios = st.floats(0.001, 50)


def read(text: str, language: words.Language) -> float:
    """What somebody reads in a figure."""
    if language == "sv":
        text = text.replace(NBSP, "").replace(",", ".")
    return float(text.replace(",", "").replace("−", "-"))


class TestFigures:
    @given(finite, st.integers(0, 4), st.sampled_from(["sv", "en"]))
    def test_a_figure_is_read_back_as_what_it_was(
        self, value: float, decimals: int, language: words.Language
    ):
        text = words.number(value, language, decimals)
        assert abs(read(text, language) - value) <= 0.5 * 10**-decimals * (1 + 1e-9) + abs(value) * 1e-12
        assert "-" not in text
        assert not re.fullmatch(r"−0([.,]0*)?", text)

    def test_swedish_and_english_write_it_their_own_way(self):
        assert words.number(1234567.891, "sv", 1) == f"1{NBSP}234{NBSP}567,9"
        assert words.number(1234567.891, "en", 1) == "1,234,567.9"
        assert words.number(-0.2, "sv") == "0"
        assert words.number(-0.04, "en", 1) == "0.0"
        assert words.number(-12.5, "sv", 1) == "−12,5"
        assert words.percent(0.123, "sv") == f"12{NBSP}%"
        assert words.percent(0.123, "en", 1) == "12.3%"

    @pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
    def test_what_is_no_figure_is_not_said(self, value: float):
        for say in (words.number, words.percent):
            with pytest.raises(ValueError, match="cannot be said"):
                say(value, "sv")
        with pytest.raises(ValueError, match="no length of time"):
            words.span(value, "sv")

    @given(finite, finite)
    def test_an_interval_names_both_ends_or_the_one_that_both_are(self, one: float, other: float):
        low, high = sorted((one, other))
        for language in ("sv", "en"):
            text = words.interval(low, high, language)
            assert words.number(low, language) in text
            assert words.number(high, language) in text

    def test_an_interval_below_nought_can_be_read(self):
        assert words.interval(-5, 3, "sv") == "−5 till 3"
        assert words.interval(-5, 3, "en") == "−5 to 3"
        assert words.interval(5, 33, "sv") == "5–33"
        assert words.interval(2.1, 2.4, "sv") == "2"
        assert words.percent_interval(0.05, 0.33, "sv") == f"5–33{NBSP}%"


class TestNumbersOfThings:
    @given(st.floats(0, 1e6), st.integers(0, 2))
    def test_one_is_one_and_all_else_is_many_as_it_is_written(self, count: float, decimals: int):
        text = words.counted(count, words.REPORT, "sv", decimals)
        figure, form = text.rsplit(" ", 1)
        assert form == ("anmälan" if figure == "1" else "anmälningar")

    def test_forms(self):
        assert words.counted(1, words.REPORT, "sv") == "1 anmälan"
        assert words.counted(2, words.REPORT, "sv") == "2 anmälningar"
        assert words.counted(0, words.REPORT, "en") == "0 reports"
        assert words.counted(1.5, words.YEAR, "sv", 1) == "1,5 år"
        assert words.counted(1200, words.ALERT, "sv") == f"1{NBSP}200 larm"
        assert words.counted(1, words.FALSE_ALERT, "en") == "1 false alert"

    def test_lists(self):
        assert words.listed([], "sv") == ""
        assert words.listed(["Farsta"], "sv") == "Farsta"
        assert words.listed(["Farsta", "Järva"], "sv") == "Farsta och Järva"
        assert words.listed(["A", "B", "C"], "en") == "A, B and C"


class TestTimes:
    @pytest.mark.parametrize(
        ("days", "told"),
        [
            (0, "mindre än en dag"), (1, "1 dag"), (3, "3 dagar"), (14, "14 dagar"), (21, "3 veckor"),
            (56, "8 veckor"), (60, "2 månader"), (365, "12 månader"), (731, "2 år"), (3652, "10 år"),
        ],
    )  # fmt: skip
    def test_a_length_is_told_in_the_unit_that_people_use(self, days: float, told: str):
        assert words.span(days, "sv") == told

    @given(st.floats(0.5, 1e6))
    def test_a_length_is_told_within_a_seventh(self, days: float):
        size = {"day": 1, "week": 7, "month": 30.4375, "year": 365.25}
        figure, unit = words.span(days, "en").split(" ")
        told = float(figure.replace(",", "")) * size[unit.removesuffix("s")]
        assert abs(told - days) <= max(0.5, days * 0.18)

    def test_how_seldom(self):
        assert words.once_in(730, "sv") == "ungefär en gång på 2 år"
        assert words.once_in(730, "en") == "about once in 2 years"
        assert words.once_in(1, "sv") == "ungefär varje dag"

    def test_a_day(self):
        assert words.day_text(date(2026, 11, 24), "sv") == "24 november 2026"
        assert words.day_text(date(2026, 5, 1), "en") == "1 May 2026"

    def test_how_often_an_interval_holds(self):
        assert words.how_often(0.95, "sv") == "19 gånger av 20"
        assert words.how_often(0.8, "sv") == "4 gånger av 5"
        assert words.how_often(0.9, "en") == "9 times in 10"
        assert words.how_often(0.9876, "sv") == f"i 98,8{NBSP}%"


class TestSentences:
    def test_what_issues_and_commanders_know_by_heart(self):
        assert words.against_normal(31, 12, 24).sv == "31 anmälningar, vi väntar oss 12–24."
        assert words.against_normal(1, 2, 9).sv == "1 anmälan, vi väntar oss 2–9."
        assert words.false_share(0.32).sv == "I en simulering var en tredjedel av sådana varningar falska."
        assert words.too_few(3, 10).sv == "För få fall för att säga något: 3, det behövs 10."
        assert words.too_few_of(words.AREA, 2, 4).sv == "För få områden för att säga något: 2, det behövs 4."
        assert words.compared(31, 12, 24) is words.ABOVE
        assert words.compared(12, 12, 24) is words.NORMAL
        assert words.compared(11, 12, 24) is words.BELOW

    def test_a_change_says_how_much_and_whether_it_could_be_chance(self):
        assert words.change(0.8, 0.67, 0.95).sv == f"Ungefär 20{NBSP}% färre än väntat (5–33{NBSP}%)."
        assert words.change(1.2, 1.1, 1.3).en == "About 20% more than expected (10–30%)."
        assert words.change(0.8, 0.6, 1.1).sv == (
            f"Ungefär 20{NBSP}% färre än väntat, men det kan vara slump "
            f"(40{NBSP}% färre till 10{NBSP}% fler)."
        )
        assert words.change(2.5, 1.5, 4).sv == (
            f"Ungefär 2,5 gånger så många som väntat (50{NBSP}% fler till 4,0 gånger så många)."
        )
        assert words.change(1, 0.9, 1.1).sv.startswith("Ungefär så många som väntat, men det kan vara slump")

    @given(ratios, ratios, ratios)
    def test_every_change_can_be_said(self, one: float, two: float, three: float):
        low, ratio, high = sorted((one, two, three))
        said = words.change(ratio, low, high)
        assert words.objection(said) is None
        assert ("slump" in said.sv) == (low < 1 < high)
        if round(100 * ratio) != 100:
            assert ("färre" in said.sv.split("(")[0]) == (ratio < 1)

    @given(counts, counts, counts, shares, shares, st.floats(0, 5000))
    def test_no_sentence_says_what_nobody_is_to_hear(
        self, one: int, two: int, three: int, share: float, other: float, days: float
    ):
        low, middle, high = sorted((one, two, three))
        first, last = sorted((share, other))
        week = Sentence("nästa vecka", "next week")
        for said in (
            words.against_normal(one, low, high),
            words.compared(one, low, high),
            words.false_share(share),
            words.too_few(one, two),
            words.too_few_of(words.AREA, one, two),
            words.expected_soon(low, high, week, 0.8),
            words.late(low, middle, low, high),
            words.again(share, first, last, days),
            words.seldom(one, days, 10 * days),
            words.join([words.TOO_FEW, words.CHANCE, words.NO_FALL, words.NO_HISTORY]),
        ):
            assert words.objection(said) is None, said

    @pytest.mark.parametrize(
        "said",
        [
            Sentence("Skillnaden är signifikant.", "The difference is clear."),
            Sentence("Skillnaden är klar.", "The difference is significant."),
            Sentence("Vi väntar oss nan.", "We expect some."),
            Sentence("Vi väntar oss några.", "We expect None."),
            Sentence("Upp till inf.", "Without end."),
            Sentence("utan stor bokstav.", "Without a capital."),
            Sentence("Utan slut", "Without an end."),
            Sentence("", "Nothing."),
            Sentence("Same.", "Same."),
        ],
    )
    def test_what_may_not_be_said_is_objected_to(self, said: Sentence):
        assert words.objection(said)

    def test_words_that_only_look_like_it_are_no_objection(self):
        assert (
            words.objection(Sentence("Ordnande av finanser i Annan kommun.", "Finance and information."))
            is None
        )
