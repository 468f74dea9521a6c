"""The chain and the heads by themselves: whatever is changed in a list of rows is found, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import heads as head_lines
from app.domain.chain import COLUMNS, GENESIS, LATE_US, ChainCheck, Finding, Seal, check_unsealed, link
from app.domain.heads import HeadCheck, check_chain, whole_lines
from app.jobs.audit_keys import AuditKeys

if TYPE_CHECKING:
    from collections.abc import Iterable

KEYS = AuditKeys(bytes(range(32)))
START_US = 1_700_000_000_000_000
SECOND_US = 1_000_000


def sealed(count: int, *, every_us: int = SECOND_US) -> list[Seal]:
    """Rows as the sealer leaves them, one every ``every_us``."""
    seals, before = [], GENESIS
    for number in range(1, count + 1):
        at = START_US + number * every_us
        fields: list[str | None] = [f"{name} {number}" for name in COLUMNS]
        fields[0], fields[2], fields[7] = str(number), str(at), None
        before = link(KEYS.chain, before, number, str(at + SECOND_US), fields)
        seals.append(Seal(number, number, before, str(at + SECOND_US), fields))
    return seals


def findings(seals: Iterable[Seal]) -> list[Finding]:
    check = ChainCheck(KEYS.chain)
    return [finding for seal in seals for finding in check.take(seal)]


def headed(seals: list[Seal], every: int = 3) -> list[bytes]:
    """The heads of every ``every``-th seal and of the last."""
    last, lines = None, []
    for seal in seals:
        if seal.seal_no % every == 0 or seal is seals[-1]:
            last = head_lines.make(
                KEYS.signing,
                last,
                count=seal.seal_no,
                log_id=seal.log_id,
                tip=seal.hash,
                at_us=int(seal.sealed_us),
            )
            lines.append(last.line().rstrip(b"\n"))
    return lines


def head_findings(lines: list[bytes], seals: list[Seal]) -> list[Finding]:
    heads = HeadCheck(KEYS.public)
    found = list(heads.take(lines))
    tips = {seal.seal_no: seal.hash for seal in seals}
    return found + list(check_chain(heads, tips, seals[-1].seal_no if seals else 0))


def test_what_was_sealed_is_whole() -> None:
    seals = sealed(20)
    assert findings(seals) == []
    assert head_findings(headed(seals), seals) == []


@given(st.integers(0, 19), st.sampled_from(range(len(COLUMNS))), st.one_of(st.none(), st.text()))
def test_any_column_of_any_row_that_is_changed_is_named(place: int, column: int, value: str | None) -> None:
    seals = sealed(20)
    fields = list(seals[place].fields or ())
    changed = value if value != fields[column] else f"{value}."
    fields[column] = changed
    seals[place] = replace(seals[place], fields=fields)
    assert place + 1 in {finding.where for finding in findings(seals)}


@given(st.lists(st.one_of(st.none(), st.text()), min_size=2, max_size=2), st.data())
def test_columns_do_not_run_into_each_other(fields: list[str | None], data: st.DataObject) -> None:
    other = data.draw(st.lists(st.one_of(st.none(), st.text()), min_size=2, max_size=2))
    same = link(b"k", GENESIS, 1, "0", fields) == link(b"k", GENESIS, 1, "0", other)
    assert same == (fields == other)


@pytest.mark.parametrize("cut", [0, 7, 19])
def test_a_row_that_was_deleted_is_named_with_or_without_its_seal(cut: int) -> None:
    seals = sealed(20)
    emptied = [replace(seal, fields=None) if place == cut else seal for place, seal in enumerate(seals)]
    assert [(f.kind, f.where) for f in findings(emptied)] == [("row deleted", cut + 1)]
    shorter = seals[:cut] + seals[cut + 1 :]
    assert findings(shorter) or head_findings(headed(seals), shorter)


def test_two_rows_that_changed_places_are_both_named() -> None:
    seals = sealed(20)
    seals[4], seals[11] = (
        replace(seals[4], fields=seals[11].fields),
        replace(seals[11], fields=seals[4].fields),
    )
    assert {5, 12} <= {finding.where for finding in findings(seals)}


def test_without_the_key_no_seal_can_be_made() -> None:
    seals = sealed(20)
    before = seals[9].hash
    for place in range(10, 20):
        fields = [*(seals[place].fields or ())]
        fields[3] = "somebody else"
        before = link(b"a guess", before, place + 1, seals[place].sealed_us, fields)
        seals[place] = replace(seals[place], fields=fields, hash=before)
    assert {finding.where for finding in findings(seals)} == set(range(11, 21))


def test_a_row_that_is_put_in_long_after_its_neighbours_is_named_even_with_a_seal() -> None:
    seals = sealed(20, every_us=LATE_US)
    last = seals[-1]
    fields = list(seals[3].fields or ())
    now = str(int(last.sealed_us) + SECOND_US)
    for log_id, at in ((4, int(now)), (999, START_US)):
        fields[0], fields[2] = str(log_id), str(at)
        late = Seal(21, log_id, link(KEYS.chain, last.hash, 21, now, fields), now, fields)
        assert [(f.kind, f.where) for f in findings([*seals, late])] == [("row put in", log_id)]


def test_a_cut_tail_is_told_by_the_heads() -> None:
    seals = sealed(20)
    for left in range(20):
        found = head_findings(headed(seals), seals[:left])
        assert [finding.kind for finding in found] == ["log cut"]
        assert "20 sealed rows" in found[0].sentence


def test_heads_that_are_changed_exchanged_or_taken_out_are_told() -> None:
    seals = sealed(20)
    lines = headed(seals)
    stranger = AuditKeys(bytes(32))
    forged = head_lines.make(stranger.signing, None, count=3, log_id=3, tip=seals[2].hash, at_us=START_US)
    cases = {
        "changed": [lines[0].replace(b'"count": 3', b'"count": 2'), *lines[1:]],
        "not ours": [forged.line().rstrip(b"\n"), *lines[1:]],
        "exchanged": [lines[1], lines[0], *lines[2:]],
        "taken out": [lines[0], *lines[2:]],
        "first taken out": lines[1:],
        "twice": [lines[0], *lines],
        "empty line": [b"", *lines],
    }
    for name, changed in cases.items():
        assert head_findings(changed, seals), name


def test_the_whole_chain_made_anew_with_the_key_still_does_not_fit_the_heads() -> None:
    lines = headed(sealed(20))
    found = head_findings(lines, sealed(20, every_us=2 * SECOND_US))
    assert {finding.kind for finding in found} == {"chain replaced"}


def test_a_line_that_was_never_finished_is_set_apart() -> None:
    assert whole_lines(b"a\nb\nc") == ([b"a", b"b"], b"c")
    assert whole_lines(b"") == ([], b"")


def test_a_row_without_a_seal_is_told_once_sealing_is_overdue() -> None:
    now = START_US
    rows = [
        (1, str(now - SECOND_US)),
        (2, str(now - 11 * SECOND_US)),
        (3, str(now + 60 * SECOND_US)),
        (4, "Infinity"),
    ]
    assert [finding.where for finding in check_unsealed(rows, now, 10 * SECOND_US)] == [2, 3, 4]
