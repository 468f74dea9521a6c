"""Real snapshots and 5,500 real versions of polisen.se, read and counted anew."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from app.config import ROOT
from etl.feed import get_feed
from etl.feeds.polisen import parse

REAL = Path(os.environ.get("LAGESBILD_SHARED", ROOT.parent / "shared")) / "data" / "polisen_se"
FEED = get_feed("polisen")

pytestmark = pytest.mark.skipif(
    not REAL.is_dir(), reason=f"{REAL} is not here; set LAGESBILD_SHARED to read real events"
)


def versions() -> list[dict[str, Any]]:
    with gzip.open(
        REAL / "region_stockholm_event_versions_2022_2024.jsonl.gz", "rt", encoding="utf-8"
    ) as lines:
        return sorted(
            (json.loads(line) for line in lines), key=lambda row: (row["first_seen"], row["version"])
        )


def drafts(items: list[dict[str, Any]]) -> list[Any]:
    return [parse.draft(record, FEED) for record in parse.records(json.dumps(items).encode(), FEED)]


@pytest.mark.parametrize("file", sorted(REAL.glob("monthly_*.json.gz")), ids=lambda file: file.name)
def test_every_event_of_a_snapshot_is_read(file: Path) -> None:
    items = json.loads(gzip.decompress(file.read_bytes()))
    names = {name.casefold() for names in FEED.region.facts["polisen"].values() for name in names}

    found = drafts(items)

    assert len(found) == len(items) == 500
    ours = [item["location"]["name"].casefold() in names for item in items]
    assert [draft["state"] == "active" for draft in found] == ours
    assert all(draft["occurred_from"] <= draft["reported_at"] for draft in found)
    assert all((draft["reported_at"] - draft["occurred_from"]).days <= 30 for draft in found)


def test_every_real_version_is_one_and_the_same_again_is_none() -> None:
    rows = versions()
    found = drafts([row["event"] for row in rows])
    latest: dict[str, Any] = {}
    changes = 0
    for draft in found:
        changes += latest.get(draft["source_key"]) != draft
        latest[draft["source_key"]] = draft

    assert changes == len(rows) == 5_500
    assert len(latest) == 5_289
    assert {draft["state"] for draft in found} == {"active"}


def test_float_noise_in_every_real_version_changes_none() -> None:
    rows = [row["event"] for row in versions()]
    noisy = [
        {
            **event,
            "location": {
                **event["location"],
                "gps": ",".join(
                    f"{float(part) + 4e-15:.15f}" for part in event["location"]["gps"].split(",")
                ),
            },
        }
        for event in rows
    ]

    assert drafts(noisy) == drafts(rows)


def test_every_real_type_is_in_the_catalogue() -> None:
    catalogue = (ROOT / "geodata" / "regions" / "stockholm" / "offences.csv").read_text(encoding="utf-8")
    known = {line.partition(",")[0] for line in catalogue.splitlines()}

    codes = {draft["offences"][0]["code"] for draft in drafts([row["event"] for row in versions()])}

    assert codes <= known
