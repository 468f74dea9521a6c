"""How a table twin is put together: heads in both languages, and rows of the values as they are.

A share is of one (``percent``), a ``day`` is ISO 8601; what cannot be told is None. Nothing is rounded here: the table
writes its figures itself, and an export gets the values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from app.domain.measure import Sentence
from app.domain.words import Language
from dashboards.components.tabular import Column, Kind, Table


class Head(NamedTuple):
    """A column: its name in an export, what stands over it, what kind of value it holds, and its unit."""

    name: str
    words: Sentence
    kind: Kind = "number"
    unit: Sentence = Sentence("", "")


AREA = Head("area", Sentence("Område", "Area"), "text")


def table(language: Language, heads: Sequence[Head], rows: Iterable[Sequence[Any]]) -> Table:
    """A table of ``rows``, each a value for each head.

    Raises:
        ValueError: A row is not as long as the heads.
    """
    columns = [
        Column(head.name, getattr(head.words, language), head.kind, getattr(head.unit, language))
        for head in heads
    ]
    names = [head.name for head in heads]
    return Table(columns, [dict(zip(names, row, strict=True)) for row in rows])


def side_by_side(*columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of columns of equal length."""
    return list(zip(*columns, strict=True))


def worded(words: dict[str, Sentence], value: str | None, language: Language) -> str:
    """A verdict in words; itself where there are none for it."""
    if value is None:
        return ""
    return str(getattr(words[value], language)) if value in words else value
