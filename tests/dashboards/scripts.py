"""Runs one of our scripts on a made-up page, in the browser driver's own Node."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from playwright._impl._driver import compute_driver_executable

from app.config import ROOT

NODE = str(compute_driver_executable()[0])


def told(page: str, script: str, given: Any) -> Any:
    """What ``page`` writes out as JSON, having loaded the script (``argv[1]``) and read ``given`` (``argv[2]``)."""
    file = str(ROOT / "dashboards" / "assets" / script)
    ran = subprocess.run(
        [NODE, "-e", page, file, json.dumps(given)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
