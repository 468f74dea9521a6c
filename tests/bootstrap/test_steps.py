"""Set-up fails in one sentence, and does nothing twice."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest

from app.config import ROOT
from bootstrap import machine, steps


def test_a_full_disk_and_a_closed_folder_are_told_apart():
    full = str(steps.explain(OSError(errno.ENOSPC, "No space left on device", "/x")))
    closed = str(steps.explain(OSError(errno.EACCES, "Permission denied", "/x")))
    assert "make room" in full
    assert "LAGESBILD_VAR" in closed
    assert "\n" not in full + closed


def test_a_failing_program_ends_in_a_sentence_with_its_last_word(monkeypatch, tmp_path):
    (tmp_path / "log").mkdir()
    monkeypatch.setattr(steps, "VAR", tmp_path)
    with pytest.raises(steps.StopError, match=r"It did not work \(no such luck\).*setup\.log"):
        steps.command([sys.executable, "-c", "import sys; sys.exit('no such luck')"], "It did not work")
    with pytest.raises(steps.StopError, match="make room"):
        steps.command(
            [sys.executable, "-c", "import sys; sys.exit('No space left on device')"], "It did not work"
        )


def test_who_may_not_install_is_told_what_to_ask_for(monkeypatch):
    monkeypatch.setattr(machine, "_rights", lambda: None)
    monkeypatch.setattr(machine.runpy, "run_path", lambda _: {"find": lambda: None, "ADVICE": "ask for it"})
    with pytest.raises(steps.StopError, match="ask for it"):
        machine.need_postgis()


def test_the_folder_is_named_when_it_cannot_be_written(tmp_path):
    (tmp_path / "var").write_text("a file where the folder should be")
    ended = subprocess.run(
        [sys.executable, "-m", "bootstrap", "run"], cwd=ROOT,
        env={**os.environ, "LAGESBILD_VAR": str(tmp_path / "var")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "LAGESBILD_VAR" in ended.stderr
