"""Who may come in to a fresh machine, and what whoever runs it can do about it. Real processes, real commands."""

from __future__ import annotations

import re
import subprocess
import sys

import httpx
import pytest

from app.config import ROOT

pytestmark = pytest.mark.timeout(400)

OURS = {"Sec-Fetch-Site": "same-origin"}


def test_a_fresh_machine_has_one_user_whose_password_is_shown_once_and_commands_do_the_rest(instance):
    said = instance.start()
    (first,) = re.findall(r"first user is admin, with the one-time password (\S+)", said)
    token = re.search(r"token alone is (\S+)", said)[1]
    base = f"http://127.0.0.1:{instance.port}"

    def sign_in(client: httpx.Client, name: str, password: str) -> httpx.Response:
        return client.post(f"{base}/login", data={"username": name, "password": password}, headers=OURS)

    with httpx.Client(timeout=20) as client:
        assert "Välj ett eget" in sign_in(client, "admin", first).text
    kept = [file for file in instance.var.rglob("*") if file.is_file() and file.stat().st_size < 1_000_000]
    assert not [file for file in kept if first.encode() in file.read_bytes()]

    added = typed(
        instance, "fyra rimliga ord här", "user", "add", "Anna", "--role", "analyst", "--name", "Anna Analys"
    )
    assert added.stdout == "Anna may sign in as analyst.\n", added.stderr
    refused = typed(instance, "fyra rimliga ord här", "user", "add", "sara", "--role", "area_chief")
    assert "needs areas" in refused.stderr
    chief = instance.command(
        "user", "add", "sara", "--role", "area_chief", "--areas", "lpo-sodermalm", "--one-time"
    )
    assert re.fullmatch(r"(\w{5}-){3}\w{5}\n", chief.stdout), chief.stderr
    listed = instance.command("user", "list").stdout
    assert re.search(r"^anna +analyst +Anna Analys$", listed, re.MULTILINE)
    assert re.search(r"^sara +area_chief +sara +lpo-sodermalm, one-time password$", listed, re.MULTILINE)

    wrong = typed(instance, "191212121213", "user", "colleague", "anna")
    assert wrong.returncode == 1
    assert "191212121213" not in wrong.stdout + wrong.stderr
    known = typed(instance, "19121212-1212", "user", "colleague", "anna", "--home-area", "0180")
    assert known.stdout == "anna is known to the auditor's rules.\n", known.stderr

    with httpx.Client(timeout=20) as client:
        assert sign_in(client, "anna", "fyra rimliga ord här").status_code == 303
        assert client.get(f"{base}/api/v1/offences").status_code == 200
        sessions = instance.command("session", "list").stdout
        (number,) = re.findall(r"^(\S{36})  user:\d+ +analyst .* Anna Analys$", sessions, re.MULTILINE)
        assert instance.command("user", "role", "anna", "partner").returncode == 0
        assert client.get(f"{base}/api/v1/counts").status_code == 403
        assert instance.command("session", "revoke", number).returncode == 0
        assert client.get(f"{base}/api/v1/counts").status_code == 401
        assert instance.command("user", "disable", "anna").returncode == 0
        assert sign_in(client, "anna", "fyra rimliga ord här").status_code == 401

    tokens = instance.command("token", "list").stdout
    (number,) = re.findall(r"^ *(\d+)  analyst .*  make run$", tokens, re.MULTILINE)
    assert instance.get("offences", token).status_code == 200
    assert instance.command("token", "revoke", number).returncode == 0
    assert instance.get("offences", token).status_code == 401

    assert "one-time" not in instance.start()  # shown once, and not made again


def typed(instance, password: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command that reads a password from standard input."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments], cwd=ROOT, env=instance.env, text=True, capture_output=True,
        input=f"{password}\n", check=False, timeout=90,
    )  # fmt: skip
