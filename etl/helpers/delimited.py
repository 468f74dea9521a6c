"""CSV in any dialect: delimiter, encoding, line ends and quotes as the source had them."""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import TYPE_CHECKING

from etl.helpers.encodings import printable, undecodable
from etl.helpers.sheet import HEADING_ROWS, BadRow, Fit, Row, Sheet, heading_of, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

DELIMITERS = (";", ",", "\t", "|")

csv.field_size_limit(2**31 - 1)  # a stray quote may swallow much; it is told as a bad row, never as a crash


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
                    yield (
                        number,
                        BadRow(printable(latest[0].rstrip("\r\n")), "The row's quotes do not match."),
                    )
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


def read_delimited(text: str, fit: Fit) -> Sheet:
    """Read text with delimiters; the delimiter is the one under which most of the feed's columns are named."""
    delimiter, heading = _dialect(text, fit)
    columns: tuple[str, ...] = ()
    for number, cells in _split(text, delimiter):
        if number == heading:
            columns = () if isinstance(cells, BadRow) else unique(cells)
            break
    width = len(columns)

    def rows() -> Iterator[tuple[int, Row | BadRow]]:
        plain = not undecodable(text)
        for number, cells in _split(text, delimiter, width, heading):
            if number <= heading:
                continue
            if isinstance(cells, BadRow):
                yield number - heading, cells
                continue
            if not "".join(cells).strip():
                continue
            if len(cells) == width and (plain or not undecodable("".join(cells))):
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
        place, score = heading_of(head, fit)
        width = len(head[place]) if head else 0
        found.append((score, width, delimiter, place + 1))
    score, _, delimiter, heading = max(found, key=lambda one: (one[0], one[1]))
    return delimiter, heading
