"""The example of docs/adding-a-feed.md is true: it is read from there and does what the text says."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from textwrap import dedent

import pytest

from app.config import ROOT
from etl.feed import get_feed
from etl.helpers import table
from etl.helpers.columns import FIELDS

TEXT = (ROOT / "docs" / "adding-a-feed.md").read_text(encoding="utf-8")


def block(kind: str, holding: str) -> str:
    blocks = re.findall(r"^ *```(\w*)\n(.*?)^ *```$", TEXT, re.DOTALL | re.MULTILINE)
    [found] = [text for name, text in blocks if name == kind and holding in text]
    return dedent(found)


def test_the_example_is_read_as_it_says() -> None:
    feed = replace(get_feed("uppdrag"), name="kommunjour", settings=tomllib.loads(block("toml", "[columns]")))

    drafts = [table.draft(record, feed) for record in table.records(block("", "SJ-26-0001").encode(), feed)]

    assert [draft["source_key"] for draft in drafts] == ["SJ-26-0001", "SJ-26-0002"]
    assert [draft["state"] for draft in drafts] == ["active", "withdrawn"]
    assert [draft["areas"] for draft in drafts] == [("Nacka",), ("Värmdö",)]
    assert drafts[0]["offences"][0]["code"] == "uppdrag:brak-i-relation"
    assert drafts[0]["occurred_from"].isoformat() == "2026-11-24T17:03:00+00:00"
    assert drafts[1]["occurred_to"].isoformat() == "2026-11-24T22:59:00+00:00"


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_every_field_is_told(field: str) -> None:
    assert f"`{field}`" in TEXT
