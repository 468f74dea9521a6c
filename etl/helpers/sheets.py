"""Rows out of bytes: CSV in any dialect, spreadsheets, and one JSON object a line; told apart by their content.

Everything comes out as a `Sheet`: the names of the columns, and rows as the source wrote them. A row that cannot
be read comes out as a `BadRow`, in its place, with what it held. Only rows that hold nothing at all are left out.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import orjson
from python_calamine import CalamineError, CalamineWorkbook

from app.domain.errors import UnreadableFile
from etl.helpers.encodings import decode, printable, undecodable

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNPACKED_LIMIT = 1_000_000_000
"""The most bytes a spreadsheet may unpack to."""
HEADING_ROWS = 20
"""The heading is looked for in so many first rows: extracts have titles above it."""
DELIMITERS = (";", ",", "\t", "|")

csv.field_size_limit(2**31 - 1)  # a stray quote may swallow much; it is told as a bad row, never as a crash


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: what it held, and the reason in one sentence."""

    held: str
    reason: str


Row = dict[str, Any]
Fit = Callable[[list[str]], int]
"""How many of a feed's columns a row names, 0 when it cannot be the heading."""


@dataclass(frozen=True)
class Sheet:
    """One table. ``rows`` can be called again to read it from its start."""

    columns: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[int, Row | BadRow]]]


def read_sheets(content: bytes, fit: Fit, sheet_name: str | None = None) -> list[Sheet]:
    """The tables of a file: one for text, and every sheet with a heading that fits for spreadsheets.

    Where no heading fits, the likeliest row is taken for it, so that the caller can say which column is missing.

    Raises:
        UnreadableFile: There is nothing in it, or it is damaged.
    """
    if not content.strip():
        raise UnreadableFile("The file is empty; fetch it again.")
    if content.startswith((ZIP_MAGIC, OLE_MAGIC)):
        return _spreadsheet(content, fit, sheet_name)
    text = decode(content)
    head = text.lstrip()[:1]
    if head in {"{", "["}:
        return [_json(text)]
    return [_delimited(text, fit)]


def unique(cells: list[str]) -> tuple[str, ...]:
    """Column names, each different: the second "KOD" becomes "KOD (2)", one without a name "column 7"."""
    taken: set[str] = set()
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        stem = cell.strip() or f"column {place}"
        name, times = stem, 1
        while name in taken:
            times += 1
            name = f"{stem} ({times})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def _heading(rows: Iterable[list[str]], fit: Fit) -> tuple[int, int]:
    """Where the heading is among the first rows, and how well it fits; else the first row that holds anything."""
    best, best_fit, first = -1, 0, -1
    for place, cells in enumerate(rows):
        if first < 0 and any(cell.strip() for cell in cells):
            first = place
        score = fit(cells)
        if score > best_fit:
            best, best_fit = place, score
    return (best if best >= 0 else max(first, 0)), best_fit


# ---------------------------------------------------------------- text with delimiters


class _Lines:
    """The lines of a text; those of the latest row are remembered and can be given back."""

    def __init__(self, text: str) -> None:
        self._source = io.StringIO(
            text, newline=""
        )  # also takes a carriage return alone as the end of a line
        self._returned: list[str] = []
        self.latest: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._returned.pop() if self._returned else next(self._source)
        self.latest.append(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        self._returned.extend(reversed(lines))


def _split(
    text: str, delimiter: str, width: int = 0, heading: int = 0
) -> Iterator[tuple[int, list[str] | BadRow]]:
    """Rows of cells. A quote that never closes costs its own line only: those after it are read anew.

    With a ``width`` that is also how a row below the ``heading`` is treated whose quotes run over lines and make
    another number of fields.
    """
    lines = _Lines(text)
    latest = lines.latest
    number = 0
    while True:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                number += 1
                if width and len(latest) > 1 and len(cells) != width and number > heading:
                    lines.give_back(latest[1:])
                    yield number, BadRow(printable(latest[0].rstrip("\r\n")), "The row's quotes do not match.")
                else:
                    yield number, cells
                latest.clear()
            return  # noqa: TRY300 - the loop ran to the end of the text
        except csv.Error as error:
            first, *others = latest
            latest.clear()
            lines.give_back(others)
            number += 1
            yield number, BadRow(printable(first.rstrip("\r\n")), f"The row's quotes do not match ({error}).")


def _delimited(text: str, fit: Fit) -> Sheet:
    delimiter, heading = _dialect(text, fit)
    columns: tuple[str, ...] = ()
    for number, cells in _split(text, delimiter):
        if number == heading:
            columns = () if isinstance(cells, BadRow) else unique(cells)
            break
    width = len(columns)

    def rows() -> Iterator[tuple[int, Row | BadRow]]:
        plain = text.isascii() and "\0" not in text
        for number, cells in _split(text, delimiter, width, heading):
            if number <= heading:
                continue
            if isinstance(cells, BadRow):
                yield number - heading, cells
                continue
            whole = "".join(cells)
            if not whole or whole.isspace():
                continue
            if len(cells) == width and (plain or not undecodable(whole)):
                yield number - heading, dict(zip(columns, cells, strict=True))
            else:
                yield number - heading, _odd(cells, columns, delimiter)

    return Sheet(columns, rows)


def _odd(cells: list[str], columns: tuple[str, ...], delimiter: str) -> Row | BadRow:
    whole = delimiter.join(cells)
    if undecodable(whole):
        return BadRow(printable(whole), "The row holds bytes that are no text.")
    if len(cells) > len(columns) and not any(cell.strip() for cell in cells[len(columns) :]):
        return dict(zip(columns, cells, strict=False))  # empty cells beyond the heading say nothing
    return BadRow(whole, f"The row has {len(cells)} fields where the heading has {len(columns)}.")


def _dialect(text: str, fit: Fit) -> tuple[str, int]:
    """The delimiter, and the number of the heading's row: where most of the feed's columns are named."""
    found = []
    for delimiter in DELIMITERS:
        head = [[] if isinstance(c, BadRow) else c for _, c in islice(_split(text, delimiter), HEADING_ROWS)]
        place, score = _heading(head, fit)
        width = len(head[place]) if head else 0
        found.append((score, width, delimiter, place + 1))
    score, _, delimiter, heading = max(found, key=lambda one: (one[0], one[1]))
    return delimiter, heading


# ---------------------------------------------------------------- spreadsheets


def _spreadsheet(content: bytes, fit: Fit, sheet_name: str | None) -> list[Sheet]:
    _refuse_bomb(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        if sheet_name is not None and sheet_name not in names:
            raise UnreadableFile(f"The file has no sheet {sheet_name!r}; its sheets are {', '.join(names)}.")
        tables = [book.get_sheet_by_name(n).to_python() for n in names if sheet_name in {None, n}]
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(
            "The spreadsheet is damaged or protected; save it anew and send it again."
        ) from error
    found: list[tuple[int, Sheet]] = []
    for table in tables:
        if not table:
            continue
        place, score = _heading(([as_text(cell) for cell in row] for row in table[:HEADING_ROWS]), fit)
        columns = unique([as_text(cell) for cell in table[place]])
        found.append((score, Sheet(columns, _table_rows(table, place, columns))))
    if not found:
        raise UnreadableFile("The spreadsheet has no row in any sheet.")
    fitting = [sheet for score, sheet in found if score]
    return fitting or [max(found, key=lambda one: len(one[1].columns))[1]]


def _table_rows(
    table: list[list[Any]], place: int, columns: tuple[str, ...]
) -> Callable[[], Iterator[tuple[int, Row | BadRow]]]:
    def rows() -> Iterator[tuple[int, Row | BadRow]]:
        for number, values in enumerate(table[place + 1 :], start=1):
            cells = [as_text(value) for value in values]
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


def as_text(value: Any) -> str:
    """A cell as text: 2.0 as "2" (identities of 14 digits stay exact), dates as ISO, nothing as ""."""
    if value.__class__ is str:
        return str(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    return str(value)


# ---------------------------------------------------------------- JSON


def _json(text: str) -> Sheet:
    """One object a line, or one array of objects. The columns are all names that the first objects use."""
    whole = _array(text) if text.lstrip().startswith("[") else None

    def rows() -> Iterator[tuple[int, Row | BadRow]]:
        parts: Iterable[Any] = whole if whole is not None else io.StringIO(text)
        for number, part in enumerate(parts, start=1):
            if isinstance(part, str) and whole is None:
                if part.strip():
                    yield number, _object(part)
            elif isinstance(part, dict):
                yield number, _without_nul(part)
            else:
                yield number, BadRow(printable(str(part)), "The element of the array is not an object.")

    columns: dict[str, None] = {}
    for _, row in islice(rows(), 200):
        if isinstance(row, dict):
            columns.update(dict.fromkeys(row))
    return Sheet(tuple(columns), rows)


def _array(text: str) -> list[Any]:
    try:
        whole = orjson.loads(text.encode("utf-8", "surrogateescape"))
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise UnreadableFile(
            "The file begins as a JSON array and is cut off or damaged; fetch it again."
        ) from error
    if not isinstance(whole, list):
        raise UnreadableFile("The file is JSON but no array of objects.")
    return whole


def _object(line: str) -> Row | BadRow:
    held = line.strip()
    try:
        found = orjson.loads(held)
    except orjson.JSONDecodeError as error:
        return BadRow(printable(held), f"The line is not JSON ({error}).")
    if not isinstance(found, dict):
        return BadRow(printable(held), "The line is JSON but no object.")
    return _without_nul(found)


def _without_nul(row: Row) -> Row | BadRow:
    if any(isinstance(value, str) and "\0" in value for value in row.values()):
        return BadRow(printable(str(row)), "The object holds a NUL character, which no text has.")
    return row
