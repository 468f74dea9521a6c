"""What is compiled is never older than any of its sources."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from app.config import ROOT
from app.statistics.compiled import digest

CALLING = """
import numpy as np
from app.statistics.inner import inner
from app.statistics.outer import outer
print(outer(np.arange(3.0)))
"""


def test_the_digest_is_of_every_file_and_its_place(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one/a.py").write_text("1")
    first = digest([tmp_path])
    assert digest([tmp_path]) == first
    (tmp_path / "one/a.py").write_text("2")
    second = digest([tmp_path])
    (tmp_path / "one/a.py").rename(tmp_path / "one/b.py")
    assert len({first, second, digest([tmp_path])}) == 3


def test_a_loop_that_calls_another_file_follows_when_that_changes(tmp_path: Path) -> None:
    """Also where the calling file stays as it is, of which numba alone would run the old code."""
    package = tmp_path / "app/statistics"
    package.mkdir(parents=True)
    (tmp_path / "app/measures").mkdir()
    for folder in (tmp_path / "app", package):
        (folder / "__init__.py").write_text("")
    shutil.copy(ROOT / "app/statistics/compiled.py", package)
    inner = "from app.statistics.compiled import compiled\n\n\n@compiled\ndef inner(x):\n    return x + {}\n"
    (package / "inner.py").write_text(inner.format(1))
    (package / "outer.py").write_text(
        "from app.statistics.compiled import compiled\nfrom app.statistics.inner import inner\n\n\n"
        "@compiled\ndef outer(values):\n    return inner(values.sum())\n"
    )

    def called() -> str:
        env = os.environ | {"PYTHONPATH": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-c", CALLING], cwd=tmp_path, env=env, check=True, capture_output=True, text=True
        ).stdout.strip()

    assert called() == "4.0"
    (package / "inner.py").write_text(inner.format(10))
    assert called() == "13.0"
