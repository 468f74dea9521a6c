from __future__ import annotations

import gzip
import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import UnreadableFile
from etl.helpers.encodings import decode, gunzip, printable, undecodable

SWEDISH = "Målsägande;Överträdelse av kontaktförbud;Täby\r\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
)
def test_tells_the_encoding_by_the_bytes(encoding: str) -> None:
    assert decode(SWEDISH.encode(encoding)) == SWEDISH


def test_windows_quotes_are_told_from_latin_1() -> None:
    assert decode("“Å” – 5 €".encode("cp1252")) == "“Å” – 5 €"


def test_a_broken_row_in_utf_8_does_not_turn_the_file_into_latin_1() -> None:
    content = (SWEDISH * 3).encode() + b"trasig \xff rad\n" + SWEDISH.encode()

    rows = decode(content).splitlines()

    assert [undecodable(row) for row in rows] == [False, False, False, True, False]
    assert printable(rows[3]) == r"trasig \xff rad"


def test_nul_is_no_text() -> None:
    assert undecodable("a\0b")
    assert printable("a\0b") == r"a\x00b"


@given(st.binary(max_size=300))
def test_any_bytes_decode_and_print(content: bytes) -> None:
    printable(decode(content)).encode("utf-8")


@given(st.text(max_size=200))
def test_utf_8_comes_back_as_it_was(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text


@given(st.binary(max_size=5000))
def test_gunzip_gives_back_what_was_packed(content: bytes) -> None:
    assert gunzip(gzip.compress(content), 10_000) == content
    assert gunzip(gzip.compress(content) + gzip.compress(b"mer"), 10_000) == content + b"mer"


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as out:
        for _ in range(200):
            out.write(bytes(1_000_000))

    with pytest.raises(UnreadableFile, match="larger than 1,000,000 bytes"):
        gunzip(packed.getvalue(), 1_000_000)


def test_a_file_that_is_cut_off_or_damaged_is_refused() -> None:
    packed = gzip.compress(os.urandom(1000))

    with pytest.raises(UnreadableFile, match="cut off"):
        gunzip(packed[:-20], 10_000)
    with pytest.raises(UnreadableFile, match="damaged"):
        gunzip(packed[:50] + b"\xff" * 50 + packed[100:], 10_000)
