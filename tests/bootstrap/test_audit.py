"""Every pin is looked at for advisories, and what could not be asked is never called clean."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bootstrap import audit
from bootstrap.audit import LIST, OPEN, UNASKED, Asked, fixes, numbers, pins, problems, verdict, without

if TYPE_CHECKING:
    from pathlib import Path


def test_every_pin_stands_in_the_written_list_and_none_is_older_than_a_known_fix():
    assert problems() == []


def test_the_list_names_nothing_that_is_not_pinned():
    text = LIST.read_text()
    assert set(fixes(text)) | without(text) == set(pins())
    assert not set(fixes(text)) & without(text)


def test_the_list_is_read_as_it_is_written():
    known = fixes(LIST.read_text())
    assert known["flask"][-1] == "3.1.3"
    assert "1.3.1" in known["starlette"]
    assert "50.0.0" in known["cryptography"]
    assert len(known) > 30
    assert {"asyncpg", "uvloop", "maplibre-gl (npm)"} <= without(LIST.read_text())


@pytest.mark.parametrize(
    ("older", "newer"),
    [("1.9", "1.10"), ("2.31.0", "2.34.2"), ("2026.1.1", "2026.10.19.post1"), ("1.0", "1.0.1")],
)
def test_versions_are_compared_as_numbers(older: str, newer: str):
    assert numbers(older) < numbers(newer)


def _root(folder: Path, requirements: str) -> Path:
    (folder / "requirements.txt").write_text(requirements)
    (folder / "package-lock.json").write_text(json.dumps({"packages": {"": {}}}))
    return folder


def test_a_new_pin_and_an_old_one_are_found(tmp_path: Path):
    root = _root(
        tmp_path, "leftpad==1.0 \\\n    --hash=sha256:00\nstarlette==0.49.1 ; python_version > '3'\n"
    )
    found = problems(root)
    assert any(line.startswith("leftpad is pinned") for line in found)
    assert any("starlette is pinned to 0.49.1, older than 1.0.1" in line for line in found)
    assert not any("older than 0.49.1" in line for line in found)


@pytest.mark.parametrize(
    ("asked", "written", "code"),
    [
        ([Asked("a", 3, 3, [])], [], 0),
        ([Asked("a", 3, 3, ["x 1: CVE-1"])], [], OPEN),
        ([Asked("a", 3, 0, [])], [], UNASKED),
        ([Asked("a", 3, 3, []), Asked("b", 2, 1, [])], [], UNASKED),
        ([Asked("a", 3, 1, ["x 1: CVE-1"])], [], OPEN),
        ([Asked("a", 3, 3, [])], ["x is pinned"], OPEN),
    ],
)
def test_what_was_not_asked_is_not_clean(asked: list[Asked], written: list[str], code: int):
    said, ended = verdict(asked, written)
    assert ended == code
    assert ("none is open" in said[-1]) == (code == 0)


def test_what_an_index_answers_is_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    root = _root(tmp_path, "a==1\nb==2\nc==3\n")
    answer = {
        "dependencies": [
            {"name": "a", "version": "1", "vulns": [{"id": "CVE-9"}]}, {"name": "b", "version": "2", "vulns": []},
            {"name": "c", "skip_reason": "not found"},
        ]
    }  # fmt: skip
    monkeypatch.setattr(audit, "_json", lambda *_: answer)
    assert audit.ask_pip_audit(root) == Asked("Python packages (pip-audit)", 3, 2, ["a 1: CVE-9"])
    monkeypatch.setattr(audit, "_json", lambda *_: {})
    assert audit.ask_pip_audit(root).answered == 0
