"""Laws that hold for every table: nothing is lost, nothing crashes, and what was written is read."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.domain.errors import UnreadableFile
from etl.feed import Problem, get_feed
from etl.helpers import table

if TYPE_CHECKING:
    from etl.feed import Record
    from tests.etl.helpers.conftest import TableFeed

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
HEADING = ["ID", "Brottsdag", "Kod", "Text"]
NEEDED = [cell for cell in HEADING if cell != "Text"]

# Letters that every encoding of the trial has; line ends and delimiters of every kind, and quotes.
CELL = st.text(alphabet=st.sampled_from("abåäö é019;,\t|\"'\n-_[]{}"), max_size=12)
LINE = st.text(alphabet=st.sampled_from('ab1;,"\t|å \x00'), max_size=30)


def rows_of(records: list[Record]) -> int:
    return sum(len(record.body["rows"]) if "rows" in record.body else 1 for record in records)


@SHARED
@given(
    rows=st.lists(st.tuples(CELL, CELL, CELL, CELL), max_size=20),
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_every_cell_that_was_written_is_read(
    feed: TableFeed, rows: list[tuple[str, ...]], delimiter: str, encoding: str, end: str
) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([HEADING, *rows])

    records = feed.records(out.getvalue().encode(encoding))

    assert not any(record.problem for record in records)
    assert [tuple(record.body.values()) for record in records] == [
        row for row in rows if "".join(row).strip()
    ]


@SHARED
@given(lines=st.lists(LINE, max_size=20))
@example(lines=['"', "a;b;c;d", '"'])
@example(lines=['a;b;c;"', '";x', "a;b;c;d"])
def test_no_line_of_a_broken_table_is_lost(feed: TableFeed, lines: list[str]) -> None:
    records = feed.records("\n".join([";".join(HEADING), *lines]).encode())

    held = "".join(
        str(record.body["row"]) if record.problem else "".join(record.body.values()) for record in records
    )
    for char in "ab1å":
        assert held.count(char) == "".join(lines).count(char)


@SHARED
@given(keys=st.lists(st.sampled_from(["K1", "K2", "K3", "", "trasig"]), max_size=30), small=st.booleans())
def test_rows_in_are_rows_out_also_when_they_are_grouped(keys: list[str], small: bool) -> None:
    lines = [key if key == "trasig" else f"{key};9365;2026-01-17 21:00" for key in keys]
    content = "\n".join(["ID;BROTTSKOD;BROTTSDATUMTID_START", *lines]).encode()
    before, table.SMALL_BYTES = table.SMALL_BYTES, table.SMALL_BYTES if small else 0
    try:
        records = list(table.records(content, get_feed("anmalan")))
    finally:
        table.SMALL_BYTES = before

    assert rows_of(records) == len(keys)
    assert len({record.number for record in records}) == len(records)


VALUE = st.one_of(
    CELL, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()
)


@SHARED
@given(
    objects=st.lists(
        st.dictionaries(st.sampled_from([*HEADING, "annat"]), VALUE, min_size=1), min_size=1, max_size=15
    ),
    array=st.booleans(),
)
def test_every_json_object_comes_out(feed: TableFeed, objects: list[dict[str, Any]], array: bool) -> None:
    objects = [*objects, dict.fromkeys(HEADING, "x")]
    text = json.dumps(objects) if array else "\n".join(json.dumps(one) for one in objects)

    records = feed.records(text.encode())

    assert len(records) == len(objects)
    for record in records:
        _draft_or_problem(feed, record)


@SHARED
@given(content=st.one_of(
    st.binary(max_size=400),
    st.binary(max_size=200).map(lambda tail: b"ID;Brottsdag;Kod;Text\n" + tail),
    st.binary(max_size=200).map(lambda tail: b'{"ID": "1", "Brottsdag": "2", "Kod": "3"}\n{' + tail),
    st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail),
    st.binary(max_size=200).map(lambda tail: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + tail),
    st.text(max_size=200).map(str.encode),
))  # fmt: skip
@example(content=b"[" * 100_000)
@example(content=b'{"ID": "1", "Brottsdag": "2", "Kod": "3"}\n' + b'{"a":' * 50_000)
@example(content=b"ID;Brottsdag;Kod\n" + b'"' * 200_001)
@example(content=b"ID;Brottsdag;Kod\n1;2026-01-01;" + b"9" * 300_000)
def test_any_bytes_are_records_or_one_sentence(feed: TableFeed, content: bytes) -> None:
    try:
        records = feed.records(content)
    except UnreadableFile as error:
        refusal, records = str(error), []
    else:
        refusal = "None."
    assert "\n" not in refusal
    assert refusal.endswith(".")
    for record in records:
        _draft_or_problem(feed, record)


@SHARED
@given(cells=st.tuples(*[st.one_of(CELL, st.text(max_size=10))] * 3))
def test_a_draft_is_made_or_a_problem_is_told(feed: TableFeed, cells: tuple[str, ...]) -> None:
    record = table.Record(1, dict(zip(NEEDED, cells, strict=True)))

    _draft_or_problem(feed, record)


def _draft_or_problem(feed: TableFeed, record: Record) -> None:
    try:
        draft = table.draft(record, feed.feed)
    except Problem as error:
        problem = error
    else:
        assert draft["source_key"]
        assert draft["occurred_from"].tzinfo
        assert draft["offences"][0]["code"]
        return
    assert problem.step == "parse"
    assert problem.reason
