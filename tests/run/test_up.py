"""A whole instance in a folder of its own: started, asked, stopped, refused. Real processes."""

from __future__ import annotations

import signal
import socket
import time

import psutil
import pytest

from app.config import Settings
from app.run import database
from tests.run.instances import free_port

pytestmark = pytest.mark.timeout(240)


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
