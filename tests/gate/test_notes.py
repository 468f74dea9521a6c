"""A note that the browser keeps can be read by it, and neither changed nor prolonged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.gate.notes import Notes

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NOTES = Notes(bytes(32), "test", timedelta(minutes=10))


def test_a_note_says_what_it_said_until_its_time_is_over():
    note = NOTES.seal({"state": "å"}, NOW)
    assert NOTES.read(note, NOW + timedelta(minutes=9)) == {"state": "å"}
    assert NOTES.read(note, NOW + timedelta(minutes=10)) is None


def test_no_letter_of_a_note_can_be_changed():
    note = NOTES.seal({"state": "x"}, NOW)
    for place in range(len(note)):
        for letter in "A_9.":
            changed = note[:place] + letter + note[place + 1 :]
            read = NOTES.read(changed, NOW)
            assert read is None or read == {"state": "x"}, (place, letter)  # the last letter has spare bits


@pytest.mark.parametrize(("key", "kind"), [(bytes(31) + b"x", "test"), (bytes(32), "another")])
def test_a_note_of_another_key_or_kind_is_none(key: bytes, kind: str):
    note = Notes(key, kind, timedelta(minutes=10)).seal({"state": "x"}, NOW)
    assert NOTES.read(note, NOW) is None


@pytest.mark.parametrize("note", ["", ".", "x", "å.ä", "e30.", "e30.e30", "=.="])
def test_what_is_no_note_is_none(note: str):
    assert NOTES.read(note, NOW) is None
