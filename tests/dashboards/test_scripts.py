"""Our JavaScript can be read at all, and asks nothing of another machine."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

from app.config import ROOT

SCRIPTS = sorted((ROOT / "dashboards" / "assets").glob("*.js"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_the_script_has_no_syntax_error(script: Path) -> None:
    node = compute_driver_executable()[0]
    checked = subprocess.run([node, "--check", str(script)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_the_script_names_no_other_machine(script: Path) -> None:
    assert re.findall(r"""["'`](?:https?:)?//[^"'`]+""", script.read_text(encoding="utf-8")) == []
