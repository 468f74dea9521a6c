"""`lagesbild feed ingest`: when a file was fetched, as it is told on the command line or by the file's name."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.feeds import _fetched
from app.domain.errors import BadInput


def test_a_name_tells_when_its_file_was_fetched() -> None:
    when = _fetched(Path("monthly_2026-02-01T032636Z.json.gz"), "name")
    assert when == datetime(2026, 2, 1, 3, 26, 36, tzinfo=UTC)
    assert _fetched(Path("a_2026-02-01T03:26:36Z.json"), "name") == when


def test_a_time_that_is_told_holds_for_every_file_and_none_means_now() -> None:
    assert _fetched(Path("a.json"), "2026-02-01T04:26:36+01:00") == datetime(
        2026, 2, 1, 3, 26, 36, tzinfo=UTC
    )
    assert _fetched(Path("a.json"), None) is None


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("snapshot.json", "name"),
        ("a.json", "2026-02-01T04:26:36"),
        ("a.json", "yesterday"),
        ("a.json", "2199-01-01T00:00:00Z"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_a_sentence(name: str, told: str) -> None:
    with pytest.raises(BadInput):
        _fetched(Path(name), told)


def test_the_same_bytes_at_another_time_are_another_delivery(instance) -> None:
    folder = instance.var.parent
    body = '[{"id": 1, "datetime": "2026-02-01 3:00:00 +01:00", "name": "01 februari 02.10, Rån, Nacka",'
    body += ' "summary": "%s",'
    body += ' "url": "/x/", "type": "Rån", "location": {"name": "Stockholms län", "gps": "59.6,18.1"}}]'
    names = [f"s_2026-02-01T0{hour}0000Z.json" for hour in (4, 5, 6)]
    for name, summary in zip(names, ("först", "ändrad", "först"), strict=True):
        (folder / name).write_text(body % summary, encoding="utf-8")
    files = [str(folder / name) for name in names]
    said = instance.command("feed", "ingest", "polisen", *files, "--fetched-at", "name").stdout.splitlines()
    assert [line.split(": ", 1)[1] for line in said] == [
        "read 1, kept 1 (loaded 1, unchanged 0), quarantined 0, outside 0"
    ] * 3
    again = instance.command("feed", "ingest", "polisen", *files, "--fetched-at", "name").stdout
    assert again.count("delivered before, nothing changed") == 3
