"""Everything that is planted is written down, and everything written down is there."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from etl.feeds.demo.write import write_files

NOW = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
DAYS = 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    files = list(write_files(folder, days=DAYS, seed=1, now=NOW))
    assert len(files) == 2 * (DAYS + 1) + 1
    return folder


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return whole


@pytest.fixture(scope="module")
def reports(folder: Path) -> dict[str, list[dict[str, str]]]:
    """Rows by report, in the order of registration."""
    rows = defaultdict(list)
    for file in sorted((folder / "anmalan").iterdir()):
        for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"):
            rows[row["ID"]].append(row)
    return {key: sorted(found, key=lambda row: row["REGISTRERAD"]) for key, found in rows.items()}


@pytest.fixture(scope="module")
def calls(folder: Path) -> dict[str, dict[str, str]]:
    lines = [
        line for file in sorted((folder / "uppdrag").iterdir()) for line in file.read_text().splitlines()
    ]
    return {call["HAENDELSE_ID"]: call for call in map(json.loads, lines)}


def test_all_kinds_are_planted(truth: dict[str, Any]) -> None:
    for kind in (
        "pairs",
        "moves",
        "corrections",
        "withdrawals",
        "duplicates",
        "bursts",
        "silences",
        "links",
        "protected",
    ):
        assert truth[kind], kind
    assert truth["delays"]["late"]
    assert truth["age_offset_years"] == 130
    assert {entry["change"] for entry in truth["corrections"]} == {
        "offence",
        "place",
        "district",
        "time",
        "suspect",
    }


def mentions_without_number(truth: dict[str, Any]) -> list[dict[str, Any]]:
    return [told for link in truth["links"] for told in link["mentions"] if not told["numbered"]]


def test_links_are_of_named_people_with_a_number_on_another_report(
    truth: dict[str, Any], reports: dict[str, list[dict[str, str]]]
) -> None:
    checked = 0
    for link in truth["links"]:
        assert {told["numbered"] for told in link["mentions"]} >= {False}
        for told in link["mentions"]:
            column = "MALSAGANDE" if told["role"] == "victim" else "MISSTANKT"
            for row in reports.get(told["report"], []):
                if row["BROTTSKOD"] in {"9495", "9496"} and told["role"] == "victim":
                    continue  # of the child that saw it
                if row[f"{column}_NAMN"]:
                    assert row[column] == (link["person"] if told["numbered"] else "")
                    checked += 1
                assert row["SKYDDAD"] == "N"
    assert checked > 8


def test_names_are_on_few_reports_and_on_all_of_a_named_pair(
    truth: dict[str, Any], reports: dict[str, list[dict[str, str]]]
) -> None:
    rows = [row for versions in reports.values() for row in versions]
    named = [row for row in rows if row["MALSAGANDE_NAMN"] or row["MISSTANKT_NAMN"]]
    assert 0.05 < len(named) / len(rows) < 0.25
    assert all(row["MALSAGANDE"] or row["MALSAGANDE_NAMN"] for row in rows)
    assert all(int(row["MALSAGANDE_FODD"][:4]) < 1950 for row in named if row["MALSAGANDE_FODD"])
    assert all(row["MALSAGANDE_POSTNR"][:1] in {"", "0"} for row in rows)  # no Swedish postcode begins so


def test_repeat_pairs_share_victim_and_suspect(
    truth: dict[str, Any], reports: dict[str, list[dict[str, str]]]
) -> None:
    checked = 0
    numberless = {(told["report"], told["role"]) for told in mentions_without_number(truth)}
    for pair in truth["pairs"]:
        assert len(pair["gaps_days"]) == len(pair["reports"]) - 1
        for report in pair["reports"]:
            for row in reports.get(report, []):
                if row["BROTTSKOD"] not in {"9495", "9496"}:
                    if row["MALSAGANDE"] or (report, "victim") not in numberless:
                        assert row["MALSAGANDE"] == pair["victim"]
                    assert row["MISSTANKT"] in {pair["suspect"], ""}
                    checked += 1
    assert checked > 50


def test_corrections_and_withdrawals_are_in_the_files(
    truth: dict[str, Any], reports: dict[str, list[dict[str, str]]]
) -> None:
    past = [entry for entry in truth["corrections"] if datetime.fromisoformat(entry["registered"]) < NOW]
    assert len(past) > 50
    for entry in past:
        assert entry["registered"] in {row["REGISTRERAD"] for row in reports[entry["report"]]}
    for entry in truth["withdrawals"]:
        if datetime.fromisoformat(entry["registered"]) < NOW:
            assert reports[entry["report"]][-1]["STATUS"] == "Makulerad"


def test_a_moved_report_names_two_kommuner(
    truth: dict[str, Any], reports: dict[str, list[dict[str, str]]]
) -> None:
    checked = 0
    for entry in truth["corrections"]:
        rows = reports.get(entry["report"], [])
        kommuner = [row["KOMMUN"] for row in rows if row["REGISTRERAD"] <= entry["registered"]]
        if (
            entry["change"] == "district"
            and entry["version"] == 1
            and len({row["REGISTRERAD"] for row in rows}) > 1
        ):
            assert len(set(kommuner)) == 2
            checked += 1
    assert checked


def test_a_duplicate_is_one_event_in_two_feeds(
    truth: dict[str, Any], reports: dict[str, list[dict[str, str]]], calls: dict[str, dict[str, str]]
) -> None:
    both = [entry for entry in truth["duplicates"] if entry["report"] in reports and entry["call"] in calls]
    assert len(both) > 150
    same_kommun = same_street = 0
    for entry in both:
        call, row = calls[entry["call"]], reports[entry["report"]][-1]
        assert f"{call['DATUM']} {call['TID']}" == entry["called"]
        same_kommun += call["KOMMUN"] == row["KOMMUN"]
        same_street += call["GATA"] == row["GATA"]
    assert same_kommun > 0.97 * len(both)
    assert same_street > 0.85 * len(both)


def test_a_burst_and_a_silence_lie_in_the_last_days(truth: dict[str, Any]) -> None:
    assert any(
        date(2026, 10, 25) <= date.fromisoformat(burst["from"]) <= NOW.date() for burst in truth["bursts"]
    )
    recent = [silence for silence in truth["silences"] if datetime.fromisoformat(silence["to"]) < NOW]
    assert (NOW - datetime.fromisoformat(recent[-1]["to"])).days < 14
    assert any(burst["extra_reports"] for burst in truth["bursts"])


def test_protected_reports_are_marked_at_the_source(
    truth: dict[str, Any], reports: dict[str, list[dict[str, str]]]
) -> None:
    marked = {key for key, rows in reports.items() if rows[0]["SKYDDAD"] == "J"}
    first_in_window = {key for key in marked if key in truth["protected"]}
    assert first_in_window
    assert set(truth["protected"]) & reports.keys() <= marked


def test_moves_and_shared_suspects_name_made_up_people(truth: dict[str, Any]) -> None:
    for move in truth["moves"]:
        assert move["from_kommun"] != move["to_kommun"]
        assert move["victim"].startswith("18")


def test_the_same_files_come_out_again(folder: Path, tmp_path: Path) -> None:
    list(write_files(tmp_path, days=2, seed=1, now=NOW))
    for file in (tmp_path / "uppdrag").iterdir():
        assert file.read_bytes() == (folder / "uppdrag" / file.name).read_bytes()
