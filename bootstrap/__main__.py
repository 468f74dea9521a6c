"""``python3 -m bootstrap WHAT``: make this checkout ready to run, to be tested or to be checked."""

from __future__ import annotations

import os
import shutil
import sys

from bootstrap.machine import need_browser, need_pango, need_pooler, need_postgis, need_venv
from bootstrap.packages import PYTHON, fetch_assets, install
from bootstrap.steps import ROOT, VAR, StopError, explain

_ROOM_MB = 1500  # the environment with its packages, before the first incident


def main(what: str) -> None:
    """Raises: StopError, OSError."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where that minimum is asked for
        raise StopError(
            f"Python 3.11 or newer is needed and this is {sys.version.split()[0]}: set PYTHON=python3.11."
        )
    (VAR / "log").mkdir(parents=True, exist_ok=True)
    (VAR / "log" / "setup.log").open("a").close()  # asked now, not in the middle of a download
    free_mb = shutil.disk_usage(ROOT).free // 2**20
    if not PYTHON.exists() and free_mb < _ROOM_MB:
        raise StopError(f"Only {free_mb} MB are free on the disk of {ROOT}: make room for about 3 GB.")
    if what in {"run", "test"} and not os.environ.get("DATABASE_URL"):
        need_postgis()
    if what in {"run", "test"}:
        need_pango(wanted=what == "test")
    if what == "test":
        need_browser()
        need_pooler()
    need_venv()
    install("requirements.txt" if what == "run" else "requirements-dev.txt")
    if what in {"run", "test"}:
        fetch_assets()


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "run")
    except StopError as error:
        sys.exit(f"{error}")
    except OSError as error:
        sys.exit(f"{explain(error)}")
    except KeyboardInterrupt:
        sys.exit(130)
