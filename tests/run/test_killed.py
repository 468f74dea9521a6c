"""A whole instance whose parts are killed: each comes back, or ends with the rest. Real kills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil
import pytest

from app.cluster import leftovers
from app.config import ROOT
from app.run import record, supervision
from tests.run.instances import until

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(sys.platform != "linux", reason="the kernel's lifeline is Linux's"),
]


def test_whatever_is_killed_comes_back_or_ends_with_the_rest(instance):
    instance.start()
    for name in ("web", "etl", "audit", "link", "measures", "briefing", "alerts"):
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
