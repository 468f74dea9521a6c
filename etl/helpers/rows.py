"""One row of a table in our terms. A demo of six years comes through here, so it is written to be quick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from etl.feed import Draft, OffenceDraft, Problem
from etl.helpers.cells import MISSING, code, number, text_of, whole, words
from etl.helpers.columns import ColumnMap, Plan
from etl.helpers.people import people
from etl.helpers.sheet import Row, as_text
from etl.helpers.swedish import kommun_name, police_area_name, slug

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

Value = TypeVar("Value")
TIMES = {field: f"{field}_time" for field in ("occurred_from", "occurred_to", "reported_at", "known_at")}
"""Where a source keeps the time of day of a moment, when it keeps it apart."""


def row_draft(row: Row, mapping: ColumnMap) -> Draft:
    """Name one row's cells in our terms; its one offence included.

    Raises:
        Problem: A cell cannot be read, or one that is needed is empty.
    """
    plan = mapping.plan(tuple(row))
    try:
        cells = {field: text for field, name in plan.cells if (text := row[name].strip()) not in MISSING}
    except AttributeError:  # JSON has numbers besides text
        cells = {field: text for field, name in plan.cells if (text := text_of(row[name]))}
    return _RowReader(row, cells, mapping, plan).draft()


class _RowReader:
    """The cells of one row by our names for them; a cell that says nothing is absent."""

    __slots__ = ("cells", "mapping", "plan", "row")

    def __init__(self, row: Row, cells: dict[str, str], mapping: ColumnMap, plan: Plan) -> None:
        self.row = row
        self.cells = cells
        self.mapping = mapping
        self.plan = plan

    def draft(self) -> Draft:
        cells = self.cells
        get = cells.get
        begin = get("occurred_from") or self.empty("occurred_from")
        end = get("occurred_to")
        draft: Draft = {
            "source_key": get("source_key") or self.empty("source_key"),
            "state": self.word("state", cells["state"]) if "state" in cells else "active",
            "occurred_from": self.moment("occurred_from", begin),
            "occurred_to": self.moment("occurred_to", end, latest=True)
            if end
            else self.moment("occurred_from", begin, latest=True),
            "reported_at": self.moment("reported_at", cells["reported_at"])
            if "reported_at" in cells
            else None,
            "known_at": self.moment("known_at", cells["known_at"]) if "known_at" in cells else None,
            "title": words(get("title")),
            "summary": words(get("summary")),
            "place_text": self.place_text(),
            "url": get("url"),
            "priority": self.number("priority", whole) if "priority" in cells else None,
            "protected": bool(self.word("protected", cells["protected"])) if "protected" in cells else False,
            "latitude": self.number("latitude", number) if "latitude" in cells else None,
            "longitude": self.number("longitude", number) if "longitude" in cells else None,
            "areas": self.areas(),
            "offences": [self.offence()],
            "attributes": self.attributes() if self.plan.attributes else {},
        }
        if self.plan.roles and (found := people(cells, self.plan.roles, self.problem)):
            draft["people"] = found
        return draft

    def offence(self) -> OffenceDraft:
        cells = self.cells
        kind = cells.get("code") or self.empty("code")
        if "code" in self.mapping.values:
            kind = str(self.word("code", kind))
        return {
            "code": code(kind, self.mapping.width, self.mapping.prefix),
            "count": self.number("count", whole) if "count" in cells else 1,
            "victim": cells.get("victim"),
            "suspect": cells.get("suspect"),
            "relation": self.word("relation", cells["relation"]) if "relation" in cells else None,
        }

    def place_text(self) -> str | None:
        get = self.cells.get
        if told := get("place_text"):
            return words(told)
        street, street_number = get("street"), get("street_number")
        return words(f"{street} {street_number}" if street and street_number else street)

    def areas(self) -> tuple[str, ...]:
        """Names and codes, fine to coarse. A lokalpolisområde goes by its code too: "Solna" alone is the kommun."""
        found: list[str] = []
        for field in self.plan.areas:
            text = self.cells.get(field)
            if text is None:
                continue
            if field == "kommun":
                found.append(kommun_name(text))
            elif field == "lokalpolisomrade":
                name = police_area_name(text)
                found += (f"lpo-{slug(name)}", name)
            else:
                found.append(text)
        return tuple(found)

    def attributes(self) -> dict[str, Any]:
        found = {}
        for fact, name in self.plan.attributes.items():
            text = as_text(self.row[name]).strip()
            if text and text not in MISSING:
                found[fact] = words(text)
        return found

    def word(self, field: str, text: str) -> Any:
        """A cell through the feed's [values] of that field, where there are any."""
        known = self.mapping.values.get(field)
        if known is None:
            return text
        if text in known:
            return known[text]
        folded = text.casefold()
        if folded in known:
            return known[folded]
        listed = ", ".join(sorted({word.casefold() for word in known if word}))
        raise self.problem(field, text, f"an unknown word; [values.{field}] of the feed knows {listed}")

    def moment(self, field: str, text: str, *, latest: bool = False) -> datetime:
        time = self.cells.get(TIMES[field], "")
        try:
            return self.mapping.times.moment(text, time, latest=latest)
        except (ValueError, OverflowError) as error:
            raise self.problem(field, f"{text} {time}".rstrip(), str(error)) from error

    def number(self, field: str, read: Callable[[str], Value]) -> Value:
        text = self.cells[field]
        try:
            return read(text)
        except ValueError as error:
            raise self.problem(field, text, str(error)) from error

    def empty(self, field: str) -> str:
        raise self.problem(field, "", "empty, and there is no incident without it")

    def problem(self, field: str, value: object, reason: str) -> Problem:
        column = self.plan.column.get(field) or self.mapping.names.get(field, (field,))[0]
        return Problem("parse", column, value, reason)
