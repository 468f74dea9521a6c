"""Nothing from a source becomes a formula, with whatever delimiter the file is opened."""

from __future__ import annotations

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.spreadsheet import DELIMITERS, rows_as_csv, safe

INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"}
BAD = (
    "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n@x", "＝1+1", "＋1", "－1", "＠x", " =1", "\u00a0=1", "\u200b=1",
    "\ufeff=1", "a;=1", "a,=1", "a\t=1", "a|=1", 'a"=1', 'a";=cmd|\' /C calc\'!A0', "a,\u200b@x", "x\n=1", "\u2028=1",
    "\u202e=1", '"=1', "''=1", '=HYPERLINK("http://x","y")', "\x1b[31m=1", "%0A-3+3", "﹦1",
)  # fmt: skip


def begins_a_formula(cell: str) -> bool:
    """Whether a spreadsheet would run it: what it shows first is the beginning of a formula."""
    shown = "".join(sign for sign in cell if unicodedata.category(sign) not in INVISIBLE)
    return unicodedata.normalize("NFKC", shown)[:1] in tuple("=+-@")


def cells(text: str, delimiter: str) -> list[str]:
    """As a spreadsheet takes it apart: by the reader's rules, and bluntly at each delimiter and quote."""
    strict = [cell for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row]
    blunt = [cell for line in text.splitlines() for cell in re.split(re.escape(delimiter), line)]
    return [*strict, *blunt, *(cell.strip('"') for cell in blunt)]


def check(text: str) -> None:
    for written in DELIMITERS.values():
        file = rows_as_csv([["a", text, "b"], [text, text, None]], written)
        assert len(file.splitlines()) == 2, "one row a line"
        for opened in (*DELIMITERS.values(), "|"):
            assert [cell for cell in cells(file, opened) if begins_a_formula(cell)] == []


@pytest.mark.parametrize("text", BAD)
def test_a_formula_is_text(text: str) -> None:
    check(text)


@given(st.text(st.sampled_from("=+-@＝＋－＠;,|\t\r\n\"' \u200b\u202e\ufeffax1")))
def test_whatever_is_put_together_is_text(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    "text", ["Storgatan 1, Solna", "Ö & Å – 3", "grov (9367)", "2026-11-24 10:00:00", ""]
)
def test_plain_text_is_left_as_it_is(text: str) -> None:
    assert safe(text) == text


def test_our_own_numbers_stay_numbers() -> None:
    assert rows_as_csv([[-1.5, 3, None, "x"]]) == '-1.5;3;"";"x"\r\n'
