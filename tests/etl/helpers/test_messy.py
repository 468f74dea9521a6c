"""Real files of other people, in all their variety: read whole, or refused with one sentence."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from app.config import ROOT
from app.domain.errors import UnreadableFile
from etl.helpers.encodings import gunzip

if TYPE_CHECKING:
    from tests.etl.helpers.conftest import TableFeed

SHARED = Path(os.environ.get("LAGESBILD_SHARED", ROOT.parent / "shared")) / "data"
MESSY = SHARED / "messy"

pytestmark = pytest.mark.skipif(
    not MESSY.is_dir(), reason=f"{MESSY} is not here; set LAGESBILD_SHARED to read real files"
)

# file, the columns that stand for key, day and code, how many rows there are, and one cell
READ: list[tuple[str, tuple[str, str, str], int, tuple[str, str]]] = [
    ("simple.csv", ("place", "date", "temperature"), 6, ("place", "Galway")),
    ("simple.ssv", ("place", "date", "temperature"), 6, ("place", "Galway")),
    ("simple.xlsx", ("place", "date", "temperature"), 6, ("temperature", "1")),
    ("example.tsv", ("hour", "hour", "expr1_0_imp"), 140, ("expr1_0_imp", "15955")),
    ("blank_line.ods", ("Name", "When", "Age"), 3, ("When", "2010-10-10")),
    ("span_rich.xls", ("I", "h", "g"), 5, ("h", "MERGE")),
    (
        "spanish_chars.csv",
        ("GF_ID", "Gasto total 2011", "Descripción"),
        115,
        ("F", "Legislación"),
    ),  # and one row of empty cells
    ("null.csv", ("1", "null", "0"), 9, ("1", "2")),
    ("utf8bom.csv", ("kitten", "win", "win"), 0, ("", "")),
]


def feed_for(make_feed: type[TableFeed], key: str, day: str, code: str) -> TableFeed:
    settings: dict[str, Any] = {"columns": {"source_key": [key], "occurred_from": [day], "code": [code]}}
    return make_feed(settings)


@pytest.mark.parametrize(("name", "columns", "count", "cell"), READ)
def test_is_read_to_its_last_row(
    make_feed: type[TableFeed], name: str, columns: tuple[str, str, str], count: int, cell: tuple[str, str]
) -> None:
    records = feed_for(make_feed, *columns).records((MESSY / name).read_bytes())

    assert len(records) == count
    assert not any(record.problem for record in records)
    if count:
        assert any(record.body.get(cell[0]) == cell[1] for record in records)


@pytest.mark.parametrize("file", sorted(MESSY.glob("*")), ids=lambda file: file.name)
def test_is_refused_by_a_feed_of_other_columns(feed: TableFeed, file: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"^The file has no column for [^\n]*\.$"):
        feed.records(file.read_bytes())


def test_ten_thousand_reports_of_another_country(make_feed: type[TableFeed]) -> None:
    packed = (SHARED / "chicago" / "chicagoCrimes10k.csv.gz").read_bytes()
    feed = make_feed(
        {
            "columns": {
                "source_key": ["ID"], "occurred_from": ["Date"], "code": ["IUCR"], "place_text": ["Block"],
                "latitude": ["Latitude"], "longitude": ["Longitude"], "protected": ["Domestic"],
            },
            "attributes": {"beat": ["Beat"]},
            "values": {"protected": {"true": True, "false": False}},
        }
    )  # fmt: skip

    drafts = feed.drafts(gunzip(packed, 100_000_000))

    assert len(drafts) == gzip.decompress(packed).count(b"\n") - 1
    assert drafts[0]["attributes"] == {"beat": "0422"}
    assert drafts[0]["occurred_from"].isoformat() == "2015-02-08T22:43:40+00:00"
    assert {len(draft["offences"][0]["code"]) for draft in drafts} <= {3, 4}
