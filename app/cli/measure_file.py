"""A measure's table read from a CSV file."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from app.domain.errors import BadInput
from app.domain.measure import Column
from app.statistics.frames import conform


def read_csv(file: Path, columns: Sequence[Column], named: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The table of a CSV file (UTF-8; comma or semicolon), with the columns that a measure takes.

    Args:
        file: The file; ``-`` is standard input.
        columns: What the measure takes.
        named: The file's own name of a column, by ours.

    Raises:
        BadInput: No such file, no table in it, a column is missing, or a value is not of its column's kind.
    """
    try:
        source: Any = sys.stdin if str(file) == "-" else file
        raw = pd.read_csv(
            source, dtype=str, sep=None, engine="python", keep_default_na=False, encoding="utf-8-sig"
        )
    except FileNotFoundError as error:
        raise BadInput(f"There is no file {file}.") from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} holds no CSV table in UTF-8 ({error}).") from error
    raw.columns = raw.columns.str.strip()
    return conform(raw.rename(columns={theirs: ours for ours, theirs in (named or {}).items()}), columns)
