"""The system's packages: PostGIS, Python's venv, what PDFs are made with, a browser and a pooler for the tests."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
from ctypes import CDLL
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.steps import ROOT, StopError, command, progress

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/lagesbild.conf")
_POLICY = Path("/usr/sbin/policy-rc.d")
_PANGO = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
_MAJORS = (15, 16, 17, 18, 14)  # 15 is what every figure in the design was measured on


def need_postgis() -> None:
    """Find PostGIS, or install it where we may; `StopError` says what to ask for where we may not."""
    server = runpy.run_path(str(ROOT / "app" / "cluster" / "server.py"))
    if server["find"]():
        return
    if not _may_install():
        raise StopError(server["ADVICE"])
    with progress("PostGIS, from the system's packages"):
        _update()
        package = next((name for name in _postgis_names() if _known(name)), None)
        if package is None:
            raise StopError(server["ADVICE"])
        with _without_a_public_cluster():
            _install(package)
    if not server["find"]():
        raise StopError(f"{package} was installed, but PostgreSQL's programs are nowhere to be found.")


def need_venv() -> None:
    """Debian ships venv apart from Python."""
    if find_spec("ensurepip") and find_spec("venv"):
        return
    if not _may_install():
        raise StopError("Python's venv module is missing: ask for the package python3-venv, or set PYTHON.")
    with progress("Python's venv, from the system's packages"):
        _update()
        _install("python3-venv")


def need_browser() -> None:
    """The browser tests look through the system's Chromium, which Playwright's driver (Node.js) leads."""
    missing = [] if Path("/usr/bin/chromium").exists() else ["chromium", "fonts-liberation"]
    try:
        CDLL("libatomic.so.1")
    except OSError:
        missing.append("libatomic1")
    if not missing:
        return
    if not _may_install():
        raise StopError(f"The browser tests need more of this system: ask for {' and '.join(missing)}.")
    with progress("Chromium, from the system's packages"):
        _update()
        _install(*missing)


def need_pango(*, wanted: bool) -> None:
    """What a PDF of the morning's briefing is made with. Without it all else works, and asking for one says so.

    With ``wanted`` (the tests make PDFs) its absence stops.
    """
    missing = []
    for package, library in _PANGO.items():
        try:
            CDLL(library)
        except OSError:
            missing.append(package)
    if not missing:
        return
    sentence = f"PDFs of the briefing need more of this system: ask for {' and '.join(missing)}."
    try:
        _install_where_allowed(missing, sentence)
    except StopError:
        if wanted:
            raise
        sys.stdout.write(f"  {sentence} Everything else works without.\n")


def _install_where_allowed(packages: list[str], otherwise: str) -> None:
    if not _may_install():
        raise StopError(otherwise)
    with progress("Pango for PDFs, from the system's packages"):
        _update()
        _install(*packages)


def need_pooler() -> None:
    """The tests of access go through a pgbouncer of their own; Debian's would start a public one, and must not."""
    if shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin"):
        return
    if not _may_install():
        raise StopError("The tests of access need a pooler: ask for the package pgbouncer.")
    with progress("pgbouncer, from the system's packages"), _without_starting_services():
        _update()
        _install("pgbouncer")


def _postgis_names() -> Iterator[str]:
    return (f"postgresql-{major}-postgis-3" for major in _MAJORS)


def _may_install() -> bool:
    return bool(shutil.which("apt-get")) and _rights() is not None


def _rights() -> list[str] | None:
    """What to put before apt-get; None where this user has no right to it."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    allowed = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)  # noqa: S607
    return None if allowed.returncode else ["sudo", "-n"]


def _update() -> None:
    command([*(_rights() or []), "apt-get", "update"], "The system's package lists could not be fetched")


def _known(package: str) -> bool:
    shown = subprocess.run(  # noqa: S603
        ["apt-cache", "show", "--no-all-versions", package],  # noqa: S607
        capture_output=True, check=False,
    )  # fmt: skip
    return shown.returncode == 0


def _install(*packages: str) -> None:
    command(
        [*(_rights() or []), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y",
         "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3", *packages],
        f"{' '.join(packages)} could not be installed",
    )  # fmt: skip


class _without_a_public_cluster:  # noqa: N801 - reads as a phrase after ``with``
    """Debian's package makes a cluster of its own on port 5432; ours opens nothing, so it is not made."""

    def __enter__(self) -> None:
        self._ours = not shutil.which("pg_createcluster")
        if self._ours:
            rights = _rights() or []
            command(
                [*rights, "mkdir", "-p", _NO_CLUSTER.parent], "A setting for PostgreSQL could not be written"
            )
            note = f"echo 'create_main_cluster = false' > {_NO_CLUSTER}"
            command([*rights, "sh", "-c", note], "A setting for PostgreSQL could not be written")

    def __exit__(self, *_: object) -> None:
        if self._ours:
            command(
                [*(_rights() or []), "rm", "-f", _NO_CLUSTER], "A setting for PostgreSQL could not be removed"
            )


class _without_starting_services:  # noqa: N801 - reads as a phrase after ``with``
    """What is installed is not started: `invoke-rc.d` asks this file, and is told no (Debian's policy-rc.d)."""

    def __enter__(self) -> None:
        self._ours = not _POLICY.exists()
        if self._ours:
            note = f"printf '#!/bin/sh\\nexit 101\\n' > {_POLICY} && chmod 755 {_POLICY}"
            command(
                [*(_rights() or []), "sh", "-c", note], "A setting for the installer could not be written"
            )

    def __exit__(self, *_: object) -> None:
        if self._ours:
            command(
                [*(_rights() or []), "rm", "-f", _POLICY], "A setting for the installer could not be removed"
            )
