"""Folders for real servers, and an instance in one of them."""

from __future__ import annotations

import pytest

from app.cluster import Cluster
from tests.folders import reachable_path
from tests.run.instances import Run, free_port

__all__ = ["instance", "reachable_path"]


@pytest.fixture
def instance(reachable_path):
    run = Run(reachable_path / "var", free_port())
    yield run
    run.forget()
    Cluster(run.var).end()
