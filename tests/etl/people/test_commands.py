"""The commands about keys and erasure, from the command line to the database."""

from __future__ import annotations

import asyncio
import io
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.cli.main import main
from app.db import open_pool
from etl.keep import Keys
from etl.run import Intake
from tests.etl.people.world import NOW, SUSPECT, VICTIM, tell


@pytest.fixture
def here(fresh_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A running database with an old report and a young one; the folder of the instance."""
    monkeypatch.setenv("DATABASE_URL", fresh_dsn)
    monkeypatch.setenv("LAGESBILD_VAR", str(tmp_path))

    async def fill() -> None:
        async with open_pool(fresh_dsn, size=2) as pool:
            intake = Intake(pool, Keys.read(tmp_path / "keys" / "master.key"))
            old = {"ID": "old", "MISSTANKT": SUSPECT, "BROTTSDATUMTID_START": "2017-01-17 21:40"}
            await tell(intake, old, at=NOW - timedelta(days=3000), archive=True)
            await tell(intake, {"ID": "young", "MALSAGANDE": VICTIM})

    asyncio.run(fill())
    return tmp_path


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str, told: str = "") -> int:
    monkeypatch.setattr("sys.argv", ["lagesbild", *arguments])
    monkeypatch.setattr("sys.stdin", io.StringIO(told))
    return main()


def test_the_commands_do_what_they_say(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, "gallring", "run", "--dry-run") == 0
    assert re.search(r"report_with_suspect +1 incidents.* due", capsys.readouterr().out)
    assert _run(monkeypatch, "gallring", "run") == 0
    assert re.search(r"report_with_suspect +1 incidents.* erased", capsys.readouterr().out)

    assert _run(monkeypatch, "keys", "rekey") == 0
    assert "version 2 holds" in capsys.readouterr().out
    assert _run(monkeypatch, "keys", "forget", "1") == 0
    assert _run(monkeypatch, "keys", "copy", str(here / "copy.db")) == 0
    assert _run(monkeypatch, "keys", "status") == 0
    said = capsys.readouterr().out
    assert "under version 2" in said
    assert "1 record keys are wrapped under version 2" in said

    assert _run(monkeypatch, "erase", "person", "--reason", "decision 17", told=f"{VICTIM}\n") == 0
    assert "1 incidents, 1 records" in capsys.readouterr().out
    assert _run(monkeypatch, "gallring", "protocol") == 0
    said = capsys.readouterr().out
    assert "reason: decision 17" in said
    assert "report_with_suspect" in said
    assert VICTIM not in said


def test_a_number_as_an_argument_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(monkeypatch, "erase", "person", VICTIM, "--reason", "x") == 2


def test_nothing_is_erased_before_its_day(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    day = (datetime.now(NOW.tzinfo) + timedelta(days=400)).date()
    assert _run(monkeypatch, "gallring", "run", "--as-of", str(day)) == 1
    assert "lies in the future" in capsys.readouterr().err
