"""Flags are facts with their sources."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import ROOT
from app.domain.errors import SetupError
from app.domain.flags import Noted, evaluate, flag_rules, parse_rules
from geodata.pack import read_pack
from tests.domain.rungs import chains, rung

WORDS = 'id = "x"\nversion = 1\ntext_sv = "x"\ntext_en = "x"\n'


def held(chain):
    return {flag.rule: flag for flag in evaluate(chain, flag_rules())}


def test_the_third_report_within_twelve_months_is_told_with_all_three():
    flag = held((rung(1, 0), rung(2, 100), rung(3, 365)))["third-report-12-months"]
    assert [source.incident.int for source in flag.sources] == [1, 2, 3]
    assert flag.day == rung(3, 365).day
    assert "third-report-12-months" not in held((rung(1, 0), rung(2, 100), rung(3, 366)))


def test_a_breach_of_contact_ban_counts_where_it_is_of_this_pair():
    assert held((rung(1, 0, "4090"),))["contact-ban-breach"].sources[0].codes == ("4090",)
    assert not held((rung(1, 0, beside=("4090",)),))


def test_a_child_is_told_by_what_stands_beside_the_pair():
    flag = held((rung(1, 0), rung(2, 5, beside=("9495",))))["child-present"]
    assert [source.incident.int for source in flag.sources] == [2]


@given(chains())
def test_the_third_report_flag_is_exactly_what_a_plain_count_finds(chain):
    days = sorted(r.day for r in chain)
    plain = any((three[-1] - three[0]).days <= 365 for three in combinations(days, 3))
    assert ("third-report-12-months" in held(chain)) == plain


@given(chains(), st.randoms(use_true_random=False))
def test_flags_do_not_depend_on_the_order_of_arrival_and_name_only_what_is_there(chain, random):
    shuffled = random.sample(chain, len(chain))
    flags = evaluate(chain, flag_rules())
    assert evaluate(shuffled, flag_rules()) == flags
    rungs = {r.incident: r for r in chain}
    for flag in flags:
        assert flag.sources
        assert flag.day == max(source.day for source in flag.sources)
        for source in flag.sources:
            told = rungs[source.incident]
            assert set(source.codes) <= {act.code for act in (*told.offences, *told.beside)}


@given(chains(smallest=2))
def test_one_report_less_never_adds_a_flag(chain):
    assert held(chain[1:]).keys() <= held(chain).keys()


def test_the_rules_name_offences_that_the_region_has():
    offences = [line.split(",") for line in (read_catalogue()).splitlines()]
    codes, text = {line[0] for line in offences}, read_catalogue()
    for rule in flag_rules():
        assert rule.codes <= codes
        assert all(f",{group}," in text for group in rule.groups)


def read_catalogue():
    assert read_pack("stockholm").checksum
    return (ROOT / "geodata/regions/stockholm/offences.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text",
    [
        'id = "x"\nat_least = 3\nwithin_days = 3',
        WORDS + "at_least = 3",
        WORDS + "at_least = 0\nwithin_days = 3",
        WORDS + 'codes = ["1"]\namong = "everybody"',
        WORDS + 'codes = ["1"]\namong = "pair"\nweight = 3',
        WORDS + "no_follow_up_days = 0",
        WORDS + "no_follow_up_days = 7\nat_least = 2\nwithin_days = 3",
        WORDS + "at_least = 3\nwithin_days = 3\n[[rule]]\n" + WORDS + "at_least = 2\nwithin_days = 3",
    ],
)
def test_a_rule_that_says_more_or_less_than_a_fact_is_refused(text):
    with pytest.raises(SetupError):
        parse_rules("[[rule]]\n" + text)


MISSED = tuple(rule for rule in flag_rules() if rule.no_follow_up_days)


def told(day: int) -> datetime:
    return rung(1, day).told_at


@given(chains(), st.lists(st.integers(0, 1600), max_size=4), st.integers(0, 1700))
def test_that_nothing_was_noted_is_exactly_what_a_plain_look_finds(chain, noted, at):
    moments = tuple(told(day) for day in noted if day <= at)
    last = max(r.told_at for r in chain)
    plain = told(at) >= last + timedelta(days=7) and not any(
        last <= moment <= last + timedelta(days=7) for moment in moments
    )
    flags = evaluate(chain, MISSED, Noted(told(at), moments))
    assert bool(flags) == plain
    if plain:
        assert [r.told_at for r in chain if r.incident == flags[0].sources[0].incident] == [last]
        assert not flags[0].opens


def test_a_follow_up_counts_to_the_minute_and_one_after_seven_days_does_not():
    chain, late = (rung(1, 0), rung(2, 10)), Noted(told(20), (told(17) + timedelta(minutes=1),))
    assert evaluate(chain, MISSED, Noted(told(20)))
    assert evaluate(chain, MISSED, late)
    assert not evaluate(chain, MISSED, Noted(told(20), (told(17),)))
    assert not evaluate(chain, MISSED, Noted(told(17) - timedelta(minutes=1)))
    assert evaluate(chain, MISSED, Noted(told(20), (told(5),))), (
        "what was noted before the report is not of it"
    )


def test_where_nobody_says_what_was_noted_nothing_is_said_of_it():
    assert not evaluate((rung(1, 0),), MISSED)
