"""What the reader of tables makes of files as they really come."""

# ruff: noqa: DTZ001 - a spreadsheet holds naive local times

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, date, datetime
from datetime import time as clock_time
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from app.config import ROOT
from app.domain.errors import SetupError, UnreadableFile
from etl.feed import Problem
from etl.helpers import table

if TYPE_CHECKING:
    from tests.etl.helpers.conftest import TableFeed

ROWS = "ID;Brottsdag;Kod;Text;Latitud\nA1;2026-01-17 21:40;0412;Målsägande i Täby;59,31\n"


def excel(rows: list[list[Any]], **sheets: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, table_rows in {**sheets, "Uttag": rows}.items():
        sheet = book.create_sheet(name)
        for row in table_rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_encoding_delimiter_and_line_end(
    feed: TableFeed, encoding: str, delimiter: str, end: str
) -> None:
    text = ROWS.replace("59,31", "59.31") if delimiter == "," else ROWS
    draft = feed.one(text.replace(";", delimiter).replace("\n", end).encode(encoding))

    assert draft["source_key"] == "A1"
    assert draft["occurred_from"] == datetime(2026, 1, 17, 20, 40, tzinfo=UTC)
    assert draft["offences"][0]["code"] == "0412"
    assert draft["summary"] == "Målsägande i Täby"
    assert draft["latitude"] == 59.31


def test_quoted_cells_hold_delimiters_quotes_and_line_ends(feed: TableFeed) -> None:
    draft = feed.one(b'ID;Brottsdag;Kod;Text\nA1;2026-01-17;0412;"rad 1\nrad 2; ""citat"""\n')

    assert draft["summary"] == 'rad 1\nrad 2; "citat"'


def test_column_names_are_known_without_case_accents_and_blanks(feed: TableFeed) -> None:
    draft = feed.one(b"  arende nummer ;BROTTS_DAG;kod\nA1;2026-01-17;0412\n")

    assert draft["source_key"] == "A1"


def test_the_likeliest_of_several_names_for_a_column_is_taken(feed: TableFeed) -> None:
    assert feed.one("ID;Ärendenummer;Brottsdag;Kod\nx;A1;2026-01-17;0412\n".encode())["source_key"] == "A1"


def test_padding_and_words_for_nothing_are_no_values(feed: TableFeed) -> None:
    draft = feed.one("ID;Brottsdag;Kod;Text;Latitud\n\xa0A1 ;2026-01-17 ; 0412;Värde saknas;NA\n".encode())

    assert (draft["source_key"], draft["offences"][0]["code"]) == ("A1", "0412")
    assert draft["summary"] is None
    assert draft["latitude"] is None


def test_a_day_and_a_time_may_lie_in_two_columns(feed: TableFeed) -> None:
    draft = feed.one(b"ID;Brottsdag;Tid;Kod\nA1;1/17/26;2140;0412\n")

    assert draft["occurred_from"] == draft["occurred_to"] == datetime(2026, 1, 17, 20, 40, tzinfo=UTC)


def test_without_a_time_it_happened_some_time_that_day(feed: TableFeed) -> None:
    draft = feed.one(b"ID;Brottsdag;Tid;Kod\nA1;1/17/26;;0412\n")

    assert draft["occurred_from"] == datetime(2026, 1, 16, 23, 0, tzinfo=UTC)
    assert draft["occurred_to"] == datetime(2026, 1, 17, 22, 59, tzinfo=UTC)


def test_titles_above_the_heading_and_blank_lines_are_passed_over(feed: TableFeed) -> None:
    content = f"sep=;\nUttag 2026-11-24;;;;\n\n{ROWS};;;;\n \nA2;2026-01-18;0412;;\n"

    assert [draft["source_key"] for draft in feed.drafts(content.encode())] == ["A1", "A2"]


def test_a_missing_column_is_told_with_those_that_the_feed_knows(feed: TableFeed) -> None:
    with pytest.raises(UnreadableFile) as told:
        feed.records(b"ID;Brottsdag;Sort\nA1;2026-01-17;0412\n")

    assert "no column for code (Kod)" in str(told.value)
    assert "of its 3 columns the feed knows ID, Brottsdag." in str(told.value)
    assert "\n" not in str(told.value)


def test_a_row_with_too_few_or_too_many_fields_is_kept_as_a_problem(feed: TableFeed) -> None:
    records = feed.records(b"ID;Brottsdag;Kod\nA1;2026-01-17\nA2;2026-01-17;0412;mer\nA3;2026-01-17;0412;;\n")

    problems = [record.problem.reason if record.problem else None for record in records]
    assert problems == [
        "The row has 2 fields where the heading has 3.",
        "The row has 4 fields where the heading has 3.",
        None,  # empty cells beyond the heading say nothing
    ]
    assert records[1].body == {"row": "A2;2026-01-17;0412;mer"}


def test_a_quote_that_never_closes_costs_its_own_line_only(feed: TableFeed) -> None:
    content = b'ID;Brottsdag;Kod;Text\nA1;2026-01-17;0412;"hej\n' + b"".join(
        b"B%d;2026-01-17;0412;text\n" % number for number in range(500)
    )

    records = feed.records(content)

    assert records[0].problem is not None
    assert records[0].body == {"row": 'A1;2026-01-17;0412;"hej'}
    assert len(records) == 501
    assert not any(record.problem for record in records[1:])


def test_nul_and_undecodable_bytes_are_kept_as_problems(feed: TableFeed) -> None:
    good = "A1;2026-01-17;0412;Täby åäö\n".encode()
    content = (
        b"ID;Brottsdag;Kod;Text\n" + good + b"A2;2026-01-17;04\x0012;x\nA3;2026-01-17;0412;\xff\xfe\n" + good
    )

    records = feed.records(content)

    assert [record.problem is None for record in records] == [True, False, False, True]
    assert records[1].body == {"row": r"A2;2026-01-17;04\x0012;x"}
    assert records[2].body == {"row": r"A3;2026-01-17;0412;\xff\xfe"}


def test_columns_of_the_same_name_and_of_none_lose_no_cell(feed: TableFeed) -> None:
    [record] = feed.records(b"ID;Brottsdag;Kod;Kod;\nA1;2026-01-17;0412;x;y\n")

    assert record.body == {
        "ID": "A1",
        "Brottsdag": "2026-01-17",
        "Kod": "0412",
        "Kod (2)": "x",
        "column 5": "y",
    }


@pytest.mark.parametrize(
    ("cell", "column", "reason"),
    [
        ("långt norrut", "Latitud", "not a number"),
        ("1e999", "Latitud", "not a finite number"),
        ("två", "Antal", "not a number"),
        ("1,5", "Antal", "not a whole number"),
        ("Kanske", "Skyddad", "an unknown word"),
        ("i lördags", "Brottsdag", "not a date"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_by_its_column(
    feed: TableFeed, cell: str, column: str, reason: str
) -> None:
    row = {"ID": "A1", "Brottsdag": "2026-01-17", "Kod": "0412", column: cell}
    content = f"{';'.join(row)}\n{';'.join(row.values())}\n".encode()

    with pytest.raises(Problem) as told:
        feed.one(content)

    assert (told.value.step, told.value.field, told.value.value) == ("parse", column, cell)
    assert reason in told.value.reason


@pytest.mark.parametrize("column", ["ID", "Brottsdag", "Kod"])
def test_an_empty_cell_that_is_needed_is_told(feed: TableFeed, column: str) -> None:
    row = {"ID": "A1", "Brottsdag": "2026-01-17", "Kod": "0412", column: ""}

    with pytest.raises(Problem, match=f"parse: {column}"):
        feed.one(f"{';'.join(row)}\n{';'.join(row.values())}\n".encode())


def test_a_spreadsheet_gives_codes_dates_and_long_ids_exactly(feed: TableFeed) -> None:
    heading = ["ID", "Brottsdag", "Tid", "Kod", "Latitud"]
    rows = [
        heading,
        [20260117000123, date(2026, 1, 17), clock_time(21, 40), 412, 59.31],
        ["A2", datetime(2026, 1, 17, 21, 40), None, "0412", "59,31"],
        ["A3", 46039.9027777778, None, 9365, None],
    ]

    drafts = feed.drafts(excel(rows))

    assert [draft["source_key"] for draft in drafts] == ["20260117000123", "A2", "A3"]
    assert {draft["occurred_from"] for draft in drafts} == {datetime(2026, 1, 17, 20, 40, tzinfo=UTC)}
    assert [draft["offences"][0]["code"] for draft in drafts] == ["0412", "0412", "9365"]
    assert [draft["latitude"] for draft in drafts] == [59.31, 59.31, None]


def test_every_sheet_that_fits_is_read_and_no_other(feed: TableFeed) -> None:
    heading = ["ID", "Brottsdag", "Kod"]
    book = excel(
        [heading, ["A1", "2026-01-17", "0412"]],
        Förklaring=[["Kod", "Betydelse"], ["0412", "Grov kvinnofridskränkning"]],
        Februari=[["Uttag"], [], heading, ["A2", "2026-02-17", "0412"]],
    )

    records = feed.records(book)

    assert [record.body["ID"] for record in records] == ["A2", "A1"]
    assert len({record.number for record in records}) == 2


def test_a_sheet_can_be_chosen_by_name(make_feed: type[TableFeed], feed: TableFeed) -> None:
    heading = ["ID", "Brottsdag", "Kod"]
    book = excel([heading, ["A1", "2026-01-17", "0412"]], Annat=[heading, ["A2", "2026-01-17", "0412"]])
    chosen = make_feed({**feed.feed.settings, "table": {"sheet": "Uttag"}})

    assert [record.body["ID"] for record in chosen.records(book)] == ["A1"]
    with pytest.raises(UnreadableFile, match="no sheet 'Borta'; its sheets are Annat, Uttag"):
        make_feed({**feed.feed.settings, "table": {"sheet": "Borta"}}).records(book)


def test_a_damaged_spreadsheet_is_refused_with_one_sentence(feed: TableFeed) -> None:
    book = excel([["ID", "Brottsdag", "Kod"], ["A1", "2026-01-17", "0412"]])

    for content in (book[:400], book[:-100], b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)):
        with pytest.raises(UnreadableFile, match=r"^The spreadsheet [^\n]*\.$"):
            feed.records(content)


def test_a_spreadsheet_that_kills_its_reader_is_refused_and_nothing_else_dies(feed: TableFeed) -> None:
    # An old Excel file whose allocation table goes round in a circle: it is read until there is no memory.
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\x00\x03\x00\xfe\xff\x09\x00\x06\x00"
    book = (head + bytes(10) + b"\xff\xff\xff\x7f").ljust(5 * 512, b"\0")
    child = subprocess.run(
        [sys.executable, "-m", "etl.helpers.spreadsheet_child"],
        input=book,
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert child.returncode < 0, "it no longer kills its reader; find another that does"

    with pytest.raises(UnreadableFile, match="damaged or protected"):
        feed.records(book)


def test_json_objects_a_line_or_in_an_array(feed: TableFeed) -> None:
    one, other = (
        '{"ID": "A1", "Brottsdag": "2026-01-17", "Kod": 412}',
        '{"ID": 7, "Brottsdag": "2026-01-17", "Kod": "x"}',
    )

    lines = feed.drafts(f"{one}\n\n{other}\n".encode())

    assert lines == feed.drafts(f"[{one}, {other}]".encode())
    assert [(draft["source_key"], draft["offences"][0]["code"]) for draft in lines] == [
        ("A1", "0412"),
        ("7", "x"),
    ]


def test_a_line_that_is_no_object_is_kept_as_a_problem(feed: TableFeed) -> None:
    good = '{"ID": "A1", "Brottsdag": "2026-01-17", "Kod": "0412", "Text": "Täby"}\n'.encode()

    records = feed.records(good + b'{"ID": "A2", "Brot\n[1]\n{"ID": "a\\u0000"}\n{"ID": "\xff"}\n' + good)

    assert [record.problem is None for record in records] == [True, False, False, False, False, True]
    assert records[1].body == {"row": '{"ID": "A2", "Brot'}


def test_an_array_that_is_cut_off_is_refused(feed: TableFeed) -> None:
    with pytest.raises(UnreadableFile, match="cut off"):
        feed.records(b'[{"ID": "A1", "Brottsdag": "2026-01-17", "Kod": "0412"}, {"ID"')


def test_attributes_are_other_facts_worth_showing(make_feed: type[TableFeed], feed: TableFeed) -> None:
    with_facts = make_feed({**feed.feed.settings, "attributes": {"enhet": ["Enhet"], "lag": ["Lag"]}})

    draft = with_facts.one(b"ID;Brottsdag;Kod;Enhet;Lag\nA1;2026-01-17;0412;Patrull 7;NA\n")

    assert draft["attributes"] == {"enhet": "Patrull 7"}


def test_areas_go_from_fine_to_coarse(make_feed: type[TableFeed], feed: TableFeed) -> None:
    columns = {**feed.feed.settings["columns"], "kommun": ["Kommun"], "lokalpolisomrade": ["LPO"]}
    placed = make_feed({**feed.feed.settings, "columns": columns})

    draft = placed.one(
        "ID;Brottsdag;Kod;Kommun;LPO\nA1;2026-01-17;0412;STOCKHOLMS STAD;LPO Södra Roslagen\n".encode()
    )

    assert draft["areas"] == ("lpo-sodra-roslagen", "Södra Roslagen", "Stockholm")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"columns": {"kod": ["Kod"]}}, "names the field 'kod'; the fields are"),
        (
            {"columns": {"code": ["Kod"], "occurred_from": ["Dag"]}},
            "needs a list of column names for 'source_key'",
        ),
    ],
)
def test_a_mapping_that_is_wrong_is_told_in_its_own_words(
    make_feed: type[TableFeed], settings: dict[str, Any], told: str
) -> None:
    with pytest.raises(SetupError, match=told):
        make_feed(settings).records(b"Kod\n1\n")


def test_a_problem_of_a_record_is_raised_by_its_draft(feed: TableFeed) -> None:
    [record] = feed.records(b"ID;Brottsdag;Kod\nA1\n")

    with pytest.raises(Problem, match="1 fields"):
        table.draft(record, feed.feed)
