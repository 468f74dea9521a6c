"""Finds a PostgreSQL server that has PostGIS, and says what to install where there is none.

Standard library only and importable alone: ``python3 app/cluster/server.py`` prints the folder of the
server's programs (exit 0) or the advice (exit 1), so that set-up can ask before anything is installed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST = 14  # initdb's ICU collations, recovery_init_sync_method and multirange types are all there

ADVICE = (
    "No PostgreSQL with PostGIS is installed and this user may not install it: ask for the package "
    "postgresql-15-postgis-3 (Debian 12), postgis with postgresql-server (Fedora), postgis (Homebrew) or "
    "postgis (conda-forge), or set DATABASE_URL to a PostGIS server that you may use."
)

_PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # the PostgreSQL project's own packages for Fedora and its kin
    "/usr/lib64/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/opt/homebrew/bin",
    "/usr/local/bin",
    "/usr/bin",
)


class Server(NamedTuple):
    """Installed programs: ``major`` as in PG_VERSION, ``bin`` holds postgres, initdb and psql."""

    major: int
    bin: Path


def find(major: int | None = None) -> Server | None:
    """The newest installed server with PostGIS; with ``major``, only one that can open such a data folder."""
    servers = {server for folder in _folders() if (server := _look(folder))}
    fit = [server for server in servers if major is None or server.major == major]
    return max(fit, default=None)


def _folders() -> Iterator[Path]:
    for entry in (os.environ.get("LAGESBILD_POSTGRES_BIN"), os.environ.get("CONDA_PREFIX", "") + "/bin"):
        if entry:
            yield Path(entry)
    if found := shutil.which("pg_config"):
        yield Path(found).parent
    for pattern in _PLACES:
        yield from Path("/").glob(pattern.lstrip("/"))


def _look(folder: Path) -> Server | None:
    """The server in this folder, or None where a part is missing or PostGIS does not belong to it."""
    if not all((folder / name).is_file() for name in ("postgres", "initdb", "psql", "pg_config")):
        return None
    asked = subprocess.run(  # noqa: S603 - a program whose folder we listed ourselves
        [folder / "pg_config", "--sharedir", "--version"], capture_output=True, text=True, check=False
    )
    lines = asked.stdout.splitlines()
    if asked.returncode or len(lines) != 2:
        return None
    match = re.search(r"\d+", lines[1])
    major = int(match[0]) if match else 0
    if major < OLDEST or not Path(lines[0], "extension", "postgis.control").is_file():
        return None
    return Server(major, folder.resolve())


if __name__ == "__main__":
    server = find()
    sys.stdout.write(f"{server.bin}\n" if server else f"{ADVICE}\n")
    sys.exit(0 if server else 1)
