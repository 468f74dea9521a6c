"""Folders for real servers."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def reachable_path():
    """A folder that an unprivileged server user can reach; pytest keeps its own ones to the user it runs as."""
    folder = Path(tempfile.mkdtemp(prefix="lb-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
