"""The table behind a picture: columns and rows, as they are shown and as they are saved. For figures, not persons."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import xlsxwriter

from app.domain.spreadsheet import BOM, rows_as_csv, safe
from dashboards.components.format import decimal, moment

if TYPE_CHECKING:
    from app.domain.region import Region
    from dashboards.words import Language

Kind = Literal["text", "number", "percent", "day", "moment"]
Cell = str | float | None
MOST = 500
"""Rows that are shown; all are saved."""


@dataclass(frozen=True)
class Column:
    """A column: the key of its cells, its header in the language of the page, what its cells are, their unit.

    ``number`` cells are written as they are to two decimals, ``percent`` cells are shares (0.12 is 12 %), ``day`` and
    ``moment`` cells are ISO 8601 or dates and moments; a moment is shown in the region's time.
    """

    name: str
    header: str
    kind: Kind = "text"
    unit: str = ""

    @property
    def title(self) -> str:
        """The header with its unit."""
        return f"{self.header} ({self.unit})" if self.unit else self.header


@dataclass(frozen=True)
class Table:
    """Columns and rows; what a row does not have is empty."""

    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]]

    def plain(self) -> dict[str, Any]:
        """As JSON holds it, for the browser to keep until it is saved."""
        columns = [[one.name, one.header, one.kind, one.unit] for one in self.columns]
        return {
            "columns": columns,
            "rows": [[_plain(row.get(one.name)) for one in self.columns] for row in self.rows],
        }

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Table:
        """The table again."""
        columns = [Column(*one) for one in plain["columns"]]
        names = [one.name for one in columns]
        return cls(columns, [dict(zip(names, row, strict=True)) for row in plain["rows"]])


def _plain(value: Any) -> Cell:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if value is None or isinstance(value, str):
        return value
    number = float(value)
    return number if number == number else None  # noqa: PLR0124 - not a number


def cells(table: Table, region: Region, language: Language) -> list[list[str]]:
    """The table as people read it: the headers, then the rows that are shown. The browser draws it when asked to."""
    head = [one.title for one in table.columns]
    body = [
        [shown(row.get(one.name), one.kind, region, language) for one in table.columns]
        for row in table.rows[:MOST]
    ]
    return [head, *body]


def shown(value: Any, kind: Kind, region: Region, language: Language) -> str:
    """One cell in the language."""
    plain = _plain(value)
    if plain is None or plain == "":
        return "–"
    if kind == "moment" and isinstance(plain, str):
        return moment(datetime.fromisoformat(plain), region, language)
    if isinstance(plain, str):
        return plain
    if kind == "percent":
        return f"{decimal(100 * plain, language, 1)}\u00a0%"
    return decimal(plain, language)


def as_csv(table: Table) -> str:
    """CSV for a spreadsheet: semicolons, UTF-8 with its mark, nothing in it that runs."""
    lines = [[one.title for one in table.columns]]
    return BOM + rows_as_csv(
        [*lines, *([_plain(row.get(one.name)) for one in table.columns] for row in table.rows)]
    )


def as_xlsx(table: Table, title: str) -> bytes:
    """An Excel file of one sheet: numbers are numbers, text is text and never a formula."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "created": datetime(2000, 1, 1)})  # noqa: DTZ001 - the same file each time
        sheet = book.add_worksheet()
        bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0.0 %"})
        for at, column in enumerate(table.columns):
            sheet.write_string(0, at, safe(column.title), bold)
            sheet.set_column(at, at, max(10, min(40, len(column.title) + 2)))
        for line, row in enumerate(table.rows, 1):
            for at, column in enumerate(table.columns):
                value = _plain(row.get(column.name))
                if isinstance(value, str):
                    sheet.write_string(line, at, safe(value))
                elif value is not None:
                    sheet.write_number(line, at, value, share if column.kind == "percent" else None)
        sheet.freeze_panes(1, 0)
    return out.getvalue()
