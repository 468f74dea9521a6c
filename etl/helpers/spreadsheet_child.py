"""Opens one spreadsheet in a process of its own: ``python -m etl.helpers.spreadsheet_child < FILE``.

Read by `etl.helpers.spreadsheet`. A few wrong bytes in an old Excel file make the reader ask for hundreds of gigabytes,
and that ends the process it runs in; it may not be the one that loads everybody's reports.

Writes JSON: for each sheet its name and its rows, every cell as text. Ends with 0, or with `DAMAGED`.
"""

from __future__ import annotations

import io
import resource
import sys
from typing import TYPE_CHECKING

import orjson
from python_calamine import CalamineError, CalamineWorkbook

from etl.helpers.sheet import as_text

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

MEMORY_LIMIT_BYTES = 3 * 1024**3
CPU_LIMIT_S = 300
DAMAGED = 3


def main() -> int:
    """Read standard input, write standard output; the exit status says whether it could be read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        tables = [(name, rows_of(book.get_sheet_by_name(name))) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError, MemoryError) as error:
        sys.stderr.write(f"{type(error).__name__}\n")
        return DAMAGED
    sys.stdout.buffer.write(orjson.dumps(tables))
    return 0


def rows_of(sheet: CalamineSheet) -> list[list[str]]:
    """The rows of a sheet, from its first cell that holds anything, as text."""
    return [[as_text(cell) for cell in row] for row in sheet.to_python()]


if __name__ == "__main__":
    sys.exit(main())
