"""Every command that the README tells is run: the make targets by CI, the others here."""

from __future__ import annotations

import re
import shlex
import subprocess

import pytest

from app.config import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
COMMANDS = [line.partition("#")[0].strip() for block in BLOCKS for line in block.splitlines() if line.strip()]
BY_MAKE = [command for command in COMMANDS if command.startswith("make ")]
BY_HAND = [command for command in COMMANDS if command.startswith(".venv/bin/lagesbild ")]

pytestmark = pytest.mark.timeout(180)


def test_every_command_of_the_readme_is_of_a_kind_that_is_run_somewhere() -> None:
    assert len(COMMANDS) > 8
    assert sorted(COMMANDS) == sorted(BY_MAKE + BY_HAND)


@pytest.mark.parametrize("command", BY_MAKE)
def test_every_make_target_of_the_readme_exists_and_ci_runs_it_or_a_part_of_it(command: str) -> None:
    target = command.split()[1]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    ci = (ROOT / ".ci/run").read_text(encoding="utf-8") + (ROOT / ".ci/smoke.py").read_text(encoding="utf-8")
    elsewhere = {
        "faults": "tests/faults",  # its quick subset is a part of `make test`
        "follow": "tests/run/test_readme.py",  # below
    }
    assert re.search(rf"make[\", ]+{target}", ci) or (ROOT / elsewhere[target]).exists()


def test_follow_shows_a_sample_at_every_stop_and_the_other_commands_do_what_they_say(instance) -> None:
    (sample,) = re.findall(r"make follow SAMPLE=(\S+)", README)
    said = instance.command("follow", sample).stdout
    stops = [line.split()[0] for line in said.splitlines() if not line.startswith(" ")]
    assert list(dict.fromkeys(stops)) == [
        "arrive", "keep", "parse", "draft", "validate", "locate", "identify", "match", "load", "ledger", "queries",
        "screen",
    ]  # fmt: skip
    files = [line.split()[1] for line in said.splitlines() if not line.startswith(" ")]
    assert [file for file in files if not (ROOT / file).is_file()] == []
    for command in BY_HAND:
        done = instance.command(*shlex.split(command)[1:])
        assert done.returncode == 0, (command, done.stderr)
        assert done.stdout.strip(), command


def test_every_file_that_the_readme_names_exists() -> None:
    named = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_what_is_committed_names_no_machine_of_ours() -> None:
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    text = [ROOT / name for name in files if not name.endswith((".fgb", ".png", ".woff2"))]
    words = ("/work" + "/main", "files.python" + "hosted", "registry.npm" + "js", "/root/" + ".pyenv")
    assert [
        (file.name, word) for file in text for word in words if word in file.read_text("utf-8", "replace")
    ] == []
