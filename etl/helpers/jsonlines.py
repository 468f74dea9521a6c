"""JSON tables: an object a line, or one array of objects."""

from __future__ import annotations

import io
from itertools import islice
from typing import TYPE_CHECKING, Any

import orjson

from app.domain.errors import UnreadableFile
from etl.helpers.encodings import printable
from etl.helpers.sheet import BadRow, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def read_json(text: str) -> Sheet:
    """One object a line, or one array of objects. The columns are all names that the first objects use."""
    whole = _array(text) if text.lstrip().startswith("[") else None
    may_hold_nul = "\\u0000" in text

    def rows() -> Iterator[tuple[int, Row | BadRow]]:
        parts: Iterable[Any] = whole if whole is not None else io.StringIO(text)
        for number, part in enumerate(parts, start=1):
            if isinstance(part, str) and whole is None:
                if part.strip():
                    yield number, _object(part, may_hold_nul=may_hold_nul)
            elif isinstance(part, dict):
                yield number, _without_nul(part) if may_hold_nul else part
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


def _object(line: str, *, may_hold_nul: bool) -> Row | BadRow:
    held = line.strip()
    try:
        found = orjson.loads(held)
    except orjson.JSONDecodeError as error:
        return BadRow(printable(held), f"The line is not JSON ({error}).")
    if not isinstance(found, dict):
        return BadRow(printable(held), "The line is JSON but no object.")
    return _without_nul(found) if may_hold_nul else found


def _without_nul(row: Row) -> Row | BadRow:
    if any(isinstance(value, str) and "\0" in value for value in row.values()):
        return BadRow(printable(str(row)), "The object holds a NUL character, which no text has.")
    return row
