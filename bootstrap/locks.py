"""Locks: what is pinned, by hash and without addresses. ``python -m bootstrap.locks [--renew]``."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

from bootstrap.steps import ROOT, checksum

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("requirements", "requirements-dev", "requirements-node")
_NOTE = "# Made by `make lock` from {name}.in, checksum {mark}\n"


def problems(root: Path = ROOT) -> list[str]:
    """What is wrong with the locks; an empty list is right."""
    found = []
    for name in NAMES:
        lock = root / f"{name}.txt"
        text = lock.read_text()
        if not text.startswith(_note(root, name)):
            found.append(f"{lock.name} was not made from {name}.in as it is now: run `make lock`.")
        pins = re.findall(r"^([A-Za-z0-9][^\s=]*)==", text, re.MULTILINE)
        entries = [entry for entry in re.split(r"\n(?=\S)", text) if "==" in entry]
        if not pins or any("--hash=sha256:" not in entry for entry in entries):
            found.append(f"{lock.name} pins something without a hash.")
        if "://" in text or "--index" in text or "--find-links" in text:
            found.append(f"{lock.name} names an address.")
    packages = json.loads((root / "package-lock.json").read_text())["packages"]
    wanted = json.loads((root / "package.json").read_text())["dependencies"]
    if packages[""].get("dependencies") != wanted:
        found.append("package-lock.json was not made from package.json as it is now: run `make lock`.")
    for path, entry in packages.items():
        if path and ("resolved" in entry or "integrity" not in entry):
            found.append(f"package-lock.json: {path} has an address or no hash.")
    return found


def renew(root: Path = ROOT) -> None:
    """Resolve anew, for every system and every Python from 3.11 on."""
    for name in NAMES:
        out = root / f"{name}.txt"
        subprocess.run(  # noqa: S603
            [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version=3.11",
             "--generate-hashes", "--no-header", "--no-annotate", "--upgrade", f"{name}.in", "-o", out.name],
            cwd=root, check=True,
        )  # fmt: skip
        out.write_text(_note(root, name) + out.read_text())
    subprocess.run(
        ["npm", "install", "--package-lock-only", "--omit-lockfile-registry-resolved", "--no-audit"],  # noqa: S607
        cwd=root, check=True,
    )  # fmt: skip


def _note(root: Path, name: str) -> str:
    return _NOTE.format(name=name, mark=checksum(root / f"{name}.in")[:16])


if __name__ == "__main__":
    if "--renew" in sys.argv:
        renew()
    sys.exit("\n".join(problems()) or 0)
