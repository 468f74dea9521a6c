"""The reader of tables: any feed whose records are rows, told by the ``feed.toml`` of its folder alone.

Reads CSV with any usual delimiter, encoding and line end, Excel and OpenDocument spreadsheets, and JSON (an object
a line, or one array). The mapping is in ``etl.helpers.columns``, the formats in ``etl.helpers.formats``.

* A record is a row; with ``group_by``, the rows with the same values in those fields (one report, several offences).
* Every row comes out: as a record, inside one, or as a record whose ``problem`` says why it cannot be read.
* Of a report with several rows: it begins with the earliest, ends with the latest, is protected when any row is, and
  its other facts are those of the first row that has them. Withdrawn rows are left out of it while others stand; it
  is withdrawn when all its rows are.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from etl.feed import Draft, PersonDraft, Problem, Record
from etl.helpers.cells import text_of
from etl.helpers.columns import ColumnMap, Plan, mapping_of
from etl.helpers.formats import read_sheets
from etl.helpers.rows import row_draft
from etl.helpers.sheet import BadRow, Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etl.feed import Feed

WITHDRAWN = "withdrawn"
SMALL_BYTES = 4_000_000
"""A file up to this size is grouped in memory; a larger one is read twice, so that it need not be held."""


def records(content: bytes, feed: Feed) -> Iterator[Record]:
    """Cut a table into records. A record's number is that of its first row; the heading is not counted.

    Raises:
        UnreadableFile: It is no table, or lacks a column that the feed cannot do without.
    """
    mapping = mapping_of(feed)
    sheets = read_sheets(content, mapping.fit, mapping.sheet)
    plans = [mapping.require(sheet.columns) for sheet in sheets]
    return _all_records(sheets, plans, mapping, small=len(content) <= SMALL_BYTES)


def _all_records(
    sheets: list[Sheet], plans: list[Plan], mapping: ColumnMap, *, small: bool
) -> Iterator[Record]:
    before = 0
    for sheet, plan in zip(sheets, plans, strict=True):
        last = 0
        for record in _sheet_records(sheet, plan, mapping, small=small):
            last = max(last, record.number)
            yield Record(record.number + before, record.body, record.problem) if before else record
        before += last


def _sheet_records(sheet: Sheet, plan: Plan, mapping: ColumnMap, *, small: bool) -> Iterator[Record]:
    if mapping.keyed_by_row(plan):
        return _keyed(sheet, mapping)
    names = [plan.column.get(field) for field in mapping.group_by]
    if not names or names[0] is None:
        return (_record(place, row) for place, row in sheet.rows())
    present = [name for name in names if name is not None]
    if small or _is_scattered(sheet, present):
        return _held(sheet, present)
    return _adjacent(sheet, present)


def _record(place: int, row: Row | BadRow) -> Record:
    if isinstance(row, BadRow):
        return Record(place, {"row": row.held}, Problem("parse", "row", row.held, row.reason))
    return Record(place, row)


def _keyed(sheet: Sheet, mapping: ColumnMap) -> Iterator[Record]:
    """Rows of a source without numbers: the key is made of the row, and counts rows that are all alike."""
    seen: dict[str, int] = {}
    for place, row in sheet.rows():
        if isinstance(row, BadRow):
            yield _record(place, row)
            continue
        said = "\x1f".join(text_of(value) for value in row.values())
        digest = hashlib.blake2b(said.encode("utf-8", "backslashreplace"), digest_size=12).hexdigest()
        seen[digest] = seen.get(digest, 0) + 1
        key = f"rad-{digest}-{seen[digest]}"
        body = {mapping.names["source_key"][0]: key, **row}
        yield Record(place, {"rows": [body]} if mapping.group_by else body)


def _key(row: Row, names: list[str]) -> tuple[str, ...] | None:
    """What the rows of one record share; None, alike to no other, for a row without its first part."""
    try:
        key = tuple([row[name].strip() for name in names])
    except (KeyError, AttributeError):  # JSON leaves names out, and has numbers besides text
        key = tuple([text_of(row.get(name)) for name in names])
    return key if key[0] else None


def _is_scattered(sheet: Sheet, names: list[str]) -> bool:
    """Whether the rows of any record lie apart, so that the whole sheet must be held to join them."""
    ended: set[tuple[str, ...]] = set()
    latest: tuple[str, ...] | None = None
    for _, row in sheet.rows():
        key = None if isinstance(row, BadRow) else _key(row, names)
        if key is None or key == latest:
            continue
        if key in ended:
            return True
        ended.add(key)
        latest = key
    return False


def _adjacent(sheet: Sheet, names: list[str]) -> Iterator[Record]:
    group: list[Row] = []
    first = 0
    latest: tuple[str, ...] | None = None
    for place, row in sheet.rows():
        if isinstance(row, BadRow):
            yield _record(place, row)
            continue
        key = _key(row, names)
        if key is not None and key == latest:
            group.append(row)
            continue
        if group:
            yield Record(first, {"rows": group})
        group, first, latest = [row], place, key
    if group:
        yield Record(first, {"rows": group})


def _held(sheet: Sheet, names: list[str]) -> Iterator[Record]:
    """All rows of a record, wherever they lie, in the place of the first; the whole sheet is held."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    found: list[Record] = []
    for place, row in sheet.rows():
        if isinstance(row, BadRow):
            found.append(_record(place, row))
            continue
        key = _key(row, names)
        if key is not None and key in groups:
            groups[key].append(row)
            continue
        rows = [row]
        if key is not None:
            groups[key] = rows
        found.append(Record(place, {"rows": rows}))
    return iter(found)


# ---------------------------------------------------------------- a record in our terms


def draft(record: Record, feed: Feed) -> Draft:
    """Name one record's fields in our terms.

    Raises:
        Problem: A cell cannot be read, or one that is needed is empty.
    """
    if record.problem is not None:
        raise record.problem
    mapping = mapping_of(feed)
    body = record.body
    rows: list[Row] = body["rows"] if mapping.group_by and isinstance(body.get("rows"), list) else [body]
    parts = [row_draft(row, mapping) for row in rows]
    if len(parts) == 1:
        return parts[0]
    standing = [part for part in parts if part["state"] != WITHDRAWN]
    return _joined(standing or parts)


def _joined(parts: list[Draft]) -> Draft:
    """Several rows as one incident, as the module's text says."""
    joined: Draft = {}
    for part in reversed(parts):
        joined.update({name: value for name, value in part.items() if value not in (None, ())})  # type: ignore[typeddict-item]
    joined["occurred_from"] = min(part["occurred_from"] for part in parts)
    joined["occurred_to"] = max(part["occurred_to"] for part in parts)
    joined["protected"] = any(part["protected"] for part in parts)
    joined["offences"] = [offence for part in parts for offence in part["offences"]]
    if any("people" in part for part in parts):
        joined["people"] = _people(parts)
    summaries = dict.fromkeys(part["summary"] for part in parts)
    joined["summary"] = "\n".join(text for text in summaries if text) or None
    attributes: dict[str, Any] = {}
    for part in reversed(parts):
        attributes.update(part["attributes"])
    joined["attributes"] = attributes
    return joined


def _people(parts: list[Draft]) -> list[PersonDraft]:
    """The people of all rows; those of an offence with its place among the offences of all rows."""
    found: list[PersonDraft] = []
    before = 0
    for part in parts:
        found += [
            {**person, "offence": person["offence"] + before} if "offence" in person else person
            for person in part.get("people", ())
        ]
        before += len(part["offences"])
    return found
