"""One ``lagesbild up`` of a test's own: started, watched, killed in parts, stopped."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import psutil

from app.cluster import Cluster, leftovers
from app.config import ROOT
from app.run import record, supervision

VICTIMS = ("etl", "web", "audit", "link", "measures", "briefing", "postmaster", "backend")


class Instance:
    """Everything it writes is in ``var``; only processes that it wrote down as its own are ever killed."""

    def __init__(self, var: Path) -> None:
        self.var = var
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._said = var.parent / "said.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        env |= {
            "LAGESBILD_VAR": str(self.var), "LAGESBILD_PORT": str(self.port), "LAGESBILD_FEEDS": "uppdrag,anmalan"
        }  # fmt: skip
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "app.cli", "up"], cwd=ROOT, env=env, stdout=said, stderr=said
            )

    @property
    def is_up(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"it ended: {self._said.read_text()}"
        return "Ctrl-C" in self._said.read_text()

    def stop(self) -> int:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(40)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            Cluster(self.var).end()
            raise

    @property
    def dsn(self) -> str:
        return Cluster(self.var).dsn()

    @property
    def token(self) -> str:
        return (self.var / "keys" / "token").read_text()

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"{self.address}/api/v1", headers={"Authorization": f"Bearer {self.token}"}, timeout=60,
            trust_env=False,
        )  # fmt: skip

    def kill(self, victim: str, chance: random.Random) -> str | None:
        """``kill -9`` of one process of that sort; what it was, or None when there is none just now."""
        process = self._find(victim, chance)
        if process is None:
            return None
        try:
            words = " ".join(process.cmdline())
            process.kill()
        except psutil.NoSuchProcess:
            return None
        return f"{victim} {process.pid} ({words[:70]})"

    def _find(self, victim: str, chance: random.Random) -> psutil.Process | None:
        if victim in {"etl", "web", "audit", "link", "measures", "briefing"}:
            return record.living(self.var, victim)
        running = leftovers.postmaster((self.var / "postgres").resolve() / "data")
        if running is None or running.state != "ready":
            return None
        try:
            postmaster = psutil.Process(running.pid)
            family = postmaster.children()
        except psutil.NoSuchProcess:
            return None
        if victim == "postmaster":
            return postmaster
        at_work = [process for process in family if _serves_us(process)]
        return chance.choice((at_work if at_work and chance.random() < 0.8 else family) or [None])

    def is_alive(self, victim: str) -> bool:
        return self._find(victim, random.Random(0)) is not None  # noqa: S311

    def pids(self) -> set[int]:
        """Every process of it that lives."""
        named = {
            record.living(self.var, name)
            for name in (supervision.NAME, "web", "etl", "audit", "link", "measures", "briefing")
        }
        data = (self.var / "postgres").resolve() / "data"
        servers = {process.pid for process in psutil.process_iter() if leftovers._is_ours(process.pid, data)}
        return servers | {process.pid for process in named if process}


def _serves_us(process: psutil.Process) -> bool:
    """Whether this server process has a client, as against the writers and the vacuum."""
    try:
        return "[local]" in " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return False
