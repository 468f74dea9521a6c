"""What may be noted, and what is said of who sees what."""

from __future__ import annotations

from datetime import date

import pytest

from app.db import GROUPS, PERSONS_GROUPS
from app.domain.errors import BadInput
from app.domain.follow_up import Entry, checked, kinds
from app.domain.permissions import GRANTED, PERMISSIONS
from app.domain.policy import explain, role_name, subjects
from app.domain.viewer import ROLES

ON = date(2026, 11, 24)


def test_blanks_are_trimmed_and_nothing_else_is_changed():
    assert checked(Entry("visit", "  Ingen \n hemma.\0 ", " Nytt  besök ")) == Entry(
        "visit", "Ingen hemma.", "Nytt besök"
    )


def test_each_kind_has_its_words_in_both_languages():
    assert len(kinds()) >= 5
    assert all(kind.sv and kind.en and kind.sv != kind.en for kind in kinds().values())


@pytest.mark.parametrize(
    "number", ["186203040123", "18620304-0123", "620304-0123", "620304+0123", "6203040123", "620304 0123"]
)
def test_a_number_of_a_person_is_refused_however_it_is_written_and_not_repeated(number: str):
    with pytest.raises(BadInput, match="personnummer") as refused:
        checked(Entry("visit", f"Talat med {number} i dag."))
    assert number not in str(refused.value)


def test_numbers_of_other_kinds_are_no_persons():
    assert checked(Entry("visit", "Mål B 1234-26, kl. 18.30, tel. 08-123 45 67")).text


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("what", sorted(subjects()))
def test_the_sentences_follow_the_policy(role: str, what: str):
    asked = subjects()[what]
    assert asked.permission in PERMISSIONS
    groups = PERSONS_GROUPS if asked.persons else GROUPS
    granted = asked.permission in GRANTED[role]  # type: ignore[index]
    group = groups.get(role) if granted else None  # type: ignore[call-overload]
    assert (group is not None) == granted
    told = explain(role, what, ["Södermalm"] if role == "area_chief" else [], ON, group)  # type: ignore[arg-type]
    sv, en = " ".join(one for one, _ in told), " ".join(one for _, one in told)
    assert ("Du ser inte" in sv) == ("You do not see" in en) == (not granted)
    assert "{" not in sv + en
    if granted:
        assert str(group) in sv
        assert ("Södermalm" in sv) == (role == "area_chief")
        assert ("läsloggen" in sv and "the log" in en) or not asked.persons
    else:
        assert role_name(role)[0] in sv.split(":")[1]  # type: ignore[arg-type]
