"""Text that goes into a spreadsheet as text: a cell from a source never becomes a formula.

Spreadsheets run what begins with ``=``, ``+``, ``-`` or ``@``, also behind blanks and in full-width letters. A file
that is opened with another delimiter than it was written with begins cells where we meant none, so what follows any
usual delimiter is looked at too. Such a place gets an apostrophe, which says "text" to Excel, LibreOffice and Google
Sheets (OWASP, CSV Injection).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

DELIMITERS = {"semicolon": ";", "comma": ",", "tab": "\t"}
BOM = "\ufeff"
"""At the head of a file: Excel then reads it as UTF-8."""

_FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b\u2795\u2796"
_BLANK = "\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff'"
_BEGINS = re.compile(f'(^|[;,|"])(?=[{_BLANK}]*[{_FORMULA}])')


def safe(text: str) -> str:
    """The text as one line that no spreadsheet runs.

    Control characters (tabs, line ends, escapes) become blanks: a line end inside a cell begins a new row for whoever
    reads line by line.
    """
    line = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text)
    return _BEGINS.sub(r"\1'", line)


def rows_as_csv(rows: Iterable[Iterable[str | float | None]], delimiter: str = ";") -> str:
    """Lines of CSV (RFC 4180, CRLF): text is made safe and quoted, our own numbers stand bare."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    for row in rows:
        writer.writerow(
            [safe(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row]
        )
    return out.getvalue()
