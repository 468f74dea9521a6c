"""Folders for real servers."""

from tests.folders import reachable_path

__all__ = ["reachable_path"]
