"""An edition: sections of sentences, tables and pictures, each with the query that it rests on.

It is what is stored and never changed. Figures are kept beside the words, so that a recount is held against them and
not against a text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal

import orjson
from pydantic import BaseModel, ConfigDict, Field

FORM = 1
"""Of what is stored; raised whenever an old edition could no longer be read by what is below."""

Tone = Literal["fact", "usual", "unusual", "unknown"]
"""``usual`` and ``unusual`` are judged against what is normal; ``unknown`` is what the picture does not know."""
Value = int | float | str | None


class Part(BaseModel):
    """A part of an edition."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Text(Part):
    """The same in Swedish and in English."""

    sv: str
    en: str


class Source(Part):
    """What something rests on: which query with which parameters, of which scope, as known when and up to where."""

    query: str
    parameters: dict[str, Any] = Field(default_factory=dict)
    scope: str | None = Field(description="code of an area; None: the region")
    known_at: datetime
    position: str


class Said(Part):
    """One or a few sentences that rest on one query. ``link`` is a path of ours where there is more."""

    name: str = Field(description="of the sentence, the same from edition to edition")
    text: Text
    tone: Tone = "fact"
    figures: dict[str, Value] = Field(default_factory=dict)
    source: Source
    link: str | None = None


class Column(Part):
    """A table's column."""

    name: str
    header: Text
    kind: Literal["text", "number"] = "text"


class Grid(Part):
    """A table. A cell is a figure, a text of both languages, or one that is no language's (a name)."""

    name: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[dict[str, Value | Text], ...]
    source: Source
    link: str | None = None


class Week(Part):
    """Seven days of a chart: what is known, and between which counts such a stretch usually lies."""

    first: date
    known: int
    low: int | None = None
    high: int | None = None
    will_low: int | None = Field(None, description="when all has come in, at least; None: all has")
    will_high: int | None = None


class Chart(Part):
    """Weekly counts with the band of what is usual; ``about`` says in words what is seen."""

    name: str
    title: Text
    about: Text
    weeks: tuple[Week, ...]
    source: Source


class Section(Part):
    """A part of the briefing under a heading."""

    name: str
    title: Text
    said: tuple[Said, ...] = ()
    charts: tuple[Chart, ...] = ()
    grids: tuple[Grid, ...] = ()


class Edition(Part):
    """A morning's briefing for the region or for one district.

    ``first`` is its first line: what is missing, or that nothing is.
    """

    form: int = FORM
    region: str
    region_name: Text
    area: str | None
    name: Text
    zone: str
    day: date
    known_at: datetime
    position: str
    demo: bool = False
    first: Said
    sections: tuple[Section, ...]

    def sentences(self) -> Iterator[Said]:
        """Every sentence, in the order in which it stands."""
        yield self.first
        for section in self.sections:
            yield from section.said


def canonical(edition: Edition) -> str:
    """The one form in which it is stored: keys in order, nothing left out."""
    return orjson.dumps(edition.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS).decode()


def read(content: str) -> Edition:
    """A stored edition."""
    return Edition.model_validate_json(content)


def differences(stored: Edition, again: Edition) -> list[str]:
    """Everything in which the two differ, a line each, by the place where it stands; empty where they are the same."""
    return list(_differences(stored.model_dump(mode="json"), again.model_dump(mode="json"), ""))


def _differences(one: Any, other: Any, where: str) -> Iterator[str]:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted(one.keys() | other.keys()):
            yield from _differences(one.get(key), other.get(key), f"{where}.{key}" if where else str(key))
    elif _named(one) and _named(other):
        yield from _differences(_by_name(one), _by_name(other), where)
        if [part["name"] for part in one] != [part["name"] for part in other] and not (
            _by_name(one).keys() ^ _by_name(other).keys()
        ):
            yield f"{where}: in another order"
    elif isinstance(one, list) and isinstance(other, list):
        for number in range(max(len(one), len(other))):
            yield from _differences(
                one[number] if number < len(one) else None,
                other[number] if number < len(other) else None,
                f"{where}[{number}]",
            )
    elif one != other:
        yield f"{where}: {_short(one)} in the edition, {_short(other)} when counted again"


def _named(value: Any) -> bool:
    """Parts that are called by name: their place is told by it."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(part, Mapping) and "name" in part for part in value)
        and len({part["name"] for part in value}) == len(value)
    )


def _by_name(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {part["name"]: {key: value for key, value in part.items() if key != "name"} for part in parts}


def _short(value: Any) -> str:
    text = "nothing" if value is None else orjson.dumps(value).decode()
    return text if len(text) <= 200 else f"{text[:199]}…"
