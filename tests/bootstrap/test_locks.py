"""The locks pin everything by hash and name no address; the check that says so can fail."""

from __future__ import annotations

import shutil

import pytest

from app.config import ROOT
from bootstrap import locks

FILES = [
    "package.json",
    "package-lock.json",
    *(f"{name}.{end}" for name in locks.NAMES for end in ("in", "txt")),
]


def test_the_locks_are_right():
    assert locks.problems() == []


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("requirements.in", lambda text: f"{text}attrs\n", "was not made from"),
        ("requirements.txt", lambda text: text.replace("--hash=sha256:", "--hash=md5:"), "without a hash"),
        (
            "requirements-dev.txt",
            lambda text: f"--extra-index-url https://example.org/\n{text}",
            "was not made from",
        ),
        ("requirements-node.txt", lambda text: f"{text}--find-links /wheels\n", "names an address"),
        (
            "package.json",
            lambda text: text.replace('"maplibre-gl": "6"', '"maplibre-gl": "5"'),
            "package-lock.json",
        ),
        ("package-lock.json", lambda text: text.replace('"integrity"', '"resolved"', 1), "has an address"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, file, change, said):
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    changed = tmp_path / file
    before = changed.read_text()
    changed.write_text(change(before))
    assert changed.read_text() != before
    assert any(said in problem for problem in locks.problems(tmp_path))
