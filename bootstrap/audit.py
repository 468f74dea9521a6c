"""Known advisories of what is pinned: ``python -m bootstrap.audit``.

Ends with 0 when every pin was asked about and none has an open advisory, with 1 when some has, with 3 when an index did
not answer for all of them: what was not asked is not clean. Then the written list (docs/advisories.md) is all there is.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from bootstrap.steps import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LIST = ROOT / "docs" / "advisories.md"
OPEN, UNASKED = 1, 3
_FIXED = re.compile(r"[(;] ?(\d[\w.]*)\)")
_NPM = " (npm)"


class Asked(NamedTuple):
    """What an index said: how many pins it answered for, and what is open."""

    source: str
    pins: int
    answered: int
    open: list[str]


def pins(root: Path = ROOT) -> dict[str, list[str]]:
    """Each pinned package and its versions (several where Pythons differ); npm's end with " (npm)"."""
    found: dict[str, list[str]] = {}
    for name, version in re.findall(
        r"^([A-Za-z0-9][^\s=\[]*)(?:\[[^\]]*\])?==([^\s;]+)",
        (root / "requirements.txt").read_text(),
        re.MULTILINE,
    ):
        found.setdefault(name.lower(), []).append(version)
    packages = json.loads((root / "package-lock.json").read_text())["packages"]
    for path, entry in packages.items():
        if path:
            found.setdefault(path.rpartition("node_modules/")[2] + _NPM, []).append(entry["version"])
    return found


def fixes(text: str) -> dict[str, list[str]]:
    """From the written list: each package with advisories, and the versions that fixed them."""
    rows = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    return {row[0].strip(): _FIXED.findall(row[1]) for row in rows if "CVE-" in row[1] or "GHSA-" in row[1]}


def without(text: str) -> set[str]:
    """From the written list: the packages without any advisory that we know of."""
    part = text.partition("## Without any")[2].partition("\n## ")[0]
    python, _, node = part.partition("\n\nnpm:")
    node = node.partition("\n\n")[0]
    python = python.partition("\n\n")[2]
    return {*_names(python), *(name + _NPM for name in _names(node))}


def _names(text: str) -> list[str]:
    return [name for name in re.split(r"[\s,]+", text.strip().rstrip(".")) if name]


def numbers(version: str) -> tuple[int, ...]:
    """A version to compare with; what comes after its numbers (``.post1``) does not count."""
    return tuple(int(part) for part in re.findall(r"\d+", re.split(r"[a-z]", version)[0]))


def problems(root: Path = ROOT) -> list[str]:
    """What of the pins the written list does not cover; an empty list is right."""
    text = LIST.read_text()
    known, clean, found = fixes(text), without(text), []
    for name, versions in pins(root).items():
        if name not in known and name not in clean:
            found.append(f"{name} is pinned, and docs/advisories.md does not say whether it has advisories.")
        found += [
            f"{name} is pinned to {version}, older than {fixed}, which fixed an advisory."
            for version in versions
            for fixed in known.get(name, [])
            if numbers(version) < numbers(fixed)
        ]
    return found


def ask_pip_audit(root: Path = ROOT) -> Asked:
    """What ``pip-audit`` says of requirements.txt."""
    total = sum(len(found) for name, found in pins(root).items() if not name.endswith(_NPM))
    told = _json(
        [sys.executable, "-m", "pip_audit", "-r", "requirements.txt", "--no-deps", "--disable-pip", "--format=json",
         "--progress-spinner=off"],
        root,
    )  # fmt: skip
    entries = told.get("dependencies", [])
    answered = [entry for entry in entries if "vulns" in entry]
    bad = [f"{one['name']} {one['version']}: {bug['id']}" for one in answered for bug in one["vulns"]]
    return Asked("Python packages (pip-audit)", total, len(answered), bad)


def ask_npm(root: Path = ROOT) -> Asked:
    """What ``npm audit`` says of package-lock.json."""
    total = sum(name.endswith(_NPM) for name in pins(root))
    told = _json(["npm", "audit", "--package-lock-only", "--json"], root) if shutil.which("npm") else {}
    bad = [f"{name}: {entry['severity']}" for name, entry in told.get("vulnerabilities", {}).items()]
    return Asked("npm packages (npm audit)", total, total if "vulnerabilities" in told else 0, bad)


def _json(command: list[str], root: Path) -> dict[str, Any]:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        told = json.loads(done.stdout)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def verdict(asked: list[Asked], written: list[str]) -> tuple[list[str], int]:
    """What to say, and the exit code."""
    lines = []
    for one in asked:
        lines.append(f"{one.source}: {one.answered} of {one.pins} pins answered for, {len(one.open)} open.")
        lines += [f"  {entry}" for entry in one.open]
    lines += written
    if any(one.open for one in asked) or written:
        return [*lines, "Open: renew the pin (make lock) or write down in docs/advisories.md why not."], OPEN
    if any(one.answered < one.pins for one in asked):
        return [
            *lines,
            "No index answered for all pins: this is no clean bill; docs/advisories.md is what was looked up by hand.",
        ], UNASKED
    return [*lines, "Every pin was asked about; none is open."], 0


if __name__ == "__main__":
    said, code = verdict([ask_pip_audit(), ask_npm()], problems())
    print("\n".join(said))  # noqa: T201
    sys.exit(code)
