"""Excel (xlsx, xls) and OpenDocument (ods) spreadsheets: every sheet whose heading fits the feed."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import orjson

from app.config import ROOT
from app.domain.errors import UnreadableFile
from etl.helpers.encodings import printable, undecodable
from etl.helpers.sheet import HEADING_ROWS, BadRow, Fit, Row, Sheet, heading_of, unique

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNPACKED_LIMIT = 1_000_000_000
"""The most bytes a spreadsheet may unpack to."""
OPENING_LIMIT_S = 300


def read_spreadsheet(content: bytes, fit: Fit, sheet_name: str | None) -> list[Sheet]:
    """Read the sheet of that name, else every sheet whose heading fits, else the widest.

    Raises:
        UnreadableFile: Damaged, protected, empty, too large unpacked, or without a sheet of that name.
    """
    _refuse_bomb(content)
    book = _opened(content)
    if sheet_name is not None and sheet_name not in book:
        raise UnreadableFile(f"The file has no sheet {sheet_name!r}; its sheets are {', '.join(book)}.")
    tables = [rows for name, rows in book.items() if sheet_name in {None, name}]
    found: list[tuple[int, Sheet]] = []
    for table in tables:
        if not table:
            continue
        place, score = heading_of(table[:HEADING_ROWS], fit)
        columns = unique(table[place])
        found.append((score, Sheet(columns, _table_rows(table, place, columns))))
    if not found:
        raise UnreadableFile("The spreadsheet has no row in any sheet.")
    fitting = [sheet for score, sheet in found if score]
    return fitting or [max(found, key=lambda one: len(one[1].columns))[1]]


def _opened(content: bytes) -> dict[str, list[list[str]]]:
    """The rows of every sheet, in the order of the sheets; read in a process of its own, which may die of it."""
    try:
        child = subprocess.run(  # our own program, and no word of the file among its arguments
            [sys.executable, "-m", "etl.helpers.spreadsheet_child"],
            input=content, capture_output=True, cwd=ROOT, timeout=OPENING_LIMIT_S, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(
            f"The spreadsheet does not open within {OPENING_LIMIT_S} s; send it as CSV."
        ) from error
    if child.returncode != 0:
        told = child.stderr.decode("utf-8", "replace").strip().splitlines()
        log.warning(
            "a spreadsheet of %d bytes does not open: %s", len(content), told[0] if told else child.returncode
        )
        raise UnreadableFile("The spreadsheet is damaged or protected; save it anew and send it again.")
    return dict(orjson.loads(child.stdout))


def _table_rows(
    table: list[list[str]], place: int, columns: tuple[str, ...]
) -> Callable[[], Iterator[tuple[int, Row | BadRow]]]:
    def rows() -> Iterator[tuple[int, Row | BadRow]]:
        for number, cells in enumerate(table[place + 1 :], start=1):
            if undecodable("".join(cells)):
                yield (
                    number,
                    BadRow(printable("; ".join(cells)), "The row holds characters that are no text."),
                )
            elif any(cell.strip() for cell in cells):
                yield number, dict(zip(columns, cells, strict=False))

    return rows


def _refuse_bomb(content: bytes) -> None:
    if not content.startswith(ZIP_MAGIC):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableFile("The spreadsheet is damaged; save it anew and send it again.") from error
    if size > UNPACKED_LIMIT:
        raise UnreadableFile(f"The spreadsheet unpacks to {size:,} bytes; send it in parts or as CSV.")
