"""One `lagesbild up` of a test's own, and the processes that belong to it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import httpx
import psutil

from app.cluster import leftovers
from app.config import ROOT
from app.run import record, supervision

if TYPE_CHECKING:
    from pathlib import Path


class Run:
    """One `lagesbild up` and what it started."""

    def __init__(self, var: Path, port: int, **env: str) -> None:
        self.var, self.port = var, port
        self.env = {
            **os.environ,
            "LAGESBILD_VAR": str(var),
            "LAGESBILD_PORT": str(port),
            "LAGESBILD_FEEDS": "anmalan",
        } | env
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> str:
        """Start it and return what it said once it is up."""
        self.forget()
        self.process = self.up()
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "Ctrl-C" in line:
                return "".join(said)
        raise AssertionError(f"it ended: {''.join(said)}{self.process.stderr.read()}")

    def up(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "app.cli", "up", *arguments], cwd=ROOT, env=self.env, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command on the same folder."""
        return subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments], cwd=ROOT, env=self.env, text=True, capture_output=True,
            check=False, timeout=90,
        )  # fmt: skip

    def get(self, what: str, token: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.get(f"http://127.0.0.1:{self.port}/api/v1/{what}", headers=headers, timeout=20)

    def forget(self) -> None:
        """Stop the last one if it runs, and close what we heard it through."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(25)
        self.process.stdout.close()
        self.process.stderr.close()
        self.process = None

    def end(self) -> tuple[int, str]:
        """Wait for its end; exit code and last words."""
        _, words = self.process.communicate(timeout=25)
        return self.process.returncode, words

    @property
    def is_healthy(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/api/v1/health", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def pids(self) -> set[int]:
        """Every living process that this folder's instance has."""
        named = {
            record.living(self.var, name)
            for name in (supervision.NAME, "web", "etl", "audit", "link", "measures", "briefing", "alerts")
        }
        found = {process.pid for process in named if process}
        data = (self.var / "postgres").resolve() / "data"
        found |= {process.pid for process in psutil.process_iter() if leftovers._is_ours(process.pid, data)}
        return found | ({self.process.pid} if self.process and self.process.poll() is None else set())


def until(condition, within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
