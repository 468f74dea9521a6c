"""What may be entered into the log book, and what is kept of a view."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from app.domain.errors import BadInput
from app.domain.log_book import MOST_TEXT, NewEntry, checked, kinds

DUE = datetime(2026, 11, 25, 7, tzinfo=UTC)
CASE = UUID(int=7)


def test_each_kind_has_its_words_in_both_languages_and_steps_are_not_written_by_hand():
    assert all(kind.sv and kind.en for kind in kinds().values())
    assert [kind.id for kind in kinds().values() if not kind.written] == ["handover", "done"]


def test_blanks_are_trimmed_and_lines_stay_lines():
    said = checked(NewEntry("note", "  Två  bilar \n\n\n\n till  Farsta. \0\n"))
    assert said.text == "Två bilar\n\ntill Farsta."


@pytest.mark.parametrize(
    "number", ["186203040123", "18620304-0123", "620304-0123", "620304+0123", "620304 0123"]
)
@pytest.mark.parametrize("field", ["text", "owner", "view"])
def test_a_number_of_a_person_is_refused_wherever_it_is_written_and_not_repeated(number: str, field: str):
    given: dict[str, Any] = {"text": "Ring.", "owner": "Yttre befäl", "view": "/", "due": DUE}
    given[field] = f"/?case={number}" if field == "view" else f"Ring {number} i dag"
    with pytest.raises(BadInput) as refused:
        checked(NewEntry("follow_up", **given))
    assert number not in str(refused.value)


@pytest.mark.parametrize(
    "entry",
    [
        NewEntry("gossip", "Hört."),
        NewEntry("note", " \n "),
        NewEntry("note", "x" * (MOST_TEXT + 1)),
        NewEntry("follow_up", "Ring.", owner="Yttre befäl"),
        NewEntry("follow_up", "Ring.", due=DUE),
        NewEntry("note", "Ring.", owner="Yttre befäl"),
        NewEntry("follow_up", "Ring.", owner="Befäl", due=datetime(2026, 11, 25, 7)),  # noqa: DTZ001 - that is what is wrong
        NewEntry("follow_up", "Ring.", owner="Befäl", due=datetime(1026, 11, 25, 7, tzinfo=UTC)),
        NewEntry("intervention", "Patrull.", area="lpo-sodermalm"),
        NewEntry("intervention", "Patrull.", begins=date(2026, 11, 1)),
        NewEntry("intervention", "P.", area="lpo-x", begins=date(2026, 11, 2), ends=date(2026, 11, 1)),
        NewEntry("decision", "Patrull.", begins=date(2026, 11, 1)),
        NewEntry("review", "Gått igenom."),
        NewEntry("done", "Ringt."),
        NewEntry("note", "Ringt.", about=CASE),
        NewEntry("handover", "Lugnt."),
        NewEntry("note", "Lugnt.", figures={}),
        NewEntry("note", "Här.", lon=18.0),
        NewEntry("note", "Här.", lon=59.3, lat=118.0),
        NewEntry("note", "Alla.", area="lpo-x", for_all=True),
    ],
)  # fmt: skip
def test_an_entry_that_lacks_what_its_kind_needs_or_has_another_kinds_is_refused(entry: NewEntry):
    with pytest.raises(BadInput):
        checked(entry)


def test_each_kind_that_has_what_it_needs_is_let_in():
    for entry in (
        NewEntry("decision", "Två bilar till Farsta.", for_all=True),
        NewEntry("follow_up", "Ring.", owner="Yttre befäl", due=DUE),
        NewEntry("intervention", "Fotpatrull.", area="lpo-sodermalm", begins=date(2026, 11, 1)),
        NewEntry("review", "Gått igenom.", incident=CASE),
        NewEntry("handover", figures={"added": 3}),
        NewEntry("done", about=CASE),
        NewEntry("note", "Här.", lon=18.07, lat=59.31),
    ):
        assert checked(entry) == entry


def test_a_view_is_kept_as_any_address_is():
    entry = NewEntry("note", "Här.", view="/omrade?area=lpo-sodermalm&lang=en&theme=light&split=hour")
    assert checked(entry).view == "/omrade?area=lpo-sodermalm&split=hour"
    assert checked(NewEntry("note", "Här.")).view == ""
    for wrong in ("https://example.org/", "/par?pair=Qm5uYV9vY2g"):
        with pytest.raises(BadInput):
            checked(NewEntry("note", "Här.", view=wrong))
