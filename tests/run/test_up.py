"""A whole instance in a folder of its own: started, hurt, stopped. Real processes, real kills."""

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
import pytest

from app.cluster import Cluster, leftovers
from app.config import ROOT, Settings
from app.run import database, record, supervision

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(sys.platform != "linux", reason="the kernel's lifeline is Linux's"),
]


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
        named = {record.living(self.var, name) for name in (supervision.NAME, "web", "etl")}
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


@pytest.fixture
def instance(reachable_path):
    run = Run(reachable_path / "var", free_port())
    yield run
    run.forget()
    Cluster(run.var).end()


def test_ctrl_c_leaves_nothing_and_the_second_start_is_quick(instance):
    said = instance.start()
    assert f"http://127.0.0.1:{instance.port}" in said
    assert instance.is_healthy
    assert len(instance.pids()) > 4

    second = instance.up()
    _, words = second.communicate(timeout=20)
    assert second.returncode == 1
    assert words.count("\n") == 1
    assert f"running already: http://127.0.0.1:{instance.port}" in words

    made = instance.command("token", "create", "--role", "analyst")
    token = made.stdout.strip()
    assert made.stdout == f"{token}\n"
    assert instance.get("areas", token).status_code == 200
    assert instance.get("areas", "wrong").status_code == 401

    everything = instance.pids()
    begun = time.monotonic()
    instance.process.send_signal(signal.SIGINT)
    assert instance.end() == (0, "")
    assert time.monotonic() - begun < 10
    assert not any(psutil.pid_exists(pid) for pid in everything)

    begun = time.monotonic()
    instance.start()
    assert time.monotonic() - begun < 15


def test_whatever_is_killed_comes_back_or_ends_with_the_rest(instance):
    instance.start()
    for name in ("web", "etl"):
        killed = record.living(instance.var, name)
        killed.kill()
        until(
            lambda name=name, killed=killed: (now := record.living(instance.var, name)) and now != killed, 20
        )
    until(lambda: instance.is_healthy, 20)

    data = instance.var / "postgres/data"
    killed = leftovers.postmaster(data.resolve()).pid
    os.kill(killed, signal.SIGKILL)
    until(
        lambda: (now := leftovers.postmaster(data.resolve())) and now.pid != killed and now.state == "ready",
        20,
    )
    until(lambda: instance.is_healthy, 20)

    record.living(instance.var, supervision.NAME).kill()
    code, words = instance.end()
    assert code == 1
    assert "supervisor was killed" in words
    assert words.count("\n") == 1
    assert instance.pids() == set()

    instance.start()
    assert instance.is_healthy


def test_nothing_outlives_a_killed_starter_and_the_next_one_just_works(instance):
    instance.start()
    instance.process.kill()
    instance.process.wait()
    instance.start()  # at once, while the first one's processes are still ending
    assert instance.is_healthy
    everything = instance.pids()
    instance.process.kill()
    instance.process.wait()
    until(lambda: not any(psutil.pid_exists(pid) for pid in everything), 20)


def test_it_ends_with_the_make_that_started_it(instance):
    make = subprocess.Popen(
        ["sh", "-c", f"{sys.executable} -m app.cli up --parent $$ & wait"], cwd=ROOT, env=instance.env,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    until(lambda: instance.is_healthy, 60)
    make.kill()
    make.wait()
    until(lambda: not instance.pids() and not instance.is_healthy, 20)


def test_a_command_alone_starts_the_database_for_itself_and_keeps_a_run_away_meanwhile(instance):
    with database.running(Settings(var=instance.var)):
        second = instance.up()
        _, words = second.communicate(timeout=20)
        assert second.returncode == 1
        assert "a lagesbild command" in words
    assert instance.pids() == set()
    assert instance.command("quarantine", "list").stdout == "Nothing waits.\n"
    assert instance.pids() == set()


def test_a_port_that_is_taken_is_named_with_the_way_out(instance):
    with socket.socket() as other:
        other.bind(("127.0.0.1", instance.port))
        other.listen()
        instance.process = instance.up()
        code, words = instance.end()
    assert code == 1
    assert words.count("\n") == 1
    assert f"Port {instance.port} is taken" in words
    assert "LAGESBILD_PORT=" in words
    assert not (instance.var / "postgres").exists(), "it is said before anything is made"


def test_a_folder_that_cannot_be_written_is_named(instance):
    instance.var.write_text("a file where the folder should be")
    instance.process = instance.up()
    code, words = instance.end()
    instance.var.unlink()
    assert code == 1
    assert words.count("\n") == 1
    assert "LAGESBILD_VAR" in words


def test_database_url_is_used_and_no_server_started(instance, fresh_dsn):
    instance.env["DATABASE_URL"] = fresh_dsn
    instance.start()
    assert instance.is_healthy
    assert not (instance.var / "postgres").exists()
    instance.process.send_signal(signal.SIGTERM)
    assert instance.end() == (0, "")


def test_a_database_url_that_does_not_answer_is_one_sentence(instance):
    instance.env["DATABASE_URL"] = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    instance.process = instance.up()
    code, words = instance.end()
    assert code == 1
    assert words.count("\n") == 1
    assert "DATABASE_URL" in words
