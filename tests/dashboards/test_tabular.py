"""The table behind a picture: what is shown, what is saved, and that nothing in it runs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import ROOT
from app.domain.region import Region
from dashboards.components.tabular import Column, Table, as_csv, as_xlsx, cells, shown

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")
COLUMNS = [
    Column("area", "Område"),
    Column("n", "Antal", "number"),
    Column("share", "Andel", "percent"),
    Column("day", "Dag", "day"),
    Column("known", "Känt", "moment"),
    Column("rate", "Tal", "number", "per 100 000"),
]
ROW = {
    "area": "Södermalm",
    "n": 31,
    "share": 0.125,
    "day": date(2026, 11, 24),
    "known": datetime(2026, 11, 24, 6, 0, tzinfo=UTC),
    "rate": 12.345,
}


def test_a_table_is_shown_in_the_language_with_its_units() -> None:
    assert cells(Table(COLUMNS, [ROW]), REGION, "sv") == [
        ["Område", "Antal", "Andel", "Dag", "Känt", "Tal (per 100 000)"],
        ["Södermalm", "31", "12,5\u00a0%", "2026-11-24", "tis 24 nov 2026 07:00", "12,35"],
    ]
    assert cells(Table(COLUMNS, [ROW]), REGION, "en")[1][2:] == [
        "12.5\u00a0%",
        "2026-11-24",
        "Tue 24 Nov 2026 07:00",
        "12.35",
    ]


@pytest.mark.parametrize("nothing", [None, float("nan"), ""])
def test_what_is_not_there_is_a_dash_and_an_empty_cell(nothing: Any) -> None:
    table = Table([Column("n", "Antal", "number")], [{"n": nothing}, {}])
    assert [row[0] for row in cells(table, REGION, "sv")[1:]] == ["–", "–"]
    assert len(list(csv.reader(io.StringIO(as_csv(table)), delimiter=";"))) == 3
    assert openpyxl.load_workbook(io.BytesIO(as_xlsx(table, "x"))).active["A2"].value in (None, "")


def test_numbers_are_numbers_in_excel_and_a_share_is_a_percentage() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(Table(COLUMNS, [ROW]), "Test"))).active
    assert [cell.value for cell in sheet[2]][:3] == ["Södermalm", 31, 0.125]
    assert sheet["C2"].number_format == "0.0 %"
    assert [cell.value for cell in sheet[1]][-1] == "Tal (per 100 000)"


def test_the_same_table_is_the_same_file() -> None:
    assert as_xlsx(Table(COLUMNS, [ROW]), "Test") == as_xlsx(Table(COLUMNS, [ROW]), "Test")


@given(
    st.lists(
        st.fixed_dictionaries(
            {"area": st.text(max_size=30), "n": st.none() | st.floats(allow_infinity=False)}
        )
    )
)
def test_a_table_that_went_to_the_browser_and_back_is_the_same(rows: list[dict[str, Any]]) -> None:
    table = Table([Column("area", "Område"), Column("n", "Antal", "number", "st")], rows)
    again = Table.of(table.plain())
    assert again.plain() == table.plain()
    assert as_csv(again) == as_csv(table)


@given(st.sampled_from("=+-@\t\r\n "), st.text(max_size=20))
def test_no_cell_is_a_formula(first: str, rest: str) -> None:
    table = Table([Column("area", first + rest)], [{"area": first + rest}])
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(table, "x"))).active
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in found)
    assert all(str(cell.value)[0] not in "=+-@" for cell in found if str(cell.value))
    assert not any(
        cell.lstrip()[:1] in ("=", "+", "-", "@")
        for row in csv.reader(io.StringIO(as_csv(table)[1:]), delimiter=";")
        for cell in row
    )


@pytest.mark.parametrize(
    ("value", "text"), [(12.0, "12"), (0.5, "0,5"), (1234.5, "1\u00a0234,5"), (0.005, "0,01")]
)
def test_a_number_has_the_decimals_that_it_has(value: float, text: str) -> None:
    assert shown(value, "number", REGION, "sv") == text
