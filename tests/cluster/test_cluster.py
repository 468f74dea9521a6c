"""The private PostGIS: real servers in temporary folders."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from app.cluster import Cluster, home, leftovers, server, settings
from app.domain.errors import SetupError

ROOT = Path(__file__).parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes the user")


@pytest.fixture
def var(reachable_path):
    yield reachable_path
    Cluster(reachable_path).end()


def ask(dsn, sql):
    with psycopg.connect(dsn, autocommit=True) as connection:
        return connection.execute(sql).fetchone()[0]


def ours(var):
    data = Cluster(var).home.data
    return [process for process in psutil.process_iter() if leftovers._is_ours(process.pid, data)]


def test_starts_with_postgis_and_leaves_nothing_when_stopped(var):
    cluster = Cluster(var, durable=False)
    dsn = cluster.start()
    assert ask(dsn, "select current_database()") == "lagesbild"
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("create extension postgis")
    assert ask(dsn, "select st_srid(st_point(1, 2, 3006))") == 3006
    assert ask(dsn, "show data_checksums") == "on"
    assert ask(dsn, "show synchronous_commit") == "on"
    assert ask(dsn, "show listen_addresses") == ""
    assert ask(dsn, "show jit") == "off"
    assert ask(
        dsn, "select string_agg(n, '' order by n collate \"sv-x-icu\") from unnest('{ö,a,å,z,ä}'::text[]) n"
    ) == ("azåäö")
    cluster.stop()
    assert ours(var) == []


def test_no_other_user_may_enter(var):
    cluster = Cluster(var, durable=False)
    cluster.start()
    assert cluster.home.folder.stat().st_mode & 0o077 == 0
    assert cluster.home.data.stat().st_mode & 0o077 == 0
    assert cluster.home.socket.resolve().stat().st_mode & 0o077 == 0
    cluster.stop()


def test_a_second_start_is_quick_and_keeps_the_data(var):
    cluster = Cluster(var)
    with psycopg.connect(cluster.start(), autocommit=True) as connection:
        connection.execute("create table kept as select 7 as n")
    cluster.stop()
    begun = time.monotonic()
    dsn = cluster.start()
    assert time.monotonic() - begun < 5
    assert ask(dsn, "select n from kept") == 7
    cluster.stop()


def test_a_running_cluster_is_attached_to_and_left_to_its_starter(var):
    first = Cluster(var, durable=False)
    dsn = first.start()
    second = Cluster(var)
    assert second.start() == dsn
    second.stop()
    assert first.is_running
    first.stop()
    assert not first.is_running


def test_starts_again_after_the_postmaster_was_killed_beside_a_busy_backend(var):
    cluster = Cluster(var)
    dsn = cluster.start()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("create table committed as select 42 as n")
    endless = "select count(*) from generate_series(1, 2000000000)"
    busy = subprocess.Popen(["psql", dsn, "-c", endless], stderr=subprocess.DEVNULL)
    while not ask(dsn, f"select count(*) from pg_stat_activity where query = '{endless}'"):
        time.sleep(0.05)
    running = leftovers.postmaster(cluster.home.data)
    os.kill(running.pid, signal.SIGKILL)
    time.sleep(0.5)
    assert ours(var), "the busy backend went on without its postmaster, or this test tests nothing"

    again = Cluster(var)
    assert ask(again.start(), "select n from committed") == 42
    assert busy.wait(10) != 0
    again.stop()
    cluster.stop()
    assert ours(var) == []


def test_a_pid_file_that_names_a_stranger_stops_nothing_and_kills_nobody(var):
    cluster = Cluster(var, durable=False)
    cluster.start()
    cluster.stop()
    stranger = subprocess.Popen(["sleep", "60"])
    pid_file = cluster.home.data / "postmaster.pid"
    pid_file.write_text(f"{stranger.pid}\n{cluster.home.data}\n1\n5432\n\n\n\nready\n")
    assert not cluster.is_running
    cluster.start()
    assert stranger.poll() is None
    cluster.stop()
    stranger.kill()
    stranger.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's lifeline is Linux's")
def test_the_server_dies_with_a_starter_that_is_killed(var):
    code = (
        "import sys, time; from pathlib import Path; from app.cluster import Cluster\n"
        "Cluster(Path(sys.argv[1])).start(); print(1, flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen([sys.executable, "-c", code, str(var)], cwd=ROOT, stdout=subprocess.PIPE)
    assert starter.stdout.readline() == b"1\n"
    starter.kill()
    starter.wait()
    starter.stdout.close()
    deadline = time.monotonic() + 10
    while ours(var) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert ours(var) == []


def test_a_half_made_data_folder_is_thrown_away(var):
    cluster = Cluster(var, durable=False)
    half = cluster.home.folder / "new-half"
    half.mkdir()
    (half / "PG_VERSION").write_text("15\n")
    cluster.start()
    assert not half.exists()
    cluster.stop()


def test_a_deep_folder_gets_a_short_socket(var):
    deep = var / ("d" * 60) / ("e" * 60)
    cluster = Cluster(deep, durable=False)
    assert ask(cluster.start(), "select 1") == 1
    assert str(cluster.home.socket).startswith("/tmp/lagesbild-")
    cluster.stop()


@as_root
def test_root_may_check_out_where_the_server_user_cannot_go(var):
    hidden = var / "hidden"
    hidden.mkdir(mode=0o700)
    cluster = Cluster(hidden / "var", durable=False)
    assert ask(cluster.start(), "select 1") == 1
    assert cluster.home.folder.is_relative_to(home.FALLBACK)
    cluster.stop()
    (hidden / "var/postgres").unlink()
    afresh = Cluster(hidden / "var")
    assert afresh.home.folder != cluster.home.folder
    assert not cluster.home.folder.exists(), "what a deleted checkout left is thrown away"
    shutil.rmtree(afresh.home.folder.parent)


def test_says_what_to_install_where_nothing_is(var, monkeypatch):
    monkeypatch.setattr(server, "find", lambda _=None: None)
    with pytest.raises(
        SetupError, match=r"postgresql-15-postgis-3 .*Fedora.*Homebrew.*conda-forge.*DATABASE_URL"
    ):
        Cluster(var).start()


def test_says_so_when_the_folder_cannot_be_written(tmp_path):
    (tmp_path / "var").write_text("a file where a folder should be")
    with pytest.raises(SetupError, match="LAGESBILD_VAR"):
        Cluster(tmp_path / "var").start()


@pytest.mark.parametrize(("gib", "expected"), [(1, "128MB"), (4, "256MB"), (8, "512MB"), (64, "1024MB")])
def test_memory_decides_the_shared_buffers(gib, expected):
    made = settings.arguments(socket=Path("/s"), major=15, durable=True, memory=gib * 2**30)
    assert f"shared_buffers={expected}" in made
