from __future__ import annotations

from typing import Any

import pytest

from app.config import ROOT
from app.domain.region import Region
from etl.feed import Draft, Feed, Record
from etl.helpers import table

REGION = Region.read(ROOT / "geodata" / "regions" / "stockholm")

COLUMNS: dict[str, Any] = {
    "columns": {
        "source_key": ["Ärendenummer", "ID"],
        "occurred_from": ["Brottsdag"],
        "occurred_from_time": ["Tid"],
        "code": ["Kod"],
        "summary": ["Text"],
        "count": ["Antal"],
        "latitude": ["Latitud"],
        "protected": ["Skyddad"],
    },
    "values": {"protected": {"J": True, "N": False}},
    "offence": {"width": 4},
}


class TableFeed:
    """A feed of nothing but settings, and what the reader of tables makes of a file of it."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.feed = Feed("prov", "report", "Prov", "Trial", False, settings, REGION)

    def records(self, content: bytes) -> list[Record]:
        return list(table.records(content, self.feed))

    def drafts(self, content: bytes) -> list[Draft]:
        return [table.draft(record, self.feed) for record in self.records(content)]

    def one(self, content: bytes) -> Draft:
        [draft] = self.drafts(content)
        return draft


@pytest.fixture
def make_feed() -> type[TableFeed]:
    """Makes a feed of settings."""
    return TableFeed


@pytest.fixture(scope="session")
def feed() -> TableFeed:
    return TableFeed(COLUMNS)
