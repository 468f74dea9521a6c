"""The reader of tables: any feed whose records are rows, told by the ``feed.toml`` of its folder alone.

Reads CSV with any usual delimiter, encoding and line end, Excel and OpenDocument spreadsheets, and JSON (an object
a line, or one array). The mapping is in ``etl.helpers.columns``, the formats in ``etl.helpers.sheets``.

* A record is a row; with ``group_by``, the rows with the same values in those fields (one report, several offences).
* Every row comes out: as a record, inside one, or as a record whose ``problem`` says why it cannot be read.
* Of a report with several rows: it begins with the earliest, ends with the latest, is protected when any row is, and
  its other facts are those of the first row that has them. Withdrawn rows are left out of it while others stand; it
  is withdrawn when all its rows are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from etl.feed import Draft, OffenceDraft, Problem, Record
from etl.helpers.cells import code, number, text_of, whole, words_of
from etl.helpers.columns import AREA_FIELDS, ColumnMap, Plan, mapping_of
from etl.helpers.sheets import BadRow, Row, Sheet, read_sheets
from etl.helpers.swedish import kommun_name, police_area_name, slug

if TYPE_CHECKING:
    from etl.feed import Feed

WITHDRAWN = "withdrawn"


def records(content: bytes, feed: Feed) -> Iterator[Record]:
    """Cut a table into records. A record's number is that of its first row; the heading is not counted.

    Raises:
        UnreadableFile: It is no table, or lacks a column that the feed cannot do without.
    """
    mapping = mapping_of(feed)
    sheets = read_sheets(content, mapping.fit, mapping.sheet)
    plans = [mapping.require(sheet.columns) for sheet in sheets]
    return _all_records(sheets, plans, mapping)


def _all_records(sheets: list[Sheet], plans: list[Plan], mapping: ColumnMap) -> Iterator[Record]:
    before = 0
    for sheet, plan in zip(sheets, plans, strict=True):
        last = 0
        for record in _sheet_records(sheet, plan, mapping):
            last = max(last, record.number)
            yield Record(record.number + before, record.body, record.problem) if before else record
        before += last


def _sheet_records(sheet: Sheet, plan: Plan, mapping: ColumnMap) -> Iterator[Record]:
    if mapping.keyed_by_row(plan):
        return _keyed(sheet, mapping)
    names = [plan.column.get(field) for field in mapping.group_by]
    if not names or names[0] is None:
        return (_record(number, row) for number, row in sheet.rows())
    present = [name for name in names if name is not None]
    return _scattered(sheet, present) if _is_scattered(sheet, present) else _adjacent(sheet, present)


def _record(number: int, row: Row | BadRow) -> Record:
    if isinstance(row, BadRow):
        return Record(number, {"row": row.held}, Problem("parse", "row", row.held, row.reason))
    return Record(number, row)


def _keyed(sheet: Sheet, mapping: ColumnMap) -> Iterator[Record]:
    """Rows of a source without numbers: the key is made of the row, and counts rows that are all alike."""
    seen: dict[str, int] = {}
    for number, row in sheet.rows():
        if isinstance(row, BadRow):
            yield _record(number, row)
            continue
        said = "\x1f".join(text_of(value) for value in row.values())
        digest = hashlib.blake2b(said.encode("utf-8", "backslashreplace"), digest_size=12).hexdigest()
        seen[digest] = seen.get(digest, 0) + 1
        key = f"rad-{digest}-{seen[digest]}"
        body = {mapping.names["source_key"][0]: key, **row}
        yield Record(number, {"rows": [body]} if mapping.group_by else body)


def _key(row: Row, names: list[str]) -> tuple[str, ...] | None:
    """What the rows of one record share; None, alike to no other, for a row without its first part."""
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
    for number, row in sheet.rows():
        if isinstance(row, BadRow):
            yield _record(number, row)
            continue
        key = _key(row, names)
        if key is not None and key == latest:
            group.append(row)
            continue
        if group:
            yield Record(first, {"rows": group})
        group, first, latest = [row], number, key
    if group:
        yield Record(first, {"rows": group})


def _scattered(sheet: Sheet, names: list[str]) -> Iterator[Record]:
    groups: dict[tuple[str, ...], list[Row]] = {}
    found: list[Record] = []
    for number, row in sheet.rows():
        if isinstance(row, BadRow):
            found.append(_record(number, row))
            continue
        key = _key(row, names)
        if key is not None and key in groups:
            groups[key].append(row)
            continue
        rows = [row]
        if key is not None:
            groups[key] = rows
        found.append(Record(number, {"rows": rows}))
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
    readers = [_Reader(row, mapping) for row in rows]
    states = [reader.state() for reader in readers]
    standing = [reader for reader, state in zip(readers, states, strict=True) if state != WITHDRAWN] or readers
    if len(standing) == 1:
        return standing[0].draft(states[0] if len(states) == 1 else "active")
    parts = [reader.draft("active" if standing is not readers else states[0]) for reader in standing]
    if standing is readers:
        state = WITHDRAWN if all(state == WITHDRAWN for state in states) else "active"
    else:
        state = "active"
    return _joined(parts, state)


def _joined(parts: list[Draft], state: str) -> Draft:
    """Several rows as one incident, as the module's text says."""
    whole_draft: Draft = {}
    for part in reversed(parts):
        whole_draft.update({name: value for name, value in part.items() if value not in (None, ())})  # type: ignore[typeddict-item]
    whole_draft["state"] = state
    whole_draft["occurred_from"] = min(part["occurred_from"] for part in parts)
    ends = [part.get("occurred_to", part["occurred_from"]) for part in parts]
    whole_draft["occurred_to"] = max(ends)
    whole_draft["protected"] = any(part.get("protected", False) for part in parts)
    whole_draft["offences"] = [offence for part in parts for offence in part["offences"]]
    summaries = dict.fromkeys(part.get("summary") for part in parts)
    whole_draft["summary"] = "\n".join(text for text in summaries if text) or None
    attributes: dict[str, Any] = {}
    for part in reversed(parts):
        attributes.update(part.get("attributes", {}))
    whole_draft["attributes"] = attributes
    return whole_draft


class _Reader:
    """Reads the cells of one row by our names for them."""

    __slots__ = ("column", "mapping", "plan", "row")

    def __init__(self, row: Row, mapping: ColumnMap) -> None:
        self.row = row
        self.mapping = mapping
        self.plan = mapping.plan(tuple(row))
        self.column = self.plan.column

    def text(self, field: str) -> str:
        name = self.column.get(field)
        return "" if name is None else text_of(self.row.get(name))

    def words(self, field: str) -> str | None:
        name = self.column.get(field)
        return None if name is None else words_of(self.row.get(name)) or None

    def value(self, field: str, otherwise: Any = None) -> Any:
        """A cell through the feed's [values] of that field, where there are any."""
        text = self.text(field)
        words = self.mapping.values.get(field)
        if not text:
            return words.get("", otherwise) if words else otherwise
        if words is None:
            return text
        found = words.get(text.casefold())
        if found is None:
            known = ", ".join(word for word in words if word)
            raise self.problem(field, text, f"an unknown word; [values.{field}] of the feed knows {known}")
        return found

    def state(self) -> str:
        return str(self.value("state", "active"))

    def problem(self, field: str, value: object, reason: str) -> Problem:
        return Problem("parse", self.column.get(field, self.mapping.names.get(field, (field,))[0]), value, reason)

    def needed(self, field: str) -> str:
        text = self.text(field)
        if not text:
            raise self.problem(field, "", f"empty, and there is no {field} without it")
        return text

    def moment(self, field: str, text: str, *, latest: bool = False) -> datetime:
        try:
            return self.mapping.times.moment(text, self.text(f"{field}_time"), latest=latest)
        except (ValueError, OverflowError) as error:
            raise self.problem(field, f"{text} {self.text(f'{field}_time')}".strip(), str(error)) from error

    def moment_or_none(self, field: str) -> datetime | None:
        text = self.text(field)
        return self.moment(field, text) if text else None

    def number(self, field: str, read: Any) -> Any:
        text = self.text(field)
        if not text:
            return None
        try:
            return read(text)
        except ValueError as error:
            raise self.problem(field, text, str(error)) from error

    def draft(self, state: str) -> Draft:
        begin = self.needed("occurred_from")
        occurred_from = self.moment("occurred_from", begin)
        end = self.text("occurred_to")
        found: Draft = {
            "source_key": self.needed("source_key"),
            "state": state,
            "occurred_from": occurred_from,
            "occurred_to": self.moment("occurred_to", end, latest=True)
            if end
            else self.moment("occurred_from", begin, latest=True),
            "reported_at": self.moment_or_none("reported_at"),
            "known_at": self.moment_or_none("known_at"),
            "title": self.words("title"),
            "summary": self.words("summary"),
            "place_text": self.place_text(),
            "url": self.text("url") or None,
            "priority": self.number("priority", whole),
            "protected": bool(self.value("protected", otherwise=False)),
            "latitude": self.number("latitude", number),
            "longitude": self.number("longitude", number),
            "areas": self.areas(),
            "offences": [self.offence()],
            "attributes": {
                fact: text for fact, name in self.plan.attributes.items() if (text := words_of(self.row.get(name)))
            },
        }
        return found

    def offence(self) -> OffenceDraft:
        kind = self.value("code")
        if not kind:
            raise self.problem("code", "", "empty, and there is no offence without it")
        count = self.number("count", whole)
        return {
            "code": code(kind, self.mapping.width, self.mapping.prefix),
            "count": 1 if count is None else count,
            "victim": self.text("victim") or None,
            "suspect": self.text("suspect") or None,
            "relation": self.value("relation"),
        }

    def place_text(self) -> str | None:
        told = self.words("place_text")
        if told:
            return told
        street = self.words("street")
        number_text = self.words("street_number")
        return f"{street} {number_text}" if street and number_text else street

    def areas(self) -> tuple[str, ...]:
        """Names and codes, fine to coarse. A lokalpolisområde goes by its code too: "Solna" alone is the kommun."""
        found: list[str] = []
        for field in AREA_FIELDS:
            if field not in self.column:
                continue
            text = self.text(field)
            if not text:
                continue
            if field == "lokalpolisomrade":
                name = police_area_name(text)
                found += (f"lpo-{slug(name)}", name)
            else:
                found.append(kommun_name(text) if field == "kommun" else text)
        return tuple(found)
