"""Which format a file is in, told by its bytes and never by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.errors import UnreadableFile
from etl.helpers.delimited import read_delimited
from etl.helpers.encodings import decode
from etl.helpers.jsonlines import read_json
from etl.helpers.spreadsheet import OLE_MAGIC, ZIP_MAGIC, read_spreadsheet

if TYPE_CHECKING:
    from etl.helpers.sheet import Fit, Sheet


def read_sheets(content: bytes, fit: Fit, sheet_name: str | None = None) -> list[Sheet]:
    """The tables of a file: one for text, and every sheet with a heading that fits for spreadsheets.

    Where no heading fits, the likeliest row is taken for it, so that the caller can say which column is missing.

    Raises:
        UnreadableFile: There is nothing in it, or it is damaged.
    """
    if not content.strip():
        raise UnreadableFile("The file is empty; fetch it again.")
    if content.startswith((ZIP_MAGIC, OLE_MAGIC)):
        return read_spreadsheet(content, fit, sheet_name)
    text = decode(content)
    head = text.lstrip()[:1]
    if head in {"{", "["}:
        return [read_json(text)]
    return [read_delimited(text, fit)]
