"""A measure's table read from a CSV file."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from app.domain.errors import BadInput
from app.domain.measure import Column
from app.statistics.frames import conform

DECIMAL_COMMA = re.compile(r"^(\s*[+-]?\d+),(\d+\s*)$")


def read_csv(file: Path, columns: Sequence[Column], named: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The table of a CSV file, with the columns that a measure takes.

    UTF-8; columns parted by comma, semicolon, tab, | or spaces; with semicolons a number may have a decimal comma.

    Args:
        file: The file; ``-`` is standard input.
        columns: What the measure takes.
        named: The file's own name of a column, by ours.

    Raises:
        BadInput: No such file, no table in it, a column is missing, or a value is not of its column's kind.
    """
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text("utf-8-sig")
        parted = separator(text.partition("\n")[0])
        raw = pd.read_csv(StringIO(text), dtype=str, sep=parted, keep_default_na=False)
    except FileNotFoundError as error:
        raise BadInput(f"There is no file {file}.") from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} holds no CSV table in UTF-8 ({error}).") from error
    raw.columns = raw.columns.str.strip()
    if parted == ";":
        raw = raw.apply(_with_points)
    return conform(raw.rename(columns={theirs: ours for ours, theirs in (named or {}).items()}), columns)


def separator(heading: str) -> str:
    """What parts the columns in a table's first line: the most frequent of comma, semicolon, tab and |, else spaces."""
    bare = re.sub(r'"[^"]*"', "", heading)
    often = max(",;\t|", key=bare.count)
    return often if often in bare else r"\s+" if re.search(r"\S\s+\S|\"\s+\"", heading.strip()) else ","


def _with_points(column: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers with a decimal comma, as they come where a semicolon parts the columns, with a point."""
    return column.str.replace(DECIMAL_COMMA, r"\1.\2", regex=True)
